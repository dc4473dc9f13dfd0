"""What leaves the rules: plain records of entries and prompts, ready for JSON and for pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NotRequired, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload
from typing_extensions import TypedDict

from game import judging
from game.extensions import db
from game.models import Entry, Player, Prompt
from game.rules import writing
from game.rules.ranking import SECOND, VISIBLE, Place, places
from game.sayings import say
from game.tables import now


class PlayerView(TypedDict):
    """Who entered; a player without a name is anonymous."""

    id: str
    name: str | None
    kind: str


class Penalty(TypedDict):
    """What took some of an entry's similarity away, and by which factor.

    For `writing`: `boxes` around it as (left, top, right, bottom), shares of the picture's sides; what it `read`, where
    something was; the picture without that ink with its similarity and percentile.
    """

    kind: str
    factor: float
    detail: str
    boxes: NotRequired[list[list[float]]]
    read: NotRequired[str]
    similarity: NotRequired[float]
    percentile: NotRequired[float]
    picture: NotRequired[str]


class Second(TypedDict):
    """What the second judge made of an entry, and its place on the board by that judge."""

    judge: str
    similarity: float
    percentile: float
    rank: int | None
    of: int
    tied: bool


class Plate(TypedDict):
    """What a machine declares beside its picture; where it is the judge's own, `guide` is the judge's name.

    `guides` are all encoders that steered it, `guide` first.
    """

    id: str
    prior: str
    guide: str
    guides: list[str]
    steps: int
    seed: int | None
    seconds: float | None
    device: str | None


@dataclass(frozen=True)
class EntryView:
    """An entry. `similarity` is the raw cosine with the prompt's text, `percentile` its place (0 to 100) in the judge's
    background; `rank` goes by the penalised similarity, ties share one (`tied`), and what does not hang has none.
    What is `drawn` has strokes to replay."""

    id: str
    prompt_id: str
    prompt_text: str
    kind: str
    player: PlayerView
    similarity: float
    percentile: float
    rank: int | None
    of: int
    tied: bool
    judge: str
    second: Second | None
    penalties: list[Penalty]
    state: str
    picture: str
    drawn: bool
    created_at: datetime
    run: Plate | None


@dataclass(frozen=True)
class PromptView:
    """A prompt with the number of its visible entries and the best of each side before the judge that sits."""

    id: str
    text: str
    state: str
    entries: int
    opens_at: datetime | None
    closes_at: datetime | None
    best_human: EntryView | None
    best_ai: EntryView | None
    needs_clip: bool
    created_at: datetime


def picture_url(entry_id: str) -> str:
    """Return where an entry's picture is; `?size=` asks for another size than 512 px."""
    return f"/api/v1/entries/{entry_id}/picture.png"


def player_view(player: Player) -> PlayerView:
    """Return a player as others see them."""
    return {"id": player.id, "name": called(player), "kind": player.kind}


def called(player: Player) -> str | None:
    """Return a player's name; a machine is called by its prior in the language of whoever reads it."""
    if player.prior is None or player.name != f"the {player.prior} machine":
        return player.name
    return say("the %(prior)s machine", prior=player.prior)


def entry_views(entries: Sequence[Entry]) -> list[EntryView]:
    """Return entries with their places, in the given order."""
    if not entries:
        return []
    found = places(entries)
    theirs = places([entry for entry in entries if entry.second_judge is not None], SECOND)
    return [_entry_view(entry, found[entry.id], theirs.get(entry.id)) for entry in entries]


def _entry_view(entry: Entry, place: Place, second: Place | None) -> EntryView:
    return EntryView(
        id=entry.id,
        prompt_id=entry.prompt_id,
        prompt_text=entry.prompt.text,
        kind=entry.kind,
        player=player_view(entry.player),
        similarity=entry.similarity,
        percentile=entry.percentile,
        rank=place.rank,
        of=place.of,
        tied=place.tied,
        judge=entry.judge,
        second=None if second is None else _second(entry, second),
        penalties=[_penalty(entry, kept) for kept in entry.penalties],
        state=entry.state,
        picture=picture_url(entry.id),
        drawn=entry.drawing is not None,
        created_at=entry.created_at,
        run=_plate(entry),
    )


def _second(entry: Entry, place: Place) -> Second | None:
    judge, similarity, percentile = entry.second_judge, entry.second_similarity, entry.second_percentile
    if judge is None or similarity is None or percentile is None:
        return None
    return {
        "judge": judge,
        "similarity": similarity,
        "percentile": percentile,
        "rank": place.rank,
        "of": place.of,
        "tied": place.tied,
    }


def _penalty(entry: Entry, kept: dict[str, Any]) -> Penalty:
    """A penalty as others see it: in words, its picture by address."""
    shown = {name: value for name, value in kept.items() if name != "object"}
    shown["detail"] = writing.told(kept, entry.similarity)
    if "object" in kept:
        shown["picture"] = picture_url(entry.id).replace("picture.png", "left-out.png")
    return cast("Penalty", shown)


def _plate(entry: Entry) -> Plate | None:
    run = entry.run
    if run is None:
        return None
    settings: dict[str, Any] = run.settings
    return {
        "id": run.id,
        "prior": str(settings.get("prior", entry.player.prior or "")),
        "guide": str(settings.get("guide", "")),
        "guides": [str(settings.get("guide", "")), *(str(guide["name"]) for guide in settings.get("guides", []))],
        "steps": run.steps or int(settings.get("steps", 0)),
        "seed": settings.get("seed"),
        "seconds": run.seconds,
        "device": run.device,
    }


def loaded(ids: Iterable[str]) -> dict[str, Entry]:
    """Return entries of these ids with all that a view shows."""
    query = select(Entry).where(Entry.id.in_(list(ids))).options(*WITH_ALL)
    return {entry.id: entry for entry in db.session.scalars(query)}


WITH_ALL = (joinedload(Entry.player), joinedload(Entry.prompt), joinedload(Entry.run))


def is_open() -> ColumnElement[bool]:
    """Return the condition under which a prompt takes entries now."""
    moment = now()
    condition: ColumnElement[bool] = (
        (Prompt.state == "open")
        & (Prompt.closes_at.is_(None) | (Prompt.closes_at > moment))
        & (Prompt.opens_at.is_(None) | (Prompt.opens_at <= moment))
    )
    return condition & Prompt.needs_clip.is_(False) if judging.is_embedded() else condition


def prompt_views(prompts: Sequence[Prompt]) -> list[PromptView]:
    """Return prompts with the best entry of each side, in the given order."""
    best = {kind: _best(prompts, kind) for kind in ("human", "ai")}
    entries = loaded(entry for found in best.values() for entry in found.values())
    views = {view.id: view for view in entry_views(list(entries.values()))}
    embedded, moment = judging.is_embedded(), now()
    return [
        PromptView(
            id=prompt.id,
            text=prompt.text,
            state="open" if _takes_entries(prompt, embedded, moment) else "closed",
            entries=prompt.entry_count,
            opens_at=prompt.opens_at,
            closes_at=prompt.closes_at,
            best_human=views.get(best["human"].get(prompt.id, "")),
            best_ai=views.get(best["ai"].get(prompt.id, "")),
            needs_clip=prompt.needs_clip,
            created_at=prompt.created_at,
        )
        for prompt in prompts
    ]


def _takes_entries(prompt: Prompt, embedded: bool, moment: datetime) -> bool:
    if prompt.needs_clip and embedded:
        return False
    begun = prompt.opens_at is None or prompt.opens_at <= moment
    return prompt.state == "open" and begun and (prompt.closes_at is None or prompt.closes_at > moment)


def _best(prompts: Sequence[Prompt], kind: str) -> dict[str, str]:
    """Return the id of the best visible entry of a side by the prompt's id."""
    first = (
        select(Entry.id)
        .where(Entry.prompt_id == Prompt.id, Entry.judge == judging.spec(), Entry.kind == kind, Entry.state == VISIBLE)
        .order_by(Entry.penalised.desc(), Entry.id.desc())
        .limit(1)
        .correlate(Prompt)
        .scalar_subquery()
    )
    query = select(Prompt.id, first).where(Prompt.id.in_([prompt.id for prompt in prompts]))
    return {prompt: entry for prompt, entry in db.session.execute(query) if entry is not None}
