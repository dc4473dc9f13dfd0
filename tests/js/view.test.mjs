// The view of the sheet: zoomed, moved and mirrored, places and spots stay each other's opposite; keys go where one looks.
import assert from "node:assert/strict";
import test from "node:test";
import { Crosshair } from "../../static/draw/crosshair.js";
import { Screen } from "../../static/draw/screen.js";
import { Speech } from "../../static/draw/speech.js";
import { View } from "../../static/draw/view.js";
import { whereabouts } from "../../static/draw/voice.js";

const SIZE = 512, SIDE = 400, MAT = 12;

// A window of 400 px with a mat around it, at (100, 50); the sheet's box follows from the transform as in a browser.
function stage() {
  const window = { clientWidth: SIDE, clientHeight: SIDE, clientLeft: MAT, clientTop: MAT, getBoundingClientRect: () => ({ left: 100, top: 50 }) };
  const sheet = { style: {} };
  const view = new View(window, sheet);
  sheet.getBoundingClientRect = () => ({ left: 100 + MAT + view.x, top: 50 + MAT + view.y, width: SIDE * view.zoom, height: SIDE * view.zoom });
  const seen = ({ x, y }) => view.place({ clientX: 100 + MAT + x, clientY: 50 + MAT + y }, SIZE);
  return { view, sheet, seen };
}

const near = (a, b) => assert.ok(Math.hypot(a.x - b.x, a.y - b.y) < 1e-6, `${JSON.stringify(a)} is not ${JSON.stringify(b)}`);

for (const mirrored of [false, true]) {
  test(`what lies at a spot is the place that was put there${mirrored ? ", mirrored" : ""}`, () => {
    const { view, seen } = stage();
    view.mirror(mirrored);
    view.scale(3, { x: 250, y: 200 });
    view.pan(-40, 25);
    for (const place of [{ x: 0, y: 0 }, { x: 100, y: 400 }, { x: 512, y: 1 }]) near(seen(view.spot(place, SIZE)), place);
  });

  test(`what is under the fingers stays there while they zoom${mirrored ? ", mirrored" : ""}`, () => {
    const { view } = stage();
    view.mirror(mirrored);
    const at = { clientX: 260, clientY: 180 };
    const before = view.place(at, SIZE);
    view.scale(2.5, { x: 260, y: 180 });
    near(view.place(at, SIZE), before);
  });
}

test("the sheet never leaves a gap at the window's edge, the mat left out", () => {
  const { view } = stage();
  view.scale(4);
  view.pan(-1e4, -1e4);
  assert.deepEqual([view.x, view.y], [-1200, -1200]);
  view.pan(1e4, 1e4);
  assert.deepEqual([view.x, view.y], [0, 0]);
});

test("mirroring turns left and right and keeps the middle of what is seen", () => {
  const { view, sheet, seen } = stage();
  near(seen({ x: 0, y: 0 }), { x: 0, y: 0 });
  view.mirror(true);
  near(seen({ x: 0, y: 0 }), { x: 512, y: 0 });
  assert.equal(sheet.style.transform, "translateX(100%) scaleX(-1)");
  view.mirror(false);
  assert.equal(sheet.style.transform, "");
  view.scale(4, { x: 130, y: 90 });
  const middle = seen({ x: SIDE / 2, y: SIDE / 2 });
  view.mirror(true);
  near(seen({ x: SIDE / 2, y: SIDE / 2 }), middle);
});

function crosshair(mirrored = false) {
  const log = [];
  const easel = {
    begin: () => { log.push("begin"); return true; },
    move: ([{ x, y }]) => log.push(`${x},${y}`),
    finish: () => log.push("finish"),
  };
  const told = { clock: () => 0, moved: () => {}, heard: () => {}, turned: (way) => log.push(way), mirrored: () => mirrored };
  return { log, hair: new Crosshair({ easel, ...told }) };
}

test("arrow keys go by eight or by one, and never off the sheet", () => {
  const { hair } = crosshair();
  hair.press({ key: "ArrowRight" });
  hair.press({ key: "ArrowUp", shiftKey: true });
  assert.deepEqual([hair.x, hair.y], [264, 255]);
  for (let i = 0; i < 99; i++) hair.press({ key: "ArrowLeft" });
  assert.equal(hair.x, 0);
});

test("four keys lead to the edges", () => {
  const { hair } = crosshair();
  for (const [key, x, y] of [["Home", 0, 256], ["PageUp", 0, 0], ["End", 512, 0], ["PageDown", 512, 512]]) {
    assert.equal(hair.press({ key }), true);
    assert.deepEqual([hair.x, hair.y], [x, y], key);
  }
});

test("on a mirrored sheet the left arrow still goes to the left of what is seen", () => {
  const { hair } = crosshair(true);
  hair.press({ key: "ArrowLeft" });
  assert.equal(hair.x, 264);
});

test("the pen is heard going down and up, once for each press", () => {
  const { hair, log } = crosshair();
  hair.press({ key: " " });
  hair.press({ key: " ", repeat: true });
  hair.press({ key: "ArrowRight" });
  hair.press({ key: "Enter" });
  assert.deepEqual(log, ["begin", "down", "264,256", "finish", "up"]);
});

test("a place is told as a ninth of the sheet, in numbers and with what it lies on", () => {
  assert.equal(whereabouts({ x: 10, y: 10, down: false }, SIZE, "Paper"), "Upper left: 10 across, 10 down, on Paper.");
  assert.equal(whereabouts({ x: 256, y: 512, down: true }, SIZE, "Ink"), "Lower centre: 256 across, 512 down, pen down.");
});

test("places are told when the keys rest, choices at once, and the same words are heard again", () => {
  let waiting = null;
  const element = { textContent: "" };
  const speech = new Speech(element, (work) => { waiting = work; return 1; }, () => { waiting = null; });
  speech.soon(() => "first");
  speech.soon(() => "second");
  assert.equal(element.textContent, "");
  waiting();
  assert.equal(element.textContent, "second");
  speech.soon(() => "third");
  speech.now("Brush");
  assert.deepEqual([element.textContent, waiting], ["Brush", null]);
  speech.now("Brush");
  assert.notEqual(element.textContent, "Brush");
  assert.equal(element.textContent.trim(), "Brush");
});

function wall(gives = true) {
  const heard = [], document = { fullscreenElement: null, listeners: {} };
  document.addEventListener = (type, listener) => { document.listeners[type] = listener; };
  document.exitFullscreen = async () => { document.fullscreenElement = null; document.listeners.fullscreenchange(); };
  const root = { dataset: {}, ownerDocument: document };
  if (gives) root.requestFullscreen = async () => { document.fullscreenElement = root; };
  return { root, document, heard, screen: new Screen(root, (full) => heard.push(full)) };
}

test("the whole screen is given and given back, where the browser has none the page's own", async () => {
  for (const gives of [true, false]) {
    const { root, document, screen, heard } = wall(gives);
    await screen.toggle();
    assert.deepEqual([root.dataset.full, document.fullscreenElement !== null], ["", gives]);
    await screen.toggle();
    assert.deepEqual([root.dataset.full, document.fullscreenElement, heard], [undefined, null, [true, false]]);
  }
});

test("a browser that takes the screen back is believed", async () => {
  const { root, document, screen, heard } = wall();
  await screen.toggle();
  document.fullscreenElement = null;
  document.listeners.fullscreenchange();
  assert.deepEqual([root.dataset.full, heard], [undefined, [true, false]]);
});
