"""Calls that look at many entries at once: search, the human-vs-AI numbers, similarities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from flask import Blueprint
from pydantic import BaseModel, Field

from game import identity
from game.api.calls import Answer, call
from game.api.shapes import Limit, Strict, visitor
from game.extensions import limiter
from game.rules import search, similarity, stats
from game.rules.search import Found
from game.rules.similarity import Similarities
from game.rules.stats import Stats

api = Blueprint("api_explore", __name__)


class Question(BaseModel):
    """What to search for."""

    q: Annotated[str, Field(description="Any words; pictures that fit them are found.")]
    limit: Limit = 24


class Comparison(Strict):
    """What to compare with what."""

    texts: list[str]
    entry_ids: list[str]


@dataclass(frozen=True)
class FoundPage:
    """What was found, the nearest first; `next` is always null, for nearness has no end worth paging to."""

    items: list[Found]
    next: str | None


@call(api, "GET /search", Answer(FoundPage), query=Question, refuses=[503])
@limiter.limit("60 per minute", key_func=visitor)
def search_entries(query: Question) -> Any:
    """The entries whose pictures lie nearest to a text."""
    return FoundPage(search.search(query.q, query.limit), None)


@call(api, "GET /stats", Answer(Stats))
def get_stats() -> Any:
    """People against machines, in numbers."""
    return stats.stats()


@call(api, "POST /similarity", Answer(Similarities), body=Comparison, refuses=[404, 503])
@limiter.limit("60 per minute", key_func=visitor)
def compare(body: Comparison) -> Any:
    """The cosine of every entry with every text, and each row's softmax."""
    return similarity.compare(body.texts, body.entry_ids, identity.current())
