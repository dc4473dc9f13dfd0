"""Quick linear layers: the same numbers and gradients as torch's own, and only where they are worth it."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from scorer import products
from scorer.products import QuickAttention, QuickLinear, linear, quicken

needs_onednn = pytest.mark.skipif(
    not hasattr(torch.ops.mkldnn, "_linear_pointwise"), reason="this torch was built without oneDNN; nothing to do"
)


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(512, 8, batch_first=True)
        self.wide, self.small = nn.Linear(512, 1024), nn.Linear(1024, 4)

    def forward(self, x: Tensor) -> Tensor:
        attended, _ = self.attention(x, x, x, need_weights=False)
        out: Tensor = self.small(self.wide(x + attended))
        return out


def gradient(block: Block, x: Tensor) -> Tensor:
    x = x.clone().requires_grad_()
    return torch.autograd.grad(block(x).square().sum(), x)[0]


@needs_onednn
def test_a_quickened_network_gives_the_same_numbers_and_gradients() -> None:
    torch.manual_seed(0)
    block, x = Block().eval().requires_grad_(False), torch.randn(2, 5, 512)
    with torch.no_grad():
        block.attention.in_proj_bias.normal_()
    before, slope = block(x), gradient(block, x)
    quicken(block)
    assert (type(block.wide), type(block.small)) == (QuickLinear, nn.Linear)
    assert type(block.attention) is QuickAttention
    assert torch.allclose(block(x), before, atol=1e-5)
    assert torch.allclose(gradient(block, x), slope, atol=1e-4)
    assert set(block.state_dict()) == set(Block().state_dict())


@needs_onednn
def test_what_is_trained_masked_or_half_is_left_to_torch() -> None:
    torch.manual_seed(0)
    block, x = Block(), torch.randn(2, 5, 512)
    quicken(block)
    block(x).square().sum().backward()
    assert block.wide.weight.grad is not None
    mask = torch.triu(torch.full((5, 5), float("-inf")), 1)
    masked = block.attention(x, x, x, need_weights=False, attn_mask=mask)[0]
    assert torch.allclose(masked[:, 0], block.attention(x[:, :1], x[:, :1], x[:, :1])[0][:, 0], atol=1e-5)
    frozen = torch.randn(4, 4)
    assert linear(frozen.double(), frozen.double(), None).dtype == torch.float64


@pytest.mark.parametrize(("maker", "capability", "expected"), [
    ("AuthenticAMD", "AVX512", True), ("GenuineIntel", "AVX512", False), ("AuthenticAMD", "AVX2", False),
])  # fmt: skip
@needs_onednn
def test_it_pays_on_wide_processors_that_mkl_does_not_know(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, maker: str, capability: str, expected: bool
) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text(f"vendor_id : {maker}\n")
    monkeypatch.setattr(products, "CPU", path)
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    assert products.pays.__wrapped__() is expected
