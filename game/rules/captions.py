"""Captions: the reverse game, in which words are judged against a picture."""

from __future__ import annotations

import random
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.exc import IntegrityError
from typing_extensions import TypedDict

from game import judging
from game.extensions import db
from game.models import Caption, Entry, Player
from game.rules import caption_tries, holds, idempotency, ranking
from game.rules.embeddings import embedding_of
from game.rules.entries import row
from game.rules.pages import Page, descending
from game.rules.ranking import VISIBLE
from game.rules.refusals import Conflict, Invalid, Missing
from game.rules.views import PlayerView, picture_url, player_view
from game.sayings import say
from game.tables import new_id

LONGEST = 1000  # characters, counted before any token is
OWN = (VISIBLE, "held")  # states in which an author still sees their words
NEXT = 16  # pictures of which the next one to caption is drawn


class CaptionRefused(Invalid):
    """Words that cannot be judged; the message says why."""

    def __init__(self, detail: str) -> None:
        super().__init__([("#/text", detail)])


@dataclass(frozen=True)
class Picture:
    """A picture to caption, without what was asked for; the judge reads up to `max_tokens`, two of them for itself."""

    entry_id: str
    picture: str
    max_tokens: int


class Search(TypedDict):
    """What a machine declares beside its words: the guide that it climbed, and how many phrases it tried."""

    guide: str
    tried: int


@dataclass(frozen=True)
class CaptionView:
    """A caption: raw cosine with the picture, its percentile among captions of other pictures, rank on this one.

    `tied`: another caption shares the rank. `search` is there where a machine has looked for the words, else null.
    A `held` one waits for a person, without a rank; only its author sees it.
    """

    id: str
    entry_id: str
    text: str
    player: PlayerView
    tokens: int
    similarity: float
    percentile: float
    rank: int | None
    of: int
    tied: bool
    judge: str
    search: Search | None
    created_at: datetime
    state: str


def next_picture(player: Player | None) -> Picture | None:
    """Return some visible picture that is not the player's own nor captioned by them yet, None when none is left.

    A person's and a machine's are as likely, however many of each there are.
    """
    for kind in random.sample(("human", "ai"), 2):
        found = _some_picture(player, kind)
        if found is not None:
            return picture(found)
    return None


def _some_picture(player: Player | None, kind: str) -> str | None:
    board = (Entry.state == VISIBLE, Entry.judge == judging.spec(), Entry.kind == kind)
    query = select(Entry.id).where(*board).order_by(Entry.id)
    if player is not None:
        query = _not_seen_by(query, player.id)
    # Ids are random, so a few past a random point will do; one of them by lot, or pictures whose ids lie close behind
    # another's would hardly ever be shown.
    some = query.limit(NEXT)
    found = [*db.session.scalars(some.where(Entry.id >= new_id()))]
    if len(found) < NEXT:
        found = [*{*found, *db.session.scalars(some)}]
    return secrets.choice(found) if found else None


def _not_seen_by(query: Select[str], player_id: str) -> Select[str]:
    captioned = exists().where(Caption.player_id == player_id, Caption.entry_id == Entry.id)
    return query.where(Entry.player_id != player_id, ~captioned)


def picture(entry_id: str) -> Picture:
    """Return a certain picture to caption; raises Missing."""
    return Picture(row(entry_id).id, picture_url(entry_id), judging.current().context_length)


def count_tokens(text: str) -> int:
    """Return how many tokens the judge reads in a text, its own start and end included."""
    return judging.current().count_tokens(text)


def submit(entry_id: str, text: str, player: Player) -> CaptionView:
    """Judge a player's words for a picture and rank them.

    Raises Missing, CaptionRefused, and Conflict for a player who has no try left.
    """
    entry = row(entry_id)
    attempt = caption_tries.require_left(entry, player)
    caption = judged(entry, text, player)
    caption.attempt = attempt
    db.session.add(caption)
    try:
        idempotency.commit()
    except IntegrityError:
        db.session.rollback()
        raise Conflict(
            say("Another try of yours came in at the same moment. That one counts; look at it first.")
        ) from None
    return views([caption])[0]


def of_player(entry_id: str, player: Player | None) -> list[CaptionView]:
    """Return a player's own captions of a picture in the order of their tries."""
    if player is None:
        return []
    mine = (Caption.player_id == player.id, Caption.entry_id == entry_id, Caption.state.in_(OWN))
    return views(list(db.session.scalars(select(Caption).where(*mine).order_by(Caption.attempt))))


def judged(entry: Entry, text: str, player: Player) -> Caption:
    """Return the caption that the judge makes of words; raises CaptionRefused, JudgeUnavailable."""
    judge = judging.named(entry.judge)
    text, tokens = _checked(text, judge)
    embedding, player_id = embedding_of(entry), player.id
    similarity = judge.score_embedding(embedding, text).similarity
    return Caption(
        entry_id=entry.id,
        player_id=player_id,
        text=text,
        tokens=tokens,
        judge=judge.spec,
        noise=judge.noise,
        similarity=similarity,
        percentile=judge.caption_percentile(embedding, similarity),
        state=holds.state_of_words(text),
    )


def get(caption_id: str, player: Player | None = None) -> CaptionView:
    """Return a caption as far as this player may see it; raises Missing."""
    caption = db.session.get(Caption, caption_id)
    own = caption is not None and player is not None and player.id == caption.player_id
    if caption is None or caption.state not in (OWN if own else (VISIBLE,)):
        raise Missing(say("There is no such caption."))
    return views([caption])[0]


def ranked(entry_id: str, cursor: str | None, limit: int) -> Page[CaptionView]:
    """Return a page of a picture's captions by the judge of its entry, best first; raises Missing."""
    entry = row(entry_id)
    query = select(Caption).where(Caption.entry_id == entry_id, Caption.judge == entry.judge, Caption.state == VISIBLE)
    return descending(query, (Caption.similarity, Caption.id), cursor, limit).map(views)


def views(captions: Sequence[Caption]) -> list[CaptionView]:
    """Return captions with their places, in the given order."""
    places = ranking.places(captions, ranking.CAPTIONS)
    return [
        CaptionView(
            id=caption.id,
            entry_id=caption.entry_id,
            text=caption.text,
            player=player_view(caption.player),
            tokens=caption.tokens,
            similarity=caption.similarity,
            percentile=caption.percentile,
            rank=places[caption.id].rank,
            of=places[caption.id].of,
            tied=places[caption.id].tied,
            judge=caption.judge,
            search=_search(caption),
            created_at=caption.created_at,
            state=caption.state,
        )
        for caption in captions
    ]


def _search(caption: Caption) -> Search | None:
    if caption.guide is None or caption.tried is None:
        return None
    return {"guide": caption.guide, "tried": caption.tried}


def _checked(text: str, judge: judging.Judge) -> tuple[str, int]:
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if not text:
        raise CaptionRefused(say("There are no words yet. Say what you see."))
    if len(text) > LONGEST:
        raise CaptionRefused(
            say("That is %(here)s characters, and the judge reads some fifty words. Say it shorter.", here=len(text))
        )
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Cn", "Co"} for letter in text):
        raise CaptionRefused(say("The words hold characters that cannot be seen. Leave these out."))
    tokens = judge.count_tokens(text)
    if tokens > judge.context_length:
        raise CaptionRefused(
            say(
                "That is %(here)s tokens, and the judge reads %(most)s, its own start and end included. "
                "Say it shorter.",
                here=tokens,
                most=judge.context_length,
            )
        )
    return text, tokens
