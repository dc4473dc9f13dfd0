// A drawing at any moment of its making, on a master grid: forwards point by point, backwards by drawing anew.
import { say } from "../ui/words.js";
import { Master } from "../draw/master.js";
import { timeline } from "./timeline.js";

export class Reel {
  #next = 0;                             // the first beat not shown yet
  #settled = 0;                          // operations that are finished

  constructor(drawing, { canvas = null, whole = false, later } = {}) {
    this.drawing = drawing;
    this.master = new Master(canvas, { size: drawing.size, bg: drawing.bg, later });
    this.master.setPalette(drawing.palette);
    Object.assign(this, timeline(drawing, whole));
  }

  // How many operations have begun.
  get begun() { return this.#next === 0 ? 0 : this.beats[this.#next - 1].op + 1; }

  // Where the hand is, in words.
  get said() { return say("stroke {n} of {all}", { n: this.begun, all: this.drawing.ops.length }); }

  // Shows the drawing as it was after `time` ms.
  seek(time) {
    const to = this.#after(time);
    const op = to === 0 ? 0 : this.beats[to - 1].op;
    if (to < this.#next || op - this.#settled > 8) this.#jump(op, to);
    while (this.#next < to) this.#advance();
  }

  #after(time) {
    let low = 0, high = this.beats.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.beats[middle].at <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Draws the operations before `op` at once; its own points follow one by one.
  #jump(op, to) {
    this.master.show(this.drawing.ops.slice(0, op));
    this.#settled = op;
    this.#next = to;
    while (this.#next > 0 && this.beats[this.#next - 1].op >= op) this.#next -= 1;
  }

  #advance() {
    const { op: index, point } = this.beats[this.#next], op = this.drawing.ops[index];
    const before = this.beats[this.#next - 1], from = before?.op === index ? before.point : -1;
    this.#next += 1;
    if (op.op === "fill") this.master.preview(op);
    else for (let i = from + 1; i <= point; i++) this.master.segment(op.pts[i - 1] ?? null, op.pts[i], op.color);
    if (op.op === "fill" || point === op.pts.length - 1) {
      this.master.settle(op);
      this.#settled = index + 1;
    }
  }
}
