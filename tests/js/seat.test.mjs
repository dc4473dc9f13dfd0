// The judge's seat beside the sheet: empty, and nothing loaded, until somebody wants it to look on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Seat } from "../../static/draw/seat.js";

function stage(answers) {
  const told = [];
  class Onlooker {
    constructor(page) {
      told.push(`for ${page}`);
      this.meter = { switch: (on) => told.push(on), changed: () => told.push("changed"), inSight: () => told.push("in sight") };
      this.words = "Beats all.";
    }

    rest() { told.push("rest"); }
  }
  const load = () => { told.push("load"); return answers.shift() === "lost" ? Promise.reject(new Error("offline")) : Promise.resolve({ Onlooker }); };
  return { told, seat: new Seat("the page", load) };
}

test("nobody is loaded who is not asked for", async () => {
  const { seat, told } = stage([]);
  seat.rest();
  seat.changed();
  seat.inSight();
  await seat.switch(false);
  assert.deepEqual([told, seat.words], [[], ""]);
});

test("whoever is asked for comes once and is told everything from then on", async () => {
  const { seat, told } = stage([]);
  await Promise.all([seat.switch(true), seat.switch(true)]);
  seat.changed();
  seat.rest();
  seat.inSight();
  await seat.switch(false);
  assert.deepEqual(told, ["load", "for the page", true, true, "changed", "rest", "in sight", false]);
  assert.equal(seat.words, "Beats all.");
});

test("a change of mind while it is loaded holds", async () => {
  const { seat, told } = stage([]);
  const coming = seat.switch(true);
  seat.switch(false);
  await coming;
  assert.deepEqual(told, ["load", "for the page", false]);
});

test("where it could not be loaded it is asked for anew", async () => {
  const { seat, told } = stage(["lost"]);
  await seat.switch(true);
  await seat.switch(true);
  assert.deepEqual(told, ["load", "load", "for the page", true]);
});
