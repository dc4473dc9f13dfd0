"""What keeps pages quick at any size: as many queries however much hangs, and none that reads a whole table."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from game.extensions import db
from game.rules import captions, daily, drawing, entries, players, prompts
from game.tables import new_id
from tests import doodles
from tests.game.pages.conftest import Visitor

WORDS = ("cat", "duck", "house", "fish", "sun", "tree")
PAGES = ("/", "/prompts/{prompt}", "/prompts/{prompt}?kind=human", "/prompts/{prompt}/draw", "/entries/{entry}",
         "/entries/{entry}/verdict", "/captions/{entry}", "/players/{player}", "/today", "/arena", "/arena/boards",
         "/arena/boards/{prompt}", "/arena/divided", "/prompts/{prompt}/best.atom")  # fmt: skip
# Small by nature: a row for each prompt, day or language, never one for each thing that players make.
SMALL = {"prompt", "prompt_1", "prompt_day", "arena_board", "CONSTANT"}


@contextmanager
def asked(app: Flask) -> Iterator[list[tuple[str, object]]]:
    """Collects the statements, with their values, that the database is asked meanwhile."""
    said: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, values, _context, _many):
        said.append((statement, values))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def play(app: Flask) -> Callable[[int], dict[str, str]]:
    """Lets this many people draw for one prompt, each of them twice, and write a caption; tells what to look at."""
    with app.app_context():
        prompt = prompts.add("a cat that waits for a bus in the snow").id

    def draw(people: int) -> dict[str, str]:
        with app.app_context():
            for i in range(people):
                player = players.ensure(new_id())
                for word in (WORDS[i % len(WORDS)], "cat"):
                    entry = entries.submit(prompt, drawing.parse(doodles.drawing(word)), player)
                captions.submit(entry.id, f"somebody's words, {i}", players.ensure(new_id()))
            return {"prompt": prompt, "entry": entry.id, "player": player.id}

    return draw


def test_a_page_asks_as_much_of_a_full_wall_as_of_an_empty_one(
    app: Flask, visitor: Visitor, play: Callable[[int], dict[str, str]]
) -> None:
    counts: dict[str, list[int]] = {page: [] for page in PAGES}
    for people in (3, 5, 6):
        shown = play(people)
        for page, found in counts.items():
            address = page.format(**shown)
            asks = []
            for _ in range(3):  # the least counts: what a thread renews meanwhile is heard, too
                with asked(app) as said:
                    assert visitor.client.get(address, follow_redirects=True).status_code == 200
                asks.append(len(said))
            found.append(min(asks))
    assert {page: found for page, found in counts.items() if found[2] > found[1]} == {}, (
        "they ask more the more there is"
    )
    assert {page: found for page, found in counts.items() if max(found) > 40} == {}


def test_no_page_reads_a_whole_table_of_what_players_make(
    app: Flask, visitor: Visitor, play: Callable[[int], dict[str, str]]
) -> None:
    shown, whole = play(1), []
    for page in PAGES:
        with asked(app) as said:
            visitor.client.get(page.format(**shown))
        assert said
        with app.app_context(), db.engine.connect() as connection:
            for statement, values in said:
                if statement.lstrip().upper().startswith("SELECT"):
                    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                    read = re.findall(r"SCAN (\w+)\b(?! USING COVERING INDEX)", "\n".join(row[-1] for row in plan))
                    whole += [(page, table, statement) for table in read if table not in SMALL]
    assert whole == []


def plan(app: Flask, said: list[tuple[str, object]], table: str) -> str:
    """How SQLite answers the first of these statements that concerns a table."""
    statement, values = next(one for one in said if table in one[0])
    with app.app_context(), db.engine.connect() as connection:
        return " ".join(row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))


def test_a_players_own_are_found_in_one_index_however_much_they_drew(app: Flask) -> None:
    with asked(app) as said, app.app_context():
        daily.streak("nobody")
    assert re.search(r"SEARCH entry USING (COVERING )?INDEX ix_entry_\w+ \(player_id=\?", plan(app, said, "prompt_day"))
    with asked(app) as said, app.app_context():
        entries.best_of("nothing", "nobody")
    best = plan(app, said, "penalised")
    assert "USING COVERING INDEX ix_entry_mine (player_id=? AND prompt_id=? AND judge=? AND state=?)" in best
    assert "TEMP B-TREE" not in best
    assert "SEARCH entry USING INDEX sqlite_autoindex_entry_1 (id=?)" in best
