"""The VQGAN prior: pictures decoded from a grid of codes that a network learned from many pictures.

The one file that imports `taming`.  The oddity it knows: of taming-transformers 0.0.1 only `taming.modules` can be
imported (`taming.models.vqgan` asks Lightning for a module that is gone since its version 2), and the decoder prints
its shape when it is built.  So the network is put together here from its published parts, and its layout is read off
the tensors' shapes, never from a configuration.  This can go when a release has an importable `VQModel`.

VQGAN: Esser et al., arXiv 2012.09841.  Steering it by CLIP: Crowson et al., arXiv 2204.08583; the clamps are theirs.
"""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from taming.modules.diffusionmodules import model as published
from taming.modules.diffusionmodules.model import Decoder, Encoder
from taming.modules.discriminator.model import NLayerDiscriminator, weights_init
from taming.modules.vqvae.quantize import VectorQuantizer
from torch import Tensor, nn
from torch.nn import functional

from generator import precision
from generator.declare import SettingsError
from generator.own import VqganSettings
from generator.priors import Latent

PARTS = ("encoder.", "decoder.", "quant_conv.", "post_quant_conv.", "quantize.")
GROUPS = 32  # taming's group norms have so many, in every layer; a tensor "groups" says otherwise
EMBEDDED = Path(__file__).parents[1] / "weights" / "vqgan" / "vqgan.safetensors"
CONVERT = "Only tensors are read, never a program: `paintoff weights import FILE` makes a .safetensors of it"
published.nonlinearity = functional.silu  # the same function in one pass over memory instead of several


class Network(nn.Module):
    """A trained VQGAN: pictures (b, 3, h, w) in [0, 1] to latents (b, d, h / factor, w / factor) and back.

    With 32 channels, taming's 32 groups are one channel each, and a norm that makes each channel's mean 0 cannot say
    what colour a plain paper has.  A small network needs fewer groups, and its tensors say how many.
    """

    def __init__(self, state: Mapping[str, Tensor]) -> None:
        """Builds the network that these tensors belong to, and fills it; raises ValueError where none does."""
        super().__init__()
        kept = {name: tensor for name, tensor in state.items() if name.startswith(PARTS) or name == "groups"}
        shape = layout(kept)
        codes, dim = kept["quantize.embedding.weight"].shape
        self.factor = 2 ** (len(shape["ch_mult"]) - 1)
        with contextlib.redirect_stdout(io.StringIO()):
            self.encoder = Encoder(**shape)
            self.decoder = Decoder(**shape)
        self.quantize = VectorQuantizer(codes, dim, 0.25)
        self.quant_conv = nn.Conv2d(shape["z_channels"], dim, 1)
        self.post_quant_conv = nn.Conv2d(dim, shape["z_channels"], 1)
        if "groups" in kept:
            self.register_buffer("groups", kept["groups"])
            self._regroup(int(kept["groups"]))
        try:
            self.load_state_dict(kept)
        except RuntimeError as error:
            raise ValueError(f"the tensors do not make a VQGAN: {str(error)[:400]}") from error
        self.eval().requires_grad_(False)

    def _regroup(self, groups: int) -> None:
        norms = [part for part in self.modules() if isinstance(part, nn.GroupNorm)]
        if groups < 1 or any(norm.num_channels % groups for norm in norms):
            raise ValueError(f"its channels cannot be normed in {groups} groups")
        for norm in norms:
            norm.num_groups = groups

    @property
    def codebook(self) -> Tensor:
        """The codes (n, d)."""
        rows: Tensor = self.quantize.embedding.weight
        return rows

    def encode(self, pictures: Tensor) -> Tensor:
        """Returns the latents of pictures whose sides are multiples of `factor`, not yet put on their codes."""
        z: Tensor = self.quant_conv(self.encoder(pictures * 2 - 1))
        return z

    def nearest(self, z: Tensor) -> Tensor:
        """Returns the index (b, h, w) of the code nearest to each cell of `z`."""
        rows = z.permute(0, 2, 3, 1)
        far = self.codebook.square().sum(1) - 2 * rows @ self.codebook.T
        return far.argmin(-1)

    def on_codes(self, z: Tensor) -> Tensor:
        """Returns `z` moved onto its nearest codes; gradients pass as if it had not been (straight through)."""
        codes = functional.embedding(self.nearest(z.detach()), self.codebook).permute(0, 3, 1, 2)
        return z + (codes - z).detach()

    def decode(self, z: Tensor) -> Tensor:
        """Returns the pictures in [0, 1] of latents, put on their codes first."""
        return self.paint(self.on_codes(z))

    def paint(self, codes: Tensor) -> Tensor:
        """Returns the pictures in [0, 1] of latents (b, d, h, w) as they are."""
        with precision.half(codes.device):
            painted = self.decoder(self.post_quant_conv(precision.packed(codes)))
        return clamped((painted.float() + 1) / 2)


def untrained(shape: Mapping[str, Any], codes: int, dim: int, groups: int = GROUPS) -> dict[str, Tensor]:
    """Returns the tensors of a network of taming's `shape` before training, drawn from torch's global generator.

    Its codebook has `codes` codes of `dim` numbers, its norms have `groups` groups.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        parts = nn.ModuleDict({"encoder": Encoder(**shape), "decoder": Decoder(**shape)})
    parts["quantize"] = VectorQuantizer(codes, dim, 0.25)
    parts["quant_conv"] = nn.Conv2d(shape["z_channels"], dim, 1)
    parts["post_quant_conv"] = nn.Conv2d(dim, shape["z_channels"], 1)
    tensors: dict[str, Tensor] = parts.state_dict()
    return tensors if groups == GROUPS else {**tensors, "groups": torch.tensor(groups)}


def discriminator(width: int, layers: int) -> nn.Module:
    """Returns taming's discriminator: pictures (b, 3, h, w) in [-1, 1] to a map of logits, high where they look real.

    Its batch norms need training mode.  Patches: Isola et al., arXiv 1611.07004.
    """
    network: nn.Module = NLayerDiscriminator(3, width, layers).apply(weights_init)
    return network


def layout(state: Mapping[str, Tensor]) -> dict[str, Any]:
    """Returns what taming's Encoder and Decoder must be built with, from the shapes; raises ValueError."""
    if "quantize.embed.weight" in state:
        raise ValueError("this is a Gumbel VQGAN, whose codes are chosen otherwise: take one with a plain codebook")
    for name in ("encoder.conv_in.weight", "decoder.conv_in.weight", "quantize.embedding.weight"):
        if name not in state:
            raise ValueError(f"there is no {name}: these are not the weights of a VQGAN")
    first, z_channels = len(state["encoder.conv_in.weight"]), state["decoder.conv_in.weight"].shape[1]
    levels = counted(state, "decoder.up.{}.block.0.conv1.weight")
    wide = [len(state[f"decoder.up.{level}.block.0.conv1.weight"]) for level in range(levels)]
    blocks = counted(state, "encoder.down.0.block.{}.conv1.weight")
    if not levels or not blocks or first % GROUPS or any(width % first for width in wide):
        raise ValueError(f"no VQGAN has layers of {wide or 'no'} channels behind one of {first}")
    if len(state["encoder.conv_out.weight"]) != z_channels:
        raise ValueError("this encoder means a mean and a variance: it is a KL autoencoder, not a VQGAN")
    side = 16 * 2 ** (levels - 1)
    looking = [side >> level for level in range(levels) if f"decoder.up.{level}.attn.0.q.weight" in state]
    return {
        "ch": first,
        "ch_mult": tuple(width // first for width in wide),
        "num_res_blocks": blocks,
        "attn_resolutions": looking,
        "resolution": side,
        "in_channels": state["encoder.conv_in.weight"].shape[1],
        "out_ch": len(state["decoder.conv_out.weight"]),
        "z_channels": z_channels,
        "double_z": False,
    }


def counted(state: Mapping[str, Tensor], name: str) -> int:
    """Returns how many of the numbered names there are, from zero on without a gap."""
    number = 0
    while name.format(number) in state:
        number += 1
    return number


def weights_file(name: str) -> Path:
    """Returns the file that a setting names; raises SettingsError where "embedded" is not there yet."""
    if name != "embedded":
        return Path(name).expanduser()
    if not EMBEDDED.is_file():
        what = "the embedded VQGAN is not there yet: make it with python -m generator.training --data FOLDER"
        raise SettingsError("#/weights", f"{what}, or name a file of VQGAN weights (.safetensors)")
    return EMBEDDED


@lru_cache(maxsize=2)
def read(path: Path) -> Network:
    """Returns the network in a .safetensors file or a plain state dict; raises SettingsError with what to do."""
    if not path.is_file():
        raise SettingsError("#/weights", f"there is no file {path}: name VQGAN weights (.safetensors) on this machine")
    try:
        if path.suffix == ".safetensors":
            found = load_file(path)
        else:
            found = torch.load(path, map_location="cpu", weights_only=True)
            found = found.get("state_dict", found)
        tensors = {name: value.float() for name, value in found.items() if isinstance(value, Tensor)}
        return Network(tensors)
    except ValueError as error:
        raise SettingsError("#/weights", f"{path.name}: {error}") from error
    except (SafetensorError, OSError, RuntimeError, EOFError, AttributeError, KeyError) as error:
        raise SettingsError("#/weights", f"{path.name} cannot be read. {CONVERT}") from error
    except Exception as error:  # torch's unpickler raises its own errors, which are not public
        if type(error).__name__ != "UnpicklingError":
            raise
        raise SettingsError("#/weights", f"{path.name} holds more than tensors. {CONVERT}") from error


class _Clamp(torch.autograd.Function):
    """Keeps values in [0, 1]; a gradient that would push one further out is dropped, one that pulls it in is not."""

    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        ctx.save_for_backward(values)
        return values.clamp(0, 1)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (values,) = ctx.saved_tensors
        outward = gradient * (values - values.clamp(0, 1)) < 0
        return gradient.masked_fill(outward, 0)


def clamped(values: Tensor) -> Tensor:
    """Returns the values kept in [0, 1], with gradients that still lead back from outside."""
    result: Tensor = _Clamp.apply(values)  # type: ignore[no-untyped-call]
    return result


class Vqgan:
    """The latent `z` (b, d, h, w) is moved freely within the codebook's range and decoded from its nearest codes."""

    def __init__(self, settings: VqganSettings, size: int) -> None:
        self.settings, self.network = settings, read(weights_file(settings.weights))
        self.cells = math.ceil(size / self.network.factor)
        book = self.network.codebook
        self.low, self.high = (edge.view(1, -1, 1, 1) for edge in (book.amin(0), book.amax(0)))

    def start(self, candidates: int, rng: torch.Generator) -> Latent:
        """Draws every cell's code by lot."""
        codes = torch.randint(len(self.network.codebook), (candidates, self.cells, self.cells), generator=rng)
        z = functional.embedding(codes, self.network.codebook.cpu()).permute(0, 3, 1, 2)
        return {"z": z.contiguous()}

    def begin_from(self, pictures: Tensor, rng: torch.Generator) -> Latent:  # noqa: ARG002
        """Encodes pictures (b, 3, h, h) in [0, 1]; their codes are the nearest ones."""
        side = self.cells * self.network.factor
        fitted = functional.interpolate(pictures, (side, side), mode="bicubic", antialias=True).clamp(0, 1)
        with torch.no_grad():
            latent = {"z": self.network.to(pictures.device).encode(fitted).contiguous()}
            self.keep(latent)
        return latent

    def rates(self) -> Mapping[str, float]:
        """Returns the published learning rate of the latent."""
        return {"z": self.settings.code_rate}

    def render(self, latent: Mapping[str, Tensor], size: int, progress: float) -> Tensor:  # noqa: ARG002
        """Returns the decoded pictures, resized where `size` is not what the cells make."""
        z = latent["z"]
        pictures = self.network.to(z.device).decode(z)
        if pictures.shape[-1] == size:
            return pictures
        return functional.interpolate(pictures, (size, size), mode="bicubic", antialias=True).clamp(0, 1)

    def keep(self, latent: Mapping[str, Tensor]) -> None:
        """Clamps each channel to what the codebook holds of it."""
        z = latent["z"]
        z.copy_(z.clamp(self.low.to(z.device), self.high.to(z.device)))

    def tend(self, latent: Mapping[str, Tensor], loss: Callable[[Tensor], Tensor]) -> None:
        """Has nothing to put in order."""

    def resized(self, latent: Mapping[str, Tensor], size: int) -> Latent:
        """Returns the latent with as many cells as pictures of `size` px take, between the cells it had."""
        side = math.ceil(size / self.network.factor)
        if latent["z"].shape[-1] == side:
            return dict(latent)
        made = {"z": functional.interpolate(latent["z"], (side, side), mode="bicubic", antialias=True)}
        self.keep(made)
        return made

    def drawing(self, latent: Mapping[str, Tensor], candidate: int) -> dict[str, Any] | None:  # noqa: ARG002
        """Returns None: a decoded picture has no strokes."""
        return None
