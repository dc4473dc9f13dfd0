"""Gestures of the rules' tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from game.models import Player
from game.rules import drawing, entries, players, prompts
from game.rules.views import EntryView, PromptView
from game.tables import new_id
from tests.conftest import doodle


@pytest.fixture
def red_cat(context: Flask) -> PromptView:
    """An open prompt that the judge of colours understands."""
    return prompts.add("a red cat")


@pytest.fixture
def ann(context: Flask) -> Player:
    """A player with a name."""
    return players.rename(players.ensure(new_id()), "Ann")


@pytest.fixture
def bob(context: Flask) -> Player:
    """Another player with a name."""
    return players.rename(players.ensure(new_id()), "Bob")


@pytest.fixture
def machine(context: Flask) -> Player:
    """The machine that paints strokes."""
    return players.machine("strokes")


@pytest.fixture
def enter(context: Flask) -> Callable[..., EntryView]:
    """Enters a doodle: `enter(prompt, player, "red", "blue", 0.2)`; the more of the asked colour, the better."""

    def submit(prompt: PromptView, player: Player, *colours: object) -> EntryView:
        return entries.submit(prompt.id, drawing.parse(doodle(*colours)), player)

    return submit
