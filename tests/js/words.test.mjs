// The words of the modules in other languages: what is known is translated, counted and written as the language does.
import assert from "node:assert/strict";
import test, { afterEach } from "node:test";
import { figure, learn, listed, mark, say, several } from "../../static/ui/words.js";

afterEach(() => learn("en-GB", {}));
const strokes = (n) => several("{n} stroke", "{n} strokes", n);

test("in English a text says itself, with its values", () => {
  assert.equal(say("Your drawing is back."), "Your drawing is back.");
  assert.equal(say("{name}: on.", { name: "Mirror" }), "Mirror: on.");
  assert.deepEqual([0, 1, 2, 1234].map(strokes), ["0 strokes", "1 stroke", "2 strokes", "1,234 strokes"]);
  assert.equal(listed(["mouse", "pen on glass", "arrow keys"]), "mouse, pen on glass and arrow keys");
});

test("another language says what it has learnt, and English where it has not", () => {
  learn("de", { [mark("{name}: on.")]: "{name}: an.", [mark("{n} strokes")]: ["{n} Strich", "{n} Striche"] });
  assert.equal(say("{name}: on.", { name: "Spiegel" }), "Spiegel: an.");
  assert.equal(say("Pen down."), "Pen down.");
  assert.deepEqual([1, 1234].map(strokes), ["1 Strich", "1.234 Striche"]);
  assert.equal(figure(93.44, 1), "93,4");
  assert.equal(listed(["Maus", "Stift"]), "Maus und Stift");
});

test("Arabic has six forms for a number, which is written in Western digits", () => {
  learn("ar", { [mark("{n} strokes")]: ["zero", "one", "two", "few {n}", "many {n}", "other {n}"] });
  assert.deepEqual([0, 1, 2, 3, 11, 100].map(strokes), ["zero", "one", "two", "few 3", "many 11", "other 100"]);
});

test("a value that looks like a place for one is left alone", () => {
  assert.equal(say("{name}: off.", { name: "{n}" }), "{n}: off.");
});

test("a text has the mark that the server gives it", () => {
  assert.deepEqual(["Pen down.", "{n} strokes", ", ", "Größe ←"].map(mark), ["ume0m", "rw452", "8kjqp", "dd8ki"]);
});
