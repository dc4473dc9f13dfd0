// The live meter's face: a yellow scale with the judge's percentile, and what that means in words.
import { figure, say } from "../ui/words.js";

const WORDS = {
  blank: say("The judge looks on. Draw something."),
  busy: say("The judge has other pictures on the table and looks again when there is time."),
  spent: say("The judge has looked often enough for one visit. Hand it in to hear the rest."),
  never: say("The judge does not look at this one while it is drawn. Hand it in to hear more."),
};
const BEATS = {
  first: (share) => say("Beats {share} of 100 unrelated drawings.", { share }),
  same: (share) => say("Beats {share} of 100 unrelated drawings; as before.", { share }),
  warmer: (share) => say("Beats {share} of 100 unrelated drawings; warmer.", { share }),
  colder: (share) => say("Beats {share} of 100 unrelated drawings; colder.", { share }),
};

const floor = (percentile) => Math.min(Math.max(Math.floor(percentile), 0), 100);

// What a look says, in a sentence.
export function inWords({ kind, percentile, trend }) {
  if (kind !== "seen") return WORDS[kind] ?? "";
  return BEATS[trend](floor(percentile));
}

export class Gauge {
  words = "";

  // `element` holds the scale ([data-meter-scale]), its filling and the words.
  constructor(element) {
    this.element = element;
    this.find = (name) => element.querySelector(`[data-meter-${name}]`);
  }

  show(told) {
    this.element.hidden = told.kind === "off";
    this.element.dataset.kind = told.kind;
    this.words = this.find("words").textContent = inWords(told);
    const scale = this.find("scale");
    scale.setAttribute("aria-valuetext", this.words);
    if (told.kind === "busy") return;    // what was seen last stays
    const percentile = told.kind === "seen" ? floor(told.percentile) : 0;
    scale.setAttribute("aria-valuenow", String(percentile));
    this.find("fill").style.inlineSize = `${percentile}%`;
    this.element.dataset.trend = told.trend ?? "";
    this.find("cosine").textContent = told.kind === "seen" ? figure(told.similarity, 3) : "";
  }
}
