"""A transformer's matrices laid out for the processor once, instead of anew for every batch.

Plain torch multiplies float32 matrices with MKL as they lie in memory.  oneDNN, which torch carries, too, can take them
rearranged in advance and adds the GELU on the way; seen here, that took a fifth to a third of the time off ViT-B-32,
for the same numbers up to rounding.  `torch.compile` does the same when it freezes a model, but needs a C++ compiler.

Only what is recognised is packed: open_clip's blocks of nn.MultiheadAttention and c_fc, gelu, c_proj.  The rest of a
model, and any model on another device, stays as it is.

The same matrices in bfloat16 are an engine of their own, for a processor that multiplies it (AVX512_BF16, AMX): there
ViT-B-32 took 0.81, 0.72 and 0.71 of packed float32's time for 1, 8 and 32 pictures, and similarities stayed the same to
a thousandth.
What lies between the matrices stays float32.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from scorer.encoder import Encoder, ScorerError

log = logging.getLogger(__name__)
ROWS = 1600  # of a usual batch: 32 pictures of 50 tokens; oneDNN chooses the layout for it
CLOSE = 1e-4  # as a cosine
CLOSE_HALVED = 1e-3


class PackedLinear(nn.Module):
    """nn.Linear for inference on a CPU, in the type of its weight; `after` is oneDNN's name for what follows."""

    def __init__(self, weight: Tensor, bias: Tensor | None, after: str = "none") -> None:
        super().__init__()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight.detach().contiguous(), ROWS)
        self._bias = None if bias is None else bias.detach().to(weight.dtype)
        self._after: tuple[str, Sequence[Any], str] = (after, [], "none" if after == "gelu" else "")
        self._type = weight.dtype

    def forward(self, x: Tensor) -> Tensor:
        """Return (..., out), in the weight's type, for (..., in) of any."""
        rows: Tensor = torch.ops.mkldnn._linear_pointwise(x.to(self._type), self._weight, self._bias, *self._after)
        return rows


class PackedAttention(nn.Module):
    """nn.MultiheadAttention of a sequence with itself, for inference on a CPU."""

    def __init__(self, attention: nn.MultiheadAttention, kind: torch.dtype) -> None:
        super().__init__()
        self._heads = attention.num_heads
        self._in = PackedLinear(attention.in_proj_weight.to(kind), attention.in_proj_bias)
        self._out = PackedLinear(attention.out_proj.weight.to(kind), attention.out_proj.bias)

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, need_weights: bool = False, attn_mask: Tensor | None = None
    ) -> tuple[Tensor, None]:
        """Return (n, length, d) for the same, three times over; raises ValueError for anything else."""
        if not (query is key is value) or need_weights:
            raise ValueError("only a sequence's attention to itself is packed, without its weights")
        n, length, d = query.shape
        q, k, v = self._in(query).view(n, length, 3, self._heads, d // self._heads).permute(2, 0, 3, 1, 4).unbind(0)
        mask = None if attn_mask is None else attn_mask.to(q.dtype)
        seen = F.scaled_dot_product_attention(q, k, v, mask)
        return self._out(seen.transpose(1, 2).reshape(n, length, d)), None


@torch.inference_mode()
def packed(encoder: Encoder) -> Encoder:
    """Return an encoder that sees the same faster, and without gradients; the same one where nothing can be gained.

    The other one shares what is not packed; packed weights take their own size in memory once more.
    """
    visual = getattr(encoder.model, "visual", None)
    if encoder.device.type != "cpu" or not _has_onednn() or not _has_blocks(visual):
        return encoder
    try:
        other, nearest = _packed(encoder, torch.float32)
    except Exception as error:  # torch's own names for these operators may change: then it is slower, and works
        log.warning("%s is not packed: %s", encoder.name, error)
        return encoder
    if nearest < 1 - CLOSE:
        log.warning("%s is not packed: it would see something else", encoder.name)
        return encoder
    return other


@torch.inference_mode()
def halved(encoder: Encoder) -> Encoder:
    """Return an encoder that sees much the same with bfloat16 matrices, without gradients; texts are read as before.

    Raises ScorerError, with what to do, where the processor multiplies no bfloat16, the encoder is not on the CPU, has
    no matrices to speak of, or would see something else.
    """
    visual, choose = getattr(encoder.model, "visual", None), "choose the engine torch"
    if encoder.device.type != "cpu":
        raise ScorerError(f"the engine bf16 serves the CPU, and {encoder.name} is on {encoder.device}: {choose} there")
    if not multiplies_bfloat16():
        raise ScorerError(f"this machine's processor multiplies no bfloat16: {choose}")
    if not _has_onednn() or not _has_blocks(visual):
        raise ScorerError(f"{encoder.name} is no transformer whose matrices could be bfloat16: {choose}, or onnx")
    try:
        other, nearest = _packed(encoder, torch.bfloat16)
    except Exception as error:  # torch's own names for these operators may change
        raise ScorerError(f"{encoder.name} cannot be computed in bfloat16 ({error}): {choose}") from error
    if nearest < 1 - CLOSE_HALVED:
        raise ScorerError(f"{encoder.name} would see something else in bfloat16: {choose}")
    return other


def multiplies_bfloat16() -> bool:
    """Return whether this machine's processor has instructions for it; without them it is slower than float32."""
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def _packed(encoder: Encoder, kind: torch.dtype) -> tuple[Encoder, float]:
    """The encoder with packed matrices of that kind, and the smallest cosine between what the two see."""
    other = copy.copy(encoder)
    other.model = with_children(encoder.model, {"visual": _pack(encoder.model.visual, kind)})
    probe = torch.rand(2, 3, encoder.size, encoder.size, generator=torch.Generator().manual_seed(0))
    return other, float((other.encode_images(probe) * encoder.encode_images(probe)).sum(-1).min())


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


def _pack(module: Any, kind: torch.dtype) -> Any:
    if _is_attention(module):
        return PackedAttention(module, kind)
    if _is_mlp(module):
        exact = type(module.gelu) is nn.GELU and module.gelu.approximate == "none"
        first = PackedLinear(module.c_fc.weight.to(kind), module.c_fc.bias, "gelu" if exact else "none")
        last = PackedLinear(module.c_proj.weight.to(kind), module.c_proj.bias)
        return nn.Sequential(first, nn.Identity() if exact else module.gelu, last)
    return with_children(module, {name: _pack(child, kind) for name, child in module.named_children()})


def with_children(module: Any, children: dict[str, Any]) -> Any:
    """Return the same module, sharing its tensors, with other children."""
    other = copy.copy(module)
    other._modules = {**module._modules, **children}
    return other
