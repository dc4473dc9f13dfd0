// How the sheet lies under the eyes: zoomed, moved and mirrored by transform, so that drawing in it needs no arithmetic
// elsewhere. A mirrored sheet shows its faults; what is drawn and sent stays as it is.
const MOST_ZOOM = 8;
const STEP = 1.5;

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const middle = ([a, b]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const gap = ([a, b]) => Math.max(Math.hypot(a.x - b.x, a.y - b.y), 1);

export class View {
  zoom = 1;
  x = 0;
  y = 0;                                 // px that the sheet's corner lies beyond the window's corner
  mirrored = false;

  // `window` is the element that the sheet is seen through; `changed` hears the zoom.
  constructor(window, sheet, changed = () => {}) {
    Object.assign(this, { window, sheet, changed });
  }

  // A place on the screen as {x, y} on a sheet of `size` px.
  place({ clientX, clientY }, size) {
    const box = this.sheet.getBoundingClientRect();
    const x = (clientX - box.left) / box.width * size;
    return { x: this.#turn(x, size), y: (clientY - box.top) / box.height * size };
  }

  // Where {x, y} of a sheet of `size` px lies in the window, in px of the screen from its corner.
  spot({ x, y }, size) {
    const unit = this.unit(size);
    return { x: this.x + this.#turn(x, size) * unit, y: this.y + y * unit };
  }

  // How many px of the screen one px of a sheet of `size` px takes.
  unit(size) { return this.window.clientWidth / size * this.zoom; }

  pan(dx, dy) { this.#lay(this.zoom, this.x + dx, this.y + dy); }
  reset() { this.#lay(1, 0, 0); }
  in(at) { this.scale(STEP, at); }
  out(at) { this.scale(1 / STEP, at); }

  // Turns the sheet left to right, or back; what was in the middle of the window stays there.
  mirror(on) {
    if (this.mirrored === on) return;
    this.mirrored = on;
    this.#lay(this.zoom, this.window.clientWidth * (1 - this.zoom) - this.x, this.y);
  }

  // Zooms so that the place `at` ({x, y} on the screen; the middle if left out) stays where it is.
  scale(factor, at) {
    const { window } = this, box = window.getBoundingClientRect();
    const px = at ? at.x - box.left - window.clientLeft : window.clientWidth / 2;
    const py = at ? at.y - box.top - window.clientTop : window.clientHeight / 2;
    const zoom = clamp(this.zoom * factor, 1, MOST_ZOOM), real = zoom / this.zoom;
    this.#lay(zoom, px - (px - this.x) * real, py - (py - this.y) * real);
  }

  // Two fingers went from `before` to `after` ([{x, y}, {x, y}] on the screen).
  pinch(before, after) {
    const from = middle(before), to = middle(after);
    this.scale(gap(after) / gap(before), from);
    this.pan(to.x - from.x, to.y - from.y);
  }

  #turn(x, size) { return this.mirrored ? size - x : x; }

  #lay(zoom, x, y) {
    const { clientWidth, clientHeight } = this.window;
    this.zoom = zoom;
    this.x = clamp(x, clientWidth * (1 - zoom), 0);
    this.y = clamp(y, clientHeight * (1 - zoom), 0);
    const moved = zoom === 1 ? [] : [`translate(${this.x}px, ${this.y}px)`, `scale(${zoom})`];
    this.sheet.style.transform = [...moved, ...(this.mirrored ? ["translateX(100%)", "scaleX(-1)"] : [])].join(" ");
    this.changed(zoom);
  }
}
