"""What the numbers say, in the jury's words; and which columns their tables have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import lazy_gettext

from game.pages.formats import cosine, count, percent, share
from game.rules.climbs import Climb
from game.rules.contests import Contest
from game.rules.elections import Election
from game.rules.recipes import Option
from game.sayings import say, several

JUDGES = {"main": lazy_gettext("the judge"), "second": lazy_gettext("the second judge")}
ELECTIONS = {"pairs": lazy_gettext("votes between the two"), "best": lazy_gettext("the best of each side")}

# Of each table: name of the value, heading, and how the value is shown.
Columns = tuple[tuple[str, Any, str], ...]
SHARES: Columns = (
    ("human_share", lazy_gettext("People won"), "share"),
    ("ai_share", lazy_gettext("Machines won"), "share"),
    ("tie_share", lazy_gettext("Ties"), "share"),
)
GAP: Columns = (
    ("gap", lazy_gettext("Machines’ lead"), "signed"),
    ("gap_low", lazy_gettext("from"), "signed"),
    ("gap_high", lazy_gettext("to"), "signed"),
)
CONTESTS: Columns = (
    ("by", lazy_gettext("By"), "judge"),
    ("penalties", lazy_gettext("Penalties"), "penalties"),
    ("prompts", lazy_gettext("Prompts"), "count"),
    ("best_human", lazy_gettext("Best person"), "cosine"),
    ("best_ai", lazy_gettext("Best machine"), "cosine"),
    ("best_overall", lazy_gettext("Best overall"), "cosine"),
    *GAP,
    *SHARES,
)
ELECTED: Columns = (
    ("by", lazy_gettext("Counted by"), "election"),
    ("prompts", lazy_gettext("Prompts"), "count"),
    ("votes", lazy_gettext("Votes"), "count"),
    *GAP,
    *SHARES,
)
PROMPTS: Columns = (
    ("prompt", lazy_gettext("Prompt"), "prompt"),
    ("human_entries", lazy_gettext("By people"), "count"),
    ("ai_entries", lazy_gettext("By machines"), "count"),
    ("best_human", lazy_gettext("Best person"), "cosine"),
    ("best_ai", lazy_gettext("Best machine"), "cosine"),
    ("best_human_raw", lazy_gettext("Without penalties"), "cosine"),
    ("best_ai_raw", lazy_gettext("Without penalties"), "cosine"),
    ("gap", lazy_gettext("Machines’ lead"), "signed"),
    ("winner", lazy_gettext("Won by"), "winner"),
)
CLIMBS: Columns = (
    ("prior", lazy_gettext("Prior"), "word"),
    ("guide", lazy_gettext("Guide"), "word"),
    ("step", lazy_gettext("Step"), "count"),
    ("runs", lazy_gettext("Runs"), "count"),
    ("similarity", lazy_gettext("Similarity"), "cosine"),
    ("low", lazy_gettext("from"), "cosine"),
    ("high", lazy_gettext("to"), "cosine"),
)
OPTIONS: Columns = (
    ("option", "", "option"),
    ("pictures", lazy_gettext("Pictures"), "count"),
    ("prompts", lazy_gettext("Prompts"), "count"),
    ("similarity", lazy_gettext("Similarity"), "cosine"),
    ("percentile", lazy_gettext("Percentile"), "percent"),
    ("ahead", lazy_gettext("Ahead by"), "signed"),
    ("ahead_low", lazy_gettext("from"), "signed"),
    ("ahead_high", lazy_gettext("to"), "signed"),
    ("compared", lazy_gettext("Prompts compared"), "count"),
)
WINNERS = {"human": lazy_gettext("people"), "ai": lazy_gettext("machines"), "tie": lazy_gettext("nobody")}
PENALTIES = {"with": lazy_gettext("with"), "without": lazy_gettext("without")}
# What a machine's picture may begin as; whatever else stands there is a name or a number.
BEGINNINGS = {
    "noise": lazy_gettext("noise"),
    "gradient": lazy_gettext("gradient"),
    "a drawing": lazy_gettext("a drawing"),
    "a picture": lazy_gettext("a picture"),
}


def shown(value: Any, how: str) -> str:
    """A value of a table in its column's way; what is not known is a dash."""
    if value is None:
        return "–"
    if how == "signed":
        return ("+" if value > 0 else "") + cosine(value)
    named = {"judge": JUDGES, "election": ELECTIONS, "winner": WINNERS, "penalties": PENALTIES}.get(how)
    if named is not None:
        return str(named[value])
    way: Callable[[Any], str] = WAYS.get(how, str)
    return way(value)


def is_number(how: str) -> bool:
    """Does a column stand at the end of its line?"""
    return how in ("share", "signed", "count", "cosine", "percent")


def option(name: str) -> str:
    """An answer to one of the questions about recipes."""
    return str(BEGINNINGS.get(name, name))


WAYS: dict[str, Callable[[Any], str]] = {
    "count": count,
    "cosine": cosine,
    "percent": percent,
    "share": share,
    "option": option,
}


def counted_by(found: Contest) -> str:
    """By which judge a contest is counted, and whether penalties are."""
    if found.penalties == "with":
        return say("%(judge)s, with penalties", judge=JUDGES[found.by])
    return say("%(judge)s, without penalties", judge=JUDGES[found.by])


def contest(found: Contest, enough: int) -> str:
    """Who is ahead by a judge, in a sentence or two."""
    if not found.prompts:
        return several(
            "Nobody knows yet. A prompt counts once it has %(num)s entry, one of them by a person and one by a "
            "machine, and none has.",
            "Nobody knows yet. A prompt counts once it has %(num)s entries, one of them by a person and one by a "
            "machine, and none has.",
            enough,
        )
    lead, on = cosine(abs(found.gap or 0.0)), found.prompts
    if found.gap_low is None or found.gap_high is None:
        return _few_contests((found.gap or 0.0) > 0, lead, on)
    if found.gap_low > 0:
        return several(
            "Machines. Their best beats the best person by %(lead)s on average, over %(num)s prompt.",
            "Machines. Their best beats the best person by %(lead)s on average, over %(num)s prompts.",
            on,
            lead=lead,
        )
    if found.gap_high < 0:
        return several(
            "People. Their best beats the best machine by %(lead)s on average, over %(num)s prompt.",
            "People. Their best beats the best machine by %(lead)s on average, over %(num)s prompts.",
            on,
            lead=lead,
        )
    return several(
        "Too close to call: over %(num)s prompt the lead could be either side’s.",
        "Too close to call: over %(num)s prompts the lead could be either side’s.",
        on,
    )


def _few_contests(machines_lead: bool, lead: str, on: int) -> str:
    if machines_lead:
        return several(
            "Machines are ahead by %(lead)s on %(num)s prompt, which is too few to mean it.",
            "Machines are ahead by %(lead)s on %(num)s prompts, which is too few to mean it.",
            on,
            lead=lead,
        )
    return several(
        "People are ahead by %(lead)s on %(num)s prompt, which is too few to mean it.",
        "People are ahead by %(lead)s on %(num)s prompts, which is too few to mean it.",
        on,
        lead=lead,
    )


def election(found: Election) -> str:
    """Whom people prefer, in a sentence."""
    on = found.prompts
    if not on:
        return say("People have not voted enough to say.")
    if found.gap_low is None or found.gap_high is None:
        return several(
            "People have voted on %(num)s prompt, which is too few to mean it.",
            "People have voted on %(num)s prompts, which is too few to mean it.",
            on,
        )
    if found.gap_low > 0:
        return several(
            "People, asked blindly, prefer the machines over %(num)s prompt.",
            "People, asked blindly, prefer the machines over %(num)s prompts.",
            on,
        )
    if found.gap_high < 0:
        return several(
            "People, asked blindly, prefer people over %(num)s prompt.",
            "People, asked blindly, prefer people over %(num)s prompts.",
            on,
        )
    return several(
        "People, asked blindly, cannot decide over %(num)s prompt.",
        "People, asked blindly, cannot decide over %(num)s prompts.",
        on,
    )


def climbing(climbs: Sequence[Climb]) -> str:
    """How much the line with the most runs gains in its first and in its second half, in a sentence."""
    line = [climb for climb in climbs if (climb.prior, climb.guide) == (climbs[0].prior, climbs[0].guide)]
    first, last = line[0], line[-1]
    middle = min(line, key=lambda climb: abs(climb.step - last.step / 2))
    gained = last.similarity - first.similarity
    ends = {
        "low": cosine(first.similarity),
        "first": count(first.step),
        "high": cosine(last.similarity),
        "last": count(last.step),
        "prior": first.prior,
    }
    if gained <= 0 or middle in (first, last):
        return say("From %(low)s at step %(first)s to %(high)s at %(last)s, for %(prior)s.", **ends)
    part = share(100 * (middle.similarity - first.similarity) / gained)
    return say(
        "From %(low)s at step %(first)s to %(high)s at %(last)s, for %(prior)s; %(part)s of that by step %(middle)s.",
        **ends,
        part=part,
        middle=count(middle.step),
    )


def best(options: Sequence[Option]) -> str:
    """Which option does best, in a sentence."""
    if not options:
        return say("No machine has a picture on a wall yet.")
    if len(options) == 1:
        return say("Only one has been tried: %(option)s. It has nobody to beat.", option=option(options[0].option))
    met = [one for one in options if one.ahead is not None]
    if not met:
        return say("No prompt has seen two of them, so nobody can say.")
    first, name = met[0], option(met[0].option)
    if first.ahead_low is None:
        told = several(
            "%(option)s, perhaps: it met the others on %(num)s prompt, which is too few to mean it.",
            "%(option)s, perhaps: it met the others on %(num)s prompts, which is too few to mean it.",
            first.compared,
            option=name,
        )
    elif first.ahead_low > 0:
        told = several(
            "%(option)s: ahead of the others by %(lead)s on average, over %(num)s prompt.",
            "%(option)s: ahead of the others by %(lead)s on average, over %(num)s prompts.",
            first.compared,
            option=name,
            lead=cosine(first.ahead or 0.0),
        )
    else:
        told = several(
            "Too close to call: %(option)s leads, but not clearly, over %(num)s prompt.",
            "Too close to call: %(option)s leads, but not clearly, over %(num)s prompts.",
            first.compared,
            option=name,
        )
    return told
