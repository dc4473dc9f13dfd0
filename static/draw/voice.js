// What the page says, in the jury's voice: what happened, what was kept, what to do.
const THINGS = {
  ops: ["strokes and fills", "The jury counts them"],
  points: ["points", "Long lines eat them"],
  fills: ["fills", "The brush still works"],
};

export const plural = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

export function nearlyFull({ what, left }) {
  if (what === "cost") return "This sheet is nearly soaked: fat brushes have left little room.";
  const [things, aside] = THINGS[what];
  return `${left.toLocaleString("en")} ${things} left on this sheet. ${aside}.`;
}

export const full = {
  ops: "The sheet is full: 400 strokes is all the jury has patience for. Undo one, or hand it in.",
  points: "The sheet is full: the line ran out of points. Undo something, or hand it in.",
  fills: "60 fills are in. The bucket is empty; the brush is not.",
  cost: "The sheet is soaked. Use a finer brush, undo something, or hand it in.",
  colours: "The box holds 64 colours, and it is full. Choose one of those.",
};

export const says = {
  back: "Your drawing is back.",
  forgetful: "This browser keeps nothing between visits, so do not reload before you hand it in.",
  elsewhere: "This prompt is open in another tab, and that one keeps its drawing. What you draw here lasts until you reload.",
  blank: "The sheet is blank. The jury has seen emptiness before; draw something first.",
  looking: "The judge is looking",
  penOnly: "A pen. From now on fingers move the sheet and only the pen draws; the switch is under Your hand.",
  cleared: "Cleared. Undo brings it back.",
  offline: "The line to the judge is down. Your drawing is kept here; try again when the line is back.",
  slow: "The judge took too long to answer. Your drawing is kept here; trying again will not enter it twice.",
  broken: "Something broke on the judge's side. Your drawing is kept here; try again in a moment.",
  strange: "The judge's answer made no sense. Your drawing is kept here; try again in a moment.",
  kept: "Your drawing is kept here.",
};

// A refusal as sentences: the problem's own words, where in the drawing, and that nothing was lost.
export function refusal(problem, status, retryAfter) {
  if (status === 429) {
    const wait = Number(retryAfter);
    const when = wait > 0 ? ` in ${plural(wait, "second", "seconds")}` : " in a little while";
    return `The jury needs a breath. Try again${when}. ${says.kept}`;
  }
  if (status >= 500) return says.broken;
  const first = problem?.errors?.[0]?.detail;
  const words = [problem?.detail ?? problem?.title, first].filter((text, i, all) => text && all.indexOf(text) === i);
  return [...words.map((text) => (/[.?]$/.test(text) ? text : `${text}.`)), says.kept].join(" ");
}

// The line under the artist's name, as on a museum's label; `used` as `usage` in limits.js counts.
export function medium(used, hands) {
  if (used.ops === 0) return "Blank sheet";
  const tools = { mouse: "mouse", pen: "pen on glass", touch: "finger on glass", keyboard: "arrow keys" };
  const known = [...hands].map((hand) => tools[hand]).filter(Boolean);
  const what = known.length > 0 ? known.join(" and ") : "mixed media";
  const strokes = used.ops - used.fills;
  const counts = [strokes > 0 && plural(strokes, "stroke", "strokes"), used.fills > 0 && plural(used.fills, "fill", "fills")];
  return [what[0].toUpperCase() + what.slice(1), ...counts.filter(Boolean)].join(", ");
}
