// Hands the drawing in. A ticket (the Idempotency-Key) belongs to one state of the drawing and is kept with it, so that
// trying again after a lost answer never enters it twice.
import { crc32 } from "./raster.js";
import { refusal } from "./voice.js";

const PATIENCE = 60_000;                 // ms
const UNDECIDED = [408, 409];            // too slow, still being judged: the same request may yet succeed

// The ticket for this drawing: the kept one where it was made for the same bytes, else a new one. It holds the artist's
// name, too: the server takes a second try for the same request only if all of it is the same.
export function ticketFor(body, name, kept) {
  const mark = markOf(body);
  return kept?.mark === mark ? kept : { mark, name, key: newKey() };
}

// What tells the bytes of one drawing from another's.
export function markOf(body) {
  const bytes = new TextEncoder().encode(body);
  return `${bytes.length}-${crc32(bytes).toString(16)}`;
}

// crypto.randomUUID needs a secure context; getRandomValues does not.
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function post({ url, body, headers, csrf, fetcher, patience }) {
  return fetcher(url, {
    method: "POST",
    body,
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrf, ...headers },
    signal: AbortSignal.timeout(patience),
  });
}

// Posts {url, body, headers, csrf, renew, fetcher, patience} and resolves to the response. A page that lay open for long
// may hold an outdated token: `renew` gets a new one, and the call is made once more.
export async function call(asked) {
  const response = await post(asked);
  if (![400, 403].includes(response.status)) return response;
  const csrf = await asked.renew();
  return csrf && csrf !== asked.csrf ? post({ ...asked, csrf }) : response;
}

export const read = (response) => response.json().catch(() => null);
export const secondsIn = (response) => Number(response.headers.get("Retry-After")) || 0;

// Sends {url, body, ticket, csrf, renew, fetcher}. Gives {entry}; or {trouble, after}, where something on the way failed
// and nobody knows whether the drawing arrived; or the server's word as {message, refused}, where `refused` says that it
// made up its mind, so that the ticket is spent.
export async function send({ url, ticket, fetcher = (...args) => fetch(...args), ...asked }) {
  try {
    const headers = { "Idempotency-Key": ticket.key };
    if (ticket.name) headers["X-Artist"] = encodeURIComponent(ticket.name); // in no address, which logs and proxies keep
    const response = await call({ ...asked, fetcher, headers, url, patience: PATIENCE });
    const answer = await read(response), { status } = response;
    if (response.ok) return answer?.entry?.id ? { entry: answer.entry } : { trouble: "strange", after: 0 };
    if (status === 429 || status >= 500) return { trouble: status === 429 ? "breath" : "broken", after: secondsIn(response) };
    return { message: refusal(answer), refused: !UNDECIDED.includes(status) };
  } catch (error) {
    return { trouble: error?.name === "TimeoutError" ? "slow" : "offline", after: 0 };
  }
}

const holder = () => document.querySelector('meta[name="csrf-token"]');

// The session's token, as the page holds it.
export const token = () => holder()?.content ?? "";

// The token in a newly fetched copy of this page, which takes the old one's place.
export async function renewToken(fetcher = (...args) => fetch(...args)) {
  const page = await fetcher(location.href, { credentials: "same-origin" });
  const html = new DOMParser().parseFromString(await page.text(), "text/html");
  const fresh = html.querySelector('meta[name="csrf-token"]')?.content;
  if (fresh && holder()) holder().content = fresh;
  return fresh;
}
