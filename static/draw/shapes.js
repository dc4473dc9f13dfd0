// Lines, rectangles and ellipses as ordinary strokes. Trigonometry is welcome here: only the rounded points are drawn,
// sent and compared, so engines may differ in the last bit before rounding.
import { quantise } from "./points.js";

const SAG = 0.06;                        // px that an ellipse's chord may lie inside the curve
const PACE = 1.2;                        // px a ms: how fast the replay shows a shape being drawn

const EIGHTH = Math.PI / 4;

// Where the other corner goes when shift is held: lines at multiples of 45 degrees, squares and circles.
export function constrain(kind, from, to) {
  const dx = to.x - from.x, dy = to.y - from.y;
  if (kind === "line") {
    const angle = Math.round(Math.atan2(dy, dx) / EIGHTH) * EIGHTH, length = Math.hypot(dx, dy);
    return { x: from.x + Math.cos(angle) * length, y: from.y + Math.sin(angle) * length };
  }
  const side = Math.max(Math.abs(dx), Math.abs(dy));
  return { x: from.x + (dx < 0 ? -side : side), y: from.y + (dy < 0 ? -side : side) };
}

const outlines = {
  line: (a, b) => [a, b],
  rectangle: (a, b) => [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }, a],
  ellipse(a, b) {
    const x = (a.x + b.x) / 2, y = (a.y + b.y) / 2, rx = Math.abs(b.x - a.x) / 2, ry = Math.abs(b.y - a.y) / 2;
    const steps = Math.max(12, Math.ceil(Math.PI / Math.acos(1 - SAG / Math.max(rx, ry, 1))));
    return Array.from({ length: steps + 1 }, (_, i) => {
      const angle = (2 * Math.PI * (i % steps)) / steps;
      return { x: x + rx * Math.cos(angle), y: y + ry * Math.sin(angle) };
    });
  },
};

export const SHAPES = Object.keys(outlines);

// The points of a shape between two corners {x, y}, with radius r, all px; t runs on from `since` ms along the outline.
export function shapePoints(kind, from, to, r, since) {
  let t = since, last = null;
  return outlines[kind](from, to).map(({ x, y }) => {
    if (last) t += Math.hypot(x - last.x, y - last.y) / PACE;
    last = { x, y };
    return quantise({ x, y, r, t }, since);
  });
}
