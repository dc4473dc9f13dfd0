"""A transformer's matrices laid out for the processor once, instead of anew for every batch.

Plain torch multiplies float32 matrices with MKL as they lie in memory.  oneDNN, which torch carries, too, can take them
rearranged in advance and adds the GELU on the way; seen here, that took a fifth to a third of the time off ViT-B-32,
for the same numbers up to rounding.  `torch.compile` does the same when it freezes a model, but needs a C++ compiler.

Only what is recognised is packed: open_clip's blocks of nn.MultiheadAttention and c_fc, gelu, c_proj.  The rest of a
model, and any model on another device, stays as it is.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from scorer.encoder import Encoder

log = logging.getLogger(__name__)
ROWS = 1600  # of a usual batch: 32 pictures of 50 tokens; oneDNN chooses the layout for it
CLOSE = 1e-4  # as a cosine


class PackedLinear(nn.Module):
    """nn.Linear for inference on a CPU; with `gelu`, the exact GELU of it."""

    def __init__(self, weight: Tensor, bias: Tensor | None, gelu: bool = False) -> None:
        super().__init__()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight.detach().contiguous(), ROWS)
        self._bias = None if bias is None else bias.detach()
        self._after: tuple[str, Sequence[Any], str] = ("gelu", [], "none") if gelu else ("none", [], "")

    def forward(self, x: Tensor) -> Tensor:
        """Return (..., out) for (..., in)."""
        rows: Tensor = torch.ops.mkldnn._linear_pointwise(x, self._weight, self._bias, *self._after)
        return rows


class PackedAttention(nn.Module):
    """nn.MultiheadAttention of a sequence with itself, for inference on a CPU."""

    def __init__(self, attention: nn.MultiheadAttention) -> None:
        super().__init__()
        self._heads = attention.num_heads
        self._in = PackedLinear(attention.in_proj_weight, attention.in_proj_bias)
        self._out = PackedLinear(attention.out_proj.weight, attention.out_proj.bias)

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, need_weights: bool = False, attn_mask: Tensor | None = None
    ) -> tuple[Tensor, None]:
        """Return (n, length, d) for the same, three times over; raises ValueError for anything else."""
        if not (query is key is value) or need_weights:
            raise ValueError("only a sequence's attention to itself is packed, without its weights")
        n, length, d = query.shape
        q, k, v = self._in(query).view(n, length, 3, self._heads, d // self._heads).permute(2, 0, 3, 1, 4).unbind(0)
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask)
        return self._out(seen.transpose(1, 2).reshape(n, length, d)), None


@torch.inference_mode()
def packed(encoder: Encoder) -> Encoder:
    """Return an encoder that sees the same faster, and without gradients; the same one where nothing can be gained.

    The other one shares what is not packed; packed weights take their own size in memory once more.
    """
    visual = getattr(encoder.model, "visual", None)
    if encoder.device.type != "cpu" or not _has_onednn() or not _has_blocks(visual):
        return encoder
    probe = torch.rand(2, 3, encoder.size, encoder.size, generator=torch.Generator().manual_seed(0))
    try:
        other = copy.copy(encoder)
        other.model = with_children(encoder.model, {"visual": _pack(visual)})
        cosines = (other.encode_images(probe) * encoder.encode_images(probe)).sum(-1)
    except Exception as error:  # torch's own names for these operators may change: then it is slower, and works
        log.warning("%s is not packed: %s", encoder.name, error)
        return encoder
    if float(cosines.min()) < 1 - CLOSE:
        log.warning("%s is not packed: it would see something else", encoder.name)
        return encoder
    return other


def _has_onednn() -> bool:
    return bool(torch.backends.mkldnn.is_available())  # type: ignore[no-untyped-call]


def _has_blocks(module: Any) -> bool:
    return isinstance(module, nn.Module) and any(_is_attention(each) or _is_mlp(each) for each in module.modules())


def _is_attention(module: nn.Module) -> bool:
    return (
        type(module) is nn.MultiheadAttention
        and module.in_proj_weight is not None
        and module.batch_first
        and module.bias_k is None
        and not module.add_zero_attn
    )


def _is_mlp(module: nn.Module) -> bool:
    return isinstance(module, nn.Sequential) and [name for name, _ in module.named_children()] == [
        "c_fc",
        "gelu",
        "c_proj",
    ]


def _pack(module: Any) -> Any:
    if _is_attention(module):
        return PackedAttention(module)
    if _is_mlp(module):
        exact = type(module.gelu) is nn.GELU and module.gelu.approximate == "none"
        first = PackedLinear(module.c_fc.weight, module.c_fc.bias, exact)
        last = PackedLinear(module.c_proj.weight, module.c_proj.bias)
        return nn.Sequential(first, nn.Identity() if exact else module.gelu, last)
    return with_children(module, {name: _pack(child) for name, child in module.named_children()})


def with_children(module: Any, children: dict[str, Any]) -> Any:
    """Return the same module, sharing its tensors, with other children."""
    other = copy.copy(module)
    other._modules = {**module._modules, **children}
    return other
