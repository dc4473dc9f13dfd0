"""Styles by name: in settings, after wanted texts or beside them, and forgiving of how a name is written."""

import pytest

from generator import Settings, SettingsError
from generator.objective import styled
from generator.presets import PRESETS, key, near, with_style
from generator.prompt_line import parse
from generator.wanted import Text


@pytest.mark.parametrize("name", ["pixel art", "Pixel-Art", " pixel_art ", "PIXEL  ART"])
def test_a_name_is_found_however_it_is_written(name: str) -> None:
    assert key(name) == "pixel art"


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_named_in_a_line(name: str) -> None:
    assert parse(f"a cat {{{name}}}") == (Text(f"a cat, {PRESETS[name]}"),)


def test_a_wrong_name_is_answered_with_near_ones() -> None:
    assert "watercolour" in near("watercolor")
    assert near("zzzz") == list(PRESETS)


def test_a_phrase_follows_a_comma() -> None:
    assert with_style("A cat. ", "in oil") == "A cat, in oil"


def test_a_style_is_written_after_wanted_texts_or_counts_by_itself() -> None:
    settings = Settings.from_dict(
        {
            "texts": [{"text": "a cat", "weight": 2, "to_step": 9}, {"text": "blur", "weight": -1}, {"text": "a dog"}],
            "style": [{"name": "ink", "weight": 0.3}, {"name": "oil"}],
        }
    )
    assert styled(settings) == (
        Text(f"a cat, {PRESETS['oil']}", 2, 0, 9),
        Text("blur", -1),
        Text(f"a dog, {PRESETS['oil']}"),
        Text(PRESETS["ink"], 0.3),
    )
    assert Settings.from_dict(settings.to_dict()) == settings


def test_an_unknown_style_is_pointed_at() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_dict({"texts": [{"text": "a cat"}], "style": [{"name": "oil"}, {"name": "oll"}]})
    assert refused.value.pointer == "#/style/1/name"
