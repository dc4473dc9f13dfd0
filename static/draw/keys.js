// The keyboard shortcuts: one table that the page obeys and shows. Single letters can be switched off, because speech
// input and some screen readers type them (WCAG 2.1, 2.1.4).
import { say } from "../ui/words.js";

export const KEYS = [
  { keys: ["b"], does: say("Brush"), tool: "brush" },
  { keys: ["e"], does: say("Eraser"), tool: "eraser" },
  { keys: ["f"], does: say("Fill"), tool: "fill" },
  { keys: ["l"], does: say("Line"), tool: "line" },
  { keys: ["r"], does: say("Rectangle"), tool: "rectangle" },
  { keys: ["o"], does: say("Ellipse"), tool: "ellipse" },
  { keys: ["i"], does: say("Eyedropper"), tool: "eyedropper" },
  { keys: ["[", "]"], does: say("Thinner, thicker"), act: "thinner thicker" },
  { keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"], shown: ["1", "…", "0"], does: say("The first ten colours"), act: "colour" },
  { keys: ["x"], does: say("The colour before this one"), act: "swap" },
  { keys: ["s"], does: say("Smoothing on or off"), act: "smooth" },
  { keys: ["+", "-"], does: say("Closer, farther"), act: "in out" },
  { keys: ["="], does: say("The whole sheet"), act: "whole" },
  { keys: ["m"], does: say("The sheet mirrored, or as it is"), act: "mirror" },
  { keys: ["v"], does: say("The whole screen, or back"), act: "screen" },
  { keys: ["j"], does: say("The judge looks on, or not"), act: "meter" },
  { keys: ["w"], does: say("Say where the crosshair is and what is in hand"), act: "where" },
  { keys: ["?"], does: say("This list"), act: "help" },
  { keys: ["z"], mod: true, does: say("Undo"), act: "undo" },
  { keys: ["z"], mod: true, shift: true, does: say("Redo"), act: "redo" },
  { keys: ["y"], mod: true, hidden: true, does: say("Redo"), act: "redo" },
  { keys: ["Backspace"], mod: true, does: say("Clear (can be undone)"), act: "clear" },
  { keys: ["Enter"], mod: true, does: say("Hand it in"), act: "send" },
  { keys: ["Escape"], does: say("Take back the line under way; leave the whole screen"), act: "cancel" },
  { shown: ["Shift"], keys: [], does: say("While dragging: straight lines, squares, circles") },
  { shown: ["Arrows"], keys: [], does: say("On the sheet: move the crosshair (with Shift by a hair)") },
  { shown: ["Home", "End", "PgUp", "PgDn"], keys: [], does: say("On the sheet: to its left, right, upper, lower edge") },
  { shown: ["Space"], keys: [], does: say("On the sheet: pen down, pen up") },
];

// What a key press asks for: {tool}, {act} or {colour}, or null.
export function wish(event, single = true) {
  const mod = event.ctrlKey || event.metaKey, key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.altKey || (!mod && !single && key.length === 1)) return null;
  const found = KEYS.find((one) => one.keys.includes(key) && Boolean(one.mod) === mod && (!one.mod || Boolean(one.shift) === event.shiftKey));
  if (!found) return null;
  if (found.tool) return { tool: found.tool };
  if (found.act === "colour") return { colour: found.keys.indexOf(key) };
  return { act: found.act.split(" ")[found.keys.indexOf(key)] ?? found.act };
}

// Whether what has the focus wants the keys for itself.
export const isTyping = (element) => element?.closest?.("input:not([type=radio], [type=checkbox], [type=color]), textarea, select, dialog") != null;

// What stands on the keys where the page's language is spoken.
const NAMES = {
  Backspace: "⌫", Escape: say("Esc"), Ctrl: say("Ctrl"), Shift: say("Shift"), Enter: say("Enter"), Space: say("Space"),
  Arrows: say("Arrows"), Home: say("Home"), End: say("End"), PgUp: say("PgUp"), PgDn: say("PgDn"),
};

// The list for the dialog, as elements.
export function listKeys(document, mac = false) {
  const list = document.createElement("dl");
  for (const one of KEYS.filter(({ hidden }) => !hidden)) {
    const row = document.createElement("div"), keys = document.createElement("dt"), does = document.createElement("dd");
    const caps = [one.mod && (mac ? "⌘" : "Ctrl"), one.shift && "Shift", ...(one.shown ?? one.keys)].filter(Boolean);
    for (const cap of caps) {
      const key = document.createElement("kbd");
      key.textContent = NAMES[cap] ?? (cap.length === 1 ? cap.toUpperCase() : cap);
      keys.append(key, " ");
    }
    does.textContent = one.does;
    row.append(keys, does);
    list.append(row);
  }
  return list;
}
