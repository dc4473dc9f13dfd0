"""Films: each kind plays, holds the last picture, and says what it was made with."""

import io
import sys
from pathlib import Path

import pytest
from PIL import Image

from generator import film
from generator.film import FRAME_MS, LAST_MS, FilmError

ABOUT = '{"seed": 3, "texts": [{"text": "caf\\u00e9"}]}'


def pictures(size: int = 48) -> list[Image.Image]:
    return [Image.new("RGB", (size, size), colour) for colour in ("red", "green", "blue")]


@pytest.mark.parametrize("kind", [".webp", ".gif"])
def test_an_animation_has_its_pictures_times_and_words(kind: str) -> None:
    shown = Image.open(io.BytesIO(film.kind(Path("A" + kind.upper()))(pictures(), ABOUT)))
    assert shown.n_frames == 3  # type: ignore[attr-defined]
    durations, colours = [], []
    for place in range(3):
        shown.seek(place)
        colours.append(shown.convert("RGB").getpixel((20, 20)))
        durations.append(shown.info["duration"])
    assert durations == [FRAME_MS, FRAME_MS, LAST_MS]
    assert [max(range(3), key=colour.__getitem__) for colour in colours] == [0, 1, 2]  # type: ignore[index,union-attr]
    assert shown.info["loop"] == 0
    shown.seek(0)
    told = shown.info["comment"].decode() if kind == ".gif" else shown.getexif()[film.DESCRIPTION]
    assert told == ABOUT


@pytest.mark.parametrize("size", [48, 33])
def test_an_mp4_plays_and_holds_the_last_picture(size: int) -> None:
    av = pytest.importorskip(
        "av", reason="PyAV is not installed; to run this: .venv/bin/pip install -r requirements-film.lock"
    )
    with av.open(io.BytesIO(film.mp4(pictures(size), ABOUT))) as played:
        assert played.metadata["comment"] == ABOUT
        assert played.streams.video[0].codec_context.name == "h264"
        frames = [frame.to_image() for frame in played.decode(video=0)]
    assert len(frames) == 3 + LAST_MS // FRAME_MS
    assert frames[0].size == (size // 2 * 2, size // 2 * 2)
    red, _, blue = frames[-1].getpixel((10, 10))
    assert blue > 200 > 60 > red


def test_without_pyav_an_mp4_is_refused_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(FilmError, match=r"pip install -r requirements-film\.lock"):
        film.kind(Path("run.mp4"))


def test_other_endings_and_no_pictures_are_refused() -> None:
    with pytest.raises(FilmError, match=r"run\.avi.*\.webp, \.gif, \.mp4"):
        film.kind(Path("run.avi"))
    with pytest.raises(ValueError, match="a film needs a picture"):
        film.gif([])
