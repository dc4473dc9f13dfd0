// Counts down what the server said is left, from the moment it was asked. What the device believes the time to be does not
// matter, and a slow line ends the time a little early, never late.
import { say, several } from "../ui/words.js";

const SPOKEN = [60, 30, 10];             // seconds left that are said aloud

export const shown = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export class Clock {
  #end = null;                           // on performance.now's scale
  #last = null;

  // `find` gives the element that shows the time, which may be another one after a change; `say` speaks, `over` is the end.
  constructor({ find, say, over = () => {} }) {
    Object.assign(this, { find, say, over });
    setInterval(() => this.tick(), 250);
  }

  set(left, asked) {
    this.#end = left === null || left === undefined ? null : asked + left * 1000;
    this.tick();
  }

  tick() {
    if (this.#end === null) return;
    const left = Math.max(0, Math.ceil((this.#end - performance.now()) / 1000));
    const element = this.find();
    if (element) {
      element.textContent = left > 0 ? shown(left) : say("Time is up");
      element.toggleAttribute("data-short", left > 0 && left <= 10);
    }
    if (left === this.#last) return;
    const words = several("{n} second left.", "{n} seconds left.", left);
    if (SPOKEN.includes(left) && this.#last !== null) this.say(words);
    if (left === 0) this.over();
    this.#last = left;
  }
}
