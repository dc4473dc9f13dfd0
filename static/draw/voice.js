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
  undone: "Taken back.",
  redone: "Done again.",
  kept: "Your drawing is kept here.",
  again: "Your drawing is kept here and handed in once more by itself when the judge answers. It cannot be entered twice.",
  under: "This drawing was on its way when the line broke. It is handed in once more by itself when the judge answers; draw on to call that off.",
  calledOff: "You drew on, so nothing is handed in by itself. Show it to the judge when it is done.",
  full: "The whole screen. The same button gives it back.",
};

const TROUBLE = {
  offline: "The line to the judge is down.",
  slow: "The judge took too long to answer.",
  broken: "Something broke on the judge's side.",
  strange: "The judge's answer made no sense.",
  breath: "The jury needs a breath.",
};

// What went wrong on the way, and that one more try is made without anybody's doing.
export const goesAgain = (trouble) => `${TROUBLE[trouble]} ${says.again}`;

// What went wrong on the way, and that it is for the player to try again, `after` s or in a moment.
export function comeBack(trouble, after) {
  const when = after > 0 ? `in ${plural(after, "second", "seconds")}` : "in a moment";
  return `${TROUBLE[trouble]} ${says.kept} Try again ${when}; it cannot be entered twice.`;
}

// A refusal as sentences: the problem's own words, where in the drawing, and that nothing was lost.
export function refusal(problem) {
  const first = problem?.errors?.[0]?.detail;
  const words = [problem?.detail ?? problem?.title, first].filter((text, i, all) => text && all.indexOf(text) === i);
  return [...words.map((text) => (/[.?]$/.test(text) ? text : `${text}.`)), says.kept].join(" ");
}

const HEIGHTS = ["Upper", "Middle", "Lower"], SIDES = ["left", "centre", "right"];

// Where the crosshair is on a sheet of `size` px, in words and numbers; `ground` is what it would draw upon.
export function whereabouts({ x, y, down }, size, ground) {
  const third = (value) => Math.min(Math.floor(3 * value / size), 2);
  const state = down ? "pen down" : `on ${ground}`;
  return `${HEIGHTS[third(y)]} ${SIDES[third(x)]}: ${Math.round(x)} across, ${Math.round(y)} down, ${state}.`;
}

export const pen = { down: "Pen down.", up: "Pen up." };
export const switched = (name, on) => `${name}: ${on ? "on" : "off"}.`;

// How much is on the sheet; `used` as `usage` in limits.js counts.
export const counted = (used) => (used.ops === 0 ? "The sheet is blank." : `On the sheet: ${counts(used).join(", ")}.`);

function counts({ ops, fills }) {
  const strokes = ops - fills;
  return [strokes > 0 && plural(strokes, "stroke", "strokes"), fills > 0 && plural(fills, "fill", "fills")].filter(Boolean);
}

// The line under the artist's name, as on a museum's label; `used` as `usage` in limits.js counts.
export function medium(used, hands) {
  if (used.ops === 0) return "Blank sheet";
  const tools = { mouse: "mouse", pen: "pen on glass", touch: "finger on glass", keyboard: "arrow keys" };
  const known = [...hands].map((hand) => tools[hand]).filter(Boolean);
  const what = known.length > 0 ? known.join(" and ") : "mixed media";
  return [what[0].toUpperCase() + what.slice(1), ...counts(used)].join(", ");
}
