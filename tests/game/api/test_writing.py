"""From a written prompt to the penalty through the API, with the detector that ships."""

from __future__ import annotations

import io

import numpy as np
import pytest
from flask import Flask
from PIL import Image

from game.judging import INJECTED_READER
from tests import doodles
from tests.doodles.sheet import Sheet
from tests.game.api.conftest import API, Caller, check_problem
from tests.handwriting import write


@pytest.fixture(autouse=True)
def real_reader(app: Flask) -> None:
    """The scorer's own detector looks."""
    del app.extensions[INJECTED_READER]


def spelled() -> dict:
    """Red capitals, which the judge of colours likes very much."""
    sheet = Sheet()
    sheet.ink, sheet.pen = "red", 2
    write(sheet, "HAMBURGER", (30, 200), 32)
    return sheet.drawing()


def test_a_spelled_prompt_is_told_so_and_ranks_below_a_drawing(ann: Caller, bob: Caller, red_cat: str) -> None:
    wrote = ann.post(f"/prompts/{red_cat}/drawings", spelled()).get_json()["entry"]
    drew = bob.post(f"/prompts/{red_cat}/drawings", doodles.drawing("apple")).get_json()["entry"]
    assert drew["penalties"] == []
    (penalty,) = wrote["penalties"]
    assert penalty["kind"] == "writing"
    assert penalty["factor"] < 1
    assert wrote["state"] == "visible", "never a silent rejection"
    board = ann.get(f"/prompts/{red_cat}/leaderboard").get_json()["items"]
    assert [entry["id"] for entry in board] == [drew["id"], wrote["id"]]
    left = ann.get(penalty["picture"].removeprefix(API))
    assert left.mimetype == "image/png"
    with Image.open(io.BytesIO(left.data)) as picture:
        kept = np.asarray(picture.convert("RGB"), int)
    with Image.open(io.BytesIO(ann.get(f"/entries/{wrote['id']}/picture.png").data)) as picture:
        was = np.asarray(picture.convert("RGB"), int)
    assert (kept < 128).any(2).sum() < 0.2 * (was < 128).any(2).sum(), "most of the ink is gone"


def test_an_honest_drawing_has_no_picture_without_words(ann: Caller, red_cat: str) -> None:
    drew = ann.draw(red_cat, "red")
    check_problem(ann.get(f"/entries/{drew['id']}/left-out.png"), 404)
    check_problem(ann.get("/entries/nowhere/left-out.png"), 404)
