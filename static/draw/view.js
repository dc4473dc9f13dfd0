// How the sheet lies under the eyes: zoomed and moved by transform, so that drawing in it needs no arithmetic elsewhere.
const MOST_ZOOM = 8;
const STEP = 1.5;

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const middle = ([a, b]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const gap = ([a, b]) => Math.max(Math.hypot(a.x - b.x, a.y - b.y), 1);

export class View {
  zoom = 1;
  x = 0;
  y = 0;                                 // px that the sheet's corner lies beyond the window's corner

  // `window` is the element that the sheet is seen through; `changed` hears the zoom.
  constructor(window, sheet, changed = () => {}) {
    Object.assign(this, { window, sheet, changed });
  }

  // A place on the screen as {x, y} on a sheet of `size` px.
  place({ clientX, clientY }, size) {
    const box = this.sheet.getBoundingClientRect();
    return { x: (clientX - box.left) / box.width * size, y: (clientY - box.top) / box.height * size };
  }

  pan(dx, dy) { this.#lay(this.zoom, this.x + dx, this.y + dy); }
  reset() { this.#lay(1, 0, 0); }
  in(at) { this.scale(STEP, at); }
  out(at) { this.scale(1 / STEP, at); }

  // Zooms so that the place `at` ({x, y} on the screen; the middle if left out) stays where it is.
  scale(factor, at) {
    const box = this.window.getBoundingClientRect();
    const px = at ? at.x - box.left : box.width / 2, py = at ? at.y - box.top : box.height / 2;
    const zoom = clamp(this.zoom * factor, 1, MOST_ZOOM), real = zoom / this.zoom;
    this.#lay(zoom, px - (px - this.x) * real, py - (py - this.y) * real);
  }

  // Two fingers went from `before` to `after` ([{x, y}, {x, y}] on the screen).
  pinch(before, after) {
    const from = middle(before), to = middle(after);
    this.scale(gap(after) / gap(before), from);
    this.pan(to.x - from.x, to.y - from.y);
  }

  #lay(zoom, x, y) {
    const box = this.window.getBoundingClientRect();
    this.zoom = zoom;
    this.x = clamp(x, box.width * (1 - zoom), 0);
    this.y = clamp(y, box.height * (1 - zoom), 0);
    this.sheet.style.transform = zoom === 1 ? "" : `translate(${this.x}px, ${this.y}px) scale(${zoom})`;
    this.changed(zoom);
  }
}
