// The judge beside the sheet: asks for glances while the meter is on and shows what comes of them, but never in the middle
// of a line: nothing else moves while someone draws.
import { Gauge } from "./gauge.js";
import { glance } from "./glancing.js";
import { Meter } from "./meter.js";

export class Onlooker {
  #unsaid = null;                        // what came in while a line was under way

  // `page` has the root, sheet, easel, master and speech of a draw page.
  constructor(page) {
    this.page = page;
    this.gauge = new Gauge(page.find("meter"));
    this.meter = new Meter({
      look: (drawing) => glance(page.root.dataset.glance, drawing),
      show: (told) => this.#hear(told),
      sheet: () => ({ blank: page.master.isBlank(), hidden: document.hidden, drawing: page.easel.drawing }),
    });
  }

  get words() { return this.gauge.words; }

  // The line under way has ended: what came in meanwhile may be shown.
  rest() {
    if (this.#unsaid) this.#hear(this.#unsaid);
  }

  #hear(told) {
    const { easel, sheet, speech } = this.page;
    this.#unsaid = easel.busy ? told : null;
    if (this.#unsaid) return;
    this.gauge.show(told);
    if (told.kind === "seen" && document.activeElement === sheet) speech.soon(() => this.words);
  }
}
