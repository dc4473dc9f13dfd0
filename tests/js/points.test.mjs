// From positions to the whole numbers of the format: rounding, thinning, smoothing, pressure, shapes.
import assert from "node:assert/strict";
import test from "node:test";
import { quantise, simplify } from "../../static/draw/points.js";
import { constrain, shapePoints } from "../../static/draw/shapes.js";
import { Trace } from "../../static/draw/trace.js";

const whole = (points) => points.flat().every(Number.isInteger);
const trace = (settings, positions) => {
  const made = new Trace({ radius: 4, smooth: false, pressure: true, since: 0, ...settings });
  positions.forEach(([x, y, pressure = 0], i) => made.add({ x, y, pressure, t: i * 8 }));
  made.end();
  return made.pts;
};

test("positions become sixteenths of a pixel", () => {
  assert.deepEqual(quantise({ x: 10.03, y: 511.97, r: 2.5, t: 12.6 }), [160, 8192, 40, 13]);
});

test("far positions, fat brushes and clocks that run backwards are brought into bounds", () => {
  assert.deepEqual(quantise({ x: -4000, y: 4000, r: 900, t: 5 }, 70), [-1536, 9728, 1024, 70]);
});

test("simplifying keeps the ends, the corners and the changes of width", () => {
  const straight = Array.from({ length: 50 }, (_, i) => [i * 20, 0, 40, i]);
  assert.deepEqual(simplify(straight), [straight[0], straight[49]]);
  const corner = [...straight, ...Array.from({ length: 50 }, (_, i) => [980, (i + 1) * 20, 40, 50 + i])];
  assert.deepEqual(simplify(corner), [corner[0], corner[49], corner[99]]);
  const swelling = straight.map(([x, y, , t], i) => [x, y, i < 25 ? 40 + i * 4 : 136 - (i - 24) * 4, t]);
  assert.deepEqual(simplify(swelling), [swelling[0], swelling[24], swelling[49]]);
});

test("a single point and a wiggle smaller than the eye sees survive as what they are", () => {
  assert.deepEqual(simplify([[5, 5, 40, 0]]), [[5, 5, 40, 0]]);
  assert.equal(simplify([[0, 0, 40, 0], [100, 2, 40, 1], [200, 0, 40, 2]]).length, 2);
  assert.equal(simplify([[0, 0, 40, 0], [100, 5, 40, 1], [200, 0, 40, 2]]).length, 3);
});

test("a stroke ends where the pen was lifted, smooth or not", () => {
  const zigzag = Array.from({ length: 40 }, (_, i) => [i * 7, i % 2 ? 60 : 40]);
  for (const smooth of [false, true]) assert.deepEqual(trace({ smooth }, zigzag).at(-1).slice(0, 2), [39 * 7 * 16, 60 * 16], `smooth: ${smooth}`);
});

test("smoothing calms a trembling hand and leaves a steady one where it is", () => {
  const travel = (pts) => pts.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - pts[i][0], y - pts[i][1]), 0);
  const tremble = Array.from({ length: 200 }, (_, i) => [50 + i / 2, 100 + 2 * Math.sin(i)]);
  assert.ok(travel(trace({ smooth: true }, tremble)) < 0.75 * travel(trace({ smooth: false }, tremble)));
  const steady = Array.from({ length: 200 }, (_, i) => [50 + i, 100]);
  assert.ok(trace({ smooth: true }, steady).every(([, y]) => y === 1600));
});

test("a fat brush takes fewer points for the same line", () => {
  const line = Array.from({ length: 400 }, (_, i) => [20 + i, 100]);
  assert.ok(trace({ radius: 48 }, line).length < trace({ radius: 3 }, line).length / 2);
});

test("a fast mouse's corners are rounded", () => {
  const square = [[100, 100], [200, 100], [200, 200], [100, 200]];
  assert.ok(trace({ smooth: true }, square).length > 40);
  assert.equal(trace({ smooth: false }, square).length, 4);
});

test("pressure sets the radius, and only where there is a sensor", () => {
  const press = (pressure, settings) => trace(settings, Array.from({ length: 30 }, (_, i) => [10 + 4 * i, 10, pressure])).at(-1)[2];
  assert.ok(press(0.1) < 64 && press(1) > 64);
  assert.deepEqual([press(0), press(0.5)], [64, 64]);
  assert.equal(press(1, { pressure: false }), 64);
});

test("time never runs backwards, points are whole numbers and apart from each other", () => {
  const made = trace({ since: 40 }, Array.from({ length: 500 }, (_, i) => [100 + i / 10, 100]));
  assert.ok(whole(made) && made.length < 50);
  assert.ok(made.every((point, i) => point[3] >= (i > 0 ? made[i - 1][3] : 40)));
});

test("a rectangle closes, an ellipse does, too, and stays on its curve", () => {
  const corners = shapePoints("rectangle", { x: 10, y: 20 }, { x: 110, y: 220 }, 2, 0).map(([x, y]) => [x / 16, y / 16]);
  assert.deepEqual(corners, [[10, 20], [110, 20], [110, 220], [10, 220], [10, 20]]);
  const round = shapePoints("ellipse", { x: 100, y: 100 }, { x: 300, y: 200 }, 2, 0);
  assert.deepEqual(round[0].slice(0, 3), round.at(-1).slice(0, 3));
  assert.ok(whole(round));
  for (const [x, y] of round) assert.ok(Math.abs(((x / 16 - 200) / 100) ** 2 + ((y / 16 - 150) / 50) ** 2 - 1) < 0.01);
});

test("a shape takes its time, so that the replay can draw it", () => {
  const line = shapePoints("line", { x: 0, y: 0 }, { x: 300, y: 400 }, 2, 1000);
  assert.equal(line[0][3], 1000);
  assert.ok(line[1][3] > 1100);
});

test("shift makes squares, and lines at multiples of 45 degrees", () => {
  assert.deepEqual(constrain("rectangle", { x: 100, y: 100 }, { x: 40, y: 130 }), { x: 40, y: 160 });
  const { x, y } = constrain("line", { x: 0, y: 0 }, { x: 100, y: 8 });
  assert.ok(Math.abs(y) < 1e-9 && x > 99);
});
