// What shows where the tool would touch the sheet: a ring as wide as the brush under a mouse or pen, a crosshair for the
// keyboard. It lies over the sheet and never in it.
import { SIZE } from "./limits.js";

export class Cursor {
  constructor(element, view) {
    Object.assign(this, { element, view });
  }

  // At {x, y} px of the sheet, for a brush of `radius` px; `kind` is "ring", "cross" or "none".
  show(at, radius, kind) {
    const { x, y } = this.view.spot(at, SIZE);
    const wide = Math.max(2 * radius * this.view.unit(SIZE), 5);
    this.element.dataset.kind = kind;
    this.element.style.inlineSize = this.element.style.blockSize = `${wide}px`;
    this.element.style.transform = `translate(${x - wide / 2}px, ${y - wide / 2}px)`;
  }

  hide() {
    this.element.dataset.kind = "none";
  }
}
