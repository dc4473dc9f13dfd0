// The whole screen for the sheet and its tools. A browser that gives an element the screen does so; one that does not (an
// iPhone's) at least hides the rest of the page.
export class Screen {
  // `root` is the page's element, whose `data-full` the looks go by; `changed` hears whether it is full.
  constructor(root, changed) {
    Object.assign(this, { root, changed, document: root.ownerDocument });
    this.document.addEventListener("fullscreenchange", () => this.document.fullscreenElement || this.#set(false));
  }

  get isFull() { return this.root.dataset.full !== undefined; }

  toggle() { return this.isFull ? this.leave() : this.#enter(); }

  async leave() {
    this.#set(false);
    if (this.document.fullscreenElement) await this.document.exitFullscreen().catch(() => {});
  }

  async #enter() {
    this.#set(true);
    await this.root.requestFullscreen?.({ navigationUI: "hide" }).catch(() => {});
  }

  #set(full) {
    if (full === this.isFull) return;
    if (full) this.root.dataset.full = "";
    else delete this.root.dataset.full;
    this.changed(full);
  }
}
