"""A room's walls: what hangs there after a reveal, people and machines together, with ranks under the judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from sqlalchemy import select, update

from game import judging
from game.extensions import db
from game.models import Entry, Prompt, Room, RoomRound, RoomSeat, RoomWork
from game.pending import Pending
from game.rules import ranking
from game.rules.refusals import Missing
from game.rules.views import loaded
from game.sayings import say

MACHINES = 3  # at most this many hang in a round, each with its best
LOOKED_AT = 24  # of the best machine entries, to find different machines among


@dataclass(frozen=True)
class WorkView:
    """A picture on a room's wall; without numbers while the judge is away. `public`: on the prompt's wall, too.

    `rank` is the place among the works of this round, by the penalised similarity; closer than the judge's noise ties.
    """

    entry_id: str
    name: str
    kind: str
    yours: bool
    picture: str
    public: bool
    similarity: float | None
    percentile: float | None
    rank: int | None
    of: int
    tied: bool


@dataclass(frozen=True)
class WallView:
    """What was drawn for a prompt, best first."""

    round: int
    prompt_id: str
    text: str
    own: bool
    works: list[WorkView]


@dataclass(frozen=True)
class Standing:
    """How somebody did over all revealed rounds: first places, shared ones too, and their drawings' mean percentile."""

    name: str
    kind: str
    yours: bool
    firsts: int
    drawn: int
    mean_percentile: float


def put_up(room: Room, found: RoomRound) -> None:
    """Hang what belongs on the wall of a round that was just revealed; the caller commits."""
    if room.machines:
        for entry in _machines(found.prompt_id):
            work = RoomWork(room_id=room.id, round=found.number, player_id=entry.player_id, entry_id=entry.id)
            db.session.add(work)
        db.session.flush()
    publish(room, found)


def _machines(prompt_id: str) -> list[Entry]:
    """The best of each machine for a prompt, best first."""
    query = (
        select(Entry)
        .where(
            Entry.prompt_id == prompt_id,
            Entry.judge == judging.spec(),
            Entry.kind == "ai",
            Entry.state == ranking.VISIBLE,
        )
        .order_by(Entry.penalised.desc(), Entry.id.desc())
        .limit(LOOKED_AT)
    )
    best: dict[str, Entry] = {}
    for entry in db.session.scalars(query):
        best.setdefault(entry.player_id, entry)
    return list(best.values())[:MACHINES]


def publish(room: Room, found: RoomRound) -> None:
    """Let a revealed round's works hang on the prompt's public wall, if the room said so; the caller commits."""
    if room.hangs != "wall" or found.own or found.revealed_at is None:
        return
    theirs = select(RoomWork.entry_id).where(RoomWork.room_id == room.id, RoomWork.round == found.number)
    there = update(Entry).where(Entry.id.in_(theirs), Entry.state == "room").values(state=ranking.VISIBLE)
    waiting = update(Pending).where(Pending.id.in_(theirs), Pending.hangs == "room").values(hangs=ranking.VISIBLE)
    for change in (there, waiting):
        db.session.execute(change.execution_options(synchronize_session=False))
    ranking.recount(found.prompt_id)


def walls(room_id: str, me: str | None) -> list[WallView]:
    """Return the walls of a room's revealed rounds, the latest first, as the player `me` sees them."""
    query = (
        select(RoomRound, Prompt.text)
        .join(Prompt, Prompt.id == RoomRound.prompt_id)
        .where(RoomRound.room_id == room_id, RoomRound.revealed_at.is_not(None))
        .order_by(RoomRound.number.desc())
    )
    rounds = db.session.execute(query).all()
    hung = _hung(room_id, [found.number for found, _ in rounds])
    seats = select(RoomSeat.player_id, RoomSeat.name).where(RoomSeat.room_id == room_id)
    names = dict(db.session.execute(seats).all())
    return [
        WallView(found.number, found.prompt_id, text, found.own, _works(room_id, hung[found.number], names, me))
        for found, text in rounds
    ]


def _hung(room_id: str, numbers: Sequence[int]) -> dict[int, list[Entry | Pending]]:
    """What hangs by round: what an administrator took off the wall does not hang here either."""
    query = select(RoomWork.round, RoomWork.entry_id).where(RoomWork.room_id == room_id, RoomWork.round.in_(numbers))
    works = db.session.execute(query).all()
    ids = {entry_id for _, entry_id in works}
    there: dict[str, Entry | Pending] = dict(loaded(ids))
    for waits in db.session.scalars(select(Pending).where(Pending.id.in_(ids - there.keys()))):
        there[waits.id] = waits
    hung: dict[int, list[Entry | Pending]] = defaultdict(list)
    for number, entry_id in works:
        if entry_id in there and there[entry_id].state not in ("held", "hidden"):
            hung[number].append(there[entry_id])
    return hung


def objects(room_id: str) -> dict[str, str]:
    """Return the object names (PNG) of all that hangs on a room's revealed walls, by the entries' ids."""
    revealed = select(RoomRound.number).where(RoomRound.room_id == room_id, RoomRound.revealed_at.is_not(None))
    hung = _hung(room_id, list(db.session.scalars(revealed)))
    return {each.id: each.picture for works in hung.values() for each in works}


def _works(room_id: str, hung: Iterable[Entry | Pending], names: dict[str, str], me: str | None) -> list[WorkView]:
    hung = list(hung)
    scores = [(each.penalised, each.noise) for each in hung if isinstance(each, Entry)]
    views = []
    for each in hung:
        judged = each if isinstance(each, Entry) else None
        rank = None if judged is None else _rank(judged.penalised, judged.noise, scores)
        name = names.get(each.player_id) or (judged.player.name if judged is not None else None)
        views.append(
            WorkView(
                entry_id=each.id,
                name=name or "Nameless",
                kind=each.kind,
                yours=each.player_id == me,
                picture=picture_url(room_id, each.id),
                public=each.state == ranking.VISIBLE,
                similarity=None if judged is None else judged.similarity,
                percentile=None if judged is None else judged.percentile,
                rank=rank,
                of=len(scores),
                tied=rank is not None and sum(_rank(*score, scores) == rank for score in scores) > 1,
            )
        )
    scored = {each.id: each.penalised for each in hung if isinstance(each, Entry)}
    return sorted(views, key=lambda work: (work.rank is None, work.rank or 0, -scored.get(work.entry_id, 0)))


def _rank(score: float, noise: float, scores: Sequence[tuple[float, float]]) -> int:
    """As on every board: one more than the number of those that are better by more than the noise."""
    return 1 + sum(other > score + noise for other, _ in scores)


def standings(walls: Sequence[WallView]) -> list[Standing]:
    """Return how everybody did over these walls: most first places first, then the highest mean percentile."""
    theirs: dict[tuple[str, str, bool], list[WorkView]] = defaultdict(list)
    for wall in walls:
        for work in wall.works:
            if work.percentile is not None:
                theirs[work.name, work.kind, work.yours].append(work)
    found = [
        Standing(
            name=name,
            kind=kind,
            yours=yours,
            firsts=sum(work.rank == 1 for work in works),
            drawn=len(works),
            mean_percentile=fmean(work.percentile for work in works if work.percentile is not None),
        )
        for (name, kind, yours), works in theirs.items()
    ]
    return sorted(found, key=lambda one: (-one.firsts, -one.mean_percentile))


def picture_url(room_id: str, entry_id: str) -> str:
    """Return where a room's picture is for those who know the room."""
    return f"/api/v1/rooms/{room_id}/works/{entry_id}/picture.png"


def picture(room_id: str, entry_id: str, me: str | None) -> str:
    """Return the object name (PNG) of a work: of a revealed one for anybody, else for its maker; raises Missing."""
    query = (
        select(RoomWork.player_id, RoomRound.revealed_at)
        .join(RoomRound, (RoomRound.room_id == RoomWork.room_id) & (RoomRound.number == RoomWork.round))
        .where(RoomWork.room_id == room_id, RoomWork.entry_id == entry_id)
    )
    found = db.session.execute(query).first()
    if found is not None and (found.revealed_at is not None or found.player_id == me):
        there = db.session.get(Entry, entry_id) or db.session.get(Pending, entry_id)
        if there is not None and there.state not in ("held", "hidden"):
            return there.picture
    raise Missing(say("There is no such picture in this room, or it is not revealed yet."))
