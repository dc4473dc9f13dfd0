// A painting at any moment of its making: the looks of it that its run kept, each until the next one. All are fetched when
// it begins; a moment whose look has not come yet shows the last one before it that has.
import { say } from "../ui/words.js";
import { paces } from "./timeline.js";

const SIDE = 512;                        // px of the sheet

async function fetched(address) {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  return picture;
}

export class Stills {
  #begun = 0;                            // how many stills the moment has behind it
  #shown = -1;

  constructor({ items }, { canvas, whole = false, load = fetched }) {
    this.items = items;
    this.canvas = Object.assign(canvas, { width: SIDE, height: SIDE });
    this.pictures = items.map(() => null);
    Object.assign(this, paces(items, whole));
    this.arrived = Promise.all(items.map((item, place) => load(item.picture).then((picture) => this.#take(place, picture), () => {})));
  }

  get begun() { return this.#begun; }

  // Where the machine is, in words.
  get said() {
    return say("step {n} of {all}", { n: this.#begun === 0 ? 0 : this.items[this.#begun - 1].step, all: this.items.at(-1).step });
  }

  // Shows the painting as it was after `time` ms.
  seek(time) {
    this.#begun = this.beats.filter(({ at }) => at <= time).length;
    this.#draw();
  }

  #take(place, picture) {
    this.pictures[place] = picture;
    this.#draw();
  }

  #draw() {
    const place = this.pictures.findLastIndex((picture, index) => picture && index < this.#begun);
    if (place === this.#shown) return;
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, SIDE, SIDE);
    if (place >= 0) pen.drawImage(this.pictures[place], 0, 0, SIDE, SIDE);
    this.#shown = place;
  }
}
