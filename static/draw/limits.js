// What the drawing format allows (the same numbers as game/rules/drawing.py) and how much of it a drawing uses, so that
// the page can say so kindly before the server has to refuse.
import { UNIT } from "./raster.js";

export const FORMAT = 1;
export const SIZE = 512;                 // px, the side of the square canvas
export const SCALE = 2;                  // grid cells a pixel in the master
export const MOST = { ops: 400, points: 20_000, fills: 60, cost: 1_000_000_000 };
export const MOST_COLOURS = 64;
export const MOST_RADIUS = 64;           // px
const ROW_COST = 64;                     // cells painted in the time that one row of a segment takes besides
const NEARLY = 0.85;                     // the share of a limit from which the page mentions it

const costs = new WeakMap();             // operations never change once they are in a drawing

// The work of drawing one operation in cells of the 2x master, counted as the server counts it; fills are bounded by number.
function costOf(op) {
  if (op.op === "fill") return 0;
  if (costs.has(op)) return costs.get(op);
  let cells = 0, last = null;
  for (const point of op.pts) {
    cells += segmentCost(last, point);
    last = point;
  }
  costs.set(op, cells);
  return cells;
}

// The share of one segment in a stroke's cost; `from` is null at the stroke's first point.
export function segmentCost(from, to) {
  const last = from ?? to;
  const dx = to[0] - last[0], dy = to[1] - last[1];
  const wide = (2 * Math.max(to[2], last[2]) + UNIT) * 2 / UNIT;
  return (Math.sqrt(dx * dx + dy * dy) * 2 / UNIT + wide) * (wide + ROW_COST);
}

// How many operations, points, fills and cells a list of operations uses.
export function usage(ops) {
  const used = { ops: ops.length, points: 0, fills: 0, cost: 0 };
  for (const op of ops) {
    used.cost += costOf(op);
    if (op.op === "fill") used.fills += 1;
    else used.points += op.pts.length;
  }
  return used;
}

// Whether `more` (in the same terms) still fits on top of what is used.
export function fits(used, more) {
  return Object.keys(more).every((what) => used[what] + more[what] <= MOST[what]);
}

// The limit that is nearest, as {what, left, share}, or null while there is plenty of room.
export function tightest(used) {
  const all = Object.keys(MOST).map((what) => ({ what, left: MOST[what] - used[what], share: used[what] / MOST[what] }));
  const worst = all.reduce((a, b) => (b.share > a.share ? b : a));
  return worst.share >= NEARLY ? worst : null;
}
