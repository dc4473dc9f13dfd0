// What is read out to those who do not look: where the crosshair is, what is in hand, what a key did. One polite region;
// places are only told once the keys rest, so that nobody has to listen to a row of numbers.
import { SIZE } from "./limits.js";
import { colourName } from "./palette.js";
import { row, whereabouts } from "./voice.js";

const REST = 500;                        // ms without a key before the crosshair's place is told

export class Speech {
  #timer = null;

  constructor(element, wait = (work) => setTimeout(work, REST), stop = (timer) => clearTimeout(timer)) {
    Object.assign(this, { element, wait, stop });
  }

  // Tells what `words()` gives once the keys rest.
  soon(words) {
    this.stop(this.#timer);
    this.#timer = this.wait(() => this.#tell(words()));
  }

  now(words) {
    this.stop(this.#timer);
    this.#tell(words);
  }

  // The same words once more would not be a change, and so not be heard.
  #tell(words) {
    this.element.textContent = this.element.textContent === words ? `${words}\u00a0` : words;
  }
}

// Where a page's crosshair is, in words.
export function whereIs({ crosshair, easel, master }) {
  const [x, y] = [crosshair.x, crosshair.y].map((value) => Math.min(value, SIZE - 1));
  return whereabouts(crosshair, SIZE, colourName(easel.drawing.palette[master.colourAt(x, y)]));
}

// What is in hand, in words.
export const inHand = ({ toolbar }) => `${row(["tool", "color", "size"].map((name) => toolbar.nameOf(name)))}.`;
