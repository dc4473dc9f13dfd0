"""Writing does not pay: what a drawing's words gave it is taken off, whoever judges, and everybody can see why."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from flask import Flask

from game import storage
from game.judging import INJECTED_READER
from game.models import Player
from game.rules import entries, rejudging, verdicts, writing
from game.rules.scores import penalise
from game.rules.views import EntryView, PromptView
from tests.fakes import ColourJudge, InkReader, Score

Enter = Callable[..., EntryView]
Patch = pytest.MonkeyPatch


@pytest.fixture
def reader(context: Flask) -> InkReader:
    """Takes all red for writing."""
    context.extensions[INJECTED_READER] = found = InkReader("red", "a red cat")
    return found


def test_written_words_count_as_if_they_were_not_there(
    reader: InkReader, red_cat: PromptView, ann: Player, enter: Enter
) -> None:
    wrote = enter(red_cat, ann, "green", "red", 0.9)
    (penalty,) = wrote.penalties
    assert penalty["kind"] == "writing"
    assert 0 < penalty["factor"] < 0.5
    assert penalty["similarity"] < wrote.similarity
    assert penalise(wrote.similarity, [penalty["factor"]]) < penalty["similarity"]
    assert "says “a red cat”" in penalty["detail"]
    assert f"{penalty['similarity']:.3f} instead of {wrote.similarity:.3f}" in penalty["detail"]
    (box,) = penalty["boxes"]
    left, top, right, bottom = box
    assert 0 <= left < right <= 1
    assert 0.5 < top < bottom < 1, "the red blob is the lower one"
    assert "object" not in penalty
    assert penalty["picture"] == f"/api/v1/entries/{wrote.id}/left-out.png"


def test_a_writer_hangs_below_an_honest_drawing_of_a_lower_cosine(
    reader: InkReader, red_cat: PromptView, ann: Player, bob: Player, enter: Enter
) -> None:
    wrote = enter(red_cat, ann, "green", "red", 0.9)
    reader.colour = None
    honest = enter(red_cat, bob, "green", "red", 0.3)
    assert honest.penalties == []
    assert honest.similarity < wrote.similarity
    board = entries.leaderboard(red_cat.id, "all", None, 10).items
    assert [(entry.id, entry.rank) for entry in board] == [(honest.id, 1), (wrote.id, 2)]


def test_the_verdict_says_what_was_read(reader: InkReader, red_cat: PromptView, ann: Player, enter: Enter) -> None:
    assert verdicts.verdict(enter(red_cat, ann, "green", "red").id).reason == verdicts.READ


def test_another_judge_weighs_the_words_anew(reader: InkReader, red_cat: PromptView, ann: Player, enter: Enter) -> None:
    wrote = enter(red_cat, ann, "green", "red", 0.9)
    other = Inverted()
    rejudging.rejudge(other)
    again = entries.get(wrote.id)
    assert again.judge == other.spec
    assert again.similarity == pytest.approx(-wrote.similarity, abs=1e-3)
    assert again.penalties[0]["similarity"] == pytest.approx(-wrote.penalties[0]["similarity"], abs=1e-3)


def test_a_lost_picture_keeps_its_factor(
    reader: InkReader, red_cat: PromptView, ann: Player, enter: Enter, judge: ColourJudge
) -> None:
    wrote = entries.row(enter(red_cat, ann, "green", "red").id)
    name = writing.left_out(wrote.penalties)
    assert name is not None
    storage.drop(name)
    score = judge.score_embedding(judge.embed_texts(["red"])[0], "red")
    assert writing.reweighed(wrote.penalties, judge, score, "a blue bird") == wrote.penalties


def test_what_a_former_judge_could_read_is_forgotten_and_other_penalties_stay(
    context: Flask, judge: ColourJudge
) -> None:
    other = {"kind": "late", "factor": 0.5, "detail": "It came late."}
    letters = {"kind": "letters", "factor": 0.5, "detail": "It is read."}
    score = judge.score_embedding(judge.embed_texts(["red"])[0], "red")
    assert writing.reweighed([other, letters], judge, score, "red") == [other]


def test_a_judge_that_can_read_is_asked_about_letters_and_the_mirror(
    reader: InkReader, red_cat: PromptView, ann: Player, enter: Enter, judge: ColourJudge, monkeypatch: Patch
) -> None:
    asked = []

    def read(*evidence: object) -> object:
        asked.append(evidence[-1])
        return Reading()

    reader.colour = None
    monkeypatch.setattr(reader, "read", read, raising=False)
    monkeypatch.setattr(judge, "embedded", False, raising=False)
    entry = enter(red_cat, ann, "red")
    assert asked == ["a red cat"]
    (penalty,) = entry.penalties
    assert penalty["kind"] == "letters"
    assert penalise(entry.similarity, [penalty["factor"]]) < Reading.mirrored
    assert "boxes" not in penalty


def test_an_honest_drawing_keeps_all_it_has(red_cat: PromptView, ann: Player, enter: Enter) -> None:
    entry = enter(red_cat, ann, "red")
    assert entry.penalties == []
    row = entries.row(entry.id)
    assert row.penalised == row.similarity


class Reading:
    """Evidence that a judge reads."""

    letters, mirrored = 0.9, 0.2


class Inverted(ColourJudge):
    """A judge whose every cosine is the other's with the sign turned."""

    def __init__(self) -> None:
        super().__init__("fake:inverted")

    def score_embedding(self, embedding: np.ndarray, text: str) -> Score:
        score = super().score_embedding(embedding, text)
        return Score(-score.similarity, 100 - score.percentile, score.embedding, score.judge)
