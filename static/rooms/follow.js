// Follows a room: hears of changes by server-sent events and asks now and then besides, which also tells that we are here.
// Where no event comes through (too many look on, a proxy holds them back) it asks more often instead.
const SLOW = 15_000, QUICK = 3_000;      // ms between two questions, with events and without
const AGAIN = 60_000;                    // ms after which a closed stream is tried once more

// Calls `changed(room, asked)` with each answer of GET /rooms/ID; `asked` is when the question went out (performance.now).
export function follow(id, changed, { fetcher = (...args) => fetch(...args), Source = globalThis.EventSource } = {}) {
  const address = `/api/v1/rooms/${encodeURIComponent(id)}`;
  let events = null, opened = 0, timer = 0, isAsking = false, isDue = false;

  const listen = () => {
    if (!Source) return;
    opened = performance.now();
    events = new Source(`${address}/events`);
    events.addEventListener("room", ask);
  };

  const wait = () => {
    clearTimeout(timer);
    if (events?.readyState === 2 && performance.now() - opened > AGAIN) listen();
    timer = setTimeout(ask, events?.readyState === 1 ? SLOW : QUICK);
  };

  async function ask() {
    if (isAsking) { isDue = true; return; }
    isAsking = true;
    isDue = false;
    const asked = performance.now();
    const answer = await fetcher(address, { credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => null);
    const told = answer?.ok ? await answer.json().catch(() => null) : null;
    try {
      if (told) await changed(told.room, asked);
    } finally {                          // whatever goes wrong with one answer, the next is asked for
      isAsking = false;
      if (isDue) ask(); else wait();
    }
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  addEventListener("online", ask);
  listen();
  wait();
  return ask;
}
