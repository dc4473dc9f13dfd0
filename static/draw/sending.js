// Hands the drawing in. A ticket (the Idempotency-Key) belongs to one state of the drawing and is kept with it, so that
// trying again after a lost answer never enters it twice.
import { crc32 } from "./raster.js";
import { refusal, says } from "./voice.js";

const PATIENCE = 60_000;                 // ms
const UNDECIDED = [408, 409, 429];       // too slow, still being judged, too many: the same request may yet succeed

// The ticket for this drawing: the kept one where it was made for the same bytes, else a new one. It holds the artist's
// name, too: the server takes a second try for the same request only if all of it is the same.
export function ticketFor(body, name, kept) {
  const bytes = new TextEncoder().encode(body);
  const mark = `${bytes.length}-${crc32(bytes).toString(16)}`;
  return kept?.mark === mark ? kept : { mark, name, key: newKey() };
}

// crypto.randomUUID needs a secure context; getRandomValues does not.
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function post({ url, body, ticket, csrf, fetcher }) {
  const address = ticket.name ? `${url}?name=${encodeURIComponent(ticket.name)}` : url;
  return fetcher(address, {
    method: "POST",
    body,
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": ticket.key },
    signal: AbortSignal.timeout(PATIENCE),
  });
}

const read = (response) => response.json().catch(() => null);

// Sends {url, body, ticket, csrf, renew, fetcher}; gives {entry} or {message, refused}, where `refused` says that the
// server made up its mind, so that the ticket is spent. A page that lay open for long may hold an outdated token:
// `renew` gets a new one, and the call is made once more.
export async function send(call) {
  const asked = { fetcher: (...args) => fetch(...args), ...call };
  try {
    let response = await post(asked);
    if ([400, 403].includes(response.status)) {
      const csrf = await asked.renew();
      if (csrf && csrf !== asked.csrf) response = await post({ ...asked, csrf });
    }
    const answer = await read(response);
    if (response.ok) return answer?.entry?.id ? { entry: answer.entry } : { message: says.strange, refused: false };
    const refused = response.status < 500 && !UNDECIDED.includes(response.status);
    return { message: refusal(answer, response.status, response.headers.get("Retry-After")), refused };
  } catch (error) {
    return { message: error?.name === "TimeoutError" ? says.slow : says.offline, refused: false };
  }
}

// The token in a newly fetched copy of this page.
export async function renewToken(fetcher = (...args) => fetch(...args)) {
  const page = await fetcher(location.href, { credentials: "same-origin" });
  const html = new DOMParser().parseFromString(await page.text(), "text/html");
  return html.querySelector('meta[name="csrf-token"]')?.content;
}
