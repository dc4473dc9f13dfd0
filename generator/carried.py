"""Settings from afar: their sender may not look at this machine's files, and hears at once of a broken picture."""

from __future__ import annotations

from collections.abc import Iterator

from generator import pictures
from generator.declare import SettingsError
from generator.settings import Settings
from generator.starts import CLOUDS

SEND = "send the picture itself, as a data: URI"


def check(settings: Settings) -> None:
    """Raises SettingsError where settings name a file, or carry a picture that cannot be read."""
    for source, pointer in _sources(settings):
        if not source.startswith("data:"):
            raise SettingsError(pointer, SEND)
        pictures.opened(source, pointer)


def _sources(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yields all that is named rather than carried or made, with its pointer."""
    begins = settings.start
    if isinstance(begins, str) and begins != "noise" and begins not in CLOUDS:
        yield begins, "#/start"
    for place, target in enumerate(settings.images):
        yield target.image, f"#/images/{place}/image"
