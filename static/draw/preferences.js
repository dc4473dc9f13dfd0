// How this player likes the tools, kept in the browser from prompt to prompt: brush size, switches, name.
const KEY = "paint-off-hand";

export class Preferences {
  knowsPens = false;                     // whether a pen was seen before

  constructor(storage = globalThis.localStorage) {
    this.storage = storage;
  }

  restore(toolbar, name) {
    const kept = this.#read();
    this.knowsPens = kept.knowsPens === true;
    for (const [option, on] of Object.entries(kept.options ?? {})) if (OPTIONS.includes(option)) toolbar.set(option, on === true);
    if (kept.size !== undefined) toolbar.choose("size", kept.size);
    this.name = name;
    if (!name.value && typeof kept.name === "string") name.value = kept.name;
    name.addEventListener("change", () => this.save(toolbar));
    this.ready = true;
  }

  save(toolbar) {
    if (!this.ready) return;
    const options = Object.fromEntries(OPTIONS.map((option) => [option, toolbar.isOn(option)]));
    const kept = { options, size: toolbar.size, name: this.name.value, knowsPens: this.knowsPens };
    try {
      this.storage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // Storage can be full or forbidden; the choice then holds until the page is closed.
    }
  }

  #read() {
    try {
      return JSON.parse(this.storage.getItem(KEY)) ?? {};
    } catch {
      return {};
    }
  }
}

const OPTIONS = ["smooth", "pressure", "penOnly", "left", "meter", "keys"];
