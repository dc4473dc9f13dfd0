// Handing in: from the button to the verdict, or to a sentence that says what happened and what was kept. Where the line
// breaks on the way the same drawing goes out once more by itself, under the same ticket, also after a reload.
import { isServerBack, SecondTry } from "./resending.js";
import { markOf, renewToken, send, ticketFor, token } from "./sending.js";
import { comeBack, goesAgain, says } from "./voice.js";

const LONGEST = 24 * 3600 * 1000;        // ms that a drawing may have waited to go out by itself; the server knows its key for a week

export class Handing {
  // `page` has the easel, master, keeper, ticket and elements of a draw page.
  constructor(page) {
    this.page = page;
    this.second = new SecondTry({ knock: () => isServerBack(), again: () => this.#again() });
    addEventListener("online", () => this.second.hurry());
  }

  // Sends what is on the sheet because the player says so.
  async handIn() {
    const { page } = this;
    if (this.isWaiting) return;
    page.easel.finish();
    if (page.master.isBlank()) {
      this.#answer(says.blank);
      return;
    }
    page.ticket = ticketFor(JSON.stringify(page.easel.drawing), page.find("name").value.trim(), page.ticket);
    await this.#deliver();
  }

  // Goes on where a page was left that had sent this very drawing and never heard what became of it.
  resume(kept = 0) {
    const { ticket, easel } = this.page, isFresh = Date.now() - kept < LONGEST;
    if (!ticket || ticket.again || !isFresh || ticket.mark !== markOf(JSON.stringify(easel.drawing))) return;
    this.#answer(says.under);
    this.second.begin(0);
  }

  // The drawing is another one now, so it goes out when the player says so and not before.
  callOff() {
    if (!this.second.isDue) return;
    this.second.end();
    this.#answer(says.calledOff);
    this.#label("first");
  }

  get isWaiting() { return this.page.find("send").getAttribute("aria-disabled") === "true"; }

  async #again() {
    this.page.ticket.again = true;
    await this.#deliver();
  }

  async #deliver() {
    const { page } = this;
    this.second.end();
    this.#wait(true);
    page.keeper.later(() => page.record());
    await page.keeper.now();             // the ticket must outlive a crash between sending and hearing
    const body = JSON.stringify(page.easel.drawing), renew = () => renewToken().catch(() => null);
    const told = await send({ url: page.root.dataset.post, body, ticket: page.ticket, csrf: token(), renew });
    this.#wait(false);
    if (told.entry) return this.#arrive(told.entry);
    if (told.refused) this.#tear();
    this.#label("again");
    return this.#answer(told.trouble ? this.#broken(told) : told.message);
  }

  #broken({ trouble, after }) {
    const { ticket, easel } = this.page, isSame = ticket.mark === markOf(JSON.stringify(easel.drawing));
    if (ticket.again || !isSame) return comeBack(trouble, after);
    this.second.begin(after || undefined);
    return goesAgain(trouble);
  }

  // The server made up its mind: this ticket must not send anything by itself, after a reload neither.
  #tear() {
    this.page.ticket = undefined;
    this.page.keeper.later(() => this.page.record());
  }

  async #arrive(entry) {
    this.page.sent = true;
    await this.page.keeper.forget();
    location.assign(this.page.root.dataset.then ?? `/entries/${encodeURIComponent(entry.id)}/verdict`);
  }

  #wait(waiting) {
    const button = this.page.find("send");
    this.page.root.toggleAttribute("data-waiting", waiting);
    button.setAttribute("aria-disabled", String(waiting));
    if (waiting) this.#answer("");
    if (waiting) button.textContent = says.looking;
    else this.#label("first");
  }

  #answer(words) { this.page.find("answer").textContent = words; }
  #label(which) { this.page.find("send").textContent = this.page.find("send").dataset[which]; }
}
