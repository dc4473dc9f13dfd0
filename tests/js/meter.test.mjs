// The live meter asks seldom, never twice at once, never for nothing, and says what it hears in words.
import assert from "node:assert/strict";
import test from "node:test";
import { inWords } from "../../static/draw/gauge.js";
import { glance } from "../../static/draw/glancing.js";
import { Meter } from "../../static/draw/meter.js";
import { Onlooker } from "../../static/draw/onlooker.js";

const seen = (similarity, percentile = 50) => ({ seen: { similarity, percentile, noise: 0.01 } });

// A table with a clock of its own; a look takes `takes` ms and is answered with what `answer` gives.
function table(answer = () => seen(0.2), takes = 100) {
  const state = { now: 0, looks: [], shown: [], blank: false, hidden: false, waiting: null };
  const meter = new Meter({
    look: async () => { state.looks.push(state.now); state.now += takes; return answer(state.looks.length); },
    show: (told) => state.shown.push(told),
    sheet: () => ({ blank: state.blank, hidden: state.hidden, drawing: {} }),
    now: () => state.now,
    wait: (work, ms) => { state.waiting = { work, at: state.now + ms }; return state.waiting; },
    stop: (timer) => { if (timer === state.waiting) state.waiting = null; },
  });
  const pass = async () => {
    const due = state.waiting;
    if (!due) return;
    state.waiting = null;
    state.now = Math.max(state.now, due.at);
    await due.work();
  };
  return { meter, state, pass };
}

test("off it asks nothing", async () => {
  const { meter, state, pass } = table();
  meter.changed();
  await pass();
  assert.deepEqual([state.looks, state.shown], [[], []]);
});

test("many changes are one look, and looks begin at least a second apart", async () => {
  const { meter, state, pass } = table();
  meter.switch(true);
  for (let i = 0; i < 5; i++) {
    for (let k = 0; k < 20; k++) meter.changed();
    await pass();
  }
  assert.deepEqual(state.looks, [0, 1000, 2000, 3000, 4000]);
});

test("without a change there is no look", async () => {
  const { meter, state, pass } = table();
  meter.switch(true);
  await pass();
  await pass();
  assert.equal(state.looks.length, 1);
});

test("a slow server is asked for at most a fifth of the time", async () => {
  const { meter, state, pass } = table(() => seen(0.2), 3000);
  meter.switch(true);
  await pass();
  meter.changed();
  await pass();
  assert.deepEqual(state.looks, [0, 15_000]);
});

test("only one look is under way at a time", async () => {
  let answer;
  const { meter, state, pass } = table(() => new Promise((resolve) => { answer = resolve; }));
  meter.switch(true);
  const looking = pass();
  await null;
  meter.changed();
  assert.equal(state.waiting, null);
  answer(seen(0.2));
  await looking;
  assert.notEqual(state.waiting, null, "the change that came meanwhile is due");
});

test("a busy judge is left alone for as long as it says, else longer and longer, and then asked again", async () => {
  const answers = [{ after: 7 }, { after: 0 }, { after: 0 }, seen(0.2)];
  const { meter, state, pass } = table(() => answers.shift(), 0);
  meter.switch(true);
  for (let i = 0; i < 4; i++) await pass();
  assert.deepEqual(state.looks, [0, 7000, 11_000, 19_000]);
  assert.deepEqual(state.shown.map(({ kind }) => kind), ["busy", "busy", "busy", "seen"]);
});

test("a page out of sight asks nothing, and when it is back what changed is looked at", async () => {
  const { meter, state, pass } = table();
  state.hidden = true;
  meter.switch(true);
  await pass();
  assert.deepEqual(state.looks, []);
  state.hidden = false;
  meter.inSight();
  await pass();
  meter.inSight();
  await pass();
  assert.equal(state.looks.length, 1);
});

test("a blank sheet is not shown to the judge", async () => {
  const { meter, state, pass } = table();
  state.blank = true;
  meter.switch(true);
  await pass();
  assert.deepEqual([state.looks, state.shown], [[], [{ kind: "blank" }]]);
});

test("the budget ends, and that is said", async () => {
  const { meter, state, pass } = table();
  meter.switch(true);
  for (let i = 0; i < 320; i++) {
    await pass();
    meter.changed();
  }
  assert.equal(state.looks.length, 300);
  assert.equal(state.shown.at(-1).kind, "spent");
});

test("where the server will never look it is not asked again", async () => {
  const { meter, state, pass } = table(() => ({ never: true }));
  meter.switch(true);
  await pass();
  meter.changed();
  await pass();
  assert.equal(state.looks.length, 1);
  assert.equal(state.shown[0].kind, "never");
});

test("warmer and colder are more than the judge's own noise", async () => {
  const similarities = [0.2, 0.205, 0.3, 0.1];
  const { meter, state, pass } = table((n) => seen(similarities[n - 1]));
  meter.switch(true);
  for (let i = 0; i < 4; i++) {
    await pass();
    meter.changed();
  }
  assert.deepEqual(state.shown.map(({ trend }) => trend), ["first", "same", "warmer", "colder"]);
});

test("an answer that comes after the meter was switched off is not shown", async () => {
  let answer;
  const { meter, state, pass } = table(() => new Promise((resolve) => { answer = resolve; }));
  meter.switch(true);
  const looking = pass();
  await null;
  meter.switch(false);
  answer(seen(0.2));
  await looking;
  assert.deepEqual(state.shown, [{ kind: "off" }]);
});

test("every state is a sentence", () => {
  assert.equal(inWords({ kind: "seen", percentile: 73.9, trend: "warmer" }), "Beats 73 of 100 unrelated drawings; warmer.");
  for (const kind of ["blank", "busy", "spent", "never"]) assert.match(inWords({ kind }), /^[A-Z].*\.$/, kind);
  assert.equal(inWords({ kind: "off" }), "");
});

globalThis.document ??= { querySelector: () => ({ content: "token" }) };
const answering = (status, body, headers = {}) => {
  const calls = [];
  const fetcher = async (url, how) => { calls.push({ url, ...how }); return new Response(JSON.stringify(body), { status, headers }); };
  return { calls, ask: (drawing = { ops: [] }) => glance("/glance", drawing, fetcher) };
};

test("a look is asked with the page's token, and a long drawing goes packed", async () => {
  const { calls, ask } = answering(200, { similarity: 0.2, percentile: 60, noise: 0.01 });
  assert.deepEqual(await ask(), { seen: { similarity: 0.2, percentile: 60, noise: 0.01 } });
  assert.deepEqual([calls[0].headers["X-CSRF-Token"], calls[0].headers["Content-Encoding"]], ["token", undefined]);
  const long = { ops: Array.from({ length: 2000 }, (_, i) => i) };
  await ask(long);
  assert.equal(calls[1].headers["Content-Encoding"], "gzip");
  const unpacked = await new Response(calls[1].body.stream().pipeThrough(new DecompressionStream("gzip"))).json();
  assert.deepEqual(unpacked, long);
});

test("who has no time says when, and who will not look says so", async () => {
  assert.deepEqual(await answering(503, {}, { "Retry-After": "3" }).ask(), { after: 3 });
  assert.deepEqual(await answering(429, {}).ask(), { after: 0 });
  assert.deepEqual(await answering(409, {}).ask(), { never: true });
  assert.deepEqual(await glance("/glance", {}, async () => { throw new TypeError("Failed to fetch"); }), { after: 0 });
});

test("nothing moves in the middle of a line: what the judge says then is shown at its end", () => {
  const parts = {}, element = { hidden: true, dataset: {}, querySelector: (name) => (parts[name] ??= { setAttribute() {}, style: {}, textContent: "" }) };
  const page = { root: { dataset: { glance: "/glance" } }, find: () => element, easel: { busy: true }, sheet: {}, speech: { soon() {} } };
  const onlooker = new Onlooker(page);
  onlooker.meter.show({ kind: "seen", percentile: 50, similarity: 0.2, trend: "first" });
  assert.deepEqual([onlooker.words, element.hidden], ["", true]);
  page.easel.busy = false;
  onlooker.rest();
  assert.equal(onlooker.words, "Beats 50 of 100 unrelated drawings.");
  assert.deepEqual([element.hidden, parts["[data-meter-fill]"].style.inlineSize, parts["[data-meter-cosine]"].textContent], [false, "50%", "0.200"]);
});
