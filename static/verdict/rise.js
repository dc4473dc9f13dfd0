// Counts up to the verdict: from the bottom of the board to the rank, the needle from the left to the percentile. Once for
// each entry and tab, and not for those who want stillness. The true numbers stay in the page all the while; what counts
// is shown in their place by the style sheet.
import { figure } from "../ui/words.js";

const LASTS = 1100;                      // ms
const eased = (share) => 1 - (1 - share) ** 3;

// The rank on the way from the last place to `rank`: as quick over the first thousand places as over the last ten.
export function passing(rank, of, share) {
  if (share >= 1 || of <= rank) return rank;
  return Math.round(Math.exp(Math.log(of) + (Math.log(rank) - Math.log(of)) * eased(share)));
}

// The percentile on the way, with as many digits as it will have.
export function filling(percentile, share) {
  const digits = percentile.split(".")[1]?.length ?? 0;
  return figure(Number(percentile) * (share >= 1 ? 1 : eased(share)), digits);
}

function first(id) {
  try {
    if (sessionStorage.getItem(`risen ${id}`)) return false;
    sessionStorage.setItem(`risen ${id}`, "1");
  } catch { /* no storage: then it counts every time */ }
  return true;
}

class Rise {
  constructor(root) {
    this.root = root;
    this.stamp = root.querySelector("[data-rise]");
    this.number = this.stamp.querySelector("strong");
    this.percentile = root.querySelector("[data-percentile]");
    this.needle = [...root.querySelectorAll(".needle, .needle-head")];
    this.tip = Number(root.querySelector(".needle-head")?.getAttribute("cx") ?? 0);
  }

  start() {
    this.root.classList.add("rising");
    this.began = null;
    this.#show(0);
    requestAnimationFrame((now) => this.#step(now));
    this.root.addEventListener("pointerdown", () => this.#end(), { once: true }); // who touches it wants to know now
  }

  #step(now) {
    if (!this.root.classList.contains("rising")) return;
    this.began ??= now;
    const share = (now - this.began) / LASTS;
    if (share >= 1) this.#end();
    else {
      this.#show(share);
      requestAnimationFrame((next) => this.#step(next));
    }
  }

  #show(share) {
    const { rank, of } = this.stamp.dataset;
    this.number.dataset.shown = figure(passing(Number(rank), Number(of), share));
    if (this.percentile) this.percentile.dataset.shown = filling(this.percentile.dataset.percentile, share);
    for (const part of this.needle) part.style.transform = `translateX(${-this.tip * (1 - eased(share))}px)`;
  }

  #end() {
    this.root.classList.replace("rising", "risen");
    for (const part of this.needle) part.style.transform = "";
  }
}

// Outside a browser the functions above are all there is.
const moment = globalThis.document?.querySelector(".moment:has([data-rise])");
if (moment && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
  if (first(moment.querySelector("[data-rise]").dataset.rise)) new Rise(moment).start();
}
