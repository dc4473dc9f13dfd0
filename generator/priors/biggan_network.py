"""BigGAN-deep's generator from its published tensors, with a latent of its own for each layer.

Our own module for the files of pytorch-pretrained-biggan, whose package asks for boto3 and scipy when it is imported.
All is read off the tensors: widths and attention from names and shapes; that every second block doubles the size is
how BigGAN-deep is built.  The weights are frozen, so what spectral norm and a truncation's statistics do to them is
done once.  Between two truncations whose statistics are known we interpolate; the package weighs the two the wrong way
round there, and agrees with us where statistics are known (multiples of 0.02).

BigGAN: Brock et al., arXiv 1809.11096.  A latent for each layer: Murdock's The Big Sleep, 2021.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

import torch
from torch import Tensor, nn
from torch.nn import functional

EPS = 1e-4  # of the batch norms, in all three published configurations
SIDE = 4  # px of what the first latent is turned into

State = Mapping[str, Tensor]


class Network(nn.Module):
    """A trained generator: latents (b, n, z) and class weights (b, n, classes) to pictures (b, 3, size, size).

    `n` is `latents`: one for the beginning and one for each block. Pictures are in [0, 1].
    """

    scale: Tensor
    offset: Tensor

    def __init__(self, state: State, truncation: float = 1.0, eps: float = EPS) -> None:
        """Builds the network that these tensors belong to, for one truncation; raises ValueError where none does."""
        super().__init__()
        self.embed = Layer(taken(state, "embeddings.weight"))
        self.begin = layer(state, "generator.gen_z")
        self.z, self.classes = self.embed.weight.shape
        self.parts = nn.ModuleList(parts(state, truncation, eps))
        self.latents = 1 + sum(isinstance(part, Block) for part in self.parts)
        mean, deviation = statistics(state, "generator.bn", truncation, eps)
        scale = taken(state, "generator.bn.weight") / deviation
        self.register_buffer("scale", scale[:, None, None])
        self.register_buffer("offset", (taken(state, "generator.bn.bias") - mean * scale)[:, None, None])
        self.colours = layer(state, "generator.conv_to_rgb", 3)  # the other channels are thrown away in the original
        self.eval().requires_grad_(False)

    def forward(self, z: Tensor, classes: Tensor) -> Tensor:
        """Returns the pictures."""
        conditions = torch.cat((z, self.embed(classes)), dim=-1)
        x = self.begin(conditions[:, 0]).unflatten(-1, (SIDE, SIDE, -1)).permute(0, 3, 1, 2)
        used = count(1)
        for part in self.parts:
            x = part(x, conditions[:, next(used)]) if isinstance(part, Block) else part(x)
        x = torch.addcmul(self.offset, x, self.scale).relu()
        colours: Tensor = self.colours(x)
        return (colours.tanh() + 1) / 2


class Block(nn.Module):
    """Convolutions through a quarter of the channels, each behind a norm that the condition sets, and a way past."""

    def __init__(self, state: State, name: str, doubles: bool, truncation: float, eps: float) -> None:
        super().__init__()
        self.doubles = doubles
        self.norms = nn.ModuleList(Norm(state, f"{name}.bn_{place}", truncation, eps) for place in range(4))
        self.layers = nn.ModuleList(layer(state, f"{name}.conv_{place}") for place in range(4))
        self.channels = len(taken(state, f"{name}.conv_3.bias"))

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        past = x[:, : self.channels]
        for place, (norm, convolve) in enumerate(zip(self.norms, self.layers, strict=True)):
            x = norm(x, condition).relu()
            x = convolve(doubled(x) if self.doubles and place == 1 else x)
        return x + (doubled(past) if self.doubles else past)


class Norm(nn.Module):
    """A batch norm with fixed statistics whose scale and offset depend on the condition (b, 2 z)."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, state: State, name: str, truncation: float, eps: float) -> None:
        super().__init__()
        mean, deviation = statistics(state, name, truncation, eps)
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        self.scale, self.offset = layer(state, f"{name}.scale"), layer(state, f"{name}.offset")

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale = (1 + self.scale(condition)) / self.deviation
        offset = self.offset(condition) - self.mean * scale
        return torch.addcmul(offset[..., None, None], x, scale[..., None, None])


class Attention(nn.Module):
    """Every place looks at a picture of half the size (self-attention, Zhang et al., arXiv 1805.08318)."""

    gamma: Tensor

    def __init__(self, state: State, name: str) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (
            layer(state, f"{name}.snconv1x1_{part}") for part in ("theta", "phi", "g", "o_conv")
        )
        self.register_buffer("gamma", taken(state, f"{name}.gamma"))

    def forward(self, x: Tensor) -> Tensor:
        small = (functional.max_pool2d(seen, 2) for seen in (self.key(x), self.value(x)))
        query, key, value = (seen.flatten(2).transpose(1, 2) for seen in (self.query(x), *small))
        seen = functional.scaled_dot_product_attention(query, key, value, scale=1.0).transpose(1, 2)
        found: Tensor = self.out(seen.reshape(len(x), -1, *x.shape[2:]))
        return x + self.gamma * found


class Layer(nn.Module):
    """A frozen linear layer, or a convolution that keeps the size."""

    weight: Tensor
    bias: Tensor | None

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)

    def forward(self, x: Tensor) -> Tensor:
        if self.weight.ndim == 2:
            return functional.linear(x, self.weight, self.bias)
        return functional.conv2d(x, self.weight, self.bias, padding=self.weight.shape[-1] // 2)


def doubled(x: Tensor) -> Tensor:
    """Returns pictures of twice the size, each value four times."""
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


def parts(state: State, truncation: float, eps: float) -> list[Block | Attention]:
    """Returns the blocks in order, and the attention between two of them; raises ValueError where one is missing."""
    numbers = {int(name.split(".")[2]) for name in state if name.startswith("generator.layers.")}
    found: list[Block | Attention] = []
    blocks = 0
    for number in range(len(numbers)):
        name = f"generator.layers.{number}"
        if f"{name}.gamma" in state:
            found.append(Attention(state, name))
        else:
            found.append(Block(state, name, blocks % 2 == 1, truncation, eps))
            blocks += 1
    return found


def layer(state: State, name: str, rows: int | None = None) -> Layer:
    """Returns a layer whose weight is divided by its largest singular value, as spectral norm would at each use.

    Files of torch 1.0 and before have the divided weight in the place of `weight_v`.
    """
    weight, bias, v = (state.get(f"{name}.{part}") for part in ("weight", "bias", "weight_v"))
    if v is not None or weight is None:
        weight, v = taken(state, f"{name}.weight_orig"), taken(state, f"{name}.weight_v")
        weight = weight / (taken(state, f"{name}.weight_u") @ (weight.flatten(1) @ v))
    return Layer(weight[:rows], bias if bias is None else bias[:rows])


def statistics(state: State, name: str, truncation: float, eps: float) -> tuple[Tensor, Tensor]:
    """Returns a norm's mean and deviation at a truncation in (0, 1], between the two nearest that are known."""
    means, variances = taken(state, f"{name}.running_means"), taken(state, f"{name}.running_vars")
    place = truncation * (len(means) - 1)
    below = min(int(place), len(means) - 2)
    mean, variance = (rows[below].lerp(rows[below + 1], place - below) for rows in (means, variances))
    return mean, (variance + eps).sqrt()


def taken(state: State, name: str) -> Tensor:
    """Returns a tensor; raises ValueError where it is missing."""
    if name not in state:
        raise ValueError(f"there is no {name}: these are not the weights of a BigGAN-deep generator")
    return state[name]
