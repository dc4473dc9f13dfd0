"""Parameters and answers that several calls share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated

from flask import request, session
from flask_limiter.util import get_remote_address
from pydantic import BaseModel, ConfigDict, Field

from game import identity
from game.rules.pending import PendingView
from game.rules.views import EntryView, PromptView

Limit = Annotated[int, Field(ge=1, le=200, description="How many items at most.")]
Cursor = Annotated[str | None, Field(description="The `next` of the page before.", max_length=1000)]


class Listing(BaseModel):
    """Which part of a list."""

    cursor: Cursor = None
    limit: Limit = 24


class Strict(BaseModel):
    """A body in which an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True)
class EntryAnswer:
    """One entry."""

    entry: EntryView


@dataclass(frozen=True)
class HandedIn:
    """What was handed in: an entry, or, while the judge is away, what is going to be one."""

    entry: EntryView | PendingView


@dataclass(frozen=True)
class PromptAnswer:
    """One prompt."""

    prompt: PromptView


def visitor() -> str:
    """Return whose requests are counted together: a token's bearer, a session's visitor, or else an address."""
    token = identity.bearer_token()
    if token:
        return "token:" + hashlib.sha256(token.encode()).hexdigest()
    player = session.get(identity.KEY)
    return f"player:{player}" if player else f"address:{get_remote_address()}"


def address() -> str:
    """Return the address that a request came from, as trusted proxies tell it."""
    return f"address:{request.remote_addr}"
