"""Bans: who may look but not write for a while, by player, by a range of addresses, or from where a player came.

Every ban has an end. With it goes the range that it was for.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from game.extensions import db
from game.models import Ban, Player
from game.rules import players, traces
from game.rules.pages import Page, descending
from game.rules.refusals import Conflict, Forbidden, Invalid, Missing
from game.sayings import moment, say
from game.tables import now

MOST_DAYS = 366
LONGEST = 300  # characters of a reason
WIDEST = {4: 8, 6: 19}  # bits: what is wider is half the internet


class Banned(Forbidden):
    """Whoever asks is banned; the message says why and until when."""


@dataclass(frozen=True)
class BanView:
    """A ban: of whom or what, why, since and until when."""

    id: str
    player_id: str | None
    name: str | None
    network: str | None
    by_mark: bool
    reason: str
    created_at: datetime
    over_at: datetime
    running: bool


def ban_player(player_id: str, reason: str, days: int, by: Player, and_range: bool = False) -> None:
    """Ban a player and, with `and_range`, where they have written from within a week. Raises Missing, Invalid."""
    player = players.get(player_id)
    if player.keeps_order or player.kind == "ai":
        raise Conflict("Those who keep order, and machines, are not banned. Close the account instead.")
    values = _checked(reason, days, by)
    db.session.add(Ban(player_id=player.id, **values))
    if and_range:
        db.session.add_all(Ban(mark=mark, **values) for mark in traces.of(player.id))
    db.session.commit()


def ban_network(written: str, reason: str, days: int, by: Player) -> None:
    """Ban a range of addresses, written as 203.0.113.0/24 or as one address. Raises Invalid."""
    try:
        network = ipaddress.ip_network(written.strip(), strict=False)
    except ValueError:
        raise Invalid([("#/network", "A range is written as 203.0.113.0/24 or 2001:db8::/56.")]) from None
    if network.prefixlen < WIDEST[network.version]:
        raise Invalid([("#/network", f"{network} is too wide: it would shut out a good part of the world.")])
    db.session.add(Ban(network=str(network), **_checked(reason, days, by)))
    db.session.commit()


def lift(ban_id: str) -> None:
    """End a ban now; raises Missing."""
    found = db.session.get(Ban, ban_id)
    if found is None:
        raise Missing(say("There is no such ban."))
    found.over_at = now()
    found.network = found.mark = None
    db.session.commit()


def require_free(player_id: str | None, address: str) -> None:
    """Let only those write who are not banned; raises Banned."""
    running = db.session.scalars(select(Ban).where(Ban.over_at > now()).order_by(Ban.over_at.desc()))
    found = [ban for ban in running if _is_about(ban, player_id, address)]
    if found:
        raise Banned(
            say(
                "You may look at everything, but not add to it until %(until)s UTC. The reason: %(reason)s What you "
                "had entered is kept; your page can still export and delete it.",
                until=moment(found[0].over_at),
                reason=found[0].reason,
            )
        )


def _is_about(ban: Ban, player_id: str | None, address: str) -> bool:
    if ban.player_id is not None:
        return ban.player_id == player_id
    if ban.mark is not None:
        return ban.mark == traces.mark(address)
    try:
        return ban.network is not None and traces.parsed(address) in ipaddress.ip_network(ban.network)
    except ValueError:
        return False


def listing(cursor: str | None, limit: int) -> Page[BanView]:
    """Return a page of all bans, the latest first."""
    return descending(select(Ban), (Ban.created_at, Ban.id), cursor, limit).map(_views)


def _views(rows: Sequence[Ban]) -> list[BanView]:
    ids = [row.player_id for row in rows if row.player_id is not None]
    names = {player.id: player.name for player in db.session.scalars(select(Player).where(Player.id.in_(ids)))}
    return [
        BanView(
            row.id,
            row.player_id,
            names.get(row.player_id or ""),
            row.network,
            row.mark is not None,
            row.reason,
            row.created_at,
            row.over_at,
            row.over_at > now(),
        )
        for row in rows
    ]


def forget() -> None:
    """Forget the ranges of bans that are over, and where players came from a week ago."""
    over = (Ban.over_at <= now(), Ban.network.is_not(None) | Ban.mark.is_not(None))
    db.session.execute(update(Ban).where(*over).values(network=None, mark=None))
    traces.forget()
    db.session.commit()


def _checked(reason: str, days: int, by: Player) -> dict[str, object]:
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST:
        raise Invalid(
            [("#/reason", f"A ban needs a reason of at most {LONGEST} characters; whom it is about reads it.")]
        )
    if not 1 <= days <= MOST_DAYS:
        raise Invalid([("#/days", f"A ban lasts 1 to {MOST_DAYS} days.")])
    return {"reason": reason, "made_by": by.id, "over_at": now() + timedelta(days=days)}
