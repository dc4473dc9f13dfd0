"""The best words by people against the best by machines, for one picture."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from game.extensions import db
from game.models import Caption, Entry
from game.rules import captions
from game.rules.captions import CaptionView
from game.rules.entries import row
from game.rules.ranking import VISIBLE


@dataclass(frozen=True)
class Duel:
    """The best caption of each side, None without one; `ahead` is human, ai or, closer than the judge's noise, tie, and
    None until both sides have one."""

    human: CaptionView | None
    ai: CaptionView | None
    ahead: str | None


def duel(entry_id: str) -> Duel:
    """Return the best of each side for a picture; raises Missing."""
    entry = row(entry_id)
    human, ai = _best(entry, Caption.guide.is_(None)), _best(entry, Caption.guide.is_not(None))
    views = {view.id: view for view in captions.views([best for best in (human, ai) if best is not None])}
    ahead = None
    if human is not None and ai is not None:
        lead = human.similarity - ai.similarity
        ahead = "tie" if abs(lead) <= entry.noise else ("human" if lead > 0 else "ai")
    return Duel(views.get(human.id) if human else None, views.get(ai.id) if ai else None, ahead)


def _best(entry: Entry, by: ColumnElement[bool]) -> Caption | None:
    board = (Caption.entry_id == entry.id, Caption.judge == entry.judge, Caption.state == VISIBLE)
    query = select(Caption).where(*board, by).order_by(Caption.similarity.desc(), Caption.id.desc()).limit(1)
    return db.session.scalar(query)
