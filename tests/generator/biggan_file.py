"""Tensors laid out as a BigGAN-deep file's are, random and narrow: four blocks, attention before the third."""

import torch
from torch import Tensor

Z, CLASSES, STATS, WIDTH = 8, 12, 5, 8
BLOCKS = ((16, 16), (16, 16), (16, 8), (8, 1))  # channels in and out, in WIDTH; the published ones begin and end alike
ATTENTION = 2


def tensors(seed: int = 6) -> dict[str, Tensor]:
    """Returns a state dict of pytorch-pretrained-biggan's names and, but for the widths, shapes."""
    rng = torch.Generator().manual_seed(seed)
    state: dict[str, Tensor] = {"embeddings.weight": torch.randn(Z, CLASSES, generator=rng)}

    def normed(name: str, *shape: int, bias: bool = True) -> None:
        weight = torch.randn(*shape, generator=rng)
        left, _, right = torch.linalg.svd(weight.flatten(1), full_matrices=False)
        state[f"{name}.weight_orig"], state[f"{name}.weight_u"], state[f"{name}.weight_v"] = (
            weight, left[:, 0].clone(), right[0].clone(),
        )  # fmt: skip
        if bias:
            state[f"{name}.bias"] = torch.randn(shape[0], generator=rng) * 0.1

    def statistics(name: str, width: int) -> None:
        state[f"{name}.running_means"] = torch.randn(STATS, width, generator=rng) * 0.1
        state[f"{name}.running_vars"] = torch.rand(STATS, width, generator=rng) + 0.5

    normed("generator.gen_z", 4 * 4 * 16 * WIDTH, 2 * Z)
    place = 0
    for block, (before, after) in enumerate(BLOCKS):
        if block == ATTENTION:
            name, width = f"generator.layers.{place}", before * WIDTH
            for part, rows, columns in (("theta", 8, 1), ("phi", 8, 1), ("g", 2, 1), ("o_conv", 1, 2)):
                normed(f"{name}.snconv1x1_{part}", width // rows, width // columns, 1, 1, bias=False)
            state[f"{name}.gamma"] = torch.tensor([0.8])
            place += 1
        name, middle = f"generator.layers.{place}", before * WIDTH // 4
        sides = ((before * WIDTH, middle, 1), (middle, middle, 3), (middle, middle, 3), (middle, after * WIDTH, 1))
        for number, (wide, rows, side) in enumerate(sides):
            statistics(f"{name}.bn_{number}", wide)
            normed(f"{name}.bn_{number}.scale", wide, 2 * Z, bias=False)
            normed(f"{name}.bn_{number}.offset", wide, 2 * Z, bias=False)
            normed(f"{name}.conv_{number}", rows, wide, side, side)
        place += 1
    statistics("generator.bn", WIDTH)
    state["generator.bn.weight"] = torch.rand(WIDTH, generator=rng) + 0.5
    state["generator.bn.bias"] = torch.randn(WIDTH, generator=rng) * 0.1
    normed("generator.conv_to_rgb", WIDTH, WIDTH, 3, 3)
    return state
