// Once more, by itself: when the line broke while a drawing was handed in, the page knocks at the server's door and sends
// the same drawing again as soon as somebody answers. Once: what fails twice is for the player to decide.
const PAUSES = [1, 2, 4, 8, 15, 30];     // s between two knocks; it stays at the last

export class SecondTry {
  #timer = null;
  #knocks = 0;
  #turn = 0;                             // counts beginnings and ends, so that a late answer to a knock is known as such

  // `knock` resolves to whether the server answers, `again` sends once more.
  constructor({ knock, again, wait = (work, s) => setTimeout(work, 1000 * s), stop = (timer) => clearTimeout(timer) }) {
    Object.assign(this, { knock, again, wait, stop });
  }

  get isDue() { return this.#timer !== null; }

  // Begins to knock, at first after `pause` s.
  begin(pause = PAUSES[0]) {
    this.end();
    this.#knocks = 0;
    this.#later(pause);
  }

  end() {
    this.stop(this.#timer);
    this.#timer = null;
    this.#turn += 1;
  }

  // Knocks at once: the browser says that the line is back.
  hurry() {
    if (this.isDue) this.begin(0);
  }

  #later(pause) {
    this.#timer = this.wait(() => this.#try(), pause);
  }

  async #try() {
    const turn = this.#turn, answered = await this.knock();
    if (turn !== this.#turn) return undefined;
    this.#knocks += 1;
    if (!answered) return this.#later(PAUSES[Math.min(this.#knocks, PAUSES.length - 1)]);
    this.end();
    return this.again();
  }
}

// Whether the server is up and its judge in.
export const isServerBack = (fetcher = (...args) => fetch(...args)) =>
  fetcher("/readyz", { cache: "no-store", signal: AbortSignal.timeout(10_000) }).then(({ ok }) => ok, () => false);
