"""The reverse player's captions: one for each picture and judge, written by a worker, never in a request."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from game import judging
from game.extensions import db
from game.models import Caption, Entry
from game.rules import captions, players
from game.rules.embeddings import picture_of
from game.rules.entries import row
from game.rules.ranking import VISIBLE

NEXT = 16  # newest pictures of which one is taken by lot, so that several workers seldom take the same
PRIOR = "phrases"  # what keeps these captions plausible, and names the machine


def waiting(but: Collection[str] = ()) -> str | None:
    """Return some new visible picture that no machine has captioned for the judge that sits, None without one."""
    written = exists().where(Caption.entry_id == Entry.id, Caption.guide == Entry.judge)
    query = select(Entry.id).where(Entry.state == VISIBLE, Entry.judge == judging.spec(), ~written)
    query = query.where(Entry.id.not_in(but)).order_by(Entry.created_at.desc(), Entry.id).limit(NEXT)
    found = list(db.session.scalars(query))
    return secrets.choice(found) if found else None


def write(entry_id: str) -> bool:
    """Write the machine's caption for a picture and hang it; False if another worker was quicker.

    Nothing is kept before the judge has answered: after a failure the picture waits as before. Raises Missing,
    JudgeUnavailable, storage.ObjectMissing.
    """
    from game import painting

    entry = row(entry_id)
    picture, guide = picture_of(entry), entry.judge
    db.session.commit()  # the search takes seconds: no connection is held meanwhile
    found = painting.caption(picture, guide)
    caption = captions.judged(row(entry_id), found.text, players.machine(PRIOR))
    caption.guide, caption.tried = guide, found.tried
    db.session.add(caption)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return False
    return True
