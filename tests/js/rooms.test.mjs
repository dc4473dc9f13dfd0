// A room's clock and how its page follows it, with a time and a line of the test's own.
import assert from "node:assert/strict";
import test, { mock } from "node:test";

globalThis.document ??= new EventTarget();
globalThis.addEventListener ??= () => {};
const { Clock, shown } = await import("../../static/rooms/clock.js");
const { follow } = await import("../../static/rooms/follow.js");

test("the time is shown as on a clock", () => {
  assert.deepEqual([0, 9, 60, 119, 600].map(shown), ["0:00", "0:09", "1:00", "1:59", "10:00"]);
});

test("a clock goes by what the server said is left, from when it was asked, and ends once", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  let time = 5000;
  t.mock.method(performance, "now", () => time);
  const element = { textContent: "", toggleAttribute() {} }, said = [];
  let ends = 0;
  const clock = new Clock({ find: () => element, say: (words) => said.push(words), over: () => { ends += 1; } });
  clock.set(12, 4000);
  assert.equal(element.textContent, "0:11");
  time = 6000;
  t.mock.timers.tick(250);
  assert.deepEqual([element.textContent, said], ["0:10", ["10 seconds left."]]);
  time = 60_000;
  t.mock.timers.tick(500);
  assert.deepEqual([element.textContent, ends], ["Time is up", 1]);
  clock.set(null, time);
  clock.set(30, time);
  assert.equal(element.textContent, "0:30");
});

// A line whose events come when the test says so.
function line(readyState) {
  const heard = [], asked = [];
  class Source {
    readyState = readyState;
    constructor(url) { this.url = url; }
    addEventListener(kind, listener) { heard.push(listener); }
  }
  const fetcher = async (url) => { asked.push(url); return { ok: true, json: async () => ({ room: { stamp: asked.length } }) }; };
  return { heard, asked, options: { fetcher, Source } };
}

const settled = () => new Promise((resolve) => { setImmediate(resolve); });

for (const [state, words, pause] of [[1, "rarely while events come through", 15_000], [2, "often where they do not", 3_000]]) {
  test(`a room's page asks ${words}`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { heard, asked, options } = line(state), told = [];
    follow("k", (room) => told.push(room.stamp), options);
    t.mock.timers.tick(pause - 1);
    await settled();
    assert.deepEqual(told, []);
    t.mock.timers.tick(1);
    await settled();
    assert.deepEqual([told, asked], [[1], ["/api/v1/rooms/k"]]);
    heard[0]();
    await settled();
    assert.deepEqual(told, [1, 2]);
  });
}

test("a lost answer is asked for again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { options } = line(2), told = [];
  let lost = 1;
  const fetcher = async (url) => (lost-- > 0 ? Promise.reject(new Error("offline")) : options.fetcher(url));
  follow("k", (room) => told.push(room.stamp), { ...options, fetcher });
  for (let i = 0; i < 2; i++) {
    t.mock.timers.tick(3_000);
    await settled();
  }
  assert.deepEqual(told, [1]);
});
mock.reset();
