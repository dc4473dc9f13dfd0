// Passes an entry on: the system's own share sheet where there is one, and a line to copy everywhere. Without JavaScript
// the line stands in its field, ready to be selected.
import { say } from "../ui/words.js";

class Share {
  constructor(root) {
    this.root = root;
    this.line = root.querySelector("[data-line]");
    this.said = root.querySelector("[data-said]");
    this.#offer("[data-copy]", () => this.copy());
    if (navigator.share) this.#offer("[data-send]", () => this.send());
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.line.value);
      this.said.textContent = say("Copied.");
    } catch { // no permission, or a page that did not come over HTTPS
      this.line.focus();
      this.line.select();
      this.said.textContent = say("The line is selected. Copy it from there.");
    }
  }

  async send() {
    const [link] = this.line.value.match(/\S+$/);
    const text = this.line.value.slice(0, -link.length).trim();
    try {
      await navigator.share({ title: this.root.dataset.title, text, url: link });
      this.said.textContent = "";
    } catch (error) {
      if (error.name !== "AbortError") this.said.textContent = say("Sharing did not work here. The line can be copied.");
    }
  }

  #offer(selector, act) {
    const button = this.root.querySelector(selector);
    button.hidden = false;
    button.addEventListener("click", act);
  }
}

for (const root of document.querySelectorAll("[data-share]")) new Share(root);
