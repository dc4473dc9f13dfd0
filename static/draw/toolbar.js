// The tools on the page: radio groups for tool, size and colour, switches for how the hand is read, buttons that act.
// What is chosen lives in the page's controls; `told` hears every change.
import { colourName } from "./palette.js";

export const SIZES = [1, 2.5, 6, 14, 32];          // radius, px

export class Toolbar {
  // `root` is the page's element; `told` hears ({tool}, {radius}, {color}, {mix}, {option, on} or {act}).
  constructor(root, told) {
    this.root = root;
    this.told = told;
    this.colours = root.querySelector("[data-colours]");
    this.before = 1;
    root.addEventListener("change", (event) => this.#changed(event.target));
    root.addEventListener("click", (event) => {
      const act = event.target.closest?.("[data-act]")?.dataset.act;
      if (act) told({ act });
    });
  }

  get tool() { return this.#chosen("tool")?.value; }
  get color() { return Number(this.#chosen("color")?.value); }
  get size() { return Number(this.#chosen("size")?.value); }

  choose(name, value) {
    const input = this.root.querySelector(`input[name="${name}"][value="${value}"]`);
    if (!input || input.checked) return;
    input.checked = true;
    this.#changed(input);
  }

  // The name of what is chosen, or of an option, as it stands beside the control.
  nameOf(name) { return (this.#chosen(name) ?? this.#option(name)).closest("label").textContent.trim(); }

  step(by) { this.choose("size", Math.min(Math.max(this.size + by, 0), SIZES.length - 1)); }
  swap() { this.choose("color", this.before); }

  isOn(option) { return this.#option(option).checked; }
  set(option, on) {
    const input = this.#option(option);
    if (input.checked === on) return;
    input.checked = on;
    this.#changed(input);
  }

  enable(act, on) {
    for (const button of this.root.querySelectorAll(`[data-act="${act}"]`)) button.disabled = !on;
  }

  // Shows that the thing a button switches is on or off.
  press(act, on) {
    for (const button of this.root.querySelectorAll(`[data-act="${act}"]`)) button.setAttribute("aria-pressed", String(on));
  }

  // Shows the palette; `chosen` is the index in use.
  fill(palette, chosen) {
    const mixer = this.colours.querySelector(".mix");
    for (const swatch of this.colours.querySelectorAll(".swatch")) swatch.remove();
    palette.forEach((hex, i) => mixer.before(this.#swatch(hex, i, i === chosen)));
    this.#name();
  }

  #swatch(hex, i, checked) {
    const label = document.createElement("label"), input = document.createElement("input"), name = document.createElement("span");
    label.className = "swatch";
    label.title = name.textContent = colourName(hex);
    label.style.setProperty("--paint", hex);
    name.className = "unseen";
    Object.assign(input, { type: "radio", name: "color", value: i, checked });
    label.append(input, name);
    return label;
  }

  #changed(input) {
    if (input.name === "tool") this.told({ tool: input.value });
    if (input.name === "size") this.told({ radius: SIZES[Number(input.value)] });
    if (input.name === "mix") this.told({ mix: input.value });
    if (input.name === "color") {
      this.before = this.current ?? 1;
      this.current = Number(input.value);
      this.#name();
      this.told({ color: this.current });
    }
    if (input.dataset.option) this.told({ option: input.dataset.option, on: input.checked });
  }

  #name() {
    const chosen = this.#chosen("color");
    if (chosen) this.root.querySelector("[data-colour-name]").textContent = chosen.closest("label").title;
  }

  #chosen(name) { return this.root.querySelector(`input[name="${name}"]:checked`); }
  #option(name) { return this.root.querySelector(`[data-option="${name}"]`); }
}
