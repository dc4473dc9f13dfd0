// The list of drawings on the offline page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { listed, putAside } from "../../static/offline/page.js";

test("the latest drawing comes first, and what was handed in is told from what was not", () => {
  const drawing = { ops: [{}] };
  const records = [["a", { drawing, title: "a cat", kept: 1 }], ["b", { drawing, kept: 2, ticket: { key: "k" } }], ["c", undefined]];
  assert.deepEqual(listed(records), [
    { key: "b", title: "", when: 2, sent: true },
    { key: "a", title: "a cat", when: 1, sent: false },
  ]);
});

test("what a page put aside as it was left in a hurry is named, too", () => {
  const record = { drawing: { ops: [{}] }, title: "a cat" };
  const kept = { "paint-off aaaaaaaaaaaa": JSON.stringify(record), "another thing": "1" };
  Object.defineProperty(kept, "getItem", { value: (mark) => kept[mark] });
  assert.deepEqual(putAside(kept), [["aaaaaaaaaaaa", record]]);
});
