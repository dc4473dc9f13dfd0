// What the buttons and keys of the draw page do, by name; what cannot be seen to have happened is said aloud, too.
import { usage } from "./limits.js";
import { inHand, whereIs } from "./speech.js";
import { counted, says, switched } from "./voice.js";

export function actsOf(page) {
  const { easel, toolbar, view } = page;
  const held = () => counted(usage(easel.drawing.ops));
  const flip = (option) => () => {
    toolbar.set(option, !toolbar.isOn(option));
    page.speech.now(switched(toolbar.nameOf(option), toolbar.isOn(option)));
  };
  const choose = (name, change) => () => { change(); page.speech.now(toolbar.nameOf(name)); };
  return {
    undo: () => { easel.undo(); page.speech.now(`${says.undone} ${held()}`); },
    redo: () => { easel.redo(); page.speech.now(`${says.redone} ${held()}`); },
    clear: () => { easel.clear(); page.say(says.cleared); },
    thinner: choose("size", () => toolbar.step(-1)),
    thicker: choose("size", () => toolbar.step(1)),
    swap: choose("color", () => toolbar.swap()),
    smooth: flip("smooth"),
    mirror: flip("mirror"),
    meter: flip("meter"),
    screen: () => page.screen.toggle(),
    where: () => page.speech.now([whereIs(page), inHand(page), held(), page.onlooker.words].filter(Boolean).join(" ")),
    in: () => view.in(),
    out: () => view.out(),
    whole: () => view.reset(),
    help: () => page.find("help").showModal(),
    send: () => page.find("form").requestSubmit(),
    cancel: () => cancel(page),
  };
}

// Takes back the line under way; without one, gives the screen back (where the browser has not done so by itself).
function cancel(page) {
  if (!page.easel.busy && page.screen.isFull) return page.screen.leave();
  page.pointers.cancel();
  return page.crosshair.lift();
}
