// The offline page names the drawings that this device keeps, and tries again when the line is back.
import { openStore } from "../draw/keeping.js";
import { isServerBack, SecondTry } from "../draw/resending.js";

const PROMPT = /^[0-9a-z]{12}$/;         // what is kept under another name belongs to a room

// What a sheet that was left in a hurry has put aside, as the store lists it: its own page takes it in when it opens again.
export function putAside(slate) {
  const marks = Object.keys(slate).filter((mark) => mark.startsWith("paint-off "));
  return marks.map((mark) => [mark.slice("paint-off ".length), JSON.parse(slate.getItem(mark))]);
}

// What is drawn on each sheet, the latest first: [{key, title, when, sent}]; `sent`: handed in, but nobody answered.
export function listed(records) {
  const drawn = records.filter(([, record]) => record?.drawing);
  return drawn
    .map(([key, { title, kept, ticket }]) => ({ key, title: title ?? "", when: kept ?? 0, sent: Boolean(ticket) }))
    .sort((one, other) => other.when - one.when);
}

function show({ key, title, when, sent }, root) {
  const item = root.querySelector("template").content.cloneNode(true);
  const name = item.querySelector("[data-title]");
  if (title) name.textContent = title;
  if (PROMPT.test(key)) name.href = `/prompts/${key}/draw`;
  const time = item.querySelector("time");
  time.dateTime = new Date(when).toISOString();
  time.textContent = new Date(when).toLocaleString(`${document.documentElement.lang}-u-nu-latn`, { dateStyle: "medium", timeStyle: "short" });
  item.querySelector(sent ? "[data-waiting]" : "[data-sent]").remove();
  root.querySelector("ul").append(item);
}

async function start(root) {
  const store = await openStore().catch(() => null);
  const found = listed([...new Map([...store ? await store.list() : [], ...putAside(localStorage)])]);
  found.forEach((each) => show(each, root));
  root.querySelector("[data-some]").hidden = found.length === 0;
  root.querySelector("[data-none]").hidden = found.length > 0;
}

const root = globalThis.document?.querySelector("[data-offline]");
if (root) {
  start(root);
  const knocking = new SecondTry({ knock: () => isServerBack(), again: () => location.reload() });
  knocking.begin();                      // the server may be away though the line is there
  addEventListener("online", () => knocking.hurry());
  document.querySelector("[data-again]").addEventListener("click", () => location.reload());
}
