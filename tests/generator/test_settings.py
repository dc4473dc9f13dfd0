"""Settings: what is refused and where, and that every record survives JSON."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import Settings, SettingsError, Text, declare, table
from generator.own import OWN, PAINTBOX

ROOT = Path(__file__).resolve().parents[2]
ONE = [{"text": "a cat"}]
colours = st.lists(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), min_size=2, max_size=8, unique=True)


@st.composite
def settings_json(draw: st.DrawFn) -> dict[str, Any]:
    """Any settings that are accepted, as the API sends them."""
    palette = draw(colours)
    thin, wide = sorted(draw(st.tuples(st.floats(0.5, 40), st.floats(0.5, 40))))
    first = {"text": "a cat", "weight": draw(st.floats(0.01, 10))}
    more = st.fixed_dictionaries(
        {"text": st.text(min_size=1, max_size=20).filter(str.strip)},
        optional={"weight": st.floats(-10, 10), "from_step": st.integers(0, 9), "to_step": st.integers(10, 99)},
    )
    return {
        "texts": [first, *draw(st.lists(more, max_size=3))],
        "steps": draw(st.integers(1, 10_000)),
        "seed": draw(st.integers(0, 2**53 - 1)),
        "deadline_s": draw(st.none() | st.floats(1, 1000)),
        "sizes": [
            [step, draw(st.integers(32, 1024))] for step in sorted(draw(st.sets(st.integers(0, 99), max_size=3)))
        ],
        "ema": draw(st.floats(0, 0.999)),
        "candidates": draw(st.integers(1, 64)),
        "keep": draw(st.integers(1, 64)),
        "cull_at": draw(st.integers(1, 10_000)),
        "patience": draw(st.none() | st.integers(1, 100)),
        "strokes": draw(st.integers(1, 60)),
        "lines": draw(st.floats(0, 1)),
        "knots": draw(st.integers(4, 12)),
        "colours": palette,
        "paper": draw(st.none() | st.sampled_from(palette)),
        "thinnest": thin,
        "widest": wide,
    }


@given(settings_json())
def test_settings_survive_json(given_settings: dict[str, Any]) -> None:
    settings = Settings.from_dict(given_settings)
    assert Settings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings


@pytest.mark.parametrize("prior", list(OWN))
def test_every_priors_own_settings_survive_json(prior: str) -> None:
    weights = {"weights": "w.safetensors"} if prior in ("vqgan", "biggan") else {}
    settings = Settings.from_dict({"texts": ONE, "prior": prior, **weights})
    assert type(settings.own) is OWN[prior]
    assert Settings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings


@pytest.mark.parametrize(
    ("given_settings", "pointer"),
    [
        ([], "#"),
        ({}, "#/texts"),
        ({"texts": []}, "#/texts"),
        ({"texts": ["a cat"]}, "#/texts/0"),
        ({"texts": [{}]}, "#/texts/0/text"),
        ({"texts": [{"text": " "}]}, "#/texts/0/text"),
        ({"texts": [*ONE, {"text": "x", "weight": 11}]}, "#/texts/1/weight"),
        ({"texts": [*ONE, {"text": "x", "weight": float("nan")}]}, "#/texts/1/weight"),
        ({"texts": [*ONE, {"text": "x", "from_step": 5, "to_step": 5}]}, "#/texts/1/to_step"),
        ({"texts": [{"text": "x", "weight": -1}]}, "#/texts"),
        ({"texts": [{"text": "x", "to_step": 5}]}, "#/texts"),
        ({"texts": [{"text": "x", "from_step": 1}]}, "#/texts"),
        ({"texts": ONE, "stepz": 1}, "#/stepz"),
        ({"texts": ONE, "steps": 0}, "#/steps"),
        ({"texts": ONE, "steps": True}, "#/steps"),
        ({"texts": ONE, "steps": 3.0}, "#/steps"),
        ({"texts": ONE, "candidates": 65}, "#/candidates"),
        ({"texts": ONE, "keep": 0}, "#/keep"),
        ({"texts": ONE, "ema": 1}, "#/ema"),
        ({"texts": ONE, "sizes": [[0]]}, "#/sizes/0"),
        ({"texts": ONE, "sizes": [[0, 64], [9, 16]]}, "#/sizes/1/1"),
        ({"texts": ONE, "sizes": [[9, 64], [9, 96]]}, "#/sizes"),
        ({"texts": ONE, "prior": "oil"}, "#/prior"),
        ({"texts": ONE, "prior": 3}, "#/prior"),
        ({"texts": ONE, "deadline_s": "soon"}, "#/deadline_s"),
        ({"texts": ONE, "views": {"nearest": 2, "farthest": 1}}, "#/views/farthest"),
        ({"texts": ONE, "views": {"nearest": 0.5}}, "#/views/perspective"),
        ({"texts": ONE, "strokes": 401}, "#/strokes"),
        ({"texts": ONE, "strokes": 400, "knots": 12, "widest": 64}, "#/strokes"),
        ({"texts": ONE, "colours": ["#ffffff", "white"]}, "#/colours/1"),
        ({"texts": ONE, "colours": ["#ffffff", "#FFFFFF"]}, "#/colours"),
        ({"texts": ONE, "colours": ["#000000", "#ff0000"]}, "#/paper"),
        ({"texts": ONE, "prior": "pixels", "grid": 2}, "#/grid"),
        ({"texts": ONE, "prior": "pixels", "strokes": 8}, "#/strokes"),
        ({"texts": ONE, "prior": "fft", "contrast": 0}, "#/contrast"),
        ({"texts": ONE, "prior": "siren", "layers": 1}, "#/layers"),
        ({"texts": ONE, "thinnest": 9, "widest": 8}, "#/widest"),
    ],
)
def test_a_refused_setting_is_pointed_at(given_settings: Any, pointer: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_dict(given_settings)
    assert refused.value.pointer == pointer
    assert refused.value.detail


def test_defaults_are_filled_in() -> None:
    settings = Settings.from_dict({"texts": ONE})
    assert settings.texts == (Text("a cat"),)
    assert settings == Settings((Text("a cat"),))
    assert settings.own.paper in settings.own.colours


def test_the_table_names_every_setting_once_with_a_sentence() -> None:
    rows = table()
    names = [row["name"] for row in rows]
    every = [field for kind in (Settings, *OWN.values()) for field in declare.names(kind)]
    assert names == every
    for kind in OWN.values():  # two priors may have a setting of the same name, as both have weights
        together = declare.names(Settings) + declare.names(kind)
        assert len(set(together)) == len(together), "a run's settings lie in one object"
    assert all(row["about"].endswith(".") for row in rows)


def test_the_machine_has_the_players_colours() -> None:
    script = (ROOT / "static/draw/palette.js").read_text("utf-8")
    assert tuple(re.findall(r'\[say\("\w+"\), "(#[0-9a-f]{6})"\]', script)) == PAINTBOX
