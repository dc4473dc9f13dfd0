// The colours in the box. Chosen so that every two of them stay apart for people who see fewer colours, too (a test
// simulates three kinds); each has a name, so that nobody needs to see the colour to choose it.
import { say } from "../ui/words.js";

export const PALETTE = [
  [say("Paper"), "#ffffff"], [say("Ink"), "#141414"], [say("Slate"), "#666a73"], [say("Silver"), "#b3afaf"],
  [say("Cocoa"), "#4c2612"], [say("Clay"), "#9c6a4a"], [say("Sand"), "#d1bb99"], [say("Peach"), "#ffe4ca"],
  [say("Brick"), "#960f00"], [say("Tomato"), "#ef3612"], [say("Pink"), "#ffa2d9"], [say("Violet"), "#7b3fa8"],
  [say("Navy"), "#1b2260"], [say("Blue"), "#2266dd"], [say("Sky"), "#8fd3ff"], [say("Teal"), "#2390a7"],
  [say("Pine"), "#0f4f2e"], [say("Leaf"), "#44b169"], [say("Sunflower"), "#ffd836"], [say("Orange"), "#ff8f0f"],
].map(([name, hex]) => ({ name, hex }));

export const PAPER = 0;                  // the background: what the eraser leaves
export const INK = 1;

// A colour's name for people: its own, or that of the nearest one in the box.
export function colourName(hex) {
  const known = PALETTE.find((colour) => colour.hex === hex);
  if (known) return known.name;
  const parts = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  const [r, g, b] = parts(hex);
  const far = (colour) => parts(colour.hex).reduce((sum, value, i) => sum + (value - [r, g, b][i]) ** 2, 0);
  return say("{colour}, mixed", { colour: PALETTE.reduce((a, c) => (far(c) < far(a) ? c : a)).name });
}
