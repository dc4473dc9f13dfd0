// Mouse, pen and fingers on the canvas. One of them draws at a time; a second finger moves the sheet instead; a palm
// beside a pen does nothing. Once a pen was seen, only the pen draws (the player may switch that back).
const CHANGE_OF_MIND = 350;              // ms in which a second finger means that the first one never wanted to draw
const TAP = 280;                         // ms that a two- or three-finger tap may last
const STILL = 14;                        // px on the screen that a tapping finger may slip
const PEN_ERASER = 32;                   // the bit of `buttons` for a pen turned round
const TURNED = 5;                        // the `button` of the same

export class Pointers {
  penOnly = false;
  #drawing = null;                       // {id, type, since} of the pointer that draws
  #fingers = new Map();                  // id -> {x, y} on the screen
  #tap = null;

  // `place` turns an event into {x, y} on the sheet, `clock` a time stamp into the drawing's own ms; `heard` is told
  // "pen", "mouse" or "touch" when one of them starts to draw.
  constructor({ easel, view, place, clock, heard }) {
    Object.assign(this, { easel, view, place, clock, heard });
  }

  down(event) {
    if (event.pointerType === "touch") return this.#finger(event);
    if (event.pointerType === "mouse" && event.button !== 0) return false;
    if (this.#drawing?.type === "touch") this.easel.cancel();      // the palm came first
    if (event.pointerType === "pen") this.#fingers.clear();
    return this.#start(event);
  }

  move(event) {
    if (event.pointerId === this.#drawing?.id) {
      if (this.#fingers.has(event.pointerId)) this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      this.easel.move(coalesced(event).map((one) => this.#position(one)), event.shiftKey);
    } else if (this.#fingers.has(event.pointerId)) {
      this.#drag(event);
    }
  }

  // A cancelled pointer keeps what it drew: a phone that rings in the middle of a line must not eat it.
  up(event) {
    if (event.pointerId === this.#drawing?.id) {
      if (event.type === "pointerup") this.easel.move([this.#position(event)], event.shiftKey);
      this.#drawing = null;
      this.easel.finish();
    }
    if (this.#fingers.delete(event.pointerId) && this.#fingers.size === 0) this.#tapped(event);
  }

  // Takes back the gesture under way (the Escape key).
  cancel() {
    this.#drawing = null;
    this.easel.cancel();
  }

  #start(event) {
    this.heard(event.pointerType);
    this.#drawing = { id: event.pointerId, type: event.pointerType, since: event.timeStamp };
    const turned = event.button === TURNED || (event.buttons & PEN_ERASER) !== 0;
    if (!this.easel.begin(this.#position(event), turned ? "eraser" : undefined)) this.#drawing = null;
    return true;
  }

  #finger(event) {
    if (this.#drawing && this.#drawing.type !== "touch") return false;
    this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.#fingers.size === 1) {
      this.#tap = { since: event.timeStamp, fingers: 1, still: true };
      return this.penOnly || this.#start(event);
    }
    this.#tap.fingers = this.#fingers.size;
    if (!this.#drawing) return true;
    const early = event.timeStamp - this.#drawing.since < CHANGE_OF_MIND;
    this.#drawing = null;
    if (early || this.easel.aims) this.easel.cancel();
    else this.easel.finish();
    return true;
  }

  // Moves the sheet with one finger (pen only) or two; a third one is ignored.
  #drag(event) {
    const before = [...this.#fingers.values()].slice(0, 2);
    const old = this.#fingers.get(event.pointerId);
    if (Math.hypot(event.clientX - old.x, event.clientY - old.y) > STILL) this.#tap.still = false;
    if (this.#tap.still && event.timeStamp - this.#tap.since < TAP) return;
    this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = [...this.#fingers.values()].slice(0, 2);
    if (after.length === 2) this.view.pinch(before, after);
    else this.view.pan(after[0].x - before[0].x, after[0].y - before[0].y);
  }

  #tapped(event) {
    const { since, fingers, still } = this.#tap;
    if (!still || event.type !== "pointerup" || event.timeStamp - since > TAP) return;
    if (fingers === 2) this.easel.undo();
    if (fingers === 3) this.easel.redo();
  }

  #position(event) {
    return { ...this.place(event), pressure: event.pointerType === "pen" ? event.pressure : 0, t: this.clock(event.timeStamp) };
  }
}

// All positions since the last event. Missing outside secure contexts, and empty in some browsers.
function coalesced(event) {
  const all = event.getCoalescedEvents?.() ?? [];
  return all.length > 0 ? all : [event];
}
