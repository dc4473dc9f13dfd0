// The keyboard shortcuts: one table that the page obeys and shows. Single letters can be switched off, because speech
// input and some screen readers type them (WCAG 2.1, 2.1.4).
export const KEYS = [
  { keys: ["b"], does: "Brush", tool: "brush" },
  { keys: ["e"], does: "Eraser", tool: "eraser" },
  { keys: ["f"], does: "Fill", tool: "fill" },
  { keys: ["l"], does: "Line", tool: "line" },
  { keys: ["r"], does: "Rectangle", tool: "rectangle" },
  { keys: ["o"], does: "Ellipse", tool: "ellipse" },
  { keys: ["i"], does: "Eyedropper", tool: "eyedropper" },
  { keys: ["[", "]"], does: "Thinner, thicker", act: "thinner thicker" },
  { keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"], shown: ["1", "…", "0"], does: "The first ten colours", act: "colour" },
  { keys: ["x"], does: "The colour before this one", act: "swap" },
  { keys: ["s"], does: "Smoothing on or off", act: "smooth" },
  { keys: ["+", "-"], does: "Closer, farther", act: "in out" },
  { keys: ["="], does: "The whole sheet", act: "whole" },
  { keys: ["m"], does: "The sheet mirrored, or as it is", act: "mirror" },
  { keys: ["v"], does: "The whole screen, or back", act: "screen" },
  { keys: ["j"], does: "The judge looks on, or not", act: "meter" },
  { keys: ["w"], does: "Say where the crosshair is and what is in hand", act: "where" },
  { keys: ["?"], does: "This list", act: "help" },
  { keys: ["z"], mod: true, does: "Undo", act: "undo" },
  { keys: ["z"], mod: true, shift: true, does: "Redo", act: "redo" },
  { keys: ["y"], mod: true, hidden: true, does: "Redo", act: "redo" },
  { keys: ["Backspace"], mod: true, does: "Clear (can be undone)", act: "clear" },
  { keys: ["Enter"], mod: true, does: "Hand it in", act: "send" },
  { keys: ["Escape"], does: "Take back the line under way; leave the whole screen", act: "cancel" },
  { shown: ["Shift"], keys: [], does: "While dragging: straight lines, squares, circles" },
  { shown: ["Arrows"], keys: [], does: "On the sheet: move the crosshair (with Shift by a hair)" },
  { shown: ["Home", "End", "PgUp", "PgDn"], keys: [], does: "On the sheet: to its left, right, upper, lower edge" },
  { shown: ["Space"], keys: [], does: "On the sheet: pen down, pen up" },
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

const NAMES = { Backspace: "⌫", Escape: "Esc" };

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
