// What the page says, in the jury's voice: what happened, what was kept, what to do.
import { listed, say, several } from "../ui/words.js";

const LEFT = {
  ops: (n) => several("{n} stroke or fill left on this sheet. The jury counts them.", "{n} strokes and fills left on this sheet. The jury counts them.", n),
  points: (n) => several("{n} point left on this sheet. Long lines eat them.", "{n} points left on this sheet. Long lines eat them.", n),
  fills: (n) => several("{n} fill left on this sheet. The brush still works.", "{n} fills left on this sheet. The brush still works.", n),
  cost: () => say("This sheet is nearly soaked: fat brushes have left little room."),
};

export const nearlyFull = ({ what, left }) => LEFT[what](left);

export const full = {
  ops: say("The sheet is full: 400 strokes is all the jury has patience for. Undo one, or hand it in."),
  points: say("The sheet is full: the line ran out of points. Undo something, or hand it in."),
  fills: say("60 fills are in. The bucket is empty; the brush is not."),
  cost: say("The sheet is soaked. Use a finer brush, undo something, or hand it in."),
  colours: say("The box holds 64 colours, and it is full. Choose one of those."),
};

export const says = {
  back: say("Your drawing is back."),
  forgetful: say("This browser keeps nothing between visits, so do not reload before you hand it in."),
  elsewhere: say("This prompt is open in another tab, and that one keeps its drawing. What you draw here lasts until you reload."),
  blank: say("The sheet is blank. The jury has seen emptiness before; draw something first."),
  looking: say("The judge is looking"),
  penOnly: say("A pen. From now on fingers move the sheet and only the pen draws; the switch is under Your hand."),
  cleared: say("Cleared. Undo brings it back."),
  undone: say("Taken back."),
  redone: say("Done again."),
  kept: say("Your drawing is kept here."),
  again: say("Your drawing is kept here and handed in once more by itself when the judge answers. It cannot be entered twice."),
  under: say("This drawing was on its way when the line broke. It is handed in once more by itself when the judge answers; draw on to call that off."),
  calledOff: say("You drew on, so nothing is handed in by itself. Show it to the judge when it is done."),
  full: say("The whole screen. The same button gives it back."),
};

const TROUBLE = {
  offline: say("The line to the judge is down."),
  slow: say("The judge took too long to answer."),
  broken: say("Something broke on the judge's side."),
  strange: say("The judge's answer made no sense."),
  breath: say("The jury needs a breath."),
};

// What went wrong on the way, and that one more try is made without anybody's doing.
export const goesAgain = (trouble) => `${TROUBLE[trouble]} ${says.again}`;

// What went wrong on the way, and that it is for the player to try again, `after` s or in a moment.
export function comeBack(trouble, after) {
  const later = after > 0
    ? several("Try again in {n} second; it cannot be entered twice.", "Try again in {n} seconds; it cannot be entered twice.", after)
    : say("Try again in a moment; it cannot be entered twice.");
  return `${TROUBLE[trouble]} ${says.kept} ${later}`;
}

// A refusal as sentences: the problem's own words, which are English unless they are known here, and that nothing was lost.
export function refusal(problem) {
  const first = problem?.errors?.[0]?.detail;
  const words = [problem?.detail ?? problem?.title, first].filter((text, i, all) => text && all.indexOf(text) === i);
  const ended = words.map((text) => (/[.?]$/.test(text) ? text : `${text}.`));
  return [...ended.map((text) => say(text)), says.kept].join(" ");
}

const PLACES = [
  [say("Upper left"), say("Upper centre"), say("Upper right")],
  [say("Middle left"), say("Middle centre"), say("Middle right")],
  [say("Lower left"), say("Lower centre"), say("Lower right")],
];

// Where the crosshair is on a sheet of `size` px, in words and numbers; `ground` is what it would draw upon.
export function whereabouts({ x, y, down }, size, ground) {
  const third = (value) => Math.min(Math.floor(3 * value / size), 2);
  const where = { place: PLACES[third(y)][third(x)], x: Math.round(x), y: Math.round(y), ground };
  return down ? say("{place}: {x} across, {y} down, pen down.", where) : say("{place}: {x} across, {y} down, on {ground}.", where);
}

export const pen = { down: say("Pen down."), up: say("Pen up.") };
export const switched = (name, on) => (on ? say("{name}: on.", { name }) : say("{name}: off.", { name }));

// How much is on the sheet; `used` as `usage` in limits.js counts.
export const counted = (used) => (used.ops === 0 ? say("The sheet is blank.") : say("On the sheet: {counts}.", { counts: row(counts(used)) }));

// Words one after the other, without an "and".
export const row = (words) => words.join(say(", "));

function counts({ ops, fills }) {
  const strokes = ops - fills;
  return [
    strokes > 0 && several("{n} stroke", "{n} strokes", strokes),
    fills > 0 && several("{n} fill", "{n} fills", fills),
  ].filter(Boolean);
}

const MEDIA = { mouse: say("mouse"), pen: say("pen on glass"), touch: say("finger on glass"), keyboard: say("arrow keys") };

// The line under the artist's name, as on a museum's label; `used` as `usage` in limits.js counts.
export function medium(used, hands) {
  if (used.ops === 0) return say("Blank sheet");
  const media = [...hands].map((hand) => MEDIA[hand]).filter(Boolean);
  const what = media.length > 0 ? listed(media) : say("mixed media");
  return row([what[0].toUpperCase() + what.slice(1), ...counts(used)]);
}
