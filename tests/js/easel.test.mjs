// Gestures with the tools: what ends up in the drawing, what is on the sheet, and the limits of both.
import assert from "node:assert/strict";
import test from "node:test";
import { Drawing } from "../../static/draw/drawing.js";
import { Easel } from "../../static/draw/easel.js";
import { MOST, tightest, usage } from "../../static/draw/limits.js";
import { Master } from "../../static/draw/master.js";
import { crc32, render } from "../../static/draw/raster.js";

function easel(settings = {}) {
  const news = [];
  const made = new Easel(new Drawing(), new Master(), (one) => news.push(one));
  Object.assign(made, { smooth: false }, settings);
  return Object.assign(made, { news });
}
const at = (x, y, t = 0, pressure = 0) => ({ x, y, pressure, t });
function drag(to, ...positions) {
  to.begin(positions[0]);
  for (const position of positions.slice(1)) to.move([position]);
  to.finish();
}
const agrees = (made) => assert.equal(made.master.checksum(), crc32(render(made.drawing.toJSON())));

for (const tool of ["brush", "eraser", "line", "rectangle", "ellipse"]) {
  test(`${tool}: one gesture is one stroke, and the sheet shows what the drawing says`, () => {
    const made = easel({ tool, radius: 6 });
    drag(made, at(50, 60, 10), at(200, 80, 20), at(300, 400, 30));
    assert.equal(made.drawing.ops.length, 1);
    assert.equal(made.drawing.ops[0].color, tool === "eraser" ? 0 : 1);
    agrees(made);
  });
}

test("a curve is kept with fewer points than it was drawn with, and shown as it is kept", () => {
  const made = easel({ radius: 3, smooth: true });
  const circle = Array.from({ length: 200 }, (_, i) => at(256 + 200 * Math.cos(i / 30), 256 + 190 * Math.sin(i / 30), 8 * i));
  drag(made, ...circle);
  assert.ok(made.drawing.ops[0].pts.length < 120);
  agrees(made);
});

test("fill acts where the pointer is lifted, and filling with the same colour again is no operation", () => {
  const made = easel({ tool: "fill", color: 3 });
  drag(made, at(10, 10), at(400, 400));
  drag(made, at(200, 200));
  assert.deepEqual(made.drawing.ops, [{ op: "fill", color: 3, x: 6400, y: 6400 }]);
  agrees(made);
});

test("the eyedropper tells the colour under it and draws nothing", () => {
  const made = easel({ tool: "fill", color: 7 });
  drag(made, at(10, 10));
  made.tool = "eyedropper";
  drag(made, at(512, 0));
  assert.deepEqual(made.news.at(-1), { kind: "picked", color: 7 });
  assert.equal(made.drawing.ops.length, 1);
});

test("a cancelled gesture leaves neither ink nor operation", () => {
  const made = easel({ radius: 20 });
  drag(made, at(100, 100), at(300, 300));
  const before = made.master.checksum();
  for (const tool of ["brush", "ellipse", "fill"]) {
    made.tool = tool;
    made.begin(at(50, 50));
    made.move([at(400, 90), at(420, 480)]);
    made.cancel();
  }
  assert.equal(made.master.checksum(), before);
  assert.equal(made.drawing.ops.length, 1);
});

test("the preview of a shape leaves no trace of where it was before", () => {
  const made = easel({ tool: "ellipse", radius: 10 });
  made.begin(at(10, 10));
  for (let i = 0; i < 20; i++) made.move([at(500 - 20 * i, 30 + 20 * i)]);
  made.finish();
  agrees(made);
});

test("a click with a shape is nothing, a click with the brush is a dot", () => {
  const made = easel({ tool: "rectangle" });
  drag(made, at(100, 100));
  assert.equal(made.drawing.ops.length, 0);
  made.tool = "brush";
  drag(made, at(100, 100));
  assert.equal(made.drawing.ops[0].pts.length, 1);
  agrees(made);
});

test("undo, redo and clear show the right sheet, over many operations", () => {
  const made = easel({ radius: 5 });
  for (let i = 0; i < 70; i++) {
    made.color = 1 + i % 19;
    drag(made, at(7 * i, 10), at(500 - 6 * i, 20 + 6 * i), at(3 * i, 500));
  }
  const sums = [made.master.checksum()];
  for (let i = 0; i < 50; i++) {
    made.undo();
    agrees(made);
  }
  for (let i = 0; i < 50; i++) made.redo();
  assert.equal(made.master.checksum(), sums[0]);
  made.clear();
  assert.ok(made.master.isBlank());
  made.undo();
  assert.equal(made.master.checksum(), sums[0]);
  made.undo();
  drag(made, at(1, 1), at(511, 511));
  made.undo();
  made.redo();
  agrees(made);
});

test("time runs on from stroke to stroke whatever the clock says", () => {
  const made = easel();
  drag(made, at(10, 10, 500), at(90, 90, 900));
  drag(made, at(10, 90, 100), at(90, 10, 200));
  const times = made.drawing.ops.flatMap((op) => op.pts.map((point) => point[3]));
  assert.deepEqual(times, [...times].sort((a, b) => a - b));
});

test("no more than 400 operations and 60 fills", () => {
  const made = easel({ tool: "fill" });
  for (let i = 0; i < 70; i++) {
    made.color = 1 + i % 2;
    drag(made, at(5, 5));
  }
  assert.equal(usage(made.drawing.ops).fills, MOST.fills);
  assert.deepEqual(made.news.at(-1), { kind: "full", what: "fills" });
  made.tool = "line";
  for (let i = 0; i < 400; i++) drag(made, at(1, i), at(500, i));
  assert.equal(made.drawing.ops.length, MOST.ops);
  assert.deepEqual(made.news.at(-1), { kind: "full", what: "ops" });
});

// A scribble that no simplification shortens much.
const scribble = (n, far = 500) => Array.from({ length: n }, (_, i) => at((i * 7919) % far, (i * 104729) % far, i));

test("a stroke that meets the limit of points ends there and is kept", () => {
  const made = easel({ radius: 1 });
  drag(made, ...scribble(21_000));
  const { points } = usage(made.drawing.ops);
  assert.ok(points > 15_000 && points <= MOST.points, `${points} points`);
  assert.equal(made.news.at(-1).what, "points");
  agrees(made);
});

test("a fat brush meets the limit of the server's work first", () => {
  const made = easel({ radius: 60 });
  drag(made, ...scribble(21_000));
  const used = usage(made.drawing.ops);
  assert.ok(used.cost <= MOST.cost && used.points < 10_000);
  assert.deepEqual(made.news.at(-1), { kind: "full", what: "cost" });
  agrees(made);
});

test("the nearest limit is told from 85 percent on", () => {
  assert.equal(tightest({ ops: 300, points: 1000, fills: 50, cost: 0 }), null);
  assert.deepEqual(tightest({ ops: 350, points: 19_500, fills: 10, cost: 0 }), { what: "points", left: 500, share: 0.975 });
});
