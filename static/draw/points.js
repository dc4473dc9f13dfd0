// From pointer positions in pixels to the whole numbers of the drawing format, as few of them as the eye allows.
import { MOST_RADIUS, SIZE } from "./limits.js";
import { UNIT } from "./raster.js";

const MARGIN = 96;                       // px beyond the edge that a stroke may leave the canvas; the server allows 512
const TOLERANCE = 0.2 * UNIT;            // 1/16 px that a simplified stroke may differ from the drawn one

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// [x, y, r, t] in 1/16 px and ms, from pixels; `since` is the time that must not be undercut.
export function quantise({ x, y, r, t }, since = 0) {
  return [
    Math.round(clamp(x, -MARGIN, SIZE + MARGIN) * UNIT),
    Math.round(clamp(y, -MARGIN, SIZE + MARGIN) * UNIT),
    Math.round(clamp(r, 0, MOST_RADIUS) * UNIT),
    Math.max(Math.round(t), since),
  ];
}

export const place = (value) => Math.round(clamp(value, 0, SIZE - 1 / UNIT) * UNIT);

// How far a point's place and radius are from the segment between two others.
function deviation(point, from, to) {
  const dx = to[0] - from[0], dy = to[1] - from[1], dr = to[2] - from[2];
  const length = dx * dx + dy * dy;
  const along = length > 0 ? clamp(((point[0] - from[0]) * dx + (point[1] - from[1]) * dy) / length, 0, 1) : 0;
  const off = Math.hypot(point[0] - from[0] - along * dx, point[1] - from[1] - along * dy);
  return Math.max(off, Math.abs(point[2] - from[2] - along * dr));
}

// The points without those that nobody would miss: Ramer (1972), Douglas and Peucker (1973), radius included.
export function simplify(pts, tolerance = TOLERANCE) {
  const keep = new Uint8Array(pts.length);
  keep[0] = keep[pts.length - 1] = 1;
  const todo = [[0, pts.length - 1]];
  while (todo.length > 0) {
    const [first, last] = todo.pop();
    let worst = tolerance, at = -1;
    for (let i = first + 1; i < last; i++) {
      const off = deviation(pts[i], pts[first], pts[last]);
      if (off > worst) [worst, at] = [off, i];
    }
    if (at < 0) continue;
    keep[at] = 1;
    todo.push([first, at], [at, last]);
  }
  return pts.filter((_, i) => keep[i] === 1);
}
