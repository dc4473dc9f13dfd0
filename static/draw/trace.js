// One stroke while it grows: positions with pressure go in, the points of the drawing format come out.
import { quantise } from "./points.js";
import { Plain, Smoother } from "./smoothing.js";

const LIGHT = 0.3, HEAVY = 1.7;          // radius at no and at full pressure, as shares of the chosen one
const STEADY = 0.35;                     // share of a new pressure reading that is believed at once
const SPACING = 1.25;                    // px between points, so that a slow hand does not use up the sheet
const SPACING_BY_RADIUS = 1 / 8;         // fat brushes need fewer points, and each costs the server more

// 0 and 0.5 are what devices without a sensor report.
export const isPressure = (pressure) => pressure > 0 && pressure !== 0.5;

export class Trace {
  #filter;
  #pressure = null;
  #last = null;
  #due = null;                           // the newest point left out because it was too near

  constructor({ radius, smooth, pressure, since }) {
    this.radius = radius;
    this.usesPressure = pressure;
    this.since = since;
    this.pts = [];
    this.#filter = smooth ? new Smoother() : new Plain();
  }

  // Takes a position {x, y, pressure, t}; returns the new points.
  add({ x, y, pressure, t }) {
    return this.#take(this.#filter.next({ x, y, r: this.#radius(pressure), t }), false);
  }

  end() {
    return this.#take(this.#filter.end(), true);
  }

  #radius(pressure) {
    if (!this.usesPressure || !isPressure(pressure)) return this.radius;
    this.#pressure = this.#pressure === null ? pressure : this.#pressure + STEADY * (pressure - this.#pressure);
    return this.radius * (LIGHT + (HEAVY - LIGHT) * this.#pressure);
  }

  #take(points, finish) {
    const fresh = [];
    for (const point of points) {
      const gap = Math.max(SPACING, point.r * SPACING_BY_RADIUS);
      const near = this.#last && Math.hypot(point.x - this.#last.x, point.y - this.#last.y) < gap;
      this.#due = near ? point : null;
      if (!near) this.#keep(point, fresh);
    }
    if (finish && this.#due) this.#keep(this.#due, fresh);
    return fresh;
  }

  #keep(point, fresh) {
    const before = this.pts.at(-1);
    const next = quantise(point, before ? before[3] : this.since);
    this.#last = point;
    if (before && before[0] === next[0] && before[1] === next[1]) return;
    this.pts.push(next);
    fresh.push(next);
  }
}
