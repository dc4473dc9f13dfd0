// The replay: when things appear, and that any moment looks the same however it was reached.
import assert from "node:assert/strict";
import test from "node:test";
import { crc32, render } from "../../static/draw/raster.js";
import { known, placed, until, written } from "../../static/replay/curve.js";
import { Reel } from "../../static/replay/reel.js";
import { Stills } from "../../static/replay/stills.js";
import { fitting, paces, timeline } from "../../static/replay/timeline.js";

const line = (from, to, t, n = 8) => ({
  op: "stroke",
  color: 1 + from % 3,
  pts: Array.from({ length: n }, (_, i) => [from + (to - from) * i / (n - 1) | 0, 100 + from, 60, t + 30 * i]),
});
const drawing = (ops) => ({ format: 1, size: 128, bg: 0, palette: ["#ffffff", "#000000", "#e6194b", "#4363d8"], ops });

test("recorded times are followed, pauses are cut", () => {
  const { beats, total } = timeline(drawing([line(0, 1000, 0), line(50, 1500, 60_000)]));
  assert.equal(beats[7].at, 210);
  assert.equal(beats[8].at, 460);
  assert.equal(total, 670);
});

test("without times the hand moves at an even pace", () => {
  const flat = line(0, 1600, 0);
  for (const point of flat.pts) point[3] = 7;
  const { beats, total } = timeline(drawing([flat, { op: "stroke", color: 1, pts: [[5, 5, 40, 7]] }]));
  assert.ok(total > 100 && beats.every((beat, i) => i === 0 || beat.at >= beats[i - 1].at));
});

test("for those who want stillness every operation is one beat", () => {
  const { beats } = timeline(drawing([line(0, 1000, 0), { op: "fill", color: 2, x: 8, y: 8 }]), true);
  assert.deepEqual(beats.map(({ op, point }) => [op, point]), [[0, 7], [1, 0]]);
});

test("a blank drawing takes no time", () => {
  assert.deepEqual(timeline(drawing([])), { beats: [], total: 0 });
});

test("the first speed is the slowest one that does not bore", () => {
  assert.equal(fitting(15_000, [1, 2, 4], 20_000), 1);
  assert.equal(fitting(35_000, [1, 2, 4], 20_000), 2);
  assert.equal(fitting(900_000, [1, 2, 4], 20_000), 4);
});

for (const whole of [false, true]) {
  test(`any moment looks the same from wherever one comes (${whole ? "still" : "moving"})`, () => {
    const ops = Array.from({ length: 60 }, (_, i) => (i % 7 === 3 ? { op: "fill", color: i % 4, x: 40 * i % 2048, y: 1000 } : line(31 * i % 1900, 53 * i % 1900, 400 * i)));
    const all = drawing(ops), straight = new Reel(all, { whole }), jumping = new Reel(all, { whole });
    const at = (reel, time) => { reel.seek(time); return crc32(reel.master.grid); };
    const shares = Array.from({ length: 21 }, (_, i) => i / 20 * straight.total);
    const sums = shares.map((time) => at(straight, time));
    assert.equal(sums.at(-1), crc32(render(all)));
    for (const i of [20, 3, 17, 4, 4, 0, 19, 20, 1]) assert.equal(at(jumping, shares[i]), sums[i], `at ${i}/20`);
    jumping.seek(-1);
    assert.ok(jumping.master.isBlank() && jumping.begun === 0);
  });
}

test("the score's stages stand where so many operations were drawn", () => {
  const { beats, total } = timeline(drawing([line(0, 1000, 0), line(50, 1500, 60_000), line(90, 900, 90_000)]));
  const stages = [[0, 5], [1, 20], [3, 80]].map(([ops, percentile]) => ({ ops, percentile }));
  const points = placed(stages, beats);
  assert.deepEqual(points.map(({ at }) => at), [0, 210, total]);
  assert.equal(known(points, 209), 5);
  assert.equal(known(points, 210), 20);
  assert.equal(known(points, total), 80);
  assert.deepEqual(until(points, 105).map(({ percentile }) => percentile), [5, 12.5]);
  assert.deepEqual(until(points, total), points);
});

test("a percentile is written as the pages write it", () => {
  assert.deepEqual([0, 0.01, 50.04, 99.97, 100].map(written), ["0.0", "0.1", "50.0", "99.9", "100.0"]);
});

const paint = (steps, options = {}) => {
  const drawn = [], arrive = {};
  const pen = { clearRect: () => drawn.push(null), drawImage: (picture) => drawn.push(picture) };
  const canvas = { getContext: () => pen };
  const load = (address) => new Promise((resolve) => { arrive[address] = () => resolve(address); });
  const items = steps.map((step) => ({ step, picture: `${step}.png` }));
  return { reel: new Stills({ items }, { canvas, load, ...options }), arrive, drawn };
};

test("a painting's stills stand in proportion to the steps between them", () => {
  const { beats, total } = paces([{ step: 10 }, { step: 20 }, { step: 50 }]);
  assert.deepEqual(beats.map(({ at }) => at), [0, 125, 500]);
  assert.equal(total, 500);
  assert.deepEqual(paces([{ step: 10 }, { step: 50 }], true).beats.map(({ at }) => at), [450, 900]);
});

test("any moment of a painting shows the last look before it, and says the step", async () => {
  const { reel, arrive, drawn } = paint([10, 20, 50]);
  for (const bring of Object.values(arrive)) bring();
  await reel.arrived;
  const look = (time) => { reel.seek(time); return [drawn.at(-1), reel.said]; };
  assert.deepEqual(look(0), ["10.png", "step 10 of 50"]);
  assert.deepEqual(look(499), ["20.png", "step 20 of 50"]);
  assert.deepEqual(look(reel.total), ["50.png", "step 50 of 50"]);
  assert.deepEqual(look(130), ["20.png", "step 20 of 50"]);
  const before = drawn.length;
  look(140);
  assert.equal(drawn.length, before, "nothing is drawn where nothing changes");
});

test("a look that has not come yet is waited for with the one before it", async () => {
  const { reel, arrive, drawn } = paint([10, 20, 50]);
  arrive["10.png"]();
  await null;
  reel.seek(reel.total);
  assert.equal(drawn.at(-1), "10.png");
  arrive["50.png"]();
  await null;
  await null;
  assert.equal(drawn.at(-1), "50.png");
});
