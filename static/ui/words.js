// The words of the modules in the page's language. They are written in English; where the page speaks another language, a
// module of its own (game/pages/words.py) runs before all others and hands its words to `learn`, each under a mark of the
// English text, because the texts themselves would be half of it. In a text `{name}` stands for a value; numbers are
// written as the language does, always in Western digits.
const ORDER = ["zero", "one", "two", "few", "many", "other"];          // of plural forms, as catalogues have them

let known, language, rules, forms;

// What a text is known by, here and in game/pages/words.py: five digits of FNV-1a (isthe.com/chongo/tech/comp/fnv) in base 36.
export function mark(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return ((hash >>> 0) % 36 ** 5).toString(36);
}

// Speaks `tongue` from now on; `texts` gives translations by marks, a list of plural forms by that of the English plural.
export function learn(tongue, texts) {
  known = texts;
  language = `${tongue}-u-nu-latn`;
  rules = new Intl.PluralRules(tongue);
  forms = ORDER.filter((form) => rules.resolvedOptions().pluralCategories.includes(form));
}

learn("en-GB", {});

// A number as the page's language writes it, with so many digits after the point.
export const figure = (number, digits = 0) =>
  number.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });

// A text in the page's language; one without a translation stays English.
export const say = (text, values = {}) => filled(known[mark(text)] ?? text, values);

// As `say`, for `n` of something; `{n}` is the number.
export function several(one, many, n, values = {}) {
  const told = known[mark(many)]?.[forms.indexOf(rules.select(n))] ?? (n === 1 ? one : many);
  return filled(told, { n, ...values });
}

// Several words in a row: "mouse, pen and finger".
export const listed = (words) => new Intl.ListFormat(language, { type: "conjunction" }).format(words);

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name] ?? whole;
    return typeof value === "number" ? figure(value) : value;
  });
}
