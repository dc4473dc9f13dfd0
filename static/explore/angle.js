// Two arrows that can be turned: by dragging their heads, or by the sliders, which the keyboard moves. The sliders hold
// the truth; the figure and the numbers follow. Without this the server draws what the sliders say.
import { figure } from "../ui/words.js";

const radians = (degrees) => degrees * Math.PI / 180;
const digits = (value) => figure(value, 3).replace("-", "−");
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// The smaller angle between two directions, all in degrees.
export function between(a, b) {
  const gap = Math.abs(a - b) % 360;
  return Math.min(gap, 360 - gap);
}

// The direction (0 to 359 degrees, against the clock from the right) and length of what lies (x, y) px from the middle.
export function pointed(x, y, reach) {
  const turn = Math.round(Math.atan2(-y, x) * 180 / Math.PI);
  return { turn: (turn + 360) % 360, length: Math.hypot(x, y) / reach };
}

class Figure {
  constructor(form) {
    this.form = form;
    this.svg = form.querySelector("svg");
    this.middle = Number(form.dataset.side) / 2;
    this.reach = Number(form.dataset.reach);
  }

  start() {
    this.form.addEventListener("input", () => this.draw());
    for (const arm of this.svg.querySelectorAll("[data-arm]")) this.#hold(arm.querySelector("[data-grip]"), arm.dataset.arm);
    this.draw();
    this.form.dataset.ready = "";
  }

  #hold(grip, key) {
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
    });
    grip.addEventListener("pointermove", (event) => {
      if (grip.hasPointerCapture(event.pointerId)) this.#drag(key, event);
    });
  }

  #drag(key, { clientX, clientY }) {
    const box = this.svg.getBoundingClientRect(), unit = 2 * this.middle / box.width;
    const x = (clientX - box.left) * unit - this.middle, y = (clientY - box.top) * unit - this.middle;
    const { turn, length } = pointed(x, y, this.reach);
    this.form.elements[key].value = turn;
    this.form.elements[`l${key}`].value = clamp(length, 0.2, 1.2);
    this.draw();
  }

  #at(turn, length) {
    return [this.middle + length * this.reach * Math.cos(turn), this.middle - length * this.reach * Math.sin(turn)];
  }

  draw() {
    const arms = ["a", "b"].map((key) => ({ key, turn: Number(this.form.elements[key].value), length: Number(this.form.elements[`l${key}`].value) }));
    for (const arm of arms) this.#lay(arm);
    const [a, b] = arms, angle = between(a.turn, b.turn), cosine = Math.cos(radians(angle));
    const foot = this.#at(radians(a.turn), cosine), tip = this.#at(radians(b.turn), 1);
    this.#path("[data-plumb]", `M${tip}L${foot}`);
    this.#path("[data-shadow]", `M${this.middle} ${this.middle}L${foot}`);
    const ends = [a, b].map(({ turn }) => this.#at(radians(turn), 0.25));
    if ((b.turn - a.turn + 720) % 360 > 180) ends.reverse();
    this.#path("[data-arc]", `M${ends[0]}A${this.reach / 4} ${this.reach / 4} 0 0 0 ${ends[1]}`);
    this.#write("[data-angle-shown]", Math.round(angle));
    this.#write("[data-cosine-shown]", digits(cosine));
    this.#write("[data-dot-shown]", digits(cosine * a.length * b.length));
  }

  #lay({ key, turn, length }) {
    const arm = this.svg.querySelector(`[data-arm="${key}"]`), head = arm.querySelector("[data-head]");
    const [x, y] = this.#at(radians(turn), length), [ux, uy] = this.#at(radians(turn), 1);
    arm.querySelector("[data-line]").setAttribute("d", `M${this.middle} ${this.middle}L${x} ${y}`);
    for (const [place, at] of [["[data-unit]", [ux, uy]], ["[data-grip]", [x, y]]]) {
      arm.querySelector(place).setAttribute("cx", at[0]);
      arm.querySelector(place).setAttribute("cy", at[1]);
    }
    const [across, down, half] = head.localName === "rect" ? ["x", "y", 11] : ["cx", "cy", 0];
    head.setAttribute(across, x - half);
    head.setAttribute(down, y - half);
    this.#write(`[data-shown="${key}"]`, turn);
    this.#write(`[data-shown="l${key}"]`, length);
  }

  #path(place, d) { this.svg.querySelector(place).setAttribute("d", d); }
  #write(place, text) { this.form.querySelector(place).textContent = text; }
}

// Outside a browser the functions above are all there is.
const form = globalThis.document?.querySelector("[data-angle]");
if (form) new Figure(form).start();
