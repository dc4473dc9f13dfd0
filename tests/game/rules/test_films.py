"""Films of entries: they play, they end with the picture, they are made once and one at a time."""

import importlib.util
import io
from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image

from game import storage
from game.extensions import db
from game.models import Entry, Player, Prompt, Run, RunEvent
from game.rules import entries, films, lettering
from game.rules.refusals import Conflict
from game.rules.views import EntryView, PromptView

Enter = Callable[..., EntryView]


@pytest.fixture
def entry(red_cat: PromptView, ann: Player, enter: Enter) -> Entry:
    """A drawing of two strokes."""
    return entries.row(enter(red_cat, ann, "red", "blue").id)


def opened(data: bytes) -> Image.Image:
    """A film as Pillow plays it."""
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["webp", "gif"])
def test_a_film_grows_to_the_picture_and_loops(entry: Entry, kind: str) -> None:
    film = opened(films.film(entry, kind))
    assert film.format == kind.upper()
    assert film.size == (films.SIDE, films.SIDE + films.PLATE)
    assert 2 < film.n_frames <= films.MOST, "equal frames are one"
    assert film.info["loop"] == 0
    sheet = (0, 0, films.SIDE, films.SIDE)
    assert film.convert("RGB").crop(sheet).getextrema()[0][0] > 240, "the sheet is blank at first"
    film.seek(film.n_frames - 1)
    last = film.convert("RGB").crop(sheet)
    whole = Image.open(io.BytesIO(storage.get(entry.picture))).convert("RGB").resize((films.SIDE, films.SIDE))
    for place in ((216, 110), (216, 290), (20, 20)):  # red, blue, paper
        assert all(abs(a - b) < 30 for a, b in zip(last.getpixel(place), whole.getpixel(place), strict=True))


def test_an_mp4_plays_as_long_as_its_frames(entry: Entry) -> None:
    av = pytest.importorskip("av", reason="PyAV is not installed; pip install -r requirements-film.lock")
    with av.open(io.BytesIO(films.film(entry, "mp4"))) as container:
        shown = list(container.decode(video=0))
    assert (shown[0].width, shown[0].height) == (films.SIDE, films.SIDE + films.PLATE)
    assert len(shown) >= films.LEAST + films.HOLD_MS // films.FRAME_MS


def test_without_pyav_an_mp4_is_refused_with_what_to_take_instead(
    entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert films.kinds() == ("webp", "gif")
    with pytest.raises(Conflict, match=r"PyAV is not installed.*WebP"):
        films.film(entry, "mp4")


def test_a_film_is_made_once(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    first = films.film(entry, "gif")
    monkeypatch.setitem(films.ENCODERS, "gif", lambda pictures: b"another")
    assert films.film(entry, "gif") == first


def test_films_are_made_one_at_a_time(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "PATIENCE", 0)
    with films._desk, pytest.raises(films.FilmsBusy):
        films.film(entry, "gif")
    assert films.film(entry, "gif")


def test_the_length_has_bounds(context: Flask) -> None:
    def long(strokes: int) -> films.Drawing:
        ops = [
            {"op": "stroke", "color": 1, "pts": [[9, 9, 9, 999 * i], [9, 99, 9, 999 * i + 240]]} for i in range(strokes)
        ]
        return films.parse({"format": 1, "size": 64, "bg": 0, "palette": ["#ffffff", "#000000"], "ops": ops})

    assert films.frames(long(0)) == films.LEAST
    assert films.frames(long(5)) == 28
    assert films.frames(long(400)) == films.MOST


def test_what_was_not_drawn_is_shown_as_it_was_painted(
    entry: Entry,
    red_cat: PromptView,
    ann: Player,
) -> None:
    run = Run(prompt_id=red_cat.id, player_id=ann.id, settings={})
    db.session.add(run)
    db.session.flush()
    entry.drawing, entry.run_id = None, run.id
    with pytest.raises(Conflict, match="not written down"):
        films.film(entry, "webp")
    for step, colour in enumerate(("blue", "green")):
        still = io.BytesIO()
        Image.new("RGB", (64, 64), colour).save(still, "PNG")
        name = storage.put(still.getvalue(), ".png")
        db.session.add(RunEvent(run_id=run.id, kind="preview", data={"step": step, "preview": "", "object": name}))
    db.session.commit()
    film = opened(films.film(entry, "webp"))
    assert film.n_frames == 3, "two stills and the finished picture"
    film.seek(1)
    red, green, blue = film.convert("RGB").getpixel((200, 200))
    assert green > red + 60
    assert green > blue + 60


def test_the_longest_prompt_stands_on_its_plate(context: Flask) -> None:
    text = "a very surprised teapot " * 9
    block = lettering.fitted(text[: Prompt.text.type.length], 400, 56, 34, 14)
    assert block.height <= 56
    assert max(lettering.width(line, block.size) for line in block.lines) <= 400
    assert block.lines[-1].endswith("…")
