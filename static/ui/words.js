// The words of the modules, which are written in English, in the page's language. Where that is another one, a module of its
// own (game/pages/words.py) runs first and hands them to `learn`. `{name}` in a text stands for a value.
const ORDER = ["zero", "one", "two", "few", "many", "other"];          // of forms, as in catalogues

let known, language, rules, forms;

// What a text is known by, because texts are long: five digits of its FNV-1a (Fowler, Noll, Vo) in base 36.
export function mark(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return ((hash >>> 0) % 36 ** 5).toString(36);
}

// Speaks `tongue` from now on; `texts` gives translations by marks, all forms of one by the mark of the English plural.
export function learn(tongue, texts) {
  known = texts;
  language = `${tongue}-u-nu-latn`;
  rules = new Intl.PluralRules(tongue);
  forms = ORDER.filter((form) => rules.resolvedOptions().pluralCategories.includes(form));
}

learn("en-GB", {});

// A number with so many digits after the point, always Western ones.
export const figure = (number, digits = 0) =>
  number.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const say = (text, values = {}) => filled(known[mark(text)] ?? text, values);

// As `say`, for `n` of something.
export function several(one, many, n, values = {}) {
  const told = known[mark(many)]?.[forms.indexOf(rules.select(n))] ?? (n === 1 ? one : many);
  return filled(told, { n, ...values });
}

// "mouse, pen and finger"
export const listed = (words) => new Intl.ListFormat(language, { type: "conjunction" }).format(words);

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name] ?? whole;
    return typeof value === "number" ? figure(value) : value;
  });
}
