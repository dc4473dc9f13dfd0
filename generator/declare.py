"""Settings declared once: a default, a rule that checks a value from JSON, and one sentence for readers."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

Rule = Callable[[object, str], Any]
Record = TypeVar("Record")


class SettingsError(ValueError):
    """A setting was refused; `pointer` says which one (`#/texts/0/weight`) and `detail` says what to do about it."""

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(f"{pointer}: {detail}")
        self.pointer = pointer
        self.detail = detail


def declared(about: str, rule: Rule) -> dict[str, Any]:
    """Returns field metadata: one sentence, and the rule that turns a JSON value into the field's value."""
    return {"about": about, "rule": rule}


def whole(low: int, high: int) -> Rule:
    """A rule for an integer from `low` to `high`, both included."""

    def check(value: object, pointer: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise SettingsError(pointer, f"must be a whole number from {low} to {high}")
        return value

    return check


def number(low: float, high: float) -> Rule:
    """A rule for a finite number from `low` to `high`, both included."""

    def check(value: object, pointer: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise SettingsError(pointer, f"must be a number from {low:g} to {high:g}")
        return float(value)

    return check


def optional(rule: Rule) -> Rule:
    """A rule that lets null pass and asks `rule` about anything else."""

    def check(value: object, pointer: str) -> Any:
        return None if value is None else rule(value, pointer)

    return check


def words(longest: int) -> Rule:
    """A rule for a string of 1 to `longest` characters that is not blank."""

    def check(value: object, pointer: str) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            raise SettingsError(pointer, f"must be a text of 1 to {longest} characters")
        return value

    return check


def one_of(choices: Sequence[str]) -> Rule:
    """A rule for one of a few names."""

    def check(value: object, pointer: str) -> str:
        if not isinstance(value, str) or value not in choices:
            raise SettingsError(pointer, "must be one of " + ", ".join(choices))
        return value

    return check


def colour(value: object, pointer: str) -> str:
    """A rule for a colour written `#rrggbb`; capitals become small letters."""
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise SettingsError(pointer, "must be a colour written #rrggbb")
    return value.lower()


def several(rule: Rule, low: int, high: int) -> Rule:
    """A rule for a list of `low` to `high` values that each obey `rule`; it becomes a tuple."""

    def check(value: object, pointer: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or not low <= len(value) <= high:
            raise SettingsError(pointer, f"must be a list of {low} to {high} values")
        return tuple(rule(item, f"{pointer}/{place}") for place, item in enumerate(value))

    return check


def together(*rules: Rule) -> Rule:
    """A rule for a list of as many values as there are rules, each obeying its own; it becomes a tuple."""

    def check(value: object, pointer: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or len(value) != len(rules):
            raise SettingsError(pointer, f"must be a list of {len(rules)} values")
        return tuple(
            rule(item, f"{pointer}/{place}") for place, (rule, item) in enumerate(zip(rules, value, strict=True))
        )

    return check


def record(kind: type[Record]) -> Rule:
    """A rule for a JSON object that describes a record of `kind`."""

    def check(value: object, pointer: str) -> Record:
        return read(kind, value, pointer)

    return check


def names(kind: type[Any]) -> list[str]:
    """Returns the names of a record's declared settings, in order."""
    return [field.name for field in dataclasses.fields(kind) if "rule" in field.metadata]


def members(value: object, pointer: str, known: Sequence[str]) -> Mapping[str, object]:
    """Returns `value` as a JSON object; raises SettingsError when it is none or has a key that is not `known`."""
    if not isinstance(value, Mapping):
        raise SettingsError(pointer, "must be an object")
    for key in value:
        if key not in known:
            raise SettingsError(f"{pointer}/{key}", "is not a setting here; known are " + ", ".join(known))
    return value


def read(kind: type[Record], value: object, pointer: str = "#", **undeclared: Any) -> Record:
    """Builds a record from a JSON object and its undeclared fields, defaults for the rest; raises SettingsError."""
    given = members(value, pointer, names(kind))
    checked: dict[str, Any] = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        here = f"{pointer}/{field.name}"
        if field.name in given:
            checked[field.name] = field.metadata["rule"](given[field.name], here)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise SettingsError(here, "is missing")
    try:
        return kind(**checked, **undeclared)
    except SettingsError as error:  # a record points from its own root
        raise SettingsError(pointer + error.pointer.removeprefix("#"), error.detail) from None


def plain(value: object) -> Any:
    """Returns a setting's value as JSON knows it: records become objects and tuples become lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in names(type(value))}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("JSON has no infinite numbers")
    return value
