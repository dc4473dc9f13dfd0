"""What prompts say together: the overall board, the prompt of the day, people against machines in numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, request

from game import identity, judging
from game.pages import fragments, number_plots, number_words
from game.rules import daily, numbers, standings
from game.rules.numbers import Numbers
from game.tables import now

pages = Blueprint("boards", __name__)
PLACES, DAYS = 50, 20  # shown at once
WEEKS = 14  # days of a streak that are shown


@pages.get("/boards")
def overall() -> Response:
    """Shows who did best over all prompts together."""
    kind, by = request.args.get("kind", "all"), request.args.get("judge", "main")
    second = judging.second_spec()
    if kind not in standings.KINDS or by not in standings.BY or (by == "second" and second is None):
        abort(404)
    board = standings.standings(kind, by, request.args.get("cursor"), PLACES)
    values = {"board": board, "kind": kind, "by": by, "second": second}
    if fragments.wanted():
        return fragments.fragment("boards/places.html", True, **values)
    me = identity.current()
    mine = standings.of_player(me.id, by) if me else None
    return fragments.page("boards/overall.html", mine=mine, **values)


@pages.get("/today")
def today() -> Response:
    """Shows the prompt of the day, the visitor's streak, and the days before."""
    page = daily.listing(request.args.get("cursor"), DAYS)
    if fragments.wanted():
        return fragments.fragment("boards/days.html", True, page=page)
    me = identity.current()
    streak = daily.streak(me.id) if me else None
    return fragments.page(
        "boards/today.html",
        day=daily.today(),
        streak=streak,
        strip=_strip(set(streak.days) if streak else set()),
        runners=daily.runners(),
        page=page,
    )


@pages.get("/numbers")
def show_numbers() -> Response:
    """Shows people against machines in numbers: five questions, each with its plot, its table and its files."""
    told = numbers.numbers()
    return fragments.page("numbers/numbers.html", told=told, words=number_words, plots=_plots(told))


def _plots(told: Numbers) -> dict[str, Any]:
    gaps = [
        number_plots.Given(number_words.counted_by(one), one.gap, one.gap_low, one.gap_high) for one in told.contests
    ]
    options = {
        name: number_plots.leads(
            [
                number_plots.Given(number_words.option(one.option), one.ahead, one.ahead_low, one.ahead_high)
                for one in getattr(told, name)
            ]
        )
        for name in ("priors", "starts", "sizes", "steps")
    }
    return {
        "contests": number_plots.leads(gaps),
        "prompts": number_plots.pairs(told.prompts),
        "climbs": number_plots.climbs(told.climbs),
        **options,
    }


def _strip(done: set[str]) -> list[tuple[date, bool]]:
    """The last days, the latest last, and whether the prompt of the day was drawn on them."""
    here = now().date()
    days = [here - timedelta(days=back) for back in range(WEEKS - 1, -1, -1)]
    return [(day, day.isoformat() in done) for day in days]
