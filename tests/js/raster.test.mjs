// The browser's rasteriser against the golden vectors that the server's was checked with, and its growing strokes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { usage } from "../../static/draw/limits.js";
import { applyOp, crc32, picture, render, strokeSegment, union } from "../../static/draw/raster.js";

const vectors = JSON.parse(readFileSync(new URL("../golden/raster.json", import.meta.url), "utf8"));

for (const { name, drawing, masters, pictures } of vectors) {
  test(`${name}: the masters have the server's bytes`, () => {
    for (const [scale, crc] of Object.entries(masters)) assert.equal(crc32(render(drawing, Number(scale))), crc, `at ${scale}x`);
  });
  test(`${name}: the pictures have the server's bytes`, () => {
    const master = render(drawing);
    for (const [size, crc] of Object.entries(pictures)) {
      assert.equal(crc32(picture(master, drawing.size * 2, drawing.palette, Number(size))), crc, `${size} px`);
    }
  });
}

test("CRC-32 has the published check value", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

for (const { name, drawing } of vectors.filter((v) => v.drawing.size <= 64)) {
  test(`${name}: nothing changes outside the box that an operation returns`, () => {
    const w = drawing.size * 2, grid = new Uint8Array(w * w).fill(drawing.bg);
    for (const op of drawing.ops) {
      const before = grid.slice();
      const [x0, y0, x1, y1] = applyOp(grid, w, op, 2) ?? [0, 0, 0, 0];
      assert.ok(x0 >= 0 && y0 >= 0 && x1 <= w && y1 <= w, `box ${[x0, y0, x1, y1]} leaves the grid`);
      const outside = grid.findIndex((v, i) => {
        const x = i % w, y = Math.floor(i / w);
        return v !== before[i] && !(x >= x0 && x < x1 && y >= y0 && y < y1);
      });
      assert.equal(outside, -1);
    }
    assert.deepEqual(grid, render(drawing));
  });
}

test("a stroke drawn segment by segment is the stroke drawn at once", () => {
  const { drawing } = vectors.find((v) => v.name === "scribble");
  const w = drawing.size * 2, grid = new Uint8Array(w * w);
  for (const op of drawing.ops) {
    if (op.op === "fill") applyOp(grid, w, op, 2);
    else op.pts.forEach((q, i) => strokeSegment(grid, w, i ? op.pts[i - 1] : null, q, op.color, 2));
  }
  assert.deepEqual(grid, render(drawing));
});

test("the page counts the cost of a drawing as the server does", () => {
  for (const { name, drawing, cost } of vectors) assert.equal(Math.floor(usage(drawing.ops).cost + 1e-6), cost, name);
});

test("a stroke off the canvas touches no box, and boxes unite around what was touched", () => {
  const off = { op: "stroke", color: 1, pts: [[-900, -900, 16, 0], [-900, 900, 16, 9]] };
  assert.equal(applyOp(new Uint8Array(128 * 128), 128, off, 2), null);
  assert.deepEqual(union(null, [1, 2, 3, 4]), [1, 2, 3, 4]);
  assert.deepEqual(union([1, 2, 3, 4], [5, 0, 6, 1]), [1, 0, 6, 4]);
  assert.deepEqual(union([1, 2, 3, 4], [9, 9, 9, 12]), [1, 2, 3, 4]);
  assert.equal(union(null, [5, 5, 5, 5]), null);
});
