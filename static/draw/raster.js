// The browser's rasteriser: the twin, line by line, of game/rules/raster_loops.py. Both give the same bytes, so what a player
// sees is what the judge is shown. Only + - * / sqrt ceil floor on doubles, which IEEE 754 fixes to the last bit in every
// engine; no trigonometry, no powers, no 32-bit floats, no canvas drawing call. Change one twin and change the other,
// then run `python -m tests.golden.make`.
//
// A grid is a Uint8Array of w * w palette indices, row by row. `scale` is grid cells a pixel (2 for the master).
// Functions that draw return the box of cells they may have touched, [x0, y0, x1, y1], right and lower edge excluded;
// off the canvas it is empty (x0 >= x1 or y0 >= y1).
export const UNIT = 16;          // coordinates and radii on the wire: integers, 1/16 px
const MARK = 255;                // never a palette index (at most 64): the region being filled

// Paints columns a to b (both included) of row y.
function span(g, w, y, a, b, c) {
  if (y < 0 || y >= w || b < a || b < 0 || a >= w) return;
  g.fill(c, y * w + Math.max(a, 0), y * w + Math.min(b, w - 1) + 1);
}

// Paints every cell whose centre lies in the disc p = [x, y, r], in cells.
function disc(g, w, p, c) {
  const [x, y, r] = p;
  const top = Math.max(Math.ceil(y - r - 0.5), 0), bottom = Math.min(Math.floor(y + r - 0.5), w - 1);
  for (let row = top; row <= bottom; row++) {
    const d = (row + 0.5) - y;
    const k = Math.sqrt(Math.max(r * r - d * d, 0));
    span(g, w, row, Math.ceil(x - k - 0.5), Math.floor(x + k - 0.5), c);
  }
}

// Paints the band between the discs p and q: the quadrilateral of their ends square to the line that joins them.
function quad(g, w, p, q, c) {
  const [x0, y0, r0] = p, [x1, y1, r1] = q;
  const dx = x1 - x0, dy = y1 - y0;
  const length = Math.sqrt(dx * dx + dy * dy);
  if (!(length > 0)) return;
  const nx = -dy / length, ny = dx / length;
  const px = [x0 + nx * r0, x1 + nx * r1, x1 - nx * r1, x0 - nx * r0];
  const py = [y0 + ny * r0, y1 + ny * r1, y1 - ny * r1, y0 - ny * r0];
  const top = Math.max(Math.ceil(Math.min(py[0], py[1], py[2], py[3]) - 0.5), 0);
  const bottom = Math.min(Math.floor(Math.max(py[0], py[1], py[2], py[3]) - 0.5), w - 1);
  for (let row = top; row <= bottom; row++) {
    const m = row + 0.5;
    let left = Infinity, right = -Infinity;
    for (let e = 0; e < 4; e++) {
      const f = (e + 1) & 3, xa = px[e], ya = py[e], xb = px[f], yb = py[f];
      if ((ya <= m && m < yb) || (yb <= m && m < ya)) {
        const x = xa + (m - ya) / (yb - ya) * (xb - xa);
        if (x < left) left = x;
        if (x > right) right = x;
      }
    }
    if (right >= left) span(g, w, row, Math.ceil(left - 0.5), Math.floor(right - 0.5), c);
  }
}

// Turns the 4-connected region of cell (x, y) into c, another value than it has; returns the region's box.
function flood(g, w, h, x, y, c) {
  const s = g[y * w + x];
  let x0 = x, y0 = y, x1 = x + 1, y1 = y + 1;
  const todo = [y, x, x, 0];
  while (todo.length > 0) {
    const back = todo.pop(), last = todo.pop(), first = todo.pop(), row = todo.pop();
    let line = g.subarray(row * w, row * w + w);
    if (line[first] !== s) continue;
    let left = first, right = last;
    while (left > 0 && line[left - 1] === s) left--;
    while (right < w - 1 && line[right + 1] === s) right++;
    line.fill(c, left, right + 1);
    x0 = Math.min(x0, left); y0 = Math.min(y0, row); x1 = Math.max(x1, right + 1); y1 = Math.max(y1, row + 1);
    for (let step = -1; step <= 1; step += 2) {
      if (row + step < 0 || row + step >= h) continue;
      line = g.subarray((row + step) * w, (row + step) * w + w);
      for (let i = left, j; i <= right; i = j + 1) {
        j = i;
        if (step === back && i === first) {
          j = last;
        } else if (line[i] === s) {
          while (j < right && line[j + 1] === s) j++;
          todo.push(row + step, i, j, -step);
        }
      }
    }
  }
  return [x0, y0, x1, y1];
}

// Widens the ones of a grid of zeros and ones by k cells in the eight directions (a square dilation); a new grid.
function grow(m, w, h, k) {
  const wide = m.slice();
  for (let y = 0; y < h; y++) {
    const line = m.subarray(y * w, y * w + w), to = wide.subarray(y * w, y * w + w);
    for (let s = 1; s <= k; s++) {
      for (let i = 0; i < w - s; i++) to[i] |= line[i + s];
      for (let i = 0; i < w - s; i++) to[i + s] |= line[i];
    }
  }
  const both = wide.slice();
  for (let y = 0; y < h; y++) {
    const to = both.subarray(y * w, y * w + w);
    for (let near = Math.max(y - k, 0); near <= Math.min(y + k, h - 1); near++) {
      const line = wide.subarray(near * w, near * w + w);
      for (let i = 0; i < w; i++) to[i] |= line[i];
    }
  }
  return both;
}

// Fills the region of cell (x, y) with c, but not through gaps of up to 2 k cells: what the region loses when its walls
// grow by k and what the rest then gains when it grows back. A seed in so narrow a place fills plainly, gaps and all.
function fill(g, w, x, y, c, k) {
  const s = g[y * w + x];
  if (s === c) return [x, y, x, y];
  const box = flood(g, w, w, x, y, MARK);
  const x0 = Math.max(box[0] - k, 0), y0 = Math.max(box[1] - k, 0);
  const ww = Math.min(box[2] + k, w) - x0, wh = Math.min(box[3] + k, w) - y0;
  let wall = new Uint8Array(ww * wh);
  for (let j = 0; j < wh; j++) {
    const line = g.subarray((y0 + j) * w + x0, (y0 + j) * w + x0 + ww), to = wall.subarray(j * ww, j * ww + ww);
    for (let i = 0; i < ww; i++) to[i] = line[i] === MARK ? 0 : 1;
  }
  wall = grow(wall, ww, wh, k);
  const narrow = wall[(y - y0) * ww + x - x0] === 1;
  if (!narrow) flood(wall, ww, wh, x - x0, y - y0, 2);
  for (let i = 0; i < ww * wh; i++) wall[i] = narrow || wall[i] === 2 ? 1 : 0;
  const reached = grow(wall, ww, wh, k);
  for (let j = 0; j < wh; j++) {
    const line = g.subarray((y0 + j) * w + x0, (y0 + j) * w + x0 + ww), to = reached.subarray(j * ww, j * ww + ww);
    for (let i = 0; i < ww; i++) if (line[i] === MARK) line[i] = to[i] === 1 ? c : s;
  }
  return box;
}

// Draws one step of a growing stroke: the disc at point q and the band from point p before it (null or q at the start).
export function strokeSegment(g, w, p, q, c, scale) {
  const from = p ?? q;
  const a = [from[0] * scale / UNIT, from[1] * scale / UNIT, from[2] * scale / UNIT];
  const b = [q[0] * scale / UNIT, q[1] * scale / UNIT, q[2] * scale / UNIT];
  disc(g, w, b, c);
  quad(g, w, a, b, c);
  return around(w, a, b);
}

// Draws one operation of a drawing, {"op": "stroke" | "fill", ...}. Returns null where nothing was touched.
export function applyOp(g, w, op, scale) {
  if (op.op === "fill") {
    const x = Math.min(Math.max(Math.floor(op.x * scale / UNIT), 0), w - 1);
    const y = Math.min(Math.max(Math.floor(op.y * scale / UNIT), 0), w - 1);
    return union(null, fill(g, w, x, y, op.color, scale));
  }
  let p = null, box = null;
  for (const q of op.pts) {
    box = union(box, strokeSegment(g, w, p, q, op.color, scale));
    p = q;
  }
  return box;
}

// The grid of a whole drawing, (size * scale) cells wide and high.
export function render(doc, scale = 2) {
  const w = doc.size * scale;
  const g = new Uint8Array(w * w).fill(doc.bg);
  for (const op of doc.ops) applyOp(g, w, op, scale);
  return g;
}

// The grid as an RGB picture of n by n pixels, three bytes each: every pixel the exact mean of the area it covers, halves
// rounded up. In whole numbers: a cell is n units wide, a pixel w units, so any n goes with any w.
export function average(g, w, colors, n) {
  const out = new Uint8Array(n * n * 3);
  const area = w * w, half = Math.floor(area / 2);
  for (let y = 0; y < n; y++) {
    const j0 = Math.floor(y * w / n), j1 = Math.floor((y * w + w - 1) / n);
    for (let x = 0; x < n; x++) {
      const i0 = Math.floor(x * w / n), i1 = Math.floor((x * w + w - 1) / n);
      let red = half, green = half, blue = half;
      for (let j = j0; j <= j1; j++) {
        const high = Math.min((j + 1) * n, (y + 1) * w) - Math.max(j * n, y * w);
        for (let i = i0; i <= i1; i++) {
          const part = high * (Math.min((i + 1) * n, (x + 1) * w) - Math.max(i * n, x * w));
          const c = g[j * w + i] * 3;
          red += part * colors[c]; green += part * colors[c + 1]; blue += part * colors[c + 2];
        }
      }
      const o = (y * n + x) * 3;
      out[o] = Math.floor(red / area); out[o + 1] = Math.floor(green / area); out[o + 2] = Math.floor(blue / area);
    }
  }
  return out;
}

// From here on: what only the page needs, or what Python has from its libraries.

// The box of cells that a segment between the discs a and b can touch.
function around(w, a, b) {
  return [
    Math.max(Math.floor(Math.min(a[0] - a[2], b[0] - b[2])), 0), Math.max(Math.floor(Math.min(a[1] - a[2], b[1] - b[2])), 0),
    Math.min(Math.ceil(Math.max(a[0] + a[2], b[0] + b[2])), w), Math.min(Math.ceil(Math.max(a[1] + a[2], b[1] + b[2])), w),
  ];
}

// The box around two boxes; null and boxes without a cell count for nothing, and nothing at all gives null.
export function union(a, b) {
  if (b === null || b[0] >= b[2] || b[1] >= b[3]) return a;
  if (a === null) return b;
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

// A palette of "#rrggbb" as bytes, three a colour.
export function paletteBytes(palette) {
  const out = new Uint8Array(palette.length * 3);
  palette.forEach((color, i) => {
    for (let k = 0; k < 3; k++) out[i * 3 + k] = parseInt(color.slice(1 + 2 * k, 3 + 2 * k), 16);
  });
  return out;
}

// The picture the judge is shown: RGB bytes, `size` pixels wide and high, from the master.
export function picture(grid, width, palette, size = 512) {
  return average(grid, width, paletteBytes(palette), size);
}

const CRC_TABLE = new Uint32Array(256).map((_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

// CRC-32 as in zlib and PNG, of the master's bytes: the checksum that page and server compare.
export function crc32(bytes) {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = CRC_TABLE[(c ^ bytes[i]) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
