// The judge looks on, for those who want it: while a drawing grows, the server is asked what the judge makes of it so far.
// Only when something changed, at most once a second, one look at a time, a slow server less often, and at most a certain
// number of times a visit.
const PACE = 1000;                       // ms between the beginnings of two looks
const SHARE = 4;                         // times as long as a look took, until the next: at most a fifth of anybody's time
const MOST = 300;                        // looks a visit
const RESTS = [2, 4, 8, 15, 30];         // s to leave the judge alone after one refusal, two, and so on

export class Meter {
  #on = false;
  #timer = null;
  #looking = false;
  #due = false;                          // whether the drawing is another one than was looked at last
  #next = 0;                             // the earliest time for a look, ms
  #looks = 0;
  #refusals = 0;
  #last = null;

  // `look` asks and resolves to {seen}, {after} where the judge has no time (0: it does not say when), or {never};
  // `show` hears {kind: "off" | "blank" | "seen" | "busy" | "spent" | "never", ...}; `sheet` tells {blank, hidden, drawing}.
  constructor({ look, show, sheet, now = () => performance.now(), wait = (work, ms) => setTimeout(work, ms), stop = (timer) => clearTimeout(timer) }) {
    Object.assign(this, { look, show, sheet, now, wait, stop });
  }

  switch(on) {
    this.#on = on;
    this.stop(this.#timer);
    this.#timer = this.#last = null;
    if (on) this.changed();
    else this.show({ kind: "off" });
  }

  // The drawing is another one now.
  changed() {
    this.#due = true;
    this.#plan();
  }

  // The page is in sight again, and what changed meanwhile may be looked at.
  inSight() { this.#plan(); }

  #plan() {
    if (!this.#on || this.#looking || this.#timer !== null || !this.#due) return;
    if (this.#looks >= MOST) this.show({ kind: "spent" });
    else this.#timer = this.wait(() => this.#turn(), Math.max(this.#next - this.now(), 0));
  }

  async #turn() {
    this.#timer = null;
    const { blank, hidden, drawing } = this.sheet();
    if (hidden) return;                  // until it is in sight again
    this.#due = false;
    if (blank) {
      this.#last = null;
      this.show({ kind: "blank" });
      return;
    }
    const began = this.now();
    this.#looking = true;
    this.#looks += 1;
    const answer = await this.look(drawing);
    this.#looking = false;
    this.#next = began + Math.max(PACE, (1 + SHARE) * (this.now() - began));
    if (this.#on) this.#hear(answer);
    this.#plan();
  }

  #hear({ seen, after, never }) {
    if (seen) {
      this.#refusals = 0;
      this.show({ kind: "seen", ...seen, trend: trend(this.#last, seen) });
      this.#last = seen;
    } else if (never) {
      this.#looks = MOST;
      this.show({ kind: "never" });
    } else {
      const rest = after || RESTS[Math.min(this.#refusals, RESTS.length - 1)];
      this.#refusals += 1;
      this.#due = true;
      this.#next = this.now() + 1000 * rest;
      this.show({ kind: "busy" });
    }
  }
}

// Whether a look was better than the one before it; what the judge cannot tell apart is the same.
function trend(before, { similarity, noise }) {
  if (!before) return "first";
  const more = similarity - before.similarity;
  return Math.abs(more) <= noise ? "same" : more > 0 ? "warmer" : "colder";
}
