"""The way of a player to another device: a link, used once, and what the other device had entered comes along."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import aliased

from game.extensions import db
from game.models import Caption, ClaimLink, Entry, Player
from game.pending import Pending
from game.rules.players import digest
from game.rules.refusals import Forbidden
from game.sayings import say
from game.tables import now

LASTS = timedelta(hours=1)


def link(player: Player) -> str:
    """Make a link by which a player goes on elsewhere, once and within an hour, and return its path."""
    if player.keeps_order:
        raise Forbidden(say("Who keeps order signs in with a password, on every device."))
    key = secrets.token_urlsafe(24)
    db.session.add(ClaimLink(hash=digest(key), player_id=player.id, expires_at=now() + LASTS))
    db.session.commit()
    return f"/you/here?key={key}"


def whose(key: str) -> Player | None:
    """Return whose link this is while it is good, without using it up."""
    query = select(Player).join(ClaimLink, ClaimLink.player_id == Player.id)
    return db.session.scalar(query.where(ClaimLink.hash == digest(key), *_is_good()))


def use(key: str, visitor: Player | None) -> Player | None:
    """Use a link up and return its player, who takes over what the visitor had entered; None once it is over."""
    used = update(ClaimLink).where(ClaimLink.hash == digest(key), *_is_good()).values(used_at=now())
    player_id = db.session.scalar(used.returning(ClaimLink.player_id))
    if player_id is None:
        db.session.rollback()
        return None
    player = db.session.get_one(Player, player_id)
    if visitor is not None and visitor.id != player_id and not visitor.keeps_order:
        _take_over(visitor, player)
    db.session.commit()
    return player


def _take_over(visitor: Player, player: Player) -> None:
    """Pictures go over, and captions of pictures that the player has not captioned; what is a vote stays a vote."""
    for model in (Entry, Pending):
        db.session.execute(update(model).where(model.player_id == visitor.id).values(player_id=player.id))
    theirs = aliased(Caption)
    clash = exists().where(theirs.player_id == player.id, theirs.entry_id == Caption.entry_id)
    free = [row.id for row in db.session.scalars(select(Caption).where(Caption.player_id == visitor.id, ~clash))]
    db.session.execute(update(Caption).where(Caption.id.in_(free)).values(player_id=player.id))
    if player.name is None:
        player.name = visitor.name


def _is_good() -> tuple[ColumnElement[bool], ...]:
    return ClaimLink.used_at.is_(None), ClaimLink.expires_at > now()
