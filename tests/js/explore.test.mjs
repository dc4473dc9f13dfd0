// What the lessons reckon in the browser: angles, what a hand points at, shares.
import assert from "node:assert/strict";
import test from "node:test";

import { between, pointed } from "../../static/explore/angle.js";
import { softmax } from "../../static/explore/softmax.js";

test("the angle between two directions is the smaller one", () => {
  assert.equal(between(10, 350), 20);
  assert.equal(between(0, 360), 0);
  assert.equal(between(30, 210), 180);
});

test("a hand above the middle points up", () => {
  assert.deepEqual(pointed(0, -75, 150), { turn: 90, length: 0.5 });
  assert.equal(pointed(-10, 0, 150).turn, 180);
  assert.equal(pointed(0, 10, 150).turn, 270);
});

test("shares add up, and the colder, the more the best takes", () => {
  const cosines = [0.31, 0.29, -0.1];
  const [cold, warm] = [0.01, 0.1].map((temperature) => softmax(cosines, temperature));
  for (const shares of [cold, warm]) assert.ok(Math.abs(shares.reduce((sum, one) => sum + one) - 1) < 1e-9);
  assert.ok(cold[0] > warm[0] && warm[0] > warm[1] && warm[2] > cold[2]);
  assert.ok(softmax(cosines, 0.001).every(Number.isFinite));
});
