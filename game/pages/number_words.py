"""What the numbers say, in the jury's words; and which columns their tables have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from game.pages.formats import cosine, count, percent, several
from game.rules.climbs import Climb
from game.rules.contests import Contest
from game.rules.elections import Election
from game.rules.recipes import Option

JUDGES = {"main": "the judge", "second": "the second judge"}
ELECTIONS = {"pairs": "votes between the two", "best": "the best of each side"}

# Of each table: name of the value, heading, and how the value is shown.
Columns = tuple[tuple[str, str, str], ...]
SHARES: Columns = (
    ("human_share", "People won", "share"),
    ("ai_share", "Machines won", "share"),
    ("tie_share", "Ties", "share"),
)
GAP: Columns = (("gap", "Machines’ lead", "signed"), ("gap_low", "from", "signed"), ("gap_high", "to", "signed"))
CONTESTS: Columns = (
    ("by", "By", "judge"),
    ("penalties", "Penalties", "word"),
    ("prompts", "Prompts", "count"),
    ("best_human", "Best person", "cosine"),
    ("best_ai", "Best machine", "cosine"),
    ("best_overall", "Best overall", "cosine"),
    *GAP,
    *SHARES,
)
ELECTED: Columns = (
    ("by", "Counted by", "election"),
    ("prompts", "Prompts", "count"),
    ("votes", "Votes", "count"),
    *GAP,
    *SHARES,
)
PROMPTS: Columns = (
    ("prompt", "Prompt", "prompt"),
    ("human_entries", "By people", "count"),
    ("ai_entries", "By machines", "count"),
    ("best_human", "Best person", "cosine"),
    ("best_ai", "Best machine", "cosine"),
    ("best_human_raw", "Without penalties", "cosine"),
    ("best_ai_raw", "Without penalties", "cosine"),
    ("gap", "Machines’ lead", "signed"),
    ("winner", "Won by", "winner"),
)
CLIMBS: Columns = (
    ("prior", "Prior", "word"),
    ("guide", "Guide", "word"),
    ("step", "Step", "count"),
    ("runs", "Runs", "count"),
    ("similarity", "Similarity", "cosine"),
    ("low", "from", "cosine"),
    ("high", "to", "cosine"),
)
OPTIONS: Columns = (
    ("option", "", "word"),
    ("pictures", "Pictures", "count"),
    ("prompts", "Prompts", "count"),
    ("similarity", "Similarity", "cosine"),
    ("percentile", "Percentile", "percent"),
    ("ahead", "Ahead by", "signed"),
    ("ahead_low", "from", "signed"),
    ("ahead_high", "to", "signed"),
    ("compared", "Prompts compared", "count"),
)
WINNERS = {"human": "people", "ai": "machines", "tie": "nobody"}


def shown(value: Any, how: str) -> str:
    """A value of a table in its column's way; what is not known is a dash."""
    if value is None:
        return "–"
    if how == "share":
        return f"{value:.0f} %"
    if how == "signed":
        return ("+" if value > 0 else "") + cosine(value)
    named = {"judge": JUDGES, "election": ELECTIONS, "winner": WINNERS}.get(how)
    if named is not None:
        return named[value]
    return {"count": count, "cosine": cosine, "percent": percent}.get(how, str)(value)


def is_number(how: str) -> bool:
    """Does a column stand at the end of its line?"""
    return how in ("share", "signed", "count", "cosine", "percent")


def contest(found: Contest, enough: int) -> str:
    """Who is ahead by a judge, in a sentence or two."""
    if not found.prompts:
        return (
            f"Nobody knows yet. A prompt counts once it has {enough} entries, one of them by a person and one by a"
            " machine, and none has."
        )
    lead, on = abs(found.gap or 0.0), several(found.prompts, "prompt", "prompts")
    if found.gap_low is None or found.gap_high is None:
        who = "Machines" if (found.gap or 0.0) > 0 else "People"
        return f"{who} are ahead by {cosine(lead)} on {on}, which is too few to mean it."
    if found.gap_low > 0:
        return f"Machines. Their best beats the best person by {cosine(lead)} on average, over {on}."
    if found.gap_high < 0:
        return f"People. Their best beats the best machine by {cosine(lead)} on average, over {on}."
    return f"Too close to call: over {on} the lead could be either side’s."


def election(found: Election) -> str:
    """Whom people prefer, in a sentence."""
    if not found.prompts:
        return "People have not voted enough to say."
    on = several(found.prompts, "prompt", "prompts")
    if found.gap_low is None or found.gap_high is None:
        return f"People have voted on {on}, which is too few to mean it."
    if found.gap_low > 0:
        return f"People, asked blindly, prefer the machines over {on}."
    if found.gap_high < 0:
        return f"People, asked blindly, prefer people over {on}."
    return f"People, asked blindly, cannot decide over {on}."


def climbing(climbs: Sequence[Climb]) -> str:
    """How much the line with the most runs gains in its first and in its second half, in a sentence."""
    line = [climb for climb in climbs if (climb.prior, climb.guide) == (climbs[0].prior, climbs[0].guide)]
    first, last = line[0], line[-1]
    middle = min(line, key=lambda climb: abs(climb.step - last.step / 2))
    gained = last.similarity - first.similarity
    whole = f"From {cosine(first.similarity)} at step {first.step} to {cosine(last.similarity)} at {count(last.step)}"
    if gained <= 0 or middle in (first, last):
        return f"{whole}, for {first.prior}."
    part = round(100 * (middle.similarity - first.similarity) / gained)
    return f"{whole}, for {first.prior}; {part} % of that by step {count(middle.step)}."


def best(options: Sequence[Option]) -> str:
    """Which option does best, in a sentence."""
    if not options:
        return "No machine has a picture on a wall yet."
    if len(options) == 1:
        return f"Only one has been tried: {options[0].option}. It has nobody to beat."
    met = [option for option in options if option.ahead is not None]
    if not met:
        return "No prompt has seen two of them, so nobody can say."
    first = met[0]
    on = several(first.compared, "prompt", "prompts")
    if first.ahead_low is None:
        return f"{first.option}, perhaps: it met the others on {on}, which is too few to mean it."
    if first.ahead_low > 0:
        return f"{first.option}: ahead of the others by {cosine(first.ahead or 0.0)} on average, over {on}."
    return f"Too close to call: {first.option} leads, but not clearly, over {on}."
