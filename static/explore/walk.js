// One still of a walk at a time, cut from the sheet that the page shows anyway; without this there is the sheet.
const root = document.querySelector("[data-walk]");

class Walk {
  constructor(root) {
    this.sheet = root.querySelector("[data-sheet]");
    this.one = root.querySelector("[data-one]");
    this.canvas = root.querySelector("[data-still]");
    this.slider = root.querySelector("[data-slider]");
    this.place = root.querySelector("[data-place]");
    this.columns = Number(root.dataset.columns);
    this.side = Number(root.dataset.side);
  }

  async start() {
    await this.sheet.decode();           // no picture, no walk
    this.one.hidden = false;
    this.slider.addEventListener("input", () => this.show());
    this.show();
    root.dataset.ready = "";
  }

  show() {
    const still = Number(this.slider.value) - 1, { side } = this;
    const x = (still % this.columns) * side, y = Math.floor(still / this.columns) * side;
    this.place.textContent = still + 1;
    this.canvas.getContext("2d").drawImage(this.sheet, x, y, side, side, 0, 0, side, side);
  }
}

if (root) new Walk(root).start().catch(() => {});
