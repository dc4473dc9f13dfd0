// How the judge's percentile rose and fell while a drawing was made: a line above the slider that follows the hand.
import { figure, say } from "../ui/words.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 100, HEIGHT = 40;          // of the plot; it is stretched to the slider's width

// Stages {ops, percentile} as points {at, percentile}: ms after which so many operations were drawn.
export function placed(stages, beats) {
  return stages.map(({ ops, percentile }) => {
    const after = beats.findIndex((beat) => beat.op >= ops);
    const last = after === -1 ? beats.at(-1) : beats[after - 1];
    return { at: last?.at ?? 0, percentile };
  });
}

// The percentile that was last known at a moment.
export const known = (points, time) => (points.findLast(({ at }) => at <= time) ?? points[0]).percentile;

// A percentile with one digit, never rounded up to 100 nor down to 0 unless it is: as the pages write it.
export const written = (percentile) => figure(percentile > 0 && percentile < 100 ? Math.min(Math.max(percentile, 0.1), 99.9) : percentile, 1);

// The line up to a moment, its end between two points included.
export function until(points, time) {
  const passed = points.filter(({ at }) => at <= time), next = points[passed.length], last = passed.at(-1);
  if (!last || !next || next.at === last.at) return passed;
  const share = (time - last.at) / (next.at - last.at);
  return [...passed, { at: time, percentile: last.percentile + share * (next.percentile - last.percentile) }];
}

export class Curve {
  constructor({ curve }, { beats, total }) {
    this.total = total;
    this.points = placed(curve, beats);
    this.root = Object.assign(document.createElement("div"), { className: "replay-score" });
    this.figure = Object.assign(document.createElement("p"), { className: "figures" });
    this.figure.setAttribute("aria-hidden", "true"); // the slider says it
    const plot = this.#add(null, "svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
    this.#add(plot, "path", { class: "gridline", d: `M0 .5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}` });
    this.#add(plot, "polyline", { class: "replay-ahead", points: this.#line(this.points) });
    this.edge = this.#add(plot, "polyline", { class: "replay-edge" });
    this.passed = this.#add(plot, "polyline", { class: "replay-passed" });
    this.root.append(this.figure, plot);
  }

  // Follows the hand to a moment, in ms; returns what there is to say.
  show(time) {
    const line = this.#line(until(this.points, time));
    this.edge.setAttribute("points", line);
    this.passed.setAttribute("points", line);
    const percentile = written(known(this.points, time));
    this.figure.textContent = say("So far, percentile {percentile}", { percentile });
    return say("percentile {percentile}", { percentile });
  }

  #line(points) {
    const across = (at) => (this.total > 0 ? at / this.total * WIDTH : WIDTH);
    return points.map(({ at, percentile }) => `${across(at).toFixed(2)},${(HEIGHT * (1 - percentile / 100)).toFixed(2)}`).join(" ");
  }

  #add(parent, name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent?.append(made);
    return made;
  }
}
