// The colours in the box. Chosen so that every two of them stay apart for people who see fewer colours, too (a test
// simulates three kinds); each has a name, so that nobody needs to see the colour to choose it.
export const PALETTE = [
  ["Paper", "#ffffff"], ["Ink", "#141414"], ["Slate", "#666a73"], ["Silver", "#b3afaf"],
  ["Cocoa", "#4c2612"], ["Clay", "#9c6a4a"], ["Sand", "#d1bb99"], ["Peach", "#ffe4ca"],
  ["Brick", "#960f00"], ["Tomato", "#ef3612"], ["Pink", "#ffa2d9"], ["Violet", "#7b3fa8"],
  ["Navy", "#1b2260"], ["Blue", "#2266dd"], ["Sky", "#8fd3ff"], ["Teal", "#2390a7"],
  ["Pine", "#0f4f2e"], ["Leaf", "#44b169"], ["Sunflower", "#ffd836"], ["Orange", "#ff8f0f"],
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
  return `Mixed ${PALETTE.reduce((a, c) => (far(c) < far(a) ? c : a)).name.toLowerCase()}`;
}
