// The second try: made by itself, once, and only when somebody answers at the door.
import assert from "node:assert/strict";
import test from "node:test";
import { isServerBack, SecondTry } from "../../static/draw/resending.js";

// `answers` says for each knock whether somebody answers.
function door(...answers) {
  const pauses = [], sent = [];
  let waiting = null, knocks = 0;
  const second = new SecondTry({
    knock: async () => { knocks += 1; return answers.shift() ?? false; },
    again: () => sent.push(knocks),
    wait: (work, pause) => { pauses.push(pause); waiting = work; return pauses.length; },
    stop: () => { waiting = null; },
  });
  const pass = async () => { const work = waiting; waiting = null; await work?.(); };
  return { second, pauses, sent, pass };
}

test("it knocks, more and more seldom, until somebody answers, and sends once", async () => {
  const { second, pauses, sent, pass } = door(false, false, true);
  second.begin();
  for (let i = 0; i < 6; i++) await pass();
  assert.deepEqual(sent, [3]);
  assert.equal(second.isDue, false);
  assert.deepEqual(pauses, [1, 2, 4]);
});

test("at a long absence it knocks every half minute", async () => {
  const { second, pauses, pass } = door();
  second.begin();
  for (let i = 0; i < 9; i++) await pass();
  assert.deepEqual(pauses.slice(-3), [30, 30, 30]);
});

test("a server that names a time is left alone until then", () => {
  const { second, pauses } = door();
  second.begin(12);
  assert.deepEqual(pauses, [12]);
});

test("called off it sends nothing, not even when a knock is under way", async () => {
  const { second, sent, pass } = door(true);
  second.begin();
  const knocking = pass();
  second.end();
  await knocking;
  await pass();
  assert.deepEqual(sent, []);
});

test("when the line is back it knocks at once, but only where something waits to go out", async () => {
  const { second, pauses, sent, pass } = door(false, true);
  second.hurry();
  assert.deepEqual(pauses, []);
  second.begin();
  await pass();
  second.hurry();
  await pass();
  assert.deepEqual([pauses, sent], [[1, 2, 0], [2]]);
});

test("a server is back when its judge is in", async () => {
  assert.equal(await isServerBack(async () => ({ ok: true })), true);
  assert.equal(await isServerBack(async () => ({ ok: false })), false);
  assert.equal(await isServerBack(async () => { throw new TypeError("Failed to fetch"); }), false);
});
