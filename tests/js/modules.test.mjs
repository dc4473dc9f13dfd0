// The modules as files: what a page needs is fetched at once, not one after the other, and nothing lies about unused.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const imports = (path) => [...read(path).matchAll(/^import .* from "(.+)";$/gm)].map(([, to]) => new URL(to, new URL(path, root)).pathname.slice(root.pathname.length));
// What a page may come to need, fetched when it does.
const later = (path) => [...read(path).matchAll(/import\("(.+?)"\)/g)].map(([, to]) => new URL(to, new URL(path, root)).pathname.slice(root.pathname.length));

function reached(from, found = new Set()) {
  for (const path of imports(from)) if (!found.has(path)) reached(path, found.add(path));
  return found;
}

test("the draw page asks for all its modules at once", () => {
  const listed = [...read("templates/play/draw.html").match(/set modules = \[([^\]]+)\]/)[1].matchAll(/"(\w+)"/g)].map(([, name]) => `static/draw/${name}.js`);
  assert.match(read("templates/base.html"), /modulepreload" href="\{\{ asset\('ui\/words.js'\)/);
  assert.deepEqual([...listed, "static/ui/words.js"].sort(), [...reached("static/draw/page.js")].sort());
});

test("every module is used by a page", () => {
  const used = new Set();
  for (const queue = ["static/draw/page.js", "static/replay/replay.js"]; queue.length;) {
    const path = queue.pop();
    if (!used.has(path)) queue.push(...imports(path), ...later(path));
    used.add(path);
  }
  const files = ["draw", "replay"].flatMap((folder) => readdirSync(new URL(`static/${folder}`, root)).filter((name) => name.endsWith(".js")).map((name) => `static/${folder}/${name}`));
  assert.deepEqual(files.filter((path) => !used.has(path)), []);
});

test("no module asks for anything from elsewhere", () => {
  for (const path of [...reached("static/draw/page.js"), ...reached("static/replay/replay.js")]) {
    assert.ok(path.startsWith("static/"), path);
    assert.doesNotMatch(read(path), /https?:\/\/(?!www\.w3\.org)/, path);
  }
});
