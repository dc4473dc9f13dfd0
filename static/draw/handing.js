// Handing in: from the button to the verdict, or to a sentence that says what happened and what was kept.
import { renewToken, send, ticketFor } from "./sending.js";
import { says } from "./voice.js";

// Sends the page's drawing and goes to the verdict; on any failure everything stays, ready to be sent again.
export async function handIn(page) {
  const button = page.find("send"), answer = page.find("answer");
  if (button.getAttribute("aria-disabled") === "true") return;
  page.easel.finish();
  if (page.master.isBlank()) {
    answer.textContent = says.blank;
    return;
  }
  const body = JSON.stringify(page.easel.drawing);
  page.ticket = ticketFor(body, page.find("name").value.trim(), page.ticket);
  page.keeper.later(() => page.record());
  await page.keeper.now();               // the ticket must outlive a crash between sending and hearing
  wait(page, true);
  const { entry, message, refused } = await send({
    url: page.root.dataset.post,
    body,
    ticket: page.ticket,
    csrf: document.querySelector('meta[name="csrf-token"]')?.content ?? "",
    renew: () => renewToken().catch(() => null),
  });
  wait(page, false);
  if (entry) {
    page.sent = true;
    await page.keeper.forget();
    location.assign(`/entries/${encodeURIComponent(entry.id)}/verdict`);
    return;
  }
  if (refused) page.ticket = undefined;
  answer.textContent = message;
  button.textContent = button.dataset.again;
}

function wait(page, waiting) {
  const button = page.find("send"), answer = page.find("answer");
  page.root.toggleAttribute("data-waiting", waiting);
  button.setAttribute("aria-disabled", String(waiting));
  button.textContent = waiting ? says.looking : button.dataset.first;
  if (waiting) answer.textContent = "";
}
