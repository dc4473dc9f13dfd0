"""What every page about an entry offers to pass on: its short link and the films that can be made here."""

from __future__ import annotations

from dataclasses import dataclass

from game.rules import films, links
from game.rules.views import EntryView

EMBED_WIDE, EMBED_HIGH = 420, 640  # px


@dataclass(frozen=True)
class Offer:
    """`code` ends the entry's short link; `wide` and `high` are px of the frame it is embedded in."""

    code: str
    films: tuple[str, ...]
    wide: int = EMBED_WIDE
    high: int = EMBED_HIGH


def offer(entry: EntryView) -> Offer | None:
    """Return what there is to pass on of an entry; nothing of one that does not hang."""
    return Offer(links.code(entry.id), films.kinds()) if entry.state == "visible" else None
