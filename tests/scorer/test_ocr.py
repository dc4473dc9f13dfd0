"""Reading beside finding: with an engine that stands in for RapidOCR, and with RapidOCR where it is installed."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from game.rules import drawing, raster
from scorer import ocr
from scorer.writing import Writing, box_of
from tests.doodles.sheet import COLOURS, Sheet
from tests.handwriting import write


def page(text: str) -> Image.Image:
    sheet = Sheet()
    write(sheet, text, (40, 200), 60)
    picture = Image.fromarray(raster.master(drawing.parse(sheet.drawing())), "P")
    picture.putpalette(bytes.fromhex("".join(colour[1:] for colour in COLOURS.values())))
    return picture


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Stands in for RapidOCR: `says` are (text, certainty, box in px of 512)."""
    stand_in = SimpleNamespace(says=[], saw=[])

    def look(picture: np.ndarray) -> SimpleNamespace:
        stand_in.saw.append(picture)
        if not stand_in.says:
            return SimpleNamespace(txts=None, scores=None, boxes=None)
        texts, scores, boxes = zip(*stand_in.says, strict=True)
        corners = [[(x0, y0), (x1, y0), (x1, y1), (x0, y1)] for x0, y0, x1, y1 in boxes]
        return SimpleNamespace(txts=texts, scores=scores, boxes=np.array(corners, np.float32))

    module = ModuleType("rapidocr")
    module.RapidOCR = lambda params: look  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rapidocr", module)
    ocr._engine.cache_clear()
    yield stand_in
    ocr._engine.cache_clear()


def test_what_is_read_is_told_of_what_was_found(engine: SimpleNamespace) -> None:
    engine.says = [("RABBIT", 0.9, (40, 200, 400, 260))]
    found = ocr.find(page("RABBIT"))
    assert "RABBIT" in [one.read for one in found]
    assert engine.saw[0].shape == (512, 512, 3)
    assert engine.saw[0].min() == 0, "ink is black on white"


def test_reading_finds_what_the_detector_does_not_see(engine: SimpleNamespace) -> None:
    engine.says = [("cat", 0.9, (100, 400, 200, 440))]
    blank = Sheet()
    blank.line((20, 20), (490, 20))
    picture = Image.fromarray(raster.master(drawing.parse(blank.drawing())), "P")
    picture.putpalette([255, 255, 255, 0, 0, 0])
    (one,) = ocr.find(picture)
    assert one.read == "cat"
    assert one.box == pytest.approx((100 / 512, 400 / 512, 200 / 512, 440 / 512), abs=0.02)


def test_a_word_that_two_layers_spell_in_two_ways_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def reading(text: str, sure: float, top: int) -> Writing:
        region = np.zeros((64, 64), bool)
        region[top : top + 6, 10:40] = True
        return Writing(box_of(region), (1,), sure, region, text)

    said = [reading("duck", 0.7, 30), reading("rubher", 0.7, 20), reading("rubber", 0.9, 21)]
    monkeypatch.setattr(ocr, "_readings", lambda picture: iter(said))
    assert [one.read for one in ocr.find(Image.new("P", (512, 512)))] == ["rubber", "duck"]


@pytest.mark.parametrize(
    "doubtful", [("cat", 0.4, (0, 0, 50, 50)), ("io", 0.9, (0, 0, 50, 50)), ("1 2 3", 0.9, (0, 0, 9, 9))]
)
def test_a_doubtful_reading_is_none(engine: SimpleNamespace, doubtful: tuple[str, float, tuple[int, ...]]) -> None:
    engine.says = [doubtful]
    line = Sheet()
    line.line((20, 20), (490, 20))
    picture = Image.fromarray(raster.master(drawing.parse(line.drawing())), "P")
    picture.putpalette([255, 255, 255, 0, 0, 0])
    assert ocr.find(picture) == []


def test_rapidocr_reads_a_word() -> None:
    pytest.importorskip("rapidocr", reason="RapidOCR is not installed; to run this: make extras")
    ocr._engine.cache_clear()
    said = " ".join(one.read for one in ocr.find(page("RABBIT"))).upper()
    assert "RABBIT" in said.replace(" ", "")
