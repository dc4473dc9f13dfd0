"""The recipes of the two embedded judges: both can be followed, and they make two opinions of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from scorer import training
from scorer.encoder import build
from scorer.training.recipe import Recipe

FOLDER = Path(training.__file__).parent
LARGEST = 20_000_000  # bytes of the weights, float16


@pytest.fixture(params=["main", "second"])
def recipe(request: pytest.FixtureRequest) -> Recipe:
    return Recipe.read(FOLDER / f"{request.param}.toml")


def test_a_recipe_is_whole_at_every_step(recipe: Recipe) -> None:
    for step in range(0, recipe.steps, 250):
        mix = recipe.mix(step)
        assert sum(mix.kinds.values()) == pytest.approx(1)
        assert sum(mix.relations) == pytest.approx(1)
        assert 0 <= recipe.rate(step) <= 1
    assert recipe.rate(recipe.steps) == 0
    assert recipe.side(0) == recipe.model["vision_cfg"]["image_size"]


def test_its_model_is_small_and_takes_its_pictures(recipe: Recipe) -> None:
    model: Any = build(recipe.model).eval()
    kept = [tensor for name, tensor in model.state_dict().items() if not name.startswith("attn_mask")]
    assert 2 * sum(tensor.numel() for tensor in kept) <= LARGEST
    side = recipe.side(recipe.steps)
    with torch.no_grad():
        assert model.encode_image(torch.zeros(1, 3, side, side)).shape == (1, recipe.model["embed_dim"])


def test_the_second_judge_is_another_network_with_other_pictures() -> None:
    main, second = (Recipe.read(FOLDER / f"{name}.toml") for name in ("main", "second"))
    assert main.name != second.name
    assert main.seed != second.seed
    assert main.model["vision_cfg"] != second.model["vision_cfg"]
    assert main.preprocess == second.preprocess
