"""Frozen linear layers on CPUs where torch's own float32 matrix products leave half of the machine idle.

On x86 torch multiplies matrices with Intel's MKL, which does not use AVX-512 on other makers' processors; oneDNN, which
torch brings along for its convolutions, does. Measured with torch 2.13 on an AMD EPYC of 2024: 105 against 220 GFLOP/s
a core for ViT-B-32's layers, forward and backward. The results are the same float32 sums in another order.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

WORTH = 2**19  # numbers in a layer's weights: for smaller ones it makes no difference
CPU = Path("/proc/cpuinfo")


@cache
def pays() -> bool:
    """Is this a processor that MKL does not do justice to, and is oneDNN's product there?"""
    if torch.backends.cpu.get_cpu_capability() != "AVX512" or not hasattr(torch.ops.mkldnn, "_linear_pointwise"):
        return False
    try:
        return "GenuineIntel" not in CPU.read_text()
    except OSError:
        return False


def quicken(network: nn.Module) -> None:
    """Lets a network's large linear and attention layers use oneDNN's products, in place; their tensors stay."""
    for module in network.modules():
        if type(module) is nn.Linear and module.weight.numel() >= WORTH:
            module.__class__ = QuickLinear
        elif type(module) is nn.MultiheadAttention and _is_plain(module):
            module.__class__ = QuickAttention


def plainly(network: nn.Module) -> nn.Module:
    """Makes a network's quickened layers torch's own again, in place, and returns it."""
    for module in network.modules():
        if type(module) in (QuickLinear, QuickAttention):
            module.__class__ = type(module).__bases__[0]
    return network


def _is_plain(attention: nn.MultiheadAttention) -> bool:
    weights: Tensor | None = attention.in_proj_weight
    extras = attention.bias_k is not None or attention.add_zero_attn or attention.dropout or not attention.batch_first
    return weights is not None and weights.numel() >= WORTH and not extras


class _Product(torch.autograd.Function):
    """x W^T + b with frozen W and b: only x has a gradient."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        ctx.save_for_backward(weight)
        product: Tensor = torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")
        return product

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        (weight,) = ctx.saved_tensors
        return torch.ops.mkldnn._linear_pointwise(gradient, weight.t(), None, "none", [], ""), None, None


def linear(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """Returns x W^T + b for x (..., k), weight (n, k) and bias (n,): (..., n), by oneDNN where it can be."""
    frozen = not weight.requires_grad and (bias is None or not bias.requires_grad)
    usual = x.dtype == weight.dtype == torch.float32 and x.device.type == "cpu" and x.numel() > 0
    if not (frozen and usual) or torch.is_autocast_enabled("cpu"):
        return functional.linear(x, weight, bias)
    product: Tensor = _Product.apply(x, weight, bias)  # type: ignore[no-untyped-call]
    return product


class QuickLinear(nn.Linear):
    """A linear layer by `linear`."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (its name in torch)
        """Returns (..., n) for (..., k)."""
        return linear(input, self.weight, self.bias)


class QuickAttention(nn.MultiheadAttention):
    """Attention of tokens (b, t, d) to one another by `linear`; all else as torch does it."""

    def forward(  # noqa: PLR0913 (it is torch's own list)
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """Returns the attended tokens (b, t, d), and the weights if they are asked for."""
        masked = key_padding_mask is not None or attn_mask is not None or is_causal
        if masked or need_weights or not (query is key is value) or query.ndim != 3:
            asked = key_padding_mask, need_weights, attn_mask, average_attn_weights, is_causal
            return super().forward(query, key, value, *asked)
        batch, tokens, width = query.shape
        mixed = linear(query, self.in_proj_weight, self.in_proj_bias)
        heads = mixed.reshape(batch, tokens, 3, self.num_heads, width // self.num_heads).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(heads[0], heads[1], heads[2])
        rows = seen.transpose(1, 2).reshape(batch, tokens, width)
        return linear(rows, self.out_proj.weight, self.out_proj.bias), None
