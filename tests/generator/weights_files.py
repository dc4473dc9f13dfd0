"""Files of weights as they were published, with random numbers: what `paintoff weights import` is for."""

import sys
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from taming.modules.diffusionmodules.model import Decoder, Encoder
from taming.modules.vqvae.quantize import VectorQuantizer
from torch import Tensor, nn

from scorer.encoder import build

LEVELS = (1, 1, 2, 2, 4)  # of the published f16 networks
NARROW: dict[str, Any] = {
    "ch": 32, "ch_mult": LEVELS, "num_res_blocks": 2, "attn_resolutions": [16], "resolution": 256,
    "in_channels": 3, "out_ch": 3, "z_channels": 32, "double_z": False,
}  # fmt: skip
CLIP: dict[str, Any] = {  # an open_clip configuration
    "embed_dim": 16,
    "quick_gelu": True,
    "vision_cfg": {"image_size": 32, "layers": 2, "width": 64, "patch_size": 16},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2},
}


def drawn(module: nn.Module, seed: int) -> "OrderedDict[str, Tensor]":
    """Random tensors in the shapes of a module that was built on the meta device."""
    rng = torch.Generator().manual_seed(seed)
    shapes = module.state_dict().items()
    return OrderedDict((name, torch.randn(tensor.shape, generator=rng) * 0.05) for name, tensor in shapes)


def vqgan(codes: int = 1024, seed: int = 1) -> "OrderedDict[str, Tensor]":
    """The state dict of a published f16 VQGAN with a quarter of its channels, and part of the loss it came with."""
    with torch.device("meta"):
        parts = nn.ModuleDict({
            "encoder": Encoder(**NARROW),
            "decoder": Decoder(**NARROW),
            "loss": nn.ModuleDict({
                "perceptual_loss": nn.ModuleDict({"lin0": nn.Conv2d(8, 1, 1, bias=False)}),
                "discriminator": nn.ModuleDict({"main": nn.Sequential(nn.Conv2d(3, 8, 4), nn.BatchNorm2d(8))}),
            }),
            "quantize": VectorQuantizer(codes, 32, 0.25),
            "quant_conv": nn.Conv2d(32, 32, 1),
            "post_quant_conv": nn.Conv2d(32, 32, 1),
        })  # fmt: skip
    return drawn(parts, seed)


@contextmanager
def pretended(monkeypatch: pytest.MonkeyPatch, *names: str) -> Iterator[list[type]]:
    """Classes of modules that are not here, as long as a checkpoint that holds their objects is written."""
    made: list[type] = []
    with monkeypatch.context() as pretending:
        for dotted in names:
            module, name = dotted.rsplit(".", 1)
            for place, letter in enumerate(module):  # the packages above it, too: pickle imports them
                if letter == "." and module[:place] not in sys.modules:
                    pretending.setitem(sys.modules, module[:place], ModuleType(module[:place]))
            kind = type(name, (), {"__module__": module})
            holder = sys.modules.get(module) or ModuleType(module)
            pretending.setattr(holder, name, kind, raising=False)
            pretending.setitem(sys.modules, module, holder)
            made.append(kind)
        yield made


def lightning(path: Path, state: Any, monkeypatch: pytest.MonkeyPatch, zipped: bool = True) -> None:
    """Writes a checkpoint as Lightning did: the weights among callbacks, optimisers and hyper-parameters."""
    names = (
        "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint",
        "pytorch_lightning.utilities.parsing.AttributeDict",
        "omegaconf.dictconfig.DictConfig",
        "argparse.Namespace",
    )
    with pretended(monkeypatch, *names) as (callback, attributes, configuration, namespace):
        hyper, held, options = attributes(), configuration(), namespace()
        held.__dict__.update(_metadata={"ref_type": Any, "key": None}, _content={"ch": 128})
        hyper.__dict__.update(config=held, path=Path("logs/run"), seen={1, 2})
        options.__dict__.update(learning_rate=4.5e-6)
        momentum = {
            "state": {0: {"step": 7, "exp_avg": torch.zeros(50)}},
            "param_groups": [{"lr": 4.5e-6, "betas": (0.5, 0.9)}],
        }
        checkpoint = {
            "epoch": 12,
            "global_step": 8145600,
            "pytorch-lightning_version": "1.0.8",
            "callbacks": {callback: {"best_model_score": torch.tensor(0.5), "dirpath": "/logs"}},
            "optimizer_states": [momentum],
            "lr_schedulers": [],
            "state_dict": state,
            "hparams_name": "kwargs",
            "hyper_parameters": hyper,
            "options": options,
        }
        torch.save(checkpoint, path, _use_new_zipfile_serialization=zipped)


def torchscript(path: Path, state: dict[str, Tensor]) -> None:
    """Writes a TorchScript archive whose modules hold these tensors, as OpenAI published CLIP (half precision)."""

    class Held(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x

    whole = Held()
    for name, tensor in state.items():
        *folders, last = name.split(".")
        here: nn.Module = whole
        for folder in folders:
            if folder not in here._modules:
                here.add_module(folder, Held())
            here = here.get_submodule(folder)
        here.register_buffer(last, tensor)
    for name, number in (("input_resolution", 32), ("context_length", 77), ("vocab_size", 49408)):
        whole.register_buffer(name, torch.tensor(number))
    torch.jit.script(whole).save(str(path))


def clip(seed: int = 2) -> dict[str, Tensor]:
    """The state dict of a narrow CLIP in half precision, as open_clip and OpenAI name its tensors."""
    with torch.device("meta"):
        model = build(CLIP)
    return {name: tensor.half() for name, tensor in drawn(model, seed).items()}
