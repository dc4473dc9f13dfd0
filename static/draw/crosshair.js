// Drawing without a pointer: arrow keys move a crosshair over the sheet, space puts the pen down and lifts it.
import { SIZE } from "./limits.js";

const STRIDE = 8, CARE = 1;              // px a key press: plainly, and with shift
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Crosshair {
  x = SIZE / 2;
  y = SIZE / 2;

  // `clock` gives the drawing's ms, `moved` hears where the crosshair is, `heard` that the keyboard draws.
  constructor({ easel, clock, moved, heard }) {
    Object.assign(this, { easel, clock, moved, heard });
    this.down = false;
  }

  // Takes a key pressed on the sheet; true where it meant something here.
  press({ key, shiftKey, repeat }) {
    if (key in ARROWS) this.#step(ARROWS[key], shiftKey ? CARE : STRIDE);
    else if (key === " " || key === "Enter") repeat || this.#toggle();
    else return false;
    this.moved(this);
    return true;
  }

  // Lifts the pen, keeping what it drew (the sheet lost the focus, or a pointer took over).
  lift() {
    if (!this.down) return;
    this.down = false;
    this.easel.finish();
  }

  // In words, for those who listen.
  describe() {
    return `${Math.round(this.x)} across, ${Math.round(this.y)} down${this.down ? ", pen down" : ""}`;
  }

  #step([dx, dy], far) {
    this.x = Math.min(Math.max(this.x + dx * far, 0), SIZE);
    this.y = Math.min(Math.max(this.y + dy * far, 0), SIZE);
    if (this.down) this.easel.move([this.#here()]);
  }

  #toggle() {
    if (this.down) return this.lift();
    this.heard("keyboard");
    this.down = this.easel.begin(this.#here());
    return this.down && this.easel.aims ? this.lift() : undefined;
  }

  #here() { return { x: this.x, y: this.y, pressure: 0, t: this.clock() }; }
}
