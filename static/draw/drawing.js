// A drawing in the making: operations with undo and redo. Clearing is an action like any other, so it can be undone.
import { FORMAT, MOST_COLOURS, SIZE } from "./limits.js";
import { PALETTE } from "./palette.js";

const CLEAR = "clear";

export class Drawing {
  // `actions` are operations or "clear"; the first `done` of them are in force, the rest can be redone.
  constructor({ palette = PALETTE.map((colour) => colour.hex), actions = [], done = actions.length, elapsed = 0 } = {}) {
    this.palette = [...palette];
    this.bg = 0;
    this.actions = [...actions];
    this.done = done;
    this.elapsed = elapsed;              // ms on the drawing's own clock, which stands still while the page is closed
    this.#gather();
  }

  get canUndo() { return this.done > 0; }
  get canRedo() { return this.done < this.actions.length; }
  get canClear() { return this.ops.length > 0; }

  add(op) {
    this.#act(op);
    for (const point of op.pts ?? []) this.elapsed = Math.max(this.elapsed, point[3]);
  }

  clear() {
    if (this.canClear) this.#act(CLEAR);
  }

  undo() {
    if (!this.canUndo) return false;
    this.done -= 1;
    this.#gather();
    return true;
  }

  redo() {
    if (!this.canRedo) return false;
    this.done += 1;
    this.#gather();
    return true;
  }

  // Returns the colour's index; adds it where it is new, and gives -1 where the palette is full.
  addColour(hex) {
    const wanted = hex.toLowerCase();
    const known = this.palette.indexOf(wanted);
    if (known >= 0 || this.palette.length >= MOST_COLOURS) return known;
    return this.palette.push(wanted) - 1;
  }

  // The drawing as the server takes it.
  toJSON() {
    return { format: FORMAT, size: SIZE, bg: this.bg, palette: [...this.palette], ops: this.ops };
  }

  // Everything needed to go on after a reload, undo and redo included: what the constructor takes.
  toRecord() {
    return { palette: [...this.palette], actions: [...this.actions], done: this.done, elapsed: this.elapsed };
  }

  #act(action) {
    this.actions.length = this.done;
    this.actions.push(action);
    this.done += 1;
    this.#gather();
  }

  #gather() {
    const from = this.actions.lastIndexOf(CLEAR, this.done - 1);
    this.ops = this.done > 0 ? this.actions.slice(from + 1, this.done) : [];
  }
}
