"""The overall board, the prompt of the day, a machine's runs, a board by people's votes, and the numbers."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from game.extensions import db
from game.models import Prompt
from game.rules import keeping, players, prompts
from game.rules.views import EntryView
from tests.game.pages.conftest import Visitor
from tests.game.rules.rows import hang as write_entry
from tests.game.rules.rows import run, tell

Hang = Callable[..., EntryView]


def rows_of(page: str, caption: str) -> list[str]:
    """The rows of the table's body with this caption, without their tags."""
    table = next(found for found in re.findall(r"<table.*?</table>", page, re.DOTALL) if caption in found)
    body = table.split("<tbody>")[1]
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]


@pytest.fixture
def machine_id(app: Flask, prompt_id: str) -> str:
    """A machine with a run that hangs, one that does not and one that failed."""
    with app.app_context():
        machine, prompt = players.machine("strokes"), prompts.get(prompt_id)
        hung = run(prompt, machine, seed=11)
        write_entry(prompt_id, machine, 0.9, judge="embedded:main", run_id=hung.id)
        run(prompt, machine, seed=12)
        run(prompt, machine, "failed", seed=13)
        tell(hung, (1, 0.1), (10, 0.3), (300, 0.4))
        return machine.id


def test_the_overall_board_ranks_people_and_machines_together(
    visitor: Visitor, prompt_id: str, hang: Hang, machine_id: str
) -> None:
    hang(prompt_id, "cat", "Ada")
    rows = rows_of(visitor.sees("/boards"), "the most points first")
    assert len(rows) == 2
    assert rows[0].startswith("1 Machine the strokes machine 1.00")
    assert rows[1].startswith("2 Person Ada 0.00")
    people = rows_of(visitor.sees("/boards?kind=human"), "the most points first")
    assert [row.split()[0] for row in people] == ["2"], "the rank is the whole board's"
    assert "not voted enough" in visitor.sees("/boards?judge=people")
    for wrong in ("kind=cat", "judge=second", "judge=cat"):
        visitor.sees(f"/boards?{wrong}", 404)


def test_the_board_goes_on_where_the_page_ends(
    visitor: Visitor, prompt_id: str, hang: Hang, machine_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("game.pages.boards.PLACES", 1)
    hang(prompt_id, "cat", "Ada")
    more = re.search(r'href="(/boards\?cursor=[^"]+)"', visitor.sees("/boards"))
    assert more
    assert "Ada" in visitor.sees(more[1])
    piece = visitor.client.get(more[1], headers={"X-Fragment": "1"})
    assert piece.headers["X-Fragment"] == "last"
    assert piece.text.strip().startswith("<tr")


def test_you_are_told_your_place_and_your_streak(visitor: Visitor, app: Flask, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    visitor.sends(f"/captions/{entry.id}", f"/captions/{entry.id}", text="a cat")
    me = visitor.sees("/").split('<a href="/players/')[1].split('"')[0]
    assert "None yet" in visitor.sees("/today")
    today = re.search(r'href="/prompts/([^"/]+)/draw"', visitor.sees("/today"))
    assert today
    with app.app_context():
        write_entry(today[1], players.get(me), 0.5, judge="embedded:main")
        keeping.forget()
    page = visitor.sees("/today")
    assert "1 day in a row" in page
    assert "Today is done" in page
    assert page.count("streak-done") == 1
    assert "Done for today: 1 day in a row" in visitor.sees("/")
    assert "You are 1st" in visitor.sees("/boards")
    assert "Prompts of the day in a row" in visitor.sees(f"/players/{me}")


def test_the_prompt_of_the_day_is_on_the_home_page(visitor: Visitor, app: Flask) -> None:
    day = re.search(r'<p class="day-prompt"><a href="/today"[^>]*>([^<]+)</a>', visitor.sees("/"))
    assert day
    assert f'<h1 class="prompt-text"><bdi lang="en">{day[1]}</bdi></h1>' in visitor.sees("/today")


def test_without_an_open_prompt_the_day_is_empty_and_kind(visitor: Visitor, app: Flask) -> None:
    with app.app_context():
        db.session.query(Prompt).update({"state": "closed"})
        db.session.commit()
    assert "No prompt is open today" in visitor.sees("/today")
    assert "day-prompt" not in visitor.sees("/")


def test_a_machines_page_declares_all_its_runs(visitor: Visitor, machine_id: str) -> None:
    page = visitor.sees(f"/players/{machine_id}")
    assert "3 runs, 2 finished, 1 failed, 0 cancelled; 1 picture hangs" in page
    found = rows_of(page, "All runs, the newest first")
    assert [("failed" in row, "not hung" in row, " hangs " in row) for row in found] == [
        (True, False, False), (False, True, False), (False, False, True)
    ]  # fmt: skip
    assert "All runs of" in visitor.sees(f"/players/{machine_id}/runs")


def test_a_person_has_no_runs(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat", "Ada")
    visitor.sees(f"/players/{entry.player['id']}/runs", 404)
    assert "All its runs" not in visitor.sees(f"/players/{entry.player['id']}")


def test_older_runs_follow(visitor: Visitor, machine_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("game.pages.players.RUNS", 2)
    more = re.search(rf'href="(/players/{machine_id}/runs\?cursor=[^"]+)"', visitor.sees(f"/players/{machine_id}"))
    assert more
    assert len(rows_of(visitor.sees(more[1]), "All runs, the newest first")) == 1


def test_a_wall_leads_to_the_same_wall_by_peoples_votes(visitor: Visitor, prompt_id: str) -> None:
    page = visitor.sees(f"/prompts/{prompt_id}?kind=human")
    assert f'<a href="/arena/boards/{prompt_id}?kind=human">By people’s votes</a>' in page
    assert visitor.sees(f"/arena/boards/{prompt_id}?kind=human")


def test_the_numbers_answer_five_questions_with_plots_tables_and_files(
    visitor: Visitor, app: Flask, prompt_id: str, hang: Hang, machine_id: str
) -> None:
    for name in ("Ada", "Bob", "Cyd", "Dan"):
        hang(prompt_id, "cat", name)
    page = visitor.sees("/numbers")
    assert page.count("<h2") == 5
    assert len(re.findall(r'<svg class="plot-wide"', page)) == 3, "the lead, the prompts, the steps"
    assert "too few to mean it" in page
    assert "Only one has been tried: strokes" in page
    assert rows_of(page, "Mean similarity by step")[0].startswith("strokes fake:guide 1 1 0.100")
    for name in ("contests", "elections", "prompts", "climbs", "priors", "starts", "sizes", "steps"):
        assert visitor.sees(f"/api/v1/numbers/{name}.csv").count("\n") >= 1
        assert f'href="/api/v1/numbers/{name}.csv"' in page
    assert 'href="/api/v1/numbers"' in page


def test_the_numbers_of_an_empty_game_say_so(visitor: Visitor) -> None:
    page = visitor.sees("/numbers")
    assert "Nobody knows yet" in page
    assert "No run has been finished here yet" in page
    assert "plot-wide" not in page
