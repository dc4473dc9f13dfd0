r"""One line for what a picture shall show: `a raccoon:1.5 | a tractor | blurry:-0.4 || 200 | a red tractor`.

- `|` stands between texts. A text may end in `:` and its weight, from -10 to 10; without one it weighs 1.
- `|| 200 |` ends what stands before it: from step 200 on, the texts after it count instead. Whatever shall go on
  counting is written again.
- `{oil}` puts a style's phrase there (`generator.presets`).
- The weight is what follows a text's last colon, if that is a number and nothing else. Times, ratios and addresses keep
  their colons: one straight after a digit (`at 12:30`, `16:9`) is part of the text unless a sign follows it, and so is
  one in a word with `://`. A blank before the colon makes it a weight there, too: `at 12:30 :2`.
- A backslash before `|`, `:`, `{` or `}` makes that a plain character. Anywhere else it is itself (`C:\cats`); a run of
  backslashes straight before one of the four is read in pairs, as Windows reads them before a quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator import presets
from generator.prompt_signs import SPECIAL, Part, PromptError, escaped, pieces, read, refuse
from generator.wanted import MAX_STEPS, Text

LONGEST = 1000
LONGEST_LINE = 64_000
HEAVIEST = 10

NUMBER = r"[+\-−]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
WEIGHTED = re.compile(rf"(.*):\s*({NUMBER})\s*", re.DOTALL)
WEIGHTED_TWICE = re.compile(rf".*[^0-9\s]\s*(:)\s*{NUMBER}:\s*{NUMBER}\s*", re.DOTALL)
WITH_COMMA = re.compile(r".*[^0-9]:\s*[+\-−]?[0-9]+(,)[0-9]+\s*", re.DOTALL)


@dataclass
class Going:
    """A text while the line is read: it goes on until a section leaves it out."""

    text: str
    weight: float
    from_step: int
    to_step: int | None = None


def parse(line: str) -> tuple[Text, ...]:
    """Returns the texts of a prompt line in the order of their first appearance; raises PromptError.

    A text that stands with the same weight in sections that follow one another is one text over all their steps.
    """
    going: list[Going] = []
    for step, texts in _sections(line):
        fresh = list(texts)
        for text in (text for text in going if text.to_step is None):
            if (text.text, text.weight) in fresh:
                fresh.remove((text.text, text.weight))
            else:
                text.to_step = step
        going += [Going(text, weight, step) for text, weight in fresh]
    return tuple(Text(text.text, text.weight, text.from_step, text.to_step) for text in going)


def write(texts: Sequence[Text]) -> str:
    """Returns a line that `parse` reads as these texts, but for blanks around them; a text may be split in time.

    Raises ValueError where no text counts at some step, which a line cannot say.
    """
    borders = {0} | {border for text in texts for border in (text.from_step, text.to_step) if border is not None}
    line = ""
    for step in sorted(borders):
        counting = [_written(text.text.strip(), text.weight) for text in texts if text.counts_at(step)]
        if not counting:
            raise ValueError(f"no text counts at step {step}: a prompt line has texts for every step")
        line += (f" || {step} | " if step else "") + " | ".join(counting)
    return line


def _written(text: str, weight: float) -> str:
    """Returns a text and its weight with as little escaped as reads back to the same."""
    number = "" if weight == 1 else f":{Decimal(repr(float(weight))):f}"
    lightly, wholly = escaped(text, "|{}"), escaped(text, SPECIAL)
    for tried in (lightly + number, f"{lightly} {number}", wholly + number, f"{wholly} {number}"):
        try:
            if list(_sections(tried)) == [(0, [(text, float(weight))])]:
                return tried
        except PromptError:
            continue
    raise ValueError(f"{text[:60]!r} with the weight {weight} is no text for a prompt line")


def _sections(line: str) -> Iterator[tuple[int, list[tuple[str, float]]]]:
    """Yields each section's first step and its texts with their weights."""
    if not line.strip():
        raise PromptError("write what the picture shall show", line, 0)
    if len(line) > LONGEST_LINE:
        raise PromptError(f"a line has at most {LONGEST_LINE} characters", line, LONGEST_LINE)
    step = 0
    texts: list[tuple[str, float]] = []
    for before, part, after in pieces(read(line)):
        if before == "||":
            yield step, texts
            step, texts = _step(line, part, after, step), []
        else:
            texts.append(_text(line, part))
    yield step, texts


def _step(line: str, part: Part, after: str, last: int) -> int:
    """Reads the step of a section that begins."""
    number = part.signs.strip()
    here = part.places[len(part.shape) - len(part.shape.lstrip())]
    if after != "|" or not re.fullmatch(r"[0-9]+", number):
        raise PromptError("after || comes a step, then | and what counts from there on: || 200 | a cat", line, here)
    if not last < int(number) <= MAX_STEPS:
        raise PromptError(f"this step must be from {last + 1} to {MAX_STEPS}", line, here)
    return int(number)


def _text(line: str, part: Part) -> tuple[str, float]:
    """Reads a text and its weight."""
    words, weight = part, 1.0
    found = WEIGHTED.fullmatch(part.shape)
    if found and not _keeps_its_colon(found[1], found[2]):
        words = part.cut(0, found.end(1))
        weight = float(found[2].replace("−", "-"))
        if abs(weight) > HEAVIEST:
            detail = f"a weight is from -{HEAVIEST} to {HEAVIEST}; write \\: if it is no weight"
            refuse(detail, line, part, found.start(2))
    _check_weight(line, part)
    if not words.signs.strip():
        refuse("a text is missing here", line, part, 0)
    text = _styled(line, words).strip()
    if len(text) > LONGEST:
        refuse(f"a text has at most {LONGEST} characters", line, part, 0)
    return text, weight


def _keeps_its_colon(before: str, number: str) -> bool:
    """Is the colon between these part of a time, a ratio or an address?"""
    return (before[-1:] in tuple("0123456789") and number[0] not in "+-−") or _is_address(before)


def _is_address(before: str) -> bool:
    return "://" in before.rsplit(None, 1)[-1] if before[-1:].strip() else False


def _check_weight(line: str, part: Part) -> None:
    """Refuses what looks like a weight and would be taken for words."""
    last = part.shape.split()[-1:] or [""]
    if "://" in last[0]:
        return
    twice, comma = WEIGHTED_TWICE.fullmatch(part.shape), WITH_COMMA.fullmatch(part.shape)
    if twice:
        refuse("a text has one weight and no stop; write \\: for a plain colon", line, part, twice.start(1))
    if comma:
        refuse("write a weight with a point, as 1.5; write \\: if it is no weight", line, part, comma.start(1))


def _styled(line: str, part: Part) -> str:
    """Returns the words with the phrases of the styles that stand in braces."""
    text, done = "", 0
    for found in re.finditer(r"\{([^{}]*)\}|[{}]", part.shape):
        if found[1] is None:
            refuse("a style stands in braces, as {oil}; write \\{ or \\} for a plain one", line, part, found.start())
        phrase = presets.PRESETS.get(presets.key(found[1]))
        if phrase is None:
            near = ", ".join(presets.near(found[1]))
            refuse(f"there is no style {found[1].strip()!r}; there is {near}", line, part, found.start())
        text += part.signs[done : found.start()]
        text = presets.with_style(text, phrase) if text.strip() else phrase
        done = found.end()
    return text + part.signs[done:]
