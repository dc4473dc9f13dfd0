"""The codebook while it learns: codes follow the mean of the latents that they stand for, and unused ones move house.

Running means: van den Oord et al., arXiv 1711.00937, appendix A.1.  Beginning where latents lie, and beginning anew:
Lancucki et al., arXiv 2005.08520; both drawn with the odds of k-means++ (Arthur and Vassilvitskii, 2007), or half the
codes would say "white paper".
"""

from __future__ import annotations

import torch
from torch import Tensor

MEMORY = 0.99  # of the running means, a step
UNUSED = 0.01  # latents a step, as a running mean, below which a code begins anew
ROUNDS = 8  # of k-means at the beginning


class Codes:
    """Moves the rows of a codebook (n, d) in place; `counts` (n,) and `sums` (n, d) are the running means."""

    def __init__(self, book: Tensor) -> None:
        self.book = book
        self.counts = torch.ones(len(book), device=book.device)
        self.sums = book.clone()

    def begin(self, latents: Tensor, rng: torch.Generator) -> None:
        """Lays the codes where latents (m, d) are, by k-means; m must be at least n."""
        chosen = [int(torch.randint(len(latents), (1,), generator=rng))]
        far = (latents - latents[chosen[0]]).square().sum(1)
        for _ in range(len(self.book) - 1):
            chosen.append(int(torch.multinomial((far + 1e-12).cpu(), 1, generator=rng)))
            far = torch.minimum(far, (latents - latents[chosen[-1]]).square().sum(1))
        self.book.copy_(latents[chosen])
        for _ in range(ROUNDS):
            count, total = self._gathered(latents, torch.cdist(latents, self.book).argmin(1))
            used = count > 0
            self.book[used] = total[used] / count[used, None]
        self.counts.fill_(1)
        self.sums.copy_(self.book)

    def follow(self, latents: Tensor, index: Tensor) -> None:
        """Moves the codes towards the latents (m, d) that chose them; `index` (m,) says which one each chose."""
        count, total = self._gathered(latents, index)
        self.counts.lerp_(count, 1 - MEMORY)
        self.sums.lerp_(total, 1 - MEMORY)
        self.book.copy_(self.sums / self.counts.clamp(min=1e-5)[:, None])

    def revive(self, latents: Tensor, index: Tensor, rng: torch.Generator) -> int:
        """Lets codes that are hardly used begin anew at latents that are badly served; returns how many."""
        rows = (self.counts < UNUSED).nonzero()[:, 0]
        far = (latents - self.book[index]).square().sum(1)
        count = min(len(rows), len(latents))
        if count == 0:
            return 0
        chosen = torch.multinomial((far + 1e-12).cpu(), count, generator=rng).to(latents.device)
        rows = rows[:count]
        self.book[rows] = latents[chosen]
        self.sums[rows] = latents[chosen]
        self.counts[rows] = 1
        return count

    def _gathered(self, latents: Tensor, index: Tensor) -> tuple[Tensor, Tensor]:
        count = torch.bincount(index, minlength=len(self.book)).to(latents.dtype)
        return count, torch.zeros_like(self.book).index_add_(0, index, latents)


def perplexity(counts: Tensor) -> float:
    """Return how many codes, used equally often, would be as hard to guess as these counts (n,)."""
    share = counts / counts.sum().clamp(min=1e-9)
    return float((-(share * share.clamp(min=1e-12).log()).sum()).exp())
