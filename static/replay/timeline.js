// When which point of a drawing appears. Recorded times are followed, but nobody watches somebody think: pauses are cut.
// Times from elsewhere may be missing or nonsense; then the hand moves at an even pace.
const PAUSE = 250;                       // ms, the longest one kept
const FILL = 300;                        // ms before a fill lands
const PACE = 0.6 * 16;                   // 1/16 px a ms, where no times are known
const LEAST = 60;                        // ms that the shortest stroke takes then
const STILL = 250;                       // ms a still of a painting stays, on average
const TURN = 450;                        // ms an operation takes where each appears as a whole

const path = (from, to) => Math.hypot(to[0] - from[0], to[1] - from[1]);

// The ms at which a stroke's points appear, counted from its first one.
function paced(pts) {
  const times = [0];
  const recorded = pts.at(-1)[3] > pts[0][3];
  for (let i = 1; i < pts.length; i++) {
    const step = recorded ? Math.min(Math.max(pts[i][3] - pts[i - 1][3], 0), PAUSE) : path(pts[i - 1], pts[i]) / PACE;
    times.push(times[i - 1] + step);
  }
  if (recorded || times.at(-1) >= LEAST || pts.length === 1) return times;
  return times.map((_, i) => LEAST * i / (pts.length - 1));
}

// The beats of a drawing in order, {at, op, point} in ms and indices (a fill's point is 0), and how long it takes in all.
// `whole` gives one beat an operation, for those who do not want things to move.
export function timeline({ ops }, whole = false) {
  const beats = [];
  let now = 0;
  ops.forEach((op, index) => {
    if (whole) return beats.push({ at: (now += TURN), op: index, point: (op.pts?.length ?? 1) - 1 });
    if (op.op === "fill") return beats.push({ at: (now += FILL), op: index, point: 0 });
    const times = paced(op.pts);
    times.forEach((time, point) => beats.push({ at: now + time, op: index, point }));
    now += times.at(-1) + PAUSE;
    return undefined;
  });
  return { beats, total: beats.at(-1)?.at ?? 0 };
}

// The beats of a painting, one for each of its stills: in proportion to the steps between them, or evenly for those who do
// not want things to move.
export function paces(stills, whole = false) {
  const first = stills[0].step, steps = stills.at(-1).step - first, long = STILL * (stills.length - 1);
  const at = ({ step }, place) => (whole ? TURN * (place + 1) : steps > 0 ? long * (step - first) / steps : STILL * place);
  const beats = stills.map((still, place) => ({ at: at(still, place), op: place, point: 0 }));
  return { beats, total: beats.at(-1).at };
}

// The slowest of the speeds at which a drawing takes at most `most` ms.
export const fitting = (total, speeds, most) => speeds.find((speed) => total / speed <= most) ?? speeds.at(-1);
