"""Sheets of a walk through the VQGAN's latent: made once, bounded, and nobody waits in a crowd."""

import io
import threading
from collections import OrderedDict

import pytest
from PIL import Image

from game import painting
from game.rules import latents
from game.rules.refusals import Missing, Spent


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """A VQGAN that is there and paints grey; the walks that were painted."""
    asked: list[tuple[int, int]] = []

    def walk(first: int, last: int, count: int, side: int) -> list[Image.Image]:
        asked.append((first, last))
        shades = [first + (last - first) * place // (count - 1) for place in range(count)]
        return [Image.new("RGB", (side, side), (shade, shade, shade)) for shade in shades]

    monkeypatch.setattr(painting, "walk", walk)
    monkeypatch.setattr(painting, "vqgan", lambda: "mark")
    monkeypatch.setattr(latents, "_kept", OrderedDict())
    return asked


def test_a_sheet_has_the_stills_row_by_row(asked: list[tuple[int, int]]) -> None:
    sheet = Image.open(io.BytesIO(latents.sheet(0, 240))).convert("L")
    assert sheet.size == (latents.COLUMNS * latents.SIDE, latents.ROWS * latents.SIDE)
    middles = [
        sheet.getpixel(((place % latents.COLUMNS) * latents.SIDE + 48, (place // latents.COLUMNS) * latents.SIDE + 48))
        for place in range(latents.STILLS)
    ]
    assert middles == sorted(middles)
    assert middles[0] < 5
    assert middles[-1] > 235


def test_the_same_samples_are_painted_once(asked: list[tuple[int, int]]) -> None:
    assert latents.sheet(1, 2) == latents.sheet(1, 2)
    latents.sheet(2, 1)
    assert asked == [(1, 2), (2, 1)]


def test_few_sheets_are_kept(asked: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latents, "KEPT", 2)
    for last in range(3):
        latents.sheet(5, last)
    assert len(latents._kept) == 2


@pytest.mark.parametrize("ends", [(-1, 0), (0, latents.SEEDS)])
def test_there_are_only_so_many_samples(asked: list[tuple[int, int]], ends: tuple[int, int]) -> None:
    with pytest.raises(Missing):
        latents.sheet(*ends)


def test_a_crowd_is_sent_away_at_once(asked: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    latents.sheet(1, 2)
    monkeypatch.setattr(latents, "_desk", threading.BoundedSemaphore(1))
    with latents._desk:
        with pytest.raises(Spent, match="Try again in a moment"):
            latents.sheet(3, 4)
        assert latents.sheet(1, 2)  # what is there already is for everybody


def test_nobody_waits_for_ever_for_the_brush(asked: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latents, "PATIENCE", 0.01)
    with latents._brush, pytest.raises(Spent):
        latents.sheet(3, 4)


def test_without_weights_there_is_nothing_to_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painting, "vqgan", lambda: None)
    with pytest.raises(Missing, match="no VQGAN"):
        latents.sheet(1, 2)
