// The temperature at once: the shares of four cosines as the slider goes. Without this the form asks the server. At most
// as many pictures as may be compared can be ticked.
import { figure } from "../ui/words.js";

const MOST = 4;

// The shares (summing to 1) of similarities at a temperature.
export function softmax(similarities, temperature) {
  const top = Math.max(...similarities);
  const powers = similarities.map((one) => Math.exp((one - top) / temperature));
  const all = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / all);
}

function warm(form) {
  const places = [...form.querySelectorAll("[data-similarity]")];
  const temperature = Number(form.elements.t.value) / 1000;
  form.querySelector("[data-warmth]").textContent = figure(temperature, 3);
  softmax(places.map((place) => Number(place.dataset.similarity)), temperature).forEach((share, i) => {
    places[i].querySelector("[data-share]").textContent = figure(100 * share, 1);
    places[i].querySelector("[data-part]").setAttribute("width", 100 * share);
  });
}

function limit(form) {
  const picks = [...form.querySelectorAll('input[name="e"]')];
  const full = picks.filter((pick) => pick.checked).length >= MOST;
  for (const pick of picks) pick.disabled = full && !pick.checked;
}

// Outside a browser the function above is all there is.
const form = globalThis.document?.querySelector("[data-softmax]");
if (form) {
  form.addEventListener("input", (event) => (event.target.name === "t" ? warm(form) : limit(form)));
  limit(form);
}
