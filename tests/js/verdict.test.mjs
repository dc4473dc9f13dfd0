// The verdict counts up: it begins at the bottom of the board, never passes its goal, and ends there.
import assert from "node:assert/strict";
import test from "node:test";
import { filling, passing } from "../../static/verdict/rise.js";

const shares = Array.from({ length: 41 }, (_, i) => i / 40);

for (const [rank, of] of [[1, 1], [3, 40], [1, 131_204], [40, 40]]) {
  test(`rank ${rank} of ${of} is climbed from the last place`, () => {
    const passed = shares.map((share) => passing(rank, of, share));
    assert.equal(passed[0], of);
    assert.equal(passed.at(-1), rank);
    assert.ok(passed.every((place, i) => place >= rank && (i === 0 || place <= passed[i - 1])));
  });
}

test("the percentile keeps its digits on the way", () => {
  assert.equal(filling("93.4", 0), "0.0");
  assert.equal(filling("93.4", 1), "93.4");
  assert.match(filling("93.4", 0.3), /^\d+\.\d$/);
  assert.equal(filling("100", 1), "100");
});
