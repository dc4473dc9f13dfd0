// The lamp: changes the light at once and tells the server, which remembers it in a cookie.
import { say } from "./words.js";

const form = document.querySelector("[data-theme-form]");
const dim = matchMedia("(prefers-color-scheme: dark)");

function current() {
  return document.documentElement.dataset.theme ?? (dim.matches ? "dark" : "light");
}

function describe() {
  form.querySelector("span").textContent = current() === "dark" ? say("Lights: switch to bright") : say("Lights: switch to dim");
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const theme = current() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  describe();
  const body = new FormData(form);
  body.set("theme", theme);
  await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
});

if (form) describe();

// On a phone the navigation is one row to scroll: the link to the page one is on, and the one that is focused, come to its
// middle.
const nav = document.querySelector(".nav"), here = nav?.querySelector('[aria-current="page"]');
const show = (link) => nav.scrollTo({ left: link.offsetLeft - (nav.clientWidth - link.offsetWidth) / 2 });
nav?.addEventListener("focusin", ({ target }) => show(target));
if (here) show(here);
