// Drawing without a pointer: arrow keys move a crosshair over the sheet, space puts the pen down and lifts it.
import { SIZE } from "./limits.js";

const STRIDE = 8, CARE = 1;              // px a key press: plainly, and with shift
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const EDGES = { Home: [-1, 0], End: [1, 0], PageUp: [0, -1], PageDown: [0, 1] };

export class Crosshair {
  x = SIZE / 2;
  y = SIZE / 2;

  // `clock` gives the drawing's ms, `moved` hears that the crosshair did, `turned` that the pen went "down" or "up",
  // `heard` that the keyboard draws; `mirrored` tells whether the sheet is seen turned round, so that left stays left.
  constructor({ easel, clock, moved, turned, heard, mirrored = () => false }) {
    Object.assign(this, { easel, clock, moved, turned, heard, mirrored });
    this.down = false;
  }

  // Takes a key pressed on the sheet; true where it meant something here.
  press({ key, shiftKey, repeat }) {
    if (key in ARROWS) this.#step(ARROWS[key], shiftKey ? CARE : STRIDE);
    else if (key in EDGES) this.#step(EDGES[key], SIZE);
    else if (key === " " || key === "Enter") return repeat || this.#toggle();
    else return false;
    this.moved();
    return true;
  }

  // Lifts the pen, keeping what it drew (the sheet lost the focus, or a pointer took over).
  lift() {
    if (!this.down) return;
    this.down = false;
    this.easel.finish();
  }

  #step([dx, dy], far) {
    this.x = Math.min(Math.max(this.x + (this.mirrored() ? -dx : dx) * far, 0), SIZE);
    this.y = Math.min(Math.max(this.y + dy * far, 0), SIZE);
    if (this.down) this.easel.move([this.#here()]);
  }

  #toggle() {
    if (this.down) this.lift();
    else {
      this.heard("keyboard");
      this.down = this.easel.begin(this.#here());
      if (this.down && this.easel.aims) this.lift();
    }
    this.turned(this.down ? "down" : "up");
    return true;
  }

  #here() { return { x: this.x, y: this.y, pressure: 0, t: this.clock() }; }
}
