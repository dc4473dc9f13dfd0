// A small sheet beside the judge's beliefs: the draw page's own hand with one brush and a few colours. What is drawn goes
// into the form as JSON, and nowhere else. Each finished stroke asks the judge, at most every other second.
import { Crosshair } from "../draw/crosshair.js";
import { Drawing } from "../draw/drawing.js";
import { Easel } from "../draw/easel.js";
import { SIZE } from "../draw/limits.js";
import { Master } from "../draw/master.js";
import { INK, PALETTE } from "../draw/palette.js";
import { Pointers } from "../draw/pointers.js";
import { View } from "../draw/view.js";

const COLOURS = ["#141414", "#ef3612", "#ffd836", "#44b169", "#2266dd", "#9c6a4a", "#b3afaf", "#ffffff"];
const RADIUS = 5;                        // px of the sheet: a broad pencil, for a small one
const REST = 2000;                       // ms from one question to the next, at least

class Sheet {
  constructor(form) {
    this.form = form;
    this.find = (name) => form.querySelector(`[data-${name}]`);
    this.canvas = this.find("sheet");
    const view = new View(this.find("window"), this.canvas), began = performance.now();
    this.easel = new Easel(new Drawing(), new Master(this.canvas), (news) => this.#hear(news));
    Object.assign(this.easel, { radius: RADIUS, color: INK });
    const easel = this.easel, heard = () => {};
    this.pointers = new Pointers({ easel, view, place: (event) => view.place(event, SIZE), clock: (stamp) => stamp - began, heard });
    this.crosshair = new Crosshair({ easel, heard, clock: () => performance.now() - began, moved: () => this.#cross(), turned: () => this.#cross() });
    this.asked = -REST;
  }

  start() {
    this.#offerColours();
    const { canvas, pointers } = this;
    canvas.addEventListener("pointerdown", (event) => {
      this.crosshair.lift();
      if (pointers.down(event)) canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => pointers.move(event));
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(type, (event) => pointers.up(event));
    for (const type of ["touchstart", "touchmove"]) canvas.addEventListener(type, (event) => event.preventDefault(), { passive: false });
    canvas.addEventListener("keydown", (event) => this.crosshair.press(event) && event.preventDefault());
    canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && this.#cross());
    canvas.addEventListener("blur", () => { this.crosshair.lift(); this.find("cross").hidden = true; });
    for (const button of this.form.querySelectorAll("[data-act]")) button.addEventListener("click", () => this.easel[button.dataset.act]());
    this.form.hidden = false;
    this.form.dataset.ready = "";
  }

  #offerColours() {
    for (const [index, { name, hex }] of PALETTE.entries()) {
      if (!COLOURS.includes(hex)) continue;
      const label = document.createElement("label"), input = document.createElement("input");
      label.className = "easel-colour";
      Object.assign(input, { type: "radio", name: "easel-colour", value: index, checked: index === INK });
      input.setAttribute("aria-label", name);
      input.setAttribute("form", "");    // a choice of the hand, not of the form
      label.style.setProperty("--colour", hex);
      label.title = name;
      input.addEventListener("change", () => { this.easel.color = index; });
      label.append(input);
      this.find("colours").append(label);
    }
  }

  #cross() {
    const cross = this.find("cross"), { x, y, down } = this.crosshair;
    cross.hidden = false;
    cross.dataset.down = down;
    cross.style.left = `${100 * x / SIZE}%`;
    cross.style.top = `${100 * y / SIZE}%`;
  }

  #hear({ kind }) {
    if (kind !== "changed") return;
    const { drawing } = this.easel;
    this.find("drawing").value = drawing.ops.length ? JSON.stringify(drawing) : "";
    clearTimeout(this.waiting);
    if (drawing.ops.length) this.waiting = setTimeout(() => this.#ask(), Math.max(400, this.asked + REST - performance.now()));
  }

  #ask() {
    if (this.easel.busy || document.hidden) return;
    this.asked = performance.now();
    this.form.requestSubmit();
  }
}

const form = document.querySelector("[data-easel]");
if (form) new Sheet(form).start();
