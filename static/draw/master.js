// The sheet that is seen: the master grid that the server renders, too, shown on a canvas as it is. Only boxes that
// changed are written, once a frame. Works without a canvas, too.
import { SCALE, SIZE } from "./limits.js";
import { PAPER } from "./palette.js";
import { applyOp, crc32, paletteBytes, strokeSegment, union } from "./raster.js";

const EVERY = 24;                        // operations between snapshots, so that undo need not start from nothing
const MOST_SNAPSHOTS = 12;               // a megabyte each

export class Master {
  #dirty = null;
  #before = null;
  #shown = [];                           // the operations on the grid
  #snapshots = [];                       // {count, last, grid}: the grid after the first `count` operations
  #waiting = false;

  // Of a drawing of `size` px on the background `bg`; `later` runs work before the next frame.
  constructor(canvas = null, { size = SIZE, bg = PAPER, later = (work) => requestAnimationFrame(work) } = {}) {
    this.width = size * SCALE;
    this.bg = bg;
    this.grid = new Uint8Array(this.width ** 2).fill(bg);
    this.later = later;
    if (!canvas) return;
    canvas.width = canvas.height = this.width;
    this.context = canvas.getContext("2d", { alpha: false });
    this.image = this.context.createImageData(this.width, this.width);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  // Takes the palette's colours as they are to be shown; the grid only knows their numbers.
  setPalette(palette) {
    const bytes = paletteBytes(palette);
    const bright = new Uint8Array(palette.length * 4);
    for (let i = 0; i < palette.length; i++) bright.set([...bytes.subarray(3 * i, 3 * i + 3), 255], 4 * i);
    this.colours = new Uint32Array(bright.buffer);
    this.#touch([0, 0, this.width, this.width]);
  }

  checksum() { return crc32(this.grid); }
  isBlank() { return this.grid.every((cell) => cell === this.bg); }
  colourAt(x, y) { return this.grid[Math.floor(y * SCALE) * this.width + Math.floor(x * SCALE)]; }

  // Keeps the grid as it is before a gesture, so that the gesture can be previewed and taken back.
  hold() {
    this.#before = this.grid.slice();
  }

  // Puts back what lay under `box` when the grid was held.
  lift(box) {
    if (!box) return;
    for (let y = box[1]; y < box[3]; y++) {
      const row = y * this.width;
      this.grid.set(this.#before.subarray(row + box[0], row + box[2]), row + box[0]);
    }
    this.#touch(box);
  }

  segment(from, to, colour) { return this.#touch(strokeSegment(this.grid, this.width, from, to, colour, SCALE)); }
  preview(op) { return this.#touch(applyOp(this.grid, this.width, op, SCALE)); }

  // Declares that `op`, drawn already, is now part of what is shown.
  settle(op) {
    this.#shown = [...this.#shown, op];
    this.#remember();
  }

  // Shows exactly these operations, from the latest snapshot that agrees with them.
  show(ops) {
    this.#snapshots = this.#snapshots.filter(({ count, last }) => ops[count - 1] === last);
    const { count, grid } = this.#snapshots.at(-1) ?? { count: 0, grid: null };
    if (grid) this.grid.set(grid);
    else this.grid.fill(this.bg);
    this.#shown = ops.slice(0, count);
    for (const op of ops.slice(count)) {
      applyOp(this.grid, this.width, op, SCALE);
      this.settle(op);
    }
    this.#touch([0, 0, this.width, this.width]);
  }

  #remember() {
    const count = this.#shown.length;
    if (count % EVERY !== 0 || this.#snapshots.some((one) => one.count === count)) return;
    this.#snapshots.push({ count, last: this.#shown[count - 1], grid: this.grid.slice() });
    if (this.#snapshots.length > MOST_SNAPSHOTS) this.#snapshots.shift();
  }

  #touch(box) {
    this.#dirty = box ? union(this.#dirty, box) : this.#dirty;
    if (this.context && this.#dirty && !this.#waiting) {
      this.#waiting = true;
      this.later(() => this.#paint());
    }
    return box;
  }

  #paint() {
    this.#waiting = false;
    const [x0, y0, x1, y1] = this.#dirty;
    this.#dirty = null;
    for (let y = y0; y < y1; y++) {
      for (let i = y * this.width + x0, end = y * this.width + x1; i < end; i++) this.pixels[i] = this.colours[this.grid[i]];
    }
    this.context.putImageData(this.image, 0, 0, x0, y0, x1 - x0, y1 - y0);
  }
}
