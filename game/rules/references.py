"""Entries that a run's settings name by `{"entry_id": ...}`: to begin from, or to come near to, or to keep away from.

The settings keep the name, which is short and says where a picture came from; the generator, which knows no entries, is
given what hangs there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, TypeGuard

from game import storage
from game.models import Entry
from game.rules import entries
from game.rules.refusals import Invalid, Missing

NAMED = {"entry_id"}


def is_entry(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Return whether a setting's value names an entry."""
    return isinstance(value, Mapping) and "entry_id" in value


def filled(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings with the entries' drawings and pictures in the place of their names.

    Strokes begin from a drawing's own strokes, everything else from the picture. Raises Invalid where no such entry
    hangs.
    """
    full = dict(settings)
    begins, images = full.get("start"), full.get("images")
    if is_entry(begins):
        entry = _hanging(begins, "#/settings/start")
        as_strokes = entry.drawing is not None and full.get("prior", "strokes") == "strokes"
        full["start"] = json.loads(entries.drawing_json(entry)) if as_strokes else _picture(entry)
    if isinstance(images, (list, tuple)):
        full["images"] = [_target(image, f"#/settings/images/{place}") for place, image in enumerate(images)]
    return full


def named(full: dict[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings that `filled` made of `settings`, since completed, with the entries' names put back."""
    if is_entry(settings.get("start")):
        full = {**full, "start": dict(settings["start"])}
    images = []
    for target, given in zip(full.get("images", []), settings.get("images") or [], strict=True):
        left = {name: value for name, value in target.items() if name != "image"}
        images.append({**left, "entry_id": given["entry_id"]} if is_entry(given) else target)
    return {**full, "images": images}


def _target(image: object, pointer: str) -> object:
    if not is_entry(image):
        return image
    if "image" in image:
        raise Invalid([(pointer, "Name an entry or send a picture, not both.")])
    rest = {name: value for name, value in image.items() if name not in NAMED}
    return {**rest, "image": _picture(_hanging(image, pointer))}


def _hanging(value: Mapping[str, Any], pointer: str) -> Entry:
    try:
        return entries.require_seen(entries.row(str(value["entry_id"])), None)
    except Missing:
        raise Invalid([(f"{pointer}/entry_id", "No entry with this id hangs on a board.")]) from None


def _picture(entry: Entry) -> str:
    return "data:image/png;base64," + base64.b64encode(storage.get(entry.picture)).decode()
