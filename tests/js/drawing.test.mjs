// The drawing in the making: undo, redo, clearing, colours, what is kept and what is sent.
import assert from "node:assert/strict";
import test from "node:test";
import { Drawing } from "../../static/draw/drawing.js";

const stroke = (t) => ({ op: "stroke", color: 1, pts: [[100, 100, 40, t], [900, 900, 40, t + 10]] });
const drawn = (...times) => {
  const drawing = new Drawing();
  for (const t of times) drawing.add(stroke(t));
  return drawing;
};
const starts = (drawing) => drawing.ops.map((op) => op.pts[0][3]);

test("undo takes back the newest operation and redo brings it back", () => {
  const drawing = drawn(0, 100, 200);
  assert.ok(drawing.undo());
  assert.deepEqual(starts(drawing), [0, 100]);
  assert.ok(drawing.redo());
  assert.deepEqual(starts(drawing), [0, 100, 200]);
});

test("with nothing to undo or redo nothing happens", () => {
  const drawing = new Drawing();
  assert.equal(drawing.undo() || drawing.redo() || drawing.canUndo || drawing.canRedo, false);
});

test("a new operation after an undo ends what could be redone", () => {
  const drawing = drawn(0, 100);
  drawing.undo();
  drawing.add(stroke(300));
  assert.equal(drawing.canRedo, false);
  assert.deepEqual(starts(drawing), [0, 300]);
});

test("clearing can be undone, also with operations after it", () => {
  const drawing = drawn(0, 100);
  drawing.clear();
  assert.deepEqual(drawing.ops, []);
  drawing.add(stroke(300));
  assert.deepEqual(starts(drawing), [300]);
  drawing.undo();
  drawing.undo();
  assert.deepEqual(starts(drawing), [0, 100]);
  drawing.redo();
  assert.deepEqual(drawing.ops, []);
});

test("clearing a blank sheet is not an action", () => {
  const drawing = new Drawing();
  drawing.clear();
  assert.equal(drawing.canUndo, false);
});

test("what is sent is what is seen: nothing undone, nothing from before a clear", () => {
  const drawing = drawn(0, 100);
  drawing.clear();
  drawing.add(stroke(300));
  drawing.add(stroke(400));
  drawing.undo();
  const sent = JSON.parse(JSON.stringify(drawing));
  assert.deepEqual(Object.keys(sent), ["format", "size", "bg", "palette", "ops"]);
  assert.deepEqual(sent.ops, [stroke(300)]);
});

test("a record brings back everything, redo and the clock included", () => {
  const drawing = drawn(0, 100, 5000);
  drawing.addColour("#123456");
  drawing.clear();
  drawing.undo();
  drawing.undo();
  const back = new Drawing(structuredClone(drawing.toRecord()));
  assert.deepEqual(back.toJSON(), drawing.toJSON());
  assert.equal(back.elapsed, 5010);
  back.redo();
  assert.equal(back.ops.length, 3);
  back.redo();
  assert.equal(back.ops.length, 0);
});

test("a colour that is there already keeps its place, a new one goes to the end", () => {
  const drawing = new Drawing();
  const length = drawing.palette.length;
  assert.equal(drawing.addColour("#FFFFFF"), 0);
  assert.equal(drawing.addColour("#ABCDEF"), length);
  assert.equal(drawing.palette[length], "#abcdef");
});

test("the 65th colour is refused", () => {
  const drawing = new Drawing();
  for (let i = drawing.palette.length; i < 64; i++) assert.equal(drawing.addColour(`#0000${(16 + i).toString(16)}`), i);
  assert.equal(drawing.addColour("#00ff01"), -1);
  assert.equal(drawing.palette.length, 64);
});
