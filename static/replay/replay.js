// Plays how a picture was made. Upgrades every <div data-replay="ADDRESS OF drawing.json"> and, with data-painted, that of a
// painting's stills: the picture inside stays until someone presses play or moves the slider; only then is the rest fetched.
// Without JavaScript the picture is all.
// With data-curve="ADDRESS OF the judge's reasons" the score while it was drawn follows as soon as it is known.
import { say } from "../ui/words.js";
import { Curve } from "./curve.js";
import { Reel } from "./reel.js";
import { Stills } from "./stills.js";
import { fitting } from "./timeline.js";

const SPEEDS = [1, 2, 4, 8, 16, 32];
const LONGEST = 20_000;                  // ms at the speed that is chosen first
const SVG = "http://www.w3.org/2000/svg";
const TICKS = 1000;                      // of the slider

const ICONS = {
  play: "M7.500 4.800c4.300 2.200 8.300 4.500 12 7.200-3.700 2.700-7.700 5-12 7.200-.3-4.800-.3-9.600 0-14.400z",
  pause: "M8.200 5.200c.2 4.500.1 9.100 0 13.600M15.800 5.200c-.2 4.500-.1 9.100 0 13.600",
};

class Player {
  #reel = null;
  #curve = null;
  #head = Infinity;                      // ms; a drawing is shown finished at first
  #frame = 0;
  #speed = 1;

  constructor(root, fetcher = (...args) => fetch(...args)) {
    this.root = root;
    this.fetcher = fetcher;
    this.painted = root.dataset.painted !== undefined;
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    root.append(this.#controls());
    root.classList.add("replay");
    this.#label();
  }

  async toggle() {
    if (this.#frame) return this.#stop();
    if (!await this.#load()) return undefined;
    if (this.#head >= this.#reel.total) this.#head = 0;
    return this.#run(performance.now());
  }

  // Goes to a share, 0 to 1, of the drawing.
  async seek(share) {
    this.#stop();
    if (await this.#load()) this.#show(share * this.#reel.total);
  }

  #controls() {
    const bar = this.bar = document.createElement("div");
    bar.className = "replay-bar";
    this.button = this.#button(() => this.toggle());
    this.icon = document.createElementNS(SVG, "path");
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    picture.append(this.icon);
    this.button.append(picture);
    this.slider = Object.assign(document.createElement("input"), { type: "range", max: TICKS, step: "any", value: TICKS });
    this.slider.setAttribute("aria-label", this.painted ? say("Moment of the painting") : say("Moment of the drawing"));
    this.slider.addEventListener("input", () => this.seek(Number(this.slider.value) / TICKS));
    this.pace = this.#button(() => this.#hurry(SPEEDS[(SPEEDS.indexOf(this.#speed) + 1) % SPEEDS.length]));
    this.said = document.createElement("p");
    this.said.setAttribute("role", "status");
    bar.append(this.button, this.slider, this.pace, this.said);
    this.#hurry(1);
    return bar;
  }

  #button(act) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.addEventListener("click", act);
    return button;
  }

  async #load() {
    if (this.#reel) return true;
    try {
      const answer = await this.fetcher(this.root.dataset.replay, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const told = await answer.json();
      this.canvas = document.createElement("canvas");
      this.#reel ??= new (this.painted ? Stills : Reel)(told, { canvas: this.canvas, whole: this.still });
    } catch {
      this.said.textContent = this.painted
        ? say("The stills did not arrive. The picture stays; try again in a moment.")
        : say("The strokes did not arrive. The picture stays; try again in a moment.");
      return false;
    }
    this.said.textContent = "";
    this.#swap();
    this.#follow();
    this.#hurry(fitting(this.#reel.total, SPEEDS, LONGEST));
    return true;
  }

  // The score's line goes above the slider; a judge that has no time for it is not waited for.
  async #follow() {
    if (!this.root.dataset.curve) return;
    const answer = await this.fetcher(this.root.dataset.curve, { headers: { Accept: "application/json" } }).catch(() => null);
    const told = answer?.ok ? await answer.json() : null;
    if (this.#curve || !(told?.curve.length > 1)) return;
    this.#curve = new Curve(told, this.#reel);
    this.bar.prepend(this.#curve.root);
    this.#show(this.#head);
  }

  // The canvas takes the picture's place in its frame, and its words.
  #swap() {
    const picture = this.root.querySelector("img");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", picture?.alt ?? say("The drawing"));
    this.canvas.className = `replay-canvas ${picture?.className ?? ""}`;
    if (picture) picture.replaceWith(this.canvas);
    else this.root.prepend(this.canvas);
  }

  #run(before) {
    this.#frame = requestAnimationFrame((now) => {
      this.#show(this.#head + (now - before) * this.#speed);
      if (this.#head >= this.#reel.total) this.#stop();
      else this.#run(now);
    });
    this.#label();
  }

  #stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#label();
  }

  #show(head) {
    this.#head = Math.min(head, this.#reel.total);
    this.#reel.seek(this.#head);
    this.slider.value = this.#reel.total > 0 ? this.#head / this.#reel.total * TICKS : TICKS;
    const words = [this.#reel.said];
    if (this.#curve) words.push(this.#curve.show(this.#head));
    this.slider.setAttribute("aria-valuetext", words.join(say(", ")));
  }

  #hurry(speed) {
    this.#speed = speed;
    this.pace.textContent = `${speed}×`;
    this.pace.setAttribute("aria-label", say("Speed: {n} times", { n: speed }));
  }

  #label() {
    const playing = this.#frame !== 0;
    if (this.playing === playing) return;
    this.playing = playing;
    this.icon.setAttribute("d", playing ? ICONS.pause : ICONS.play);
    this.button.setAttribute("aria-label", playing ? say("Pause") : this.painted ? say("Watch it being painted") : say("Watch it being drawn"));
  }
}

// Upgrades one element; pages upgrade all of theirs by loading this module.
export function upgrade(root) {
  return root.classList.contains("replay") ? null : new Player(root);
}

for (const root of document.querySelectorAll("[data-replay]")) upgrade(root);
