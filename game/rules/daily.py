"""The prompt of the day, one for everybody, from midnight to midnight UTC; and who came back for it day after day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.models import Entry, Player, Prompt, PromptDay
from game.rules.keeping import kept
from game.rules.pages import Page, descending
from game.rules.refusals import Conflict, Missing
from game.rules.views import PlayerView, PromptView, is_open, player_view, prompt_views
from game.tables import new_id, now

REST = 30  # days until a prompt may come again, while there are others
BACK = 366  # days that the list of streaks looks back
LONGEST = 20  # streaks told
COUNTS = ("visible", "held")  # states of entries: what waits for a person's decision was drawn all the same


@dataclass(frozen=True)
class Day:
    """A day, as 2026-11-21, and its prompt."""

    day: str
    prompt: PromptView


@dataclass(frozen=True)
class Streak:
    """Days in a row on which a player drew the prompt of the day: now and at most; `days` are all of them.

    Today is not missed before it is over: `current` counts up to yesterday until then; `today` says whether it is done.
    """

    current: int
    longest: int
    today: bool
    days: list[str]


@dataclass(frozen=True)
class Runner:
    """A player with the streak that they are on."""

    player: PlayerView
    current: int


def today(moment: datetime | None = None) -> Day | None:
    """Return the day and its prompt, which is chosen by whoever asks first; None while no prompt is open."""
    moment = moment or now()
    row = db.session.get(PromptDay, _name(moment)) or _choose(moment)
    if row is None:
        return None
    return Day(row.day, prompt_views([db.session.get_one(Prompt, row.prompt_id)])[0])


def plan(day: date, prompt_id: str) -> None:
    """Make a prompt that of a day to come; another one that was planned for it goes. Raises Missing, Conflict."""
    prompt = db.session.get(Prompt, prompt_id)
    if prompt is None:
        raise Missing("There is no such prompt.")
    if prompt.state != "open":
        raise Conflict("A closed prompt cannot be that of a day. Open it first.")
    starts, ends = require_all_day(day, prompt.opens_at, prompt.closes_at)
    kept = db.session.get(PromptDay, day.isoformat())
    if kept is None:
        db.session.add(PromptDay(day=day.isoformat(), prompt_id=prompt_id, starts_at=starts, ends_at=ends))
    else:
        kept.prompt_id = prompt_id
    db.session.commit()


def require_all_day(day: date, opens_at: datetime | None, closes_at: datetime | None) -> tuple[datetime, datetime]:
    """Return when a day to come begins and ends; raises Conflict for one that has begun, or half an open prompt's."""
    if day.isoformat() <= _name(now()):
        raise Conflict("Only days to come can be planned; today's prompt stays.")
    starts = datetime(day.year, day.month, day.day, tzinfo=UTC)
    ends = starts + timedelta(days=1)
    if (opens_at or starts) > starts or (closes_at or ends) < ends:
        raise Conflict("The prompt of a day has to be open all of that day, from midnight to midnight UTC.")
    return starts, ends


def unplan(prompt_id: str) -> None:
    """Let the days to come that a prompt was planned for choose anew; the caller commits."""
    for row in db.session.scalars(
        select(PromptDay).where(PromptDay.prompt_id == prompt_id, PromptDay.day > _name(now()))
    ):
        db.session.delete(row)


def planned() -> list[Day]:
    """Return the days to come that have a prompt, the next one first."""
    return _days(db.session.scalars(select(PromptDay).where(PromptDay.day > _name(now())).order_by(PromptDay.day)))


def streak(player_id: str, moment: datetime | None = None) -> Streak:
    """Return a player's streak."""
    drawn = select(Entry.id).where(Entry.player_id == player_id, Entry.state.in_(COUNTS), _drawn())
    done = select(PromptDay.day).where(drawn.correlate(PromptDay).exists()).order_by(PromptDay.day)
    return streak_of(list(db.session.scalars(done)), moment or now())


def streak_of(days: list[str], moment: datetime) -> Streak:
    """Return the streak that days, in rising order, make at a moment."""
    longest = current = 0
    before: date | None = None
    for day in map(date.fromisoformat, days):
        current = current + 1 if before is not None and day - before == timedelta(days=1) else 1
        longest, before = max(longest, current), day
    here = moment.astimezone(UTC).date()
    if before is None or before < here - timedelta(days=1):
        current = 0
    return Streak(current, longest, before == here, days)


def listing(cursor: str | None, limit: int) -> Page[Day]:
    """Return a page of the days before today, the latest first."""
    query = select(PromptDay).where(PromptDay.day < _name(now()))
    return descending(query, (PromptDay.day,), cursor, limit).map(_days)


def runners() -> list[Runner]:
    """Return the people with the longest streaks that still run, at most some minutes old."""
    return kept("streaks", lambda: longest_streaks(now())).value


def longest_streaks(moment: datetime) -> list[Runner]:
    """Return the people whose streaks run at a moment, the longest first."""
    done = (
        select(Entry.player_id, PromptDay.day)
        .select_from(PromptDay)
        .join(Entry, _drawn())
        .where(PromptDay.day >= _name(moment - timedelta(days=BACK)), Entry.kind == "human", Entry.state.in_(COUNTS))
        .distinct()
        .order_by(PromptDay.day)
    )
    days: dict[str, list[str]] = defaultdict(list)
    for player_id, day in db.session.execute(done):
        days[player_id].append(day)
    running = {player_id: streak_of(some, moment).current for player_id, some in days.items()}
    best = sorted((one for one in running.items() if one[1] > 0), key=lambda one: (-one[1], one[0]))[:LONGEST]
    named = {row.id: row for row in db.session.scalars(select(Player).where(Player.id.in_([one for one, _ in best])))}
    return [Runner(player_view(named[player_id]), current) for player_id, current in best]


def _choose(moment: datetime) -> PromptDay | None:
    starts = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = starts + timedelta(days=1)
    rested = select(PromptDay.prompt_id).where(PromptDay.starts_at >= starts - timedelta(days=REST))
    open_all_day = select(Prompt.id).where(is_open(), Prompt.closes_at.is_(None) | (Prompt.closes_at >= ends))
    found = _some(open_all_day.where(Prompt.id.not_in(rested))) or _some(open_all_day) or _some(
        select(Prompt.id).where(is_open())
    )  # fmt: skip
    if found is None:
        return None
    db.session.add(PromptDay(day=_name(moment), prompt_id=found, starts_at=starts, ends_at=ends))
    try:
        db.session.commit()
    except IntegrityError:  # somebody else asked first, too
        db.session.rollback()
    return db.session.get(PromptDay, _name(moment))


def _some(query: Select[Any]) -> str | None:
    """Some id of a query: ids are random, so the first one past a random point will do."""
    query = query.order_by(Prompt.id).limit(1)
    found: str | None = db.session.scalar(query.where(Prompt.id >= new_id())) or db.session.scalar(query)
    return found


def _drawn() -> ColumnElement[bool]:
    """The condition under which an entry was drawn for a day's prompt on that day."""
    return (
        (Entry.prompt_id == PromptDay.prompt_id)
        & (Entry.created_at >= PromptDay.starts_at)
        & (Entry.created_at < PromptDay.ends_at)
    )


def _days(rows: Iterable[PromptDay]) -> list[Day]:
    found = list(rows)
    prompts = db.session.scalars(select(Prompt).where(Prompt.id.in_([row.prompt_id for row in found])))
    views = {view.id: view for view in prompt_views(list(prompts))}
    return [Day(row.day, views[row.prompt_id]) for row in found]


def _name(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
