// Colours that stay apart for everyone, keys that mean one thing each, and words for what is seen.
import assert from "node:assert/strict";
import test from "node:test";
import { KEYS, wish } from "../../static/draw/keys.js";
import { colourName, PALETTE } from "../../static/draw/palette.js";
import { medium, nearlyFull } from "../../static/draw/voice.js";

// How colours look to people without one kind of cone (Machado, Oliveira, Fernandes 2009), linear RGB.
const EYES = {
  "all cones": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  "no long cones": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  "no medium cones": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  "no short cones": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
// Linear RGB to Oklab (Ottosson 2020), where distance is about what people see.
const TO_CONES = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]];
const TO_LAB = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]];
const LEAST = 0.05;

const times = (matrix, v) => matrix.map((row) => row.reduce((sum, x, i) => sum + x * v[i], 0));
const linear = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
const seen = (hex, eye) => times(TO_LAB, times(TO_CONES, times(eye, linear(hex)).map((c) => Math.min(Math.max(c, 0), 1))).map(Math.cbrt));

for (const [who, eye] of Object.entries(EYES)) {
  test(`every two colours differ for eyes with ${who}`, () => {
    const labs = PALETTE.map(({ hex }) => seen(hex, eye));
    labs.forEach((a, i) => labs.slice(0, i).forEach((b, j) => {
      const apart = Math.hypot(...a.map((value, k) => value - b[k]));
      assert.ok(apart >= LEAST, `${PALETTE[i].name} and ${PALETTE[j].name}: ${apart.toFixed(3)}`);
    }));
  });
}

test("every colour has a name of its own, and a mixed one is named after its neighbour", () => {
  assert.equal(new Set(PALETTE.map(({ name }) => name)).size, 20);
  assert.equal(colourName("#ffffff"), "Paper");
  assert.equal(colourName("#2368e0"), "Blue, mixed");
});

const press = (key, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test("keys mean tools, colours and acts", () => {
  assert.deepEqual(wish(press("b")), { tool: "brush" });
  assert.deepEqual(wish(press("B", { shiftKey: true })), { tool: "brush" });
  assert.deepEqual(wish(press("0")), { colour: 9 });
  assert.deepEqual(wish(press("[")), { act: "thinner" });
  assert.deepEqual(wish(press("]")), { act: "thicker" });
  assert.deepEqual(wish(press("z", { ctrlKey: true })), { act: "undo" });
  assert.deepEqual(wish(press("Z", { metaKey: true, shiftKey: true })), { act: "redo" });
  assert.deepEqual(wish(press("y", { ctrlKey: true })), { act: "redo" });
  assert.deepEqual(wish(press("?", { shiftKey: true })), { act: "help" });
});

test("the browser keeps its own shortcuts, and single letters can be switched off", () => {
  for (const key of ["r", "l", "f", "s", "0", "+"]) assert.equal(wish(press(key, { ctrlKey: true })), null, `Ctrl ${key}`);
  assert.equal(wish(press("e", { altKey: true })), null);
  assert.equal(wish(press("b"), false), null);
  assert.deepEqual(wish(press("z", { ctrlKey: true }), false), { act: "undo" });
});

test("no two entries want the same key", () => {
  const wanted = KEYS.flatMap(({ keys, mod, shift }) => keys.map((key) => `${mod ? "mod " : ""}${shift ? "shift " : ""}${key}`));
  assert.equal(new Set(wanted).size, wanted.length);
});

test("the label tells the medium, the notice what is left", () => {
  assert.equal(medium({ ops: 0, fills: 0 }, new Set()), "Blank sheet");
  assert.equal(medium({ ops: 1, fills: 0 }, new Set(["mouse"])), "Mouse, 1 stroke");
  assert.equal(medium({ ops: 5, fills: 2 }, new Set(["pen", "touch"])), "Pen on glass and finger on glass, 3 strokes, 2 fills");
  assert.match(nearlyFull({ what: "ops", left: 40 }), /^40 strokes and fills left/);
});
