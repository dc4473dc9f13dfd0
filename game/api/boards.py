"""Calls about what prompts say together: the overall board, the prompt of the day, the numbers and their tables."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from game.api.calls import Answer, call
from game.api.shapes import Cursor, Limit, Listing
from game.rules import attempts, daily, numbers, players, standings
from game.rules.attempts import Attempt, Record
from game.rules.daily import Day, Streak
from game.rules.numbers import Numbers
from game.rules.pages import Page
from game.rules.refusals import Missing
from game.rules.standings import Standings

api = Blueprint("api_boards", __name__)


class OverallListing(BaseModel):
    """Which part of the overall board."""

    kind: Annotated[Literal["all", "human", "ai"], Field(description="Whose places.")] = "all"
    judge: Annotated[
        Literal["main", "second", "people"], Field(description="By the judge, the second judge or people's votes.")
    ] = "main"
    cursor: Cursor = None
    limit: Limit = 24


@dataclass(frozen=True)
class DayAnswer:
    """Today."""

    day: Day


@call(api, "GET /standings", Answer(Standings), query=OverallListing)
def get_standings(query: OverallListing) -> Any:
    """The overall board: the sum over prompts of the part of the other players that a player's best entry beats."""
    return standings.standings(query.kind, query.judge, query.cursor, query.limit)


@call(api, "GET /days", Answer(Page[Day]), query=Listing)
def list_days(query: Listing) -> Any:
    """The prompts of the days before today, the latest first."""
    return daily.listing(query.cursor, query.limit)


@call(api, "GET /days/today", Answer(DayAnswer), refuses=[404])
def get_today() -> Any:
    """The prompt of the day, from midnight to midnight UTC."""
    day = daily.today()
    if day is None:
        raise Missing("No prompt is open today. An administrator can open one.")
    return DayAnswer(day)


@call(api, "GET /players/<player_id>/streak", Answer(Streak), refuses=[404])
def get_streak(player_id: str) -> Any:
    """The days in a row on which a player drew the prompt of the day."""
    players.get(player_id)
    return daily.streak(player_id)


@call(api, "GET /players/<player_id>/runs", Answer(Page[Attempt]), query=Listing, refuses=[404])
def list_attempts(player_id: str, query: Listing) -> Any:
    """All runs of a machine, hung or not, the newest first; a person has none."""
    players.get(player_id)
    return attempts.listing(player_id, query.cursor, query.limit)


@call(api, "GET /players/<player_id>/record", Answer(Record), refuses=[404])
def get_record(player_id: str) -> Any:
    """How many runs a machine was given, and what became of them."""
    players.get(player_id)
    return attempts.record(player_id)


@call(api, "GET /numbers", Answer(Numbers))
def get_numbers() -> Any:
    """People against machines, all numbers at once; at most some minutes old, `at` says of when."""
    return numbers.numbers()


@call(api, "GET /numbers/<table>.csv", Answer(str, media="text/csv"), refuses=[404])
def get_table(table: str) -> Any:
    """One table of the numbers as CSV (RFC 4180) with a heading; a list's name in the numbers is its table's."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows([_cell(value) for value in row] for row in numbers.table(numbers.numbers(), table))
    name = f"paintoff-{table}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(file.getvalue(), mimetype="text/csv", headers=headers)


def _cell(value: Any) -> Any:
    """A value for a spreadsheet, which must not take a prompt for a formula (OWASP, "CSV Injection")."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
