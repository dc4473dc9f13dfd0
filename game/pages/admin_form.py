"""What the studio's form for runs says, read as a batch: prompts, kinds, settings, seeds."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from game import painting
from game.pages.presets import BY_KEY, PRESETS, Preset
from game.rules.batches import Draft
from game.rules.refusals import Invalid

# These have a field of their own above, or are no single value: those go into the field for JSON.
ELSEWHERE = ("texts", "images", "style", "losses", "dream", "prior", "start", "guides", "sizes", "views", "seed",
             "colours", "guide")  # fmt: skip
MOST_SEEDS = 1000


@dataclass(frozen=True)
class Field:
    """A setting in the form: its `id`, its name, one sentence, and its default as it would be written."""

    id: str
    name: str
    about: str
    default: str


@dataclass(frozen=True)
class Group:
    """Settings that stand together: those of a prior, or with None those of all."""

    prior: str | None
    fields: list[Field]


@dataclass(frozen=True)
class Mistake:
    """What is wrong, and the id of the field where it can be put right, if there is one."""

    detail: str
    field: str | None


def groups() -> list[Group]:
    """Return all settings that have one value, as the generator declares them: those of all priors first."""
    found: dict[str | None, list[Field]] = {}
    for row in painting.settings_table():
        if row["name"] not in ELSEWHERE:
            field = Field(field_id(row["prior"], row["name"]), row["name"], row["about"], _written(row["default"]))
            found.setdefault(row["prior"], []).append(field)
    return [Group(prior, fields) for prior, fields in found.items()]


def field_id(prior: str | None, name: str) -> str:
    """Return what a setting's field is called."""
    return f"set-{prior or 'all'}-{name}"


def kinds() -> tuple[Preset, ...]:
    """Return the presets."""
    return PRESETS


def draft(form: MultiDict[str, str], open_ids: Iterable[str]) -> Draft:
    """Return the batch that a form asks for; raises Invalid."""
    chosen = form.getlist("preset")
    prompt_ids = list(open_ids) if form.get("every") else form.getlist("prompt_id")
    return Draft(
        prompt_ids=prompt_ids,
        recipes=[recipe(BY_KEY[key], form) for key in chosen if key in BY_KEY],
        seeds=seeds(form),
        publish_when_done=form.get("publish") == "yes",
        priority=_whole(form, "priority", 5, "#/priority"),
        choice_s=_whole(form, "choice_s", 0, "#/choice_s"),
    )


def recipe(preset: Preset, form: MultiDict[str, str]) -> dict[str, Any]:
    """Return a kind's settings: the preset's, then what was filled in for all and for its prior, then the JSON."""
    filled = dict(preset.settings)
    for prior in (None, preset.prior):
        start = field_id(prior, "")
        for name, text in form.items():
            if name.startswith(start) and text.strip():
                filled[name.removeprefix(start)] = _read(text)
    if form.get("guide", "").strip():
        filled["guide"] = form["guide"].strip()
    if form.get("more", "").strip():
        try:
            more = json.loads(form["more"])
        except ValueError as error:
            raise Invalid([("#/more", f"The settings as JSON cannot be read: {error}.")]) from None
        if not isinstance(more, dict):
            raise Invalid([("#/more", "The settings as JSON are an object in braces.")])
        filled |= more
    if form.get("text", "").strip():
        filled["texts"] = painting.texts(form["text"])
    return filled


def seeds(form: MultiDict[str, str]) -> list[int]:
    """Return as many seeds as pictures are wanted of each, one after the other from the given one or one by lot."""
    count = _whole(form, "pictures", 1, "#/seeds")
    if not 1 <= count <= MOST_SEEDS:
        raise Invalid([("#/seeds", f"Ask for 1 to {MOST_SEEDS} pictures of each.")])
    first = _whole(form, "seed", secrets.randbelow(2**31), "#/seed")
    return list(range(first, first + count))


def mistakes(refusal: Invalid, form: MultiDict[str, str]) -> list[Mistake]:
    """Return what is wrong with a form, each with the field where it can be put right."""
    chosen = [key for key in form.getlist("preset") if key in BY_KEY]
    return [_mistake(each["pointer"], each["detail"], chosen) for each in refusal.errors]


FIELDS = {"#/prompt_ids": "prompts", "#/seeds": "pictures", "#/seed": "seed", "#/priority": "priority",
          "#/choice_s": "choice_s", "#/more": "more", "#/settings/texts": "text"}  # fmt: skip


def _mistake(pointer: str, detail: str, chosen: list[str]) -> Mistake:
    parts = pointer.split("/")
    if pointer in FIELDS or len(parts) < 4:
        return Mistake(detail, FIELDS.get(pointer))
    name, prior = parts[3], BY_KEY[chosen[int(parts[2])]].prior
    for group in groups():
        if group.prior in (None, prior) and any(field.name == name for field in group.fields):
            return Mistake(f"{name} {detail}", field_id(group.prior, name))
    own = {"texts": "text", "guide": "guide"}
    return Mistake(f"{name} {detail}" if name not in own else detail, own.get(name, "more"))


def _whole(form: MultiDict[str, str], name: str, otherwise: int, pointer: str) -> int:
    text = form.get(name, "").strip()
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise Invalid([(pointer, f'"{text}" is no whole number.')])
    return int(text)


def _read(text: str) -> Any:
    """A setting as it was written: a number, true, null, or else plain words."""
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()


def _written(default: Any) -> str:
    if default is None:
        return "none"
    return default if isinstance(default, str) else json.dumps(default)
