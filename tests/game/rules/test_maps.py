"""Maps: what is alike lies together, the same entries give the same map, and only the best are on it."""

from collections.abc import Callable

import numpy as np
import pytest
from flask import Flask

from game.extensions import db
from game.models import Player
from game.rules import maps, moderation
from game.rules.embeddings import packed
from game.rules.views import EntryView, PromptView
from tests.fakes import ColourJudge
from tests.game.rules.rows import hang

Enter = Callable[..., EntryView]


def test_a_plane_keeps_what_differs_most():
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(40, 12)).astype(np.float32) * 0.01
    rows[:, 4] += np.linspace(-2, 2, 40)
    rows[:, 7] += rng.normal(size=40)
    flat = maps.flatten(rows)
    assert np.abs(flat.axes).argmax(1).tolist() == [4, 7]
    assert flat.shares[0] > flat.shares[1] > 0.05
    assert sum(flat.shares) > 0.99
    assert np.allclose(flat.places.std(0), (rows - rows.mean(0))[:, [4, 7]].std(0), rtol=0.02)


def test_the_sign_of_an_axis_is_settled():
    rows = np.random.default_rng(5).normal(size=(9, 6)).astype(np.float32)
    ours, turned = maps.flatten(rows), maps.flatten(rows[::-1].copy())
    assert np.allclose(ours.places, turned.places[::-1])
    assert np.allclose(ours.axes, turned.axes)


def test_alike_drawings_lie_together(red_cat: PromptView, ann: Player, enter: Enter):
    for colours in [("red",), ("red", "pink", 0.1), ("blue",), ("blue", "green", 0.1)]:
        enter(red_cat, ann, *colours)
    found = maps.of_prompt(red_cat.id)
    assert found is not None
    places = {spot.entry.id: np.array([spot.x, spot.y]) for spot in found.spots}
    reds, blues = list(places)[:2], list(places)[2:]
    assert np.linalg.norm(places[reds[0]] - places[reds[1]]) < np.linalg.norm(places[reds[0]] - places[blues[0]]) / 2
    assert found.pull is not None
    towards = np.mean([places[one] for one in reds], 0) - np.mean([places[one] for one in blues], 0)
    assert np.dot(found.pull, towards) > 0


def test_a_map_follows_the_wall(red_cat: PromptView, ann: Player, enter: Enter):
    entered = [enter(red_cat, ann, colour) for colour in ("red", "blue", "green", "pink")]
    assert len(maps.of_prompt(red_cat.id).spots) == 4
    moderation.decide(entered[1].id, "hidden", "a test", ann)
    assert {spot.entry.id for spot in maps.of_prompt(red_cat.id).spots} == {entered[i].id for i in (0, 2, 3)}
    moderation.decide(entered[2].id, "hidden", "a test", ann)
    assert maps.of_prompt(red_cat.id) is None


@pytest.mark.usefixtures("context")
def test_only_the_best_are_on_a_large_map(
    red_cat: PromptView, ann: Player, judge: ColourJudge, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(maps, "MOST", 5)
    rng = np.random.default_rng(1)
    rows = [hang(red_cat, ann, i / 10) for i in range(8)]
    for row in rows:
        row.embedding = packed(rng.normal(size=judge.dim))
    db.session.commit()
    found = maps.of_prompt(red_cat.id)
    assert [spot.entry.id for spot in found.spots] == [row.id for row in rows[::-1][:5]]
    assert found.of == 8


def test_a_kept_map_reads_no_embedding_again(
    context: Flask, red_cat: PromptView, ann: Player, enter: Enter, monkeypatch: pytest.MonkeyPatch
):
    for colour in ("red", "blue", "green"):
        enter(red_cat, ann, colour)
    first = maps.of_prompt(red_cat.id)
    monkeypatch.setattr(maps, "flatten", None)
    assert maps.of_prompt(red_cat.id) == first
