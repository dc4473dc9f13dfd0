// The draw page: puts sheet, tools, keys, autosave and handing in together.
import { Crosshair } from "./crosshair.js";
import { Cursor } from "./cursor.js";
import { Drawing } from "./drawing.js";
import { Easel } from "./easel.js";
import { handIn } from "./handing.js";
import { forgetfulStore, Keeper, openStore } from "./keeping.js";
import { isTyping, listKeys, wish } from "./keys.js";
import { SIZE, tightest, usage } from "./limits.js";
import { Master } from "./master.js";
import { Pointers } from "./pointers.js";
import { Preferences } from "./preferences.js";
import { SIZES, Toolbar } from "./toolbar.js";
import { View } from "./view.js";
import { full, medium, nearlyFull, says } from "./voice.js";

const SPEAK_AFTER = 500;                 // ms without a key before the crosshair's place is read out
const LET_GO = 500;                      // ms that a reloaded page may take to let go of its drawing
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
    this.pointers = new Pointers({
      easel: this.easel,
      view: this.view,
      place: (event) => this.view.place(event, SIZE),
      clock: (stamp) => stamp - this.began,
      heard: (hand) => this.#heard(hand),
    });
    this.crosshair = new Crosshair({
      easel: this.easel,
      clock: () => performance.now() - this.began,
      moved: () => this.#crossed(),
      heard: (hand) => this.#heard(hand),
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

  say(text) { this.find("notice").textContent = text; }

  record() {
    return { drawing: this.easel.drawing.toRecord(), ticket: this.ticket, hands: [...this.hands], kept: Date.now() };
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
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) sheet.addEventListener(type, (event) => pointers.up(event));
    sheet.addEventListener("pointerleave", () => this.cursor.hide());
    // Old Safari scrolls and selects in spite of touch-action; a long press must not open a menu under a pen.
    for (const type of ["touchstart", "touchmove"]) sheet.addEventListener(type, (event) => event.preventDefault(), { passive: false });
    sheet.addEventListener("contextmenu", (event) => event.pointerType !== "mouse" && event.preventDefault());
    sheet.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    sheet.addEventListener("blur", () => { this.crosshair.lift(); this.cursor.hide(); });
    document.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("resize", () => this.view.pan(0, 0));
    addEventListener("pagehide", () => this.keeper.leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.keeper.leave());
    // Coming back with the browser's arrow shows the old page from memory, though its drawing has been handed in.
    addEventListener("pageshow", (event) => event.persisted && this.sent && location.reload());
    this.find("form").addEventListener("submit", (event) => { event.preventDefault(); handIn(this); });
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
    if (wanted.tool) this.toolbar.choose("tool", wanted.tool);
    else if (wanted.colour !== undefined) this.toolbar.choose("color", wanted.colour);
    else this.#act(wanted.act);
    return undefined;
  }

  #choose(news) {
    const { easel, toolbar } = this;
    if (news.act) return this.#act(news.act);
    easel.finish();
    if (news.tool) easel.tool = news.tool;
    if (news.radius) easel.radius = news.radius;
    if (news.color !== undefined) this.#paint(news.color);
    if (news.mix) this.#mix(news.mix);
    if (news.option in easel) easel[news.option] = news.on;
    if (news.option === "penOnly") this.pointers.penOnly = news.on;
    this.sheet.dataset.tool = easel.tool;
    return this.preferences.save(toolbar);
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

  #act(act) {
    const { easel, toolbar, view } = this;
    const acts = {
      undo: () => easel.undo(),
      redo: () => easel.redo(),
      clear: () => { easel.clear(); this.say(says.cleared); },
      thinner: () => toolbar.step(-1),
      thicker: () => toolbar.step(1),
      swap: () => toolbar.swap(),
      smooth: () => toolbar.set("smooth", !easel.smooth),
      in: () => view.in(),
      out: () => view.out(),
      whole: () => view.reset(),
      help: () => this.find("help").showModal(),
      send: () => this.find("form").requestSubmit(),
      cancel: () => { this.pointers.cancel(); this.crosshair.lift(); },
    };
    acts[act]();
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
    this.say("");                        // whatever was said has been read by now
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
    if (this.root.dataset.ready !== undefined) this.keeper.later(() => this.record());
  }

  #crossed() {
    this.cursor.show(this.crosshair, this.easel.radius, "cross");
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => { this.find("spoken").textContent = this.crosshair.describe(); }, SPEAK_AFTER);
  }

  #zoomed(zoom) {
    this.cursor.hide();
    this.find("whole").hidden = zoom === 1;
  }
}

// Whether this tab may keep the drawing: only one of those on the same prompt may, or they would overwrite each other.
// A page that is just being reloaded lets go a moment later, hence the wait.
function claim(prompt) {
  if (!navigator.locks) return true;
  return new Promise((resolve) => {
    const held = () => { resolve(true); return new Promise(() => {}); };
    navigator.locks.request(`drawing ${prompt}`, { signal: AbortSignal.timeout(LET_GO) }, held).catch(() => resolve(false));
  });
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
}

const root = document.querySelector("[data-draw]");
if (root) open(root);
