// Who draws: one pointer at a time, pen before palm, two fingers for moving the sheet.
import assert from "node:assert/strict";
import test from "node:test";
import { Pointers } from "../../static/draw/pointers.js";

function stage({ aims = false, room = true } = {}) {
  const log = [];
  const easel = {
    aims,
    begin: (at, tool) => { log.push(tool ? `begin ${tool}` : "begin"); return room; },
    move: (positions) => log.push(`move ${positions.length}`),
    finish: () => log.push("finish"),
    cancel: () => log.push("cancel"),
    undo: () => log.push("undo"),
    redo: () => log.push("redo"),
  };
  const view = { pan: (x, y) => log.push(`pan ${x} ${y}`), pinch: (before, after) => log.push(`pinch ${after[1].x - before[1].x}`) };
  const place = ({ clientX, clientY }) => ({ x: clientX, y: clientY });
  const pointers = new Pointers({ easel, view, place, clock: (stamp) => stamp, heard: (hand) => log.push(hand) });
  const send = (type, pointerType, pointerId, timeStamp = 0, more = {}) => {
    const event = { type: `pointer${type}`, pointerType, pointerId, timeStamp, button: 0, buttons: 1, clientX: 0, clientY: 0, pressure: 0.5, ...more };
    return pointers[type === "cancel" ? "up" : type](event);
  };
  return { log, pointers, send };
}

test("a mouse draws with its first button only", () => {
  const { log, send } = stage();
  send("down", "mouse", 1, 0, { button: 2 });
  assert.deepEqual(log, []);
  send("down", "mouse", 1);
  send("move", "mouse", 1, 10);
  send("up", "mouse", 1, 20);
  send("move", "mouse", 1, 30);
  assert.deepEqual(log, ["mouse", "begin", "move 1", "move 1", "finish"]);
});

test("coalesced positions are all taken, and an empty list means the event itself", () => {
  const { log, send } = stage();
  send("down", "pen", 1);
  const one = { clientX: 1, clientY: 1, timeStamp: 5 };
  send("move", "pen", 1, 8, { getCoalescedEvents: () => [one, one, one] });
  send("move", "pen", 1, 9, { getCoalescedEvents: () => [] });
  assert.deepEqual(log, ["pen", "begin", "move 3", "move 1"]);
});

test("a palm that came first loses to the pen, one that comes later is not heard", () => {
  const { log, send } = stage();
  send("down", "touch", 1);
  send("down", "pen", 2, 40);
  send("down", "touch", 3, 60);
  send("move", "touch", 3, 70, { clientX: 200 });
  send("move", "touch", 1, 70, { clientX: 200 });
  send("move", "pen", 2, 80);
  assert.deepEqual(log, ["touch", "begin", "cancel", "pen", "begin", "move 1"]);
});

test("once only the pen draws, one finger moves the sheet", () => {
  const { log, pointers, send } = stage();
  pointers.penOnly = true;
  send("down", "touch", 1);
  send("move", "touch", 1, 20, { clientX: 40 });
  send("up", "touch", 1, 400);
  assert.deepEqual(log, ["pan 40 0"]);
});

test("a second finger moves the sheet, and what the first one began is gone", () => {
  const { log, send } = stage();
  send("down", "touch", 1);
  send("move", "touch", 1, 50, { clientX: 5 });
  send("down", "touch", 2, 100, { clientX: 100 });
  send("move", "touch", 2, 150, { clientX: 160 });
  send("up", "touch", 2, 500);
  send("move", "touch", 1, 520, { clientX: 9 });
  send("up", "touch", 1, 600);
  assert.deepEqual(log, ["touch", "begin", "move 1", "cancel", "pinch 60", "pan 4 0"]);
});

test("a line long under way is kept when a second finger comes, a fill being aimed never is", () => {
  for (const [aims, last] of [[false, "finish"], [true, "cancel"]]) {
    const { log, send } = stage({ aims });
    send("down", "touch", 1);
    send("down", "touch", 2, 2000);
    assert.equal(log.at(-1), last);
  }
});

for (const [fingers, act] of [[2, "undo"], [3, "redo"]]) {
  test(`a tap with ${fingers} fingers is ${act}`, () => {
    const { log, send } = stage();
    for (let i = 1; i <= fingers; i++) send("down", "touch", i, 10 * i);
    for (let i = 1; i <= fingers; i++) send("up", "touch", i, 100 + i);
    assert.deepEqual(log, ["touch", "begin", "cancel", act]);
  });
}

test("two fingers that travelled or stayed are no tap", () => {
  for (const [x, until] of [[80, 150], [0, 900]]) {
    const { log, send } = stage();
    send("down", "touch", 1);
    send("down", "touch", 2, 20);
    send("move", "touch", 2, 60, { clientX: x });
    send("up", "touch", 2, until);
    send("up", "touch", 1, until);
    assert.ok(!log.includes("undo"));
  }
});

test("a pen turned round rubs out", () => {
  const { log, send } = stage();
  send("down", "pen", 1, 0, { button: 5, buttons: 32 });
  assert.deepEqual(log, ["pen", "begin eraser"]);
});

test("a cancelled pointer ends its stroke and keeps it, once", () => {
  const { log, send } = stage();
  send("down", "pen", 1);
  send("cancel", "pen", 1, 10);
  send("up", "pen", 1, 11);
  assert.deepEqual(log, ["pen", "begin", "finish"]);
});

test("on a full sheet the pointer is not held", () => {
  const { log, send } = stage({ room: false });
  send("down", "mouse", 1);
  send("move", "mouse", 1, 10);
  assert.deepEqual(log, ["mouse", "begin"]);
});
