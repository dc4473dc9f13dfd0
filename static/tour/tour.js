// Shows the tour's steps one at a time. Without this they are a list; nothing is ever covered, no focus is held.
const SWIPE = { ArrowRight: 1, ArrowLeft: -1 };

class Tour {
  #at = 0;

  constructor(root) {
    this.root = root;
    this.list = root.querySelector("ol");
    this.steps = [...this.list.children];
    this.form = root.querySelector("form");
    for (const name of ["count", "back", "next", "end"]) this[name] = root.querySelector(`[data-tour-${name}]`);
    this.next.addEventListener("click", () => this.#go(1));
    this.back.addEventListener("click", () => this.#go(-1));
    this.form.addEventListener("submit", (event) => this.#leave(event));
    root.addEventListener("keydown", (event) => this.#key(event));
    for (const part of [this.count, this.back, this.next]) part.hidden = false;
    root.classList.add("tour-stepped");
    this.#show();
  }

  #key(event) {
    if (event.key === "Escape") this.form.requestSubmit();
    const way = SWIPE[event.key] * (getComputedStyle(this.root).direction === "rtl" ? -1 : 1);
    if (way) this.#go(way);
  }

  // The step is said by the count's live region; the button that was pressed keeps the focus, unless it has gone.
  #go(way) {
    this.#at = Math.min(Math.max(this.#at + way, 0), this.steps.length - 1);
    this.#show();
    if (document.activeElement?.disabled || document.activeElement === document.body) this.end.focus();
  }

  #show() {
    const last = this.#at === this.steps.length - 1;
    this.steps.forEach((step, place) => { step.hidden = place !== this.#at; });
    const words = this.count.dataset.words.replace("{step}", this.#at + 1).replace("{steps}", this.steps.length);
    const said = document.createElement("span");
    said.className = "unseen";
    said.textContent = `: ${this.steps[this.#at].textContent.trim()}`;
    this.count.replaceChildren(words, said);
    this.back.disabled = this.#at === 0;
    this.next.disabled = last;
    this.end.textContent = last ? this.end.dataset.done : this.end.dataset.skip;
    if (last && document.activeElement === document.body) this.end.focus({ preventScroll: true });
  }

  // Remembered by the server, in a cookie; the page stays where it is.
  #leave(event) {
    event.preventDefault();
    fetch(this.form.action, { method: "POST", body: new FormData(this.form), redirect: "manual" }).catch(() => {});
    const inside = this.root.contains(document.activeElement);
    this.root.remove();
    if (inside) document.querySelector("#main").focus({ preventScroll: true });
  }
}

for (const root of document.querySelectorAll("[data-tour]")) new Tour(root);
