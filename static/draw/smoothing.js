// A calmer hand: the one-euro filter (Casiez, Roussel, Vogel 2012) takes the tremble out of slow movements and lets fast
// ones through; a quadratic curve through the middles of the segments rounds what a slow mouse reports as corners.
const CUTOFF = 6;                        // Hz while the hand hardly moves: higher follows closer, lower is calmer
const EAGERNESS = 0.04;                  // Hz more for each px/s
const SPEED_CUTOFF = 1;                  // Hz
const CHORD = 2.5;                       // px between the points of a curve

const share = (cutoff, seconds) => {
  const tau = 1 / (2 * Math.PI * cutoff);
  return 1 / (1 + tau / seconds);
};

// Filters one coordinate; give it the value and the seconds since the last one.
class OneEuro {
  #value = null;
  #speed = 0;

  next(value, seconds) {
    if (this.#value === null || !(seconds > 0)) {
      this.#value ??= value;
      return this.#value;
    }
    const speed = (value - this.#value) / seconds;
    this.#speed += share(SPEED_CUTOFF, seconds) * (speed - this.#speed);
    this.#value += share(CUTOFF + EAGERNESS * Math.abs(this.#speed), seconds) * (value - this.#value);
    return this.#value;
  }
}

const between = (a, b, s) => ({ x: a.x + (b.x - a.x) * s, y: a.y + (b.y - a.y) * s, r: a.r + (b.r - a.r) * s, t: a.t + (b.t - a.t) * s });

// Turns positions {x, y, r, t} into the points of a smooth line, as they come; `end` gives what is still due.
export class Smoother {
  #x = new OneEuro();
  #y = new OneEuro();
  #time = null;                          // of the newest position that the filter has seen
  #newest = null;
  #last = null;                          // the newest filtered position, towards which the curve bends
  #middle = null;                        // where the curve ends so far

  next(sample) {
    this.#newest = sample;
    const seconds = this.#time === null ? 0 : (sample.t - this.#time) / 1000;
    if (this.#time !== null && !(seconds > 0)) return [];
    this.#time = sample.t;
    const here = { ...sample, x: this.#x.next(sample.x, seconds), y: this.#y.next(sample.y, seconds) };
    if (this.#last === null) {
      this.#last = this.#middle = here;
      return [here];
    }
    const to = between(this.#last, here, 0.5);
    const points = this.#curve(this.#middle, this.#last, to);
    this.#last = here;
    this.#middle = to;
    return points;
  }

  // The line is drawn to where the pen was lifted, not to where the filter lags behind.
  end() {
    return this.#newest ? this.#curve(this.#middle, this.#last, this.#newest) : [];
  }

  #curve(from, bend, to) {
    const length = Math.hypot(bend.x - from.x, bend.y - from.y) + Math.hypot(to.x - bend.x, to.y - bend.y);
    const steps = Math.max(1, Math.ceil(length / CHORD));
    return Array.from({ length: steps }, (_, i) => {
      const s = (i + 1) / steps;
      return between(between(from, bend, s), between(bend, to, s), s);
    });
  }
}

// The same shape for a hand that wants no help.
export class Plain {
  next(sample) { return [sample]; }
  end() { return []; }
}
