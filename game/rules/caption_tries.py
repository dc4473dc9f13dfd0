"""Three tries at putting a picture into words; what was asked for is told once they are used up or given up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, update

from game.extensions import db
from game.models import Caption, Entry, Player
from game.rules.refusals import Conflict
from game.sayings import say
from game.tables import now

MOST = 3


@dataclass(frozen=True)
class Tries:
    """How often a player has captioned a picture and may still; `told`: they may know what was asked for."""

    made: int
    left: int
    told: bool


def of(entry: Entry, player: Player | None) -> Tries:
    """Return a player's tries at a picture; who drew it knows what was asked for, and so does who has none left."""
    if player is None:
        return Tries(0, MOST, False)
    mine = (Caption.player_id == player.id, Caption.entry_id == entry.id)
    query = select(func.count(), func.count(Caption.revealed_at)).where(*mine)
    made, revealed = db.session.execute(query).one()
    left = 0 if revealed else max(0, MOST - made)
    return Tries(made, left, left == 0 or entry.player_id == player.id)


def require_left(entry: Entry, player: Player) -> int:
    """Return the number, from 1, of the player's next try; raises Conflict when they have none left."""
    tries = of(entry, player)
    if tries.left == 0:
        if tries.made < MOST:
            told = say(
                "You have been told what was asked for; the best of your tries stands on the board. There are other "
                "pictures."
            )
        else:
            told = say(
                "You have had your %(most)s tries; the best of them stands on the board. There are other pictures.",
                most=MOST,
            )
        raise Conflict(told)
    return tries.made + 1


def give_up(entry: Entry, player: Player) -> None:
    """Let a player know what was asked for, and try no more; raises Conflict before their first try."""
    if of(entry, player).made == 0:
        raise Conflict(say("Say what you see first. What was asked for is told afterwards."))
    db.session.execute(
        update(Caption)
        .where(Caption.player_id == player.id, Caption.entry_id == entry.id, Caption.revealed_at.is_(None))
        .values(revealed_at=now())
    )
    db.session.commit()
