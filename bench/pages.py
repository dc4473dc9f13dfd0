"""How long the server takes for each page of a player in a game with 100,000 entries, against its plainest page."""

from __future__ import annotations

import html
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from bench import Figure
from bench._crowd import Crowd, fill
from game import create_app
from game.identity import KEY

ONLY_IF_ASKED = True  # filling the database takes a minute
ENTRIES, REPEATS = 100_000, 9
PLAINEST = "/rooms/new"  # a form: what any page takes


def figures() -> Iterator[Figure]:
    """Yield the median milliseconds of every page, as a keen player sees it, beside those of the plainest one."""
    with tempfile.TemporaryDirectory() as folder:
        app, crowd = game(Path(folder), ENTRIES)
        client = visitor(app, crowd)
        for name, address in addresses(client, crowd).items():
            value, against = in_turns(client, address)
            yield Figure(f"pages.{name}", round(value, 2), "ms", round(against, 2))


def game(folder: Path, count: int) -> tuple[Flask, Crowd]:
    """A game on a data folder, with its embedded judge, and `count` entries."""
    app = create_app({"DATA": folder, "RATE_LIMITS": "off", "SECOND_JUDGE": "none"})
    with app.app_context():
        upgrade()
        return app, fill(count)


def visitor(app: Flask, crowd: Crowd) -> FlaskClient:
    """The browser of the keenest player."""
    client = app.test_client()
    with client.session_transaction() as session:
        session[KEY] = crowd.player_id
    return client


def addresses(client: FlaskClient, crowd: Crowd) -> dict[str, str]:
    """The pages; `later` ones are the second stretch of a list, as the first one links to it."""
    wall, entry = f"/prompts/{crowd.prompt_id}", f"/entries/{crowd.entry_id}"
    player, machine = f"/players/{crowd.player_id}", f"/players/{crowd.machine_id}"
    first = {
        "home": "/", "popular": "/?sort=popular", "wall": wall, "wall_people": f"{wall}?kind=human",
        "wall_machines": f"{wall}?kind=ai", "draw": f"{wall}/draw", "entry": entry, "verdict": f"{entry}/verdict",
        "caption": f"/captions/{crowd.entry_id}", "captioned": f"/captions/{crowd.captioned_id}",
        "next_caption": "/captions", "arena": "/arena", "arena_prompt": f"/arena?prompt={crowd.prompt_id}",
        "arena_boards": "/arena/boards", "arena_board": f"/arena/boards/{crowd.prompt_id}",
        "arena_divided": "/arena/divided", "boards": "/boards", "boards_machines": "/boards?kind=ai",
        "boards_people": "/boards?judge=people", "today": "/today", "numbers": "/numbers", "player": player,
        "machine": machine, "runs": f"{machine}/runs", "feed": f"{wall}/best.atom", "rooms": "/rooms/new",
        "about": "/about", "explore": "/explore",
    }  # fmt: skip
    later = {f"{name}_later": _later(client, first[name]) for name in ("home", "wall", "boards", "player", "machine")}
    return {**first, **{name: address for name, address in later.items() if address}}


def in_turns(client: FlaskClient, address: str) -> tuple[float, float]:
    """Median milliseconds of a page and of the plainest one, warm, in turns."""
    for warming in (address, address, PLAINEST):
        milliseconds(client, warming)
    turns = [(milliseconds(client, address), milliseconds(client, PLAINEST)) for _ in range(REPEATS)]
    value, against = (statistics.median(times) for times in zip(*turns, strict=True))
    return value, against


def milliseconds(client: FlaskClient, address: str) -> float:
    """Time one answer; AssertionError where it is none."""
    started = time.perf_counter()
    answer = client.get(address)
    passed = time.perf_counter() - started
    assert answer.status_code in (200, 302, 303), f"{address}: {answer.status}"
    return passed * 1000


def _later(client: FlaskClient, address: str) -> str | None:
    found = re.search(r'href="([^"]*cursor=[^"]*)"', client.get(address).text)
    return html.unescape(found[1]) if found else None
