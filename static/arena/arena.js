// Plays the arena without leaving the page: a vote and the next pair swap what is in the bout, and keys do what the
// buttons do while the focus is in it. Without this the same forms and links load whole pages.
import { say } from "../ui/words.js";

const bout = document.getElementById("bout");
const said = document.getElementById("bout-said");
const trouble = document.getElementById("bout-trouble");
const csrf = document.querySelector('meta[name="csrf-token"]').content;
const RADIOS = { 1: ["left", 0], 2: ["left", 1], 3: ["right", 0], 4: ["right", 1] };
const VOTES = { ArrowLeft: "left", ArrowRight: "right", "=": "tie" };

let busy = false;
let ahead = null; // the next pair, on its way while the makers of this one are looked at

class Refused extends Error {}

async function ask(url, options = {}) {
  const headers = { "X-Fragment": "1", "X-CSRF-Token": csrf };
  const answer = await fetch(url, { credentials: "same-origin", ...options, headers });
  if (!answer.headers.get("X-Fragment")) throw new Refused();
  const fragment = document.createRange().createContextualFragment(await answer.text());
  await Promise.all([...fragment.querySelectorAll("img")].map((picture) => picture.decode().catch(() => {})));
  return fragment;
}

async function show(coming) {
  if (busy) return;
  busy = true;
  trouble.hidden = true;
  bout.setAttribute("aria-busy", "true");
  try {
    bout.replaceChildren(await coming());
    arrive();
  } catch (problem) {
    if (problem instanceof Refused) location.assign(bout.dataset.home); // that page says why, or has a fresh pair
    else trouble.hidden = false; // what was there stays, and can be sent again
  } finally {
    busy = false;
    bout.removeAttribute("aria-busy");
  }
}

function arrive() {
  const next = bout.querySelector(".bout-next");
  ahead = next ? ask(next.href).catch(() => null) : null;
  const makers = [...bout.querySelectorAll(".bout-maker")].map((line) => line.textContent.trim().replace(/\s+/g, " "));
  const told = bout.querySelector(".bout-foot")?.textContent.trim().replace(/\s+/g, " ");
  said.textContent = next ? say("Left: {left}. Right: {right}. {told}", { left: makers[0], right: makers[1], told }) : bout.querySelector("h1").textContent;
  (next ?? bout).focus({ preventScroll: true });
}

bout.addEventListener("submit", (event) => {
  event.preventDefault();
  const body = new FormData(event.target, event.submitter);
  if (body.get("winner")) show(() => ask(event.target.action, { method: "POST", body }));
});

bout.addEventListener("click", (event) => {
  const next = event.target.closest(".bout-next");
  if (!next || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(async () => (await ahead) ?? ask(next.href));
});

bout.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const form = bout.querySelector("form");
  if (!form) {
    if (event.key === "Enter" && !event.target.closest("a")) bout.querySelector(".bout-next")?.click();
    return;
  }
  const own = event.target.type === "radio" && event.key.startsWith("Arrow"); // those are the radios' own
  if (VOTES[event.key] && !own) {
    event.preventDefault();
    form.querySelector(`[value="${VOTES[event.key]}"]`).click();
  } else if (RADIOS[event.key]) {
    const [side, which] = RADIOS[event.key];
    const radio = form.querySelectorAll(`[name="guess_${side}"]`)[which];
    radio.checked = !radio.checked;
  }
});

document.getElementById("bout-keys").hidden = false;
if (bout.querySelector(".bout-form")) bout.focus({ preventScroll: true });
