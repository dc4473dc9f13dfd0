// The draw page in a room: counts down, and hands in what is on the sheet when the time is over or the host reveals.
import { say } from "../ui/words.js";
import { Clock } from "./clock.js";
import { follow } from "./follow.js";

const AGAIN = 3_000;                     // ms between two tries to hand in
const strip = document.querySelector("[data-room-strip]"), page = document.querySelector("[data-draw]");
const told = strip.querySelector("[data-told]");
const number = Number(strip.dataset.number);
let isOver = false, tries = 0;

const clock = new Clock({
  find: () => strip.querySelector("[data-clock]"),
  say: (words) => { told.textContent = words; },
  over: finish,
});

follow(strip.dataset.room, (room, asked) => {
  if (room.removed) location.assign(page.dataset.then);      // which says why; the sheet stays in this browser
  else if (room.state === "drawing" && room.round.number === number) clock.set(room.round.seconds_left, asked);
  else finish();
});

// What is there is handed in and leads to the room; with a blank sheet there is nothing to wait for. The server takes it
// for some seconds after the end, so a broken line gets a few tries.
function finish() {
  if (isOver) return;
  isOver = true;
  told.textContent = say("Time is up. What is on the sheet is handed in.");
  deliver();
}

function deliver() {
  if (Number(page.dataset.ops ?? 0) === 0) { location.assign(page.dataset.then); return; }
  if (page.dataset.waiting === undefined) page.querySelector("[data-form]").requestSubmit();
  tries += 1;
  if (tries < 5) setTimeout(deliver, AGAIN);
}

const left = strip.querySelector("[data-clock]")?.dataset.left;
if (left !== undefined) clock.set(Number(left), performance.now());
