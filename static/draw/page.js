// The draw page: puts sheet, tools, keys, autosave, the judge's glances and handing in together.
import { actsOf } from "./acts.js";
import { Crosshair } from "./crosshair.js";
import { Cursor } from "./cursor.js";
import { Drawing } from "./drawing.js";
import { Easel } from "./easel.js";
import { Handing } from "./handing.js";
import { claim, forgetfulStore, Keeper, openStore } from "./keeping.js";
import { isTyping, listKeys, wish } from "./keys.js";
import { SIZE, tightest, usage } from "./limits.js";
import { Master } from "./master.js";
import { Pointers } from "./pointers.js";
import { Preferences } from "./preferences.js";
import { Screen } from "./screen.js";
import { Seat } from "./seat.js";
import { Speech, whereIs } from "./speech.js";
import { SIZES, Toolbar } from "./toolbar.js";
import { View } from "./view.js";
import { full, medium, nearlyFull, pen, says } from "./voice.js";

const RINGED = ["brush", "eraser"];

class Page {
  constructor(root, store, record) {
    this.root = root;
    this.find = (name) => root.querySelector(`[data-${name}]`);
    this.sheet = this.find("sheet");
    this.keeper = new Keeper(store, root.dataset.kept);
    this.ticket = record?.ticket;
    this.hands = new Set(record?.hands);
    this.began = performance.now() - (record?.drawing.elapsed ?? 0);
    this.view = new View(this.find("window"), this.sheet, (zoom) => this.#zoomed(zoom));
    this.cursor = new Cursor(this.find("cursor"), this.view);
    this.master = new Master(this.sheet);
    this.easel = new Easel(new Drawing(record?.drawing), this.master, (news) => this.#hear(news));
    this.preferences = new Preferences();
    this.toolbar = new Toolbar(root, (news) => this.#choose(news));
    this.speech = new Speech(this.find("spoken"));
    this.screen = new Screen(root, (isFull) => this.#filled(isFull));
    this.handing = new Handing(this);
    this.#giveHands();
    this.onlooker = new Seat(this);
    this.acts = actsOf(this);
  }

  #giveHands() {
    const { easel, view } = this, heard = (hand) => this.#heard(hand);
    const place = (event) => view.place(event, SIZE);
    this.pointers = new Pointers({ easel, view, place, clock: (stamp) => stamp - this.began, heard });
    this.crosshair = new Crosshair({
      easel,
      heard,
      clock: () => performance.now() - this.began,
      moved: () => this.#crossed(),
      turned: (way) => this.#turned(way),
      mirrored: () => view.mirrored,
    });
  }

  start() {
    this.toolbar.fill(this.easel.drawing.palette, this.easel.color);
    this.preferences.restore(this.toolbar, this.find("name"));
    for (const option of ["smooth", "pressure"]) this.easel[option] = this.toolbar.isOn(option);
    this.easel.radius = SIZES[this.toolbar.size];
    this.pointers.penOnly = this.toolbar.isOn("penOnly");
    this.find("keys").append(listKeys(document, /Mac|iP/.test(navigator.platform)));
    this.#listen();
    this.#changed();
    // For tests and for the curious: the drawing exactly as it would be sent.
    Object.defineProperty(this.root, "drawing", { get: () => this.easel.drawing.toJSON() });
    this.root.dataset.ready = "";
  }

  say(text = null) { this.find("notice").textContent = text; }

  record() {
    const title = this.root.querySelector("h1").textContent;      // by which the offline page names it
    return { drawing: this.easel.drawing.toRecord(), ticket: this.ticket, hands: [...this.hands], kept: Date.now(), title };
  }

  #listen() {
    const { sheet, pointers } = this;
    sheet.addEventListener("pointerdown", (event) => {
      this.crosshair.lift();
      if (isTyping(document.activeElement)) document.activeElement.blur();       // and puts a phone's keyboard away
      if (pointers.down(event)) sheet.setPointerCapture(event.pointerId);
    });
    sheet.addEventListener("pointermove", (event) => {
      pointers.move(event);
      this.#hover(event);
    });
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
      sheet.addEventListener(type, (event) => { pointers.up(event); this.onlooker.rest(); });
    }
    sheet.addEventListener("pointerleave", () => this.cursor.hide());
    // Old Safari scrolls and selects in spite of touch-action; a long press must not open a menu under a pen.
    for (const type of ["touchstart", "touchmove"]) sheet.addEventListener(type, (event) => event.preventDefault(), { passive: false });
    sheet.addEventListener("contextmenu", (event) => event.pointerType !== "mouse" && event.preventDefault());
    sheet.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    sheet.addEventListener("blur", () => { this.crosshair.lift(); this.cursor.hide(); });
    document.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.view.pan(0, 0)).observe(this.find("window"));
    addEventListener("pagehide", () => this.keeper.leave());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.keeper.leave() : this.onlooker.inSight()));
    // Coming back with the browser's arrow shows the old page from memory, though its drawing has been handed in.
    addEventListener("pageshow", (event) => event.persisted && this.sent && location.reload());
    this.find("form").addEventListener("submit", (event) => { event.preventDefault(); this.handing.handIn(); });
  }

  #hover(event) {
    if (event.pointerType === "touch") return;
    this.cursor.show(this.view.place(event, SIZE), this.easel.radius, RINGED.includes(this.toolbar.tool) ? "ring" : "none");
  }

  #wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.view.scale(Math.exp(-event.deltaY / 200), { x: event.clientX, y: event.clientY });
  }

  #key(event) {
    if (this.find("help").open || isTyping(event.target)) return;
    if (event.target === this.sheet && !event.ctrlKey && !event.metaKey && this.crosshair.press(event)) return event.preventDefault();
    const wanted = wish(event, this.toolbar.isOn("keys"));
    if (!wanted) return undefined;
    event.preventDefault();
    if (wanted.act) return this.acts[wanted.act]();
    const [name, value] = wanted.tool ? ["tool", wanted.tool] : ["color", wanted.colour];
    this.toolbar.choose(name, value);
    return this.speech.now(this.toolbar.nameOf(name));
  }

  #choose(news) {
    const { easel, toolbar } = this;
    if (news.act) return this.acts[news.act]();
    easel.finish();
    if (news.tool) easel.tool = news.tool;
    if (news.radius) easel.radius = news.radius;
    if (news.color !== undefined) this.#paint(news.color);
    if (news.mix) this.#mix(news.mix);
    if (news.option) this.#switch(news.option, news.on);
    this.sheet.dataset.tool = easel.tool;
    return this.preferences.save(toolbar);
  }

  #switch(option, on) {
    if (option in this.easel) this.easel[option] = on;
    if (option === "penOnly") this.pointers.penOnly = on;
    if (option === "left") this.root.dataset.hand = on ? "left" : "right";
    if (option === "meter") this.onlooker.switch(on);
    if (option !== "mirror") return;
    this.view.mirror(on);
    this.toolbar.press("mirror", on);
  }

  // Choosing a colour while rubbing out means that one wants to draw again.
  #paint(color) {
    this.easel.color = color;
    if (this.easel.tool === "eraser") this.toolbar.choose("tool", "brush");
  }

  #mix(hex) {
    const index = this.easel.drawing.addColour(hex);
    if (index < 0) return this.say(full.colours);
    this.master.setPalette(this.easel.drawing.palette);
    this.toolbar.fill(this.easel.drawing.palette, this.easel.color);
    this.toolbar.choose("color", index);
    return this.keeper.later(() => this.record());
  }

  #hear(news) {
    if (news.kind === "changed") this.#changed();
    if (news.kind === "full") this.say(full[news.what]);
    if (news.kind === "picked") {
      this.toolbar.choose("color", news.color);
      this.toolbar.choose("tool", "brush");
    }
  }

  #heard(hand) {
    this.say();                          // whatever was said has been read by now
    this.hands.add(hand);
    if (hand !== "pen" || this.preferences.knowsPens) return;
    this.preferences.knowsPens = true;   // only the first time, so that switching it off lasts
    this.toolbar.set("penOnly", true);
    this.say(says.penOnly);
  }

  #changed() {
    const { drawing } = this.easel, used = usage(drawing.ops), near = tightest(used);
    for (const act of ["undo", "redo", "clear"]) this.toolbar.enable(act, drawing[`can${act[0].toUpperCase()}${act.slice(1)}`]);
    this.find("medium").textContent = medium(used, this.hands);
    if (near) this.say(nearlyFull(near));
    this.root.dataset.ops = drawing.ops.length;
    delete this.root.dataset.checksum;
    clearTimeout(this.counting);
    this.counting = setTimeout(() => { this.root.dataset.checksum = this.master.checksum(); }, 60);
    if (this.root.dataset.ready === undefined) return;
    this.keeper.later(() => this.record());
    this.handing.callOff();
    this.onlooker.changed();
  }

  #crossed() {
    this.cursor.show(this.crosshair, this.easel.radius, "cross");
    this.speech.soon(() => whereIs(this));
  }

  #turned(way) {
    this.cursor.show(this.crosshair, this.easel.radius, "cross");
    this.speech.now(`${pen[way]} ${whereIs(this)}`);
    this.onlooker.rest();
  }

  #zoomed(zoom) {
    this.cursor.hide();
    this.find("whole").hidden = zoom === 1;
  }

  #filled(isFull) {
    this.toolbar.press("screen", isFull);
    if (isFull) this.say(says.full);
  }
}

async function open(root) {
  const { kept } = root.dataset;
  const [store, free] = await Promise.all([openStore().catch(() => null), claim(kept)]);
  const keeps = store !== null && free;
  const record = keeps ? await new Keeper(store, kept).load().catch(() => null) : null;
  const page = new Page(root, keeps ? store : forgetfulStore(), record);
  page.start();
  if (!free) page.say(says.elsewhere);
  else if (!keeps) page.say(says.forgetful);
  else if (page.easel.drawing.actions.length > 0) page.say(says.back);
  page.handing.resume(record?.kept);
}

const root = document.querySelector("[data-draw]");
if (root) open(root);
