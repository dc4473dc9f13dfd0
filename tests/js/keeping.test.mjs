// The autosave, with a store that can fail, and the ticket that keeps a drawing from being entered twice.
import assert from "node:assert/strict";
import test from "node:test";
import { claim, forgetfulStore, Keeper } from "../../static/draw/keeping.js";
import { send, ticketFor } from "../../static/draw/sending.js";
import { comeBack, goesAgain, says } from "../../static/draw/voice.js";

function kept(store = forgetfulStore()) {
  const waiting = [];
  const keeper = new Keeper(store, "p1", (work) => waiting.push(work), () => waiting.splice(0));
  return { store, keeper, pass: () => { for (const work of waiting.splice(0)) work(); return keeper.now(); } };
}

test("many changes are one save, of the newest state", async () => {
  const { store, keeper, pass } = kept();
  let saves = 0;
  for (let i = 0; i < 5; i++) keeper.later(() => { saves += 1; return { i }; });
  assert.equal(await store.get("p1"), undefined);
  await pass();
  assert.deepEqual([await keeper.load(), saves], [{ i: 4 }, 1]);
});

test("leaving the page saves at once, and only what is unsaved", async () => {
  const { store, keeper } = kept();
  keeper.later(() => ({ i: 1 }));
  await keeper.now();
  await store.put("p1", { i: 2 });
  await keeper.now();
  assert.deepEqual(await keeper.load(), { i: 2 });
});

test("what a closing page could not put into the database is there the next time", async () => {
  const notes = new Map();
  const slate = { getItem: (k) => notes.get(k) ?? null, setItem: (k, v) => notes.set(k, v), removeItem: (k) => notes.delete(k) };
  const store = forgetfulStore(), slow = { ...store, put: () => new Promise(() => {}) };
  const closing = new Keeper(slow, "p1", () => {}, () => {}, slate);
  closing.later(() => ({ i: 1 }));
  closing.leave();
  const next = new Keeper(store, "p1", () => {}, () => {}, slate);
  assert.deepEqual(await next.load(), { i: 1 });
  assert.equal(notes.size, 0);
  await next.forget();
  assert.equal(await next.load(), undefined);
});

test("forgetting also forgets what was about to be saved", async () => {
  const { keeper, pass } = kept();
  keeper.later(() => ({ i: 1 }));
  await pass();
  keeper.later(() => ({ i: 2 }));
  await keeper.forget();
  await pass();
  assert.equal(await keeper.load(), undefined);
});

test("a save that fails is tried again with the next change", async (t) => {
  t.mock.method(console, "warn", () => {});
  const store = forgetfulStore(), put = store.put;
  store.put = () => Promise.reject(new Error("disk full"));
  const { keeper, pass } = kept(store);
  keeper.later(() => ({ i: 1 }));
  await pass();
  store.put = put;
  keeper.later(() => ({ i: 2 }));
  await pass();
  assert.deepEqual(await keeper.load(), { i: 2 });
});

test("the ticket stays while the drawing stays, with the name of the first try, and changes with the drawing", () => {
  const first = ticketFor("a drawing", "Ada", undefined);
  assert.equal(ticketFor("a drawing", "Bo", first), first);
  const other = ticketFor("another one", "Bo", first);
  assert.notEqual(other.key, first.key);
  assert.equal(other.name, "Bo");
  assert.match(first.key, /^[0-9a-f]{32}$/);
});

const answer = (status, body, headers = {}) => new Response(body === null ? null : JSON.stringify(body), { status, headers });
function post(...answers) {
  const calls = [];
  const fetcher = async (url, how) => {
    calls.push({ url, ...how });
    const next = answers.shift();
    if (next instanceof Error) throw next;
    return next;
  };
  const call = { url: "/drawings", body: "{}", ticket: { key: "k" }, csrf: "old", renew: async () => "new", fetcher };
  return { calls, hand: (more = {}) => send({ ...call, ...more }) };
}

test("a drawing is handed in with its ticket, its token and the artist's name", async () => {
  const { calls, hand } = post(answer(201, { entry: { id: "e9" } }));
  assert.deepEqual(await hand({ ticket: { key: "k", name: "Ada & Bo" } }), { entry: { id: "e9" } });
  assert.equal(calls[0].url, "/drawings", "no address tells the name");
  assert.equal(calls[0].headers["X-Artist"], "Ada%20%26%20Bo");
  assert.equal(calls[0].headers["Idempotency-Key"], "k");
  assert.equal(calls[0].headers["X-CSRF-Token"], "old");
});

test("an outdated token is renewed once, with the same ticket", async () => {
  const { calls, hand } = post(answer(403, { detail: "The form is too old." }), answer(201, { entry: { id: "e9" } }));
  assert.deepEqual(await hand(), { entry: { id: "e9" } });
  assert.deepEqual(calls.map(({ headers }) => [headers["X-CSRF-Token"], headers["Idempotency-Key"]]), [["old", "k"], ["new", "k"]]);
});

test("a refusal is told in the server's words, and that the drawing is kept", async () => {
  const problem = { title: "Unprocessable", detail: "The drawing was refused", errors: [{ pointer: "#/ops", detail: "Draw something." }] };
  const told = await post(answer(422, problem)).hand();
  assert.deepEqual(told, { message: `The drawing was refused. Draw something. ${says.kept}`, refused: true });
});

test("only an answer that is one spends the ticket", async () => {
  for (const [status, refused] of [[422, true], [404, true], [409, false], [429, undefined], [503, undefined]]) {
    assert.equal((await post(answer(status, {})).hand()).refused, refused, `status ${status}`);
  }
});

test("whatever goes wrong on the way is told as what it is, with the time the server named", async () => {
  const timeout = Object.assign(new Error(), { name: "TimeoutError" });
  assert.deepEqual(await post(new TypeError("Failed to fetch")).hand(), { trouble: "offline", after: 0 });
  assert.deepEqual(await post(timeout).hand(), { trouble: "slow", after: 0 });
  assert.deepEqual(await post(answer(502, null)).hand(), { trouble: "broken", after: 0 });
  assert.deepEqual(await post(answer(503, {}, { "Retry-After": "5" })).hand(), { trouble: "broken", after: 5 });
  assert.deepEqual(await post(answer(200, { odd: 1 })).hand(), { trouble: "strange", after: 0 });
  assert.deepEqual(await post(answer(429, {}, { "Retry-After": "12" })).hand(), { trouble: "breath", after: 12 });
  for (const trouble of ["offline", "slow", "broken", "strange", "breath"]) {
    for (const words of [goesAgain(trouble), comeBack(trouble, 0)]) assert.match(words, /^(The|Something) .+\. Your drawing is kept here.+cannot be entered twice\.$/, trouble);
  }
  assert.match(comeBack("breath", 12), /in 12 seconds/);
});

test("where one may not keep it, another tab does; a machine that is slow to say so is no other tab", async () => {
  const locks = (holder) => ({
    request: (_, { ifAvailable, signal }, held) => {
      if (!holder) return Promise.resolve().then(() => { held({}); return new Promise(() => {}); });
      if (ifAvailable) return Promise.resolve(held(null));
      return Promise.reject(signal.reason);
    },
  });
  assert.equal(await claim("p1", locks(false)), true);
  assert.equal(await claim("p1", locks(true), () => AbortSignal.abort()), false);
  assert.equal(await claim("p1", undefined), true, "a browser without locks keeps what it can");
});
