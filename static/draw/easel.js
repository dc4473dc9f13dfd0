// One gesture at a time with the tool in hand: pen-down, moves and pen-up become one operation of the drawing. Who moves
// (mouse, pen, finger, arrow keys) does not matter here; positions are {x, y, pressure, t} in px and ms.
import { fits, MOST, segmentCost, usage } from "./limits.js";
import { PAPER } from "./palette.js";
import { place, simplify } from "./points.js";
import { union, UNIT } from "./raster.js";
import { constrain, SHAPES, shapePoints } from "./shapes.js";
import { Trace } from "./trace.js";

export const TOOLS = ["brush", "eraser", "fill", ...SHAPES, "eyedropper"];

const POINTED = ["fill", "eyedropper"];
const NEEDS = { stroke: { ops: 1, points: 2 }, fill: { ops: 1, fills: 1 } };

// A shape that was clicked, not dragged.
const isPoint = (pts) => pts.every(([x, y]) => x === pts[0][0] && y === pts[0][1]);

export class Easel {
  tool = "brush";
  color = 1;
  radius = 2.5;
  smooth = true;
  pressure = true;
  #gesture = null;

  // `told` hears {kind: "changed"}, {kind: "full", what} and {kind: "picked", color}.
  constructor(drawing, master, told) {
    this.master = master;
    this.told = told;
    this.open(drawing);
  }

  get busy() { return this.#gesture !== null; }

  // Whether the gesture under way marks one place when it ends, and nothing before.
  get aims() { return this.busy && POINTED.includes(this.#gesture.tool); }

  open(drawing) {
    this.#gesture = null;
    this.drawing = drawing;
    this.master.setPalette(drawing.palette);
    this.master.show(drawing.ops);
  }

  // Starts a gesture; `tool` stands in for the chosen one when the pen is turned to its eraser. False when there is no room.
  begin(at, tool = this.tool) {
    if (this.busy) this.finish();
    if (tool !== "eyedropper" && !this.#hasRoom(NEEDS[tool] ?? NEEDS.stroke)) return false;
    this.master.hold();
    const color = tool === "eraser" ? PAPER : this.color;
    this.#gesture = { tool, color, from: at, to: at, box: null, used: usage(this.drawing.ops) };
    if (SHAPES.includes(tool)) this.#stretch(at, false);
    else if (!this.aims) this.#startTrace(at);
    return true;
  }

  // Goes on to one or more positions; `straight` (shift) keeps shapes regular.
  move(positions, straight = false) {
    for (const at of positions) if (this.#gesture?.trace) this.#grow(this.#gesture.trace.add(at));
    if (!this.busy || this.#gesture.trace) return;
    this.#gesture.to = positions.at(-1);
    if (!this.aims) this.#stretch(this.#gesture.to, straight);
  }

  // Ends the gesture and keeps what it drew.
  finish() {
    if (this.aims) return this.#mark();
    if (this.#gesture?.trace) this.#grow(this.#gesture.trace.end());
    return this.#commit();
  }

  // Ends the gesture as if it had not been.
  cancel() {
    if (!this.busy) return;
    this.master.lift(this.#gesture.box);
    this.#gesture = null;
  }

  undo() { this.#turn(() => this.drawing.undo()); }
  redo() { this.#turn(() => this.drawing.redo()); }
  clear() { this.#turn(() => this.drawing.clear()); }

  #turn(act) {
    this.cancel();
    act();
    this.master.show(this.drawing.ops);
    this.told({ kind: "changed" });
  }

  #keep(op) {
    this.drawing.add(op);
    this.master.settle(op);
    this.told({ kind: "changed" });
  }

  #hasRoom(more) {
    const used = usage(this.drawing.ops);
    if (fits(used, more)) return true;
    this.told({ kind: "full", what: Object.keys(more).find((what) => !fits(used, { [what]: more[what] })) });
    return false;
  }

  #mark() {
    const { tool, color, to } = this.#gesture;
    const x = place(to.x), y = place(to.y);
    this.#gesture = null;
    if (tool === "eyedropper") return this.told({ kind: "picked", color: this.master.colourAt(x / UNIT, y / UNIT) });
    const op = { op: "fill", color, x, y };
    return this.master.preview(op) && this.#keep(op);    // filling with the colour that is there already is nothing
  }

  #startTrace(at) {
    const { tool, radius, smooth, pressure } = this;
    const since = this.drawing.elapsed;
    this.#gesture.trace = new Trace({ radius, smooth, pressure: pressure && tool !== "eraser", since });
    this.#grow(this.#gesture.trace.add(at));
  }

  // Draws the trace's newest points; where the sheet is full, the stroke ends there and is kept.
  #grow(points) {
    if (!this.busy) return;
    const { trace, used, color } = this.#gesture;
    let i = trace.pts.length - points.length;
    for (const point of points) {
      const last = i > 0 ? trace.pts[i - 1] : null;
      const more = { points: 1, cost: segmentCost(last, point) };
      if (!fits(used, more)) {
        trace.pts.length = i;
        this.#commit();
        this.told({ kind: "full", what: used.points < MOST.points ? "cost" : "points" });
        return;
      }
      used.points += 1;
      used.cost += more.cost;
      this.#gesture.box = union(this.#gesture.box, this.master.segment(last, point, color));
      i += 1;
    }
  }

  // What is kept has fewer points than what was shown while it grew, so it is drawn anew.
  #commit() {
    if (!this.busy) return;
    const { color, trace, pts, box } = this.#gesture;
    const op = { op: "stroke", color, pts: trace ? simplify(trace.pts) : pts };
    this.master.lift(box);
    this.#gesture = null;
    if (op.pts.length === 0 || (!trace && isPoint(pts))) return;
    this.master.preview(op);
    this.#keep(op);
  }

  #stretch(to, straight) {
    const gesture = this.#gesture, { tool, from, color } = gesture;
    const corner = straight ? constrain(tool, from, to) : to;
    const pts = shapePoints(tool, from, corner, this.radius, Math.max(Math.round(from.t), this.drawing.elapsed));
    this.master.lift(gesture.box);
    gesture.pts = pts;
    gesture.box = this.master.preview({ op: "stroke", color, pts });
  }
}
