"""DeepDream: any layer, channel or unit of a real tower can be climbed, and what is not there is refused clearly."""

from typing import Any

import pytest
import torch

from generator import Settings, SettingsError, generate
from generator.objective import Objective
from scorer.encoder import Encoder, ScorerError, build, open_clip
from tests.generator.climbing import descent, falls, look, noise, wanting

TEXT = {"context_length": 77, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1}
TOWERS = {
    "resnet": {"image_size": 32, "layers": [1, 1, 1, 1], "width": 8},
    "vit": {"image_size": 32, "patch_size": 8, "width": 32, "layers": 2, "head_width": 16},
}
ONE = [{"text": "a cat"}]


@pytest.fixture(scope="module")
def guides() -> dict[str, Encoder]:
    """A tiny network of each kind, with random weights."""
    torch.manual_seed(5)
    made = {}
    for kind, vision in TOWERS.items():
        model: Any = build({"embed_dim": 16, "vision_cfg": vision, "text_cfg": TEXT})
        model.visual.preprocess_cfg = {"size": 32, "mean": [0.5] * 3, "std": [0.5] * 3, "resize_mode": "shortest"}
        made[kind] = Encoder(kind, model, open_clip.get_tokenizer("ViT-B-32"), torch.device("cpu"))
    return made


def dreaming(texts: Any = (), **dream: Any) -> Settings:
    return Settings.from_dict({"texts": list(texts), "dream": dream, "steps": 3, "size": 32, "cutouts": 2})


@pytest.mark.parametrize(
    ("kind", "dream"),
    [
        ("resnet", {"layer": "layer2"}),
        ("resnet", {"layer": "layer1.0.bn1", "channel": 3}),
        ("resnet", {"layer": "layer1", "channel": 5, "unit": 12}),
        ("resnet", {"layer": "attnpool", "channel": 0}),
        ("vit", {"layer": "transformer.resblocks.0"}),
        ("vit", {"layer": "transformer.resblocks.1.mlp.c_fc", "channel": 7}),
        ("vit", {"layer": "conv1", "channel": 7, "unit": 15}),
    ],
)
def test_the_loss_falls_in_five_steps(guides: dict[str, Encoder], kind: str, dream: dict[str, Any]) -> None:
    objective = Objective(dreaming(**dream), [guides[kind]])
    assert falls(descent(wanting(objective), noise()))
    assert objective.judge(noise(), look, 0).similarity.tolist() == [0, 0]


def test_a_dream_counts_beside_a_text(guides: dict[str, Encoder]) -> None:
    guide = guides["vit"]
    text = Objective(dreaming(ONE, layer="conv1", weight=0.001), [guide]).judge(noise(), look, 0)
    alone = Objective(Settings.from_dict({"texts": ONE}), [guide]).judge(noise(), look, 0)
    torch.testing.assert_close(text.loss, alone.loss, atol=0.02, rtol=0)
    torch.testing.assert_close(text.similarity, alone.similarity)
    both = Objective(dreaming(ONE, layer="conv1", weight=1), [guide])
    assert both.weights(0) == [0.5, 0.5]
    assert falls(descent(wanting(both), noise()))


def test_what_is_excited_is_what_was_named(guides: dict[str, Encoder]) -> None:
    guide = guides["vit"]
    objective = Objective(dreaming(layer="conv1", channel=2, unit=5), [guide])
    dream = objective.gazes[0].dream
    assert dream is not None
    _, response = guide.activations(noise(3, 32), "conv1")
    assert response.shape == (3, 32, 16)
    torch.testing.assert_close(dream.excitement(response) * dream.spread, response[:, 2, 5])


def test_a_run_may_have_nothing_but_a_dream(guides: dict[str, Encoder]) -> None:
    last = list(generate(dreaming(layer="layer2", channel=1), guides["resnet"]))[-1]
    assert last.done
    assert last.similarity == 0
    again = list(generate(dreaming(layer="layer2", channel=1), guides["resnet"]))[-1]
    assert again.loss == last.loss


@pytest.mark.parametrize(
    ("kind", "dream", "pointer", "said"),
    [
        ("resnet", {"layer": "layer9"}, "#/dream/layer", "layer1"),
        ("vit", {"layer": "resblocks.1"}, "#/dream/layer", "transformer.resblocks.1"),
        ("vit", {"layer": "zzz"}, "#/dream/layer", "conv1"),
        ("vit", {"layer": "transformer.resblocks.0.attn.out_proj"}, "#/dream/layer", "has no layer"),
        ("vit", {"layer": "conv1", "channel": 32}, "#/dream/channel", "32 channels, counted from 0 to 31"),
        ("vit", {"layer": "conv1", "channel": 3, "unit": 16}, "#/dream/unit", "16 places"),
    ],
)
def test_what_the_guide_does_not_have_is_refused(
    guides: dict[str, Encoder], kind: str, dream: dict[str, Any], pointer: str, said: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        next(generate(dreaming(**dream), guides[kind]))
    assert refused.value.pointer == pointer
    assert said in refused.value.detail


@pytest.mark.parametrize(
    ("dream", "pointer"),
    [
        ({}, "#/dream/layer"),
        ({"layer": ""}, "#/dream/layer"),
        ({"layer": "conv1", "unit": 3}, "#/dream/unit"),
        ({"layer": "conv1", "channel": -1}, "#/dream/channel"),
        ({"layer": "conv1", "weight": -1}, "#/dream/weight"),
    ],
)
def test_a_dream_that_says_nothing_is_pointed_at(dream: dict[str, Any], pointer: str) -> None:
    with pytest.raises(SettingsError) as refused:
        dreaming(**dream)
    assert refused.value.pointer == pointer


def test_a_dream_survives_json() -> None:
    settings = dreaming(layer="conv1", channel=3, unit=2, weight=0.5)
    assert Settings.from_dict(settings.to_dict()) == settings


def test_overhearing_leaves_the_network_as_it_was(guides: dict[str, Encoder]) -> None:
    guide = guides["resnet"]
    before = guide.encode_images(noise(2, 32))
    rows, response = guide.activations(noise(2, 32), "layer1.0.bn1")
    assert torch.equal(rows, before)
    assert (response < 0).any()  # as the layer put it out, not as the next one rectified it in place
    with pytest.raises(ScorerError, match="no layer 'nowhere'"):
        guide.activations(noise(2, 32), "nowhere")
    assert not any(module._forward_hooks for module in guide.model.visual.modules())
