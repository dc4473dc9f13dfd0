"""Tells by the tensors' names and shapes what weights they are, what of them is kept, and how to use it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from generator.weights_import.stored import Stored, WeightsError

CLIPS = {  # (the image tower, its input in px) as OpenAI published them, and open_clip's names for them
    ("ViT 768x12/32", 224): "ViT-B-32",
    ("ViT 768x12/16", 224): "ViT-B-16",
    ("ViT 1024x24/14", 224): "ViT-L-14",
    ("ViT 1024x24/14", 336): "ViT-L-14-336",
    ("ResNet 64 3-4-6-3", 224): "RN50",
    ("ResNet 64 3-4-23-3", 224): "RN101",
    ("ResNet 80 4-6-10-6", 288): "RN50x4",
    ("ResNet 96 6-8-18-8", 384): "RN50x16",
    ("ResNet 128 3-15-36-10", 448): "RN50x64",
}
ABOUT_CLIP = ("input_resolution", "context_length", "vocab_size")  # numbers that OpenAI's archives keep as tensors
Shapes = Mapping[str, Tensor]


@dataclass(frozen=True)
class Kind:
    """What weights were found to be: `layout` is what the shapes say, `use` what to write to use the file FILE."""

    name: str
    kept: dict[str, Stored]
    dropped: dict[str, int]
    layout: dict[str, Any]
    use: str


def recognised(found: Mapping[str, Stored], form: str, source: Path) -> Kind:
    """Returns the kind of these tensors; raises WeightsError where they are none of the three, or one with gaps."""
    named = {name.removeprefix("module."): stored for name, stored in found.items()}
    for name, mark, keeps, describe in KINDS:
        if any(key.startswith(mark) for key in named):
            kept = {key: stored for key, stored in named.items() if keeps(key)}
            gone = Counter(key.split(".")[0] + (".*" if "." in key else "") for key in named if key not in kept)
            try:
                layout, use = describe(shapes(kept), form, source)
            except KeyError as error:
                raise WeightsError(f"It looks like a {name}, but there is no {error.args[0]}") from error
            except (ValueError, IndexError, RuntimeError) as error:  # RuntimeError: shapes that do not fit each other
                raise WeightsError(f"It looks like a {name}, but {error}") from error
            return Kind(name, kept, dict(gone), layout, use)
    some = ", ".join(list(named)[:4]) or "none at all"
    raise WeightsError(f"Its tensors ({some} ...) are not those of a VQGAN, CLIP or BigGAN: only these are converted")


def shapes(kept: Mapping[str, Stored]) -> dict[str, Tensor]:
    """Returns tensors of the right shapes that hold nothing."""
    empty = [name for name, stored in kept.items() if not stored.bytes]
    if empty:
        raise ValueError(f"{empty[0]} is empty: fetch the file again")
    return {name: torch.empty(stored.shape, device="meta") for name, stored in kept.items()}


def is_vqgan(name: str) -> bool:
    """Is it part of the network? Dropped are `loss.` (discriminator, LPIPS) and `model_ema.` (its running mean)."""
    return name.startswith(("encoder.", "decoder.", "quant_conv.", "post_quant_conv.", "quantize."))


def is_clip(name: str) -> bool:
    """Is it part of the model? Dropped are numbers about it, and masks, which open_clip makes itself."""
    return name not in ABOUT_CLIP and name.rpartition(".")[2] != "attn_mask"


def is_biggan(name: str) -> bool:
    """Is it part of the generator?"""
    return name.startswith(("embeddings.", "generator."))


def vqgan(state: Shapes, form: str, source: Path) -> tuple[dict[str, Any], str]:  # noqa: ARG001
    """Describes a VQGAN by building it without numbers; raises ValueError for gaps and wrong shapes."""
    from generator.priors.vqgan import Network, layout

    with torch.device("meta"):
        network = Network(state)
    codes, dim = state["quantize.embedding.weight"].shape
    shape = layout(state)
    about = {"codes": codes, "dim": dim, "factor": network.factor, "ch": shape["ch"], "ch_mult": shape["ch_mult"]}
    return about, "python -m generator TEXT --prior vqgan --weights FILE"


def biggan(state: Shapes, form: str, source: Path) -> tuple[dict[str, Any], str]:  # noqa: ARG001
    """Describes a BigGAN by building it without numbers; its configuration, if it lies beside the file, is compared."""
    from generator.priors.biggan_network import EPS, Network

    configuration = beside(source)
    eps = float(configuration.get("eps", EPS))
    network = Network(state, eps=eps)
    z, classes = (torch.empty(1, network.latents, width, device="meta") for width in (network.z, network.classes))
    size = network(z, classes).shape[-1]
    about = {"size": size, "z": network.z, "classes": network.classes, "latents": network.latents}
    for key, name in (("output_dim", "size"), ("z_dim", "z"), ("num_classes", "classes")):
        if configuration.get(key, about[name]) != about[name]:
            raise ValueError(f"{name} is {about[name]}, and the configuration beside it says {configuration[key]}")
    return {**about, "eps": eps}, "python -m generator TEXT --prior biggan --weights FILE"


def beside(source: Path) -> dict[str, Any]:
    """Returns the configuration that was published with a BigGAN file, if it lies in the same folder, else nothing."""
    for name in (source.name.replace("pytorch_model.bin", "config.json"), "config.json"):
        path = source.with_name(name)
        if path != source and path.is_file():
            try:
                read = json.loads(path.read_text("utf-8"))
            except ValueError:
                read = None
            if not isinstance(read, dict):
                raise ValueError(f"{path.name} beside it is no JSON object: fetch that anew, or take it away")
            return read
    return {}


def clip(state: Shapes, form: str, source: Path) -> tuple[dict[str, Any], str]:  # noqa: ARG001
    """Describes a CLIP; OpenAI's archives are TorchScript, and its models need QuickGELU, which no shape shows."""
    if "positional_embedding" not in state or "text_projection" not in state:
        raise ValueError("its text tower is not OpenAI's: name it to open_clip as it is (ARCH:FILE)")
    tower, size = image_tower(state)
    width, dim = state["text_projection"].shape
    about = {"image": tower, "size": size, "text": f"{width}x{blocks(state, 'transformer.resblocks.{}.')}", "dim": dim}
    arch = CLIPS.get((tower, size), "ARCH")
    if form == "TorchScript archive":
        return about, f"PAINTOFF_JUDGE={arch}-quickgelu:FILE"
    return about, f"PAINTOFF_JUDGE={arch}:FILE, or {arch}-quickgelu:FILE if it was trained with QuickGELU"


def image_tower(state: Shapes) -> tuple[str, int]:
    """Returns a name for the image tower's layout and its input in px; raises KeyError for a part that is missing."""
    first = state["visual.conv1.weight"].shape
    if "visual.class_embedding" in state:
        side = round((len(state["visual.positional_embedding"]) - 1) ** 0.5)
        return f"ViT {first[0]}x{blocks(state, 'visual.transformer.resblocks.{}.')}/{first[-1]}", side * first[-1]
    stages = "-".join(str(blocks(state, f"visual.layer{stage}.{{}}.")) for stage in range(1, 5))
    side = round((len(state["visual.attnpool.positional_embedding"]) - 1) ** 0.5)
    return f"ResNet {first[0] * 2} {stages}", side * 32


def blocks(state: Shapes, name: str) -> int:
    """Returns how many numbered blocks there are; raises ValueError where there is none, or a gap."""
    before, after = name.split("{}")
    numbers = {key[len(before) :].split(after)[0] for key in state if key.startswith(before)}
    found = {int(number) for number in numbers if number.isdecimal()}
    if found != set(range(len(found))) or not found:
        raise ValueError(f"{name.format(len(found))}* is missing: fetch the file again")
    return len(found)


Describe = Callable[[Shapes, str, Path], tuple[dict[str, Any], str]]
KINDS: tuple[tuple[str, str, Callable[[str], bool], Describe], ...] = (
    ("vqgan", "quantize.embed", is_vqgan, vqgan),
    ("clip", "visual.", is_clip, clip),
    ("biggan", "generator.gen_z.", is_biggan, biggan),
)
