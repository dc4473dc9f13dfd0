// The seat beside the sheet is empty until the judge is asked to look on: most draw without it and need not load it.
export class Seat {
  #guest = null;                         // an Onlooker, once there is one
  #coming = null;
  #on = false;

  constructor(page, load = () => import("./onlooker.js")) {
    Object.assign(this, { page, load });
  }

  get words() { return this.#guest?.words ?? ""; }

  rest() { this.#guest?.rest(); }
  changed() { this.#guest?.meter.changed(); }
  inSight() { this.#guest?.meter.inSight(); }

  // Lets the judge look on, or no longer; where it cannot be loaded now, switching on once more asks for it again.
  async switch(on) {
    this.#on = on;
    if (!this.#guest) {
      if (!on) return;
      this.#coming ??= this.load();
      const found = await this.#coming.catch(() => null);
      this.#coming = null;
      if (!found) return;
      this.#guest ??= new found.Onlooker(this.page);
    }
    this.#guest.meter.switch(this.#on);
  }
}
