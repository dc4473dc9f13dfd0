// A room's page: stays up to date, counts down, leads to the sheet when a prompt begins. Works as plain forms without it.
import { say } from "../ui/words.js";
import { Clock } from "./clock.js";
import { follow } from "./follow.js";

const root = document.querySelector("[data-room]"), told = document.querySelector("[data-told]");
const tell = (words) => { told.textContent = words; };
const clock = new Clock({ find: () => root.querySelector("[data-clock]"), say: tell, over: () => ask() });
let { stamp } = root.dataset, round = Number(root.dataset.round);

const ask = follow(root.dataset.room, async (room, asked) => {
  clock.set(room.state === "drawing" ? room.round.seconds_left : null, asked);
  const before = round;
  round = room.state === "drawing" ? room.round.number : 0;
  const isNew = round > 0 && round !== before, left = room.round?.seconds_left;
  // Who waits in the room for the next prompt is taken to the sheet.
  if (isNew && room.you && !room.you.handed_in && left !== 0 && !document.hidden) location.assign(`${location.pathname}/draw`);
  else if (room.stamp !== stamp) await refresh(room.stamp);
});

async function refresh(latest) {
  const answer = await fetch(location.pathname, { headers: { "X-Fragment": "1" }, credentials: "same-origin" }).catch(() => null);
  const html = answer?.headers.get("X-Fragment") ? await answer.text().catch(() => null) : null;
  if (html === null) return;             // the line broke: the next answer comes back to it
  const fragment = document.createRange().createContextualFragment(html);
  const pictures = [...fragment.querySelectorAll('img:not([loading="lazy"])')];
  await Promise.all(pictures.map((picture) => picture.decode().catch(() => {})));      // so that all are revealed together
  const focus = root.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...root.querySelectorAll("details[open]")].map(({ id }) => id);
  const typed = [...root.querySelectorAll("input[id]")].map(({ id, value }) => [id, value]);
  const before = root.querySelector("[data-say]")?.dataset.say;
  root.replaceChildren(fragment);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, value] of typed) Object.assign(document.getElementById(id) ?? {}, { value });
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  const words = root.querySelector("[data-say]")?.dataset.say;
  if (words !== before) tell(words);
  stamp = latest;
}

const link = document.querySelector("[data-link]"), copy = document.querySelector("[data-copy]");
if (link && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(link.value).catch(() => link.select());
    document.querySelector("[data-copied]").textContent = copy.textContent = say("Copied");
  });
}
link?.addEventListener("focus", () => link.select());

const left = root.querySelector("[data-clock]")?.dataset.left;
if (left !== undefined) clock.set(Number(left), performance.now());
