"""The reverse player: a caption for a picture, found by beam search over a grammar, climbing the guide.

Every word is tried alone; then the best sentences are changed in every way that the grammar knows, and the best of all
that were tried go on, until nothing better is near or the budget is spent. As for pictures, the guide looks at several
views (CLIPDraw, Frans et al., 2021), so that words must fit the picture and not one arrangement of its pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from generator.cutouts import views
from generator.declare import SettingsError, declared, whole
from generator.grammar import Sentence, Thing
from generator.looking import Looking
from generator.pictures import fitted
from scorer import Encoder

BATCH = 256  # texts encoded at a time
PROMISING = 48  # words that may join or replace others: those that alone fit best
VIEWS = Looking(nearest=0.9, farthest=1.2, perspective=0.1)  # near to the whole: a crop has another caption


@dataclass(frozen=True)
class Settings:
    """How long and how widely words are looked for."""

    beams: int = field(default=6, metadata=declared("How many sentences are changed at a time.", whole(1, 64)))
    budget: int = field(default=2000, metadata=declared("The most phrases that are tried.", whole(1, 1_000_000)))
    longest: int = field(
        default=77, metadata=declared("The most tokens of a caption, its start and end included.", whole(3, 77))
    )
    views: int = field(default=8, metadata=declared("How many views the guide has of the picture.", whole(1, 256)))
    seed: int = field(default=0, metadata=declared("Which views these are.", whole(0, 2**63 - 1)))


@dataclass(frozen=True)
class Caption:
    """The best of `tried` phrases; `similarity` is its cosine with the mean of the views' embeddings."""

    text: str
    similarity: float
    tried: int


def write(picture: Image.Image, guide: Encoder, vocabulary: Iterable[str], settings: Settings | None = None) -> Caption:
    """Return the caption of the picture that fits best, of what can be said with the words of `vocabulary`.

    The same for the same arguments; a larger budget finds at least as good a one. Raises SettingsError without words,
    or where none is as short as `longest` says.
    """
    settings = settings or Settings()
    words = list(dict.fromkeys(word for word in vocabulary if word.strip()))
    if not words:
        raise SettingsError("#/vocabulary", "holds no words: give those that captions may be made of")
    search = _Search(guide, seen(picture, guide, settings), settings)
    search.attempt(Sentence((Thing(word),)) for word in words)
    if not search.ranked:
        raise SettingsError("#/longest", f"leaves room for no word: none alone has {search.longest} tokens or less")
    promising = [sentence.things[0].word for _, sentence in search.ranked[:PROMISING]]
    changed: set[Sentence] = set()
    while search.left > 0:
        beam = [sentence for _, sentence in search.ranked[: settings.beams] if sentence not in changed]
        if not beam:
            break
        changed.update(beam)
        search.attempt(other for sentence in beam for other in sentence.neighbours(promising))
    similarity, best = search.ranked[0]
    return Caption(best.text(), similarity, settings.budget - search.left)


@torch.no_grad()
def seen(picture: Image.Image, guide: Encoder, settings: Settings) -> Tensor:
    """Return the unit mean (d,) of the guide's embeddings of the picture's views, the first of which is all of it."""
    rng = torch.Generator().manual_seed(settings.seed)
    pixels = fitted(picture, 2 * guide.size)[None].to(guide.device)
    shown = views(pixels, settings.views, guide.size, rng, VIEWS)[:, 0].clamp(0, 1)
    return functional.normalize(guide.encode_images(shown).mean(0), dim=0)


class _Search:
    """All sentences tried so far, the best first; of equals the first tried."""

    def __init__(self, guide: Encoder, target: Tensor, settings: Settings) -> None:
        self.guide, self.target, self.left = guide, target, settings.budget
        self.longest = min(settings.longest, guide.context_length)
        self.ranked: list[tuple[float, Sentence]] = []
        self._known: set[str] = set()

    def attempt(self, sentences: Iterable[Sentence]) -> None:
        """Try those that are new and short enough, in this order, as long as the budget lasts."""
        new: dict[str, Sentence] = {}
        for sentence in sentences:
            if len(new) == self.left:
                break
            text = sentence.text()
            if text not in self._known and text not in new and self.guide.count_tokens(text) <= self.longest:
                new[text] = sentence
        self._known.update(new)
        self.left -= len(new)
        self.ranked += zip(self._similarities(list(new)), new.values(), strict=True)
        self.ranked.sort(key=lambda found: -found[0])  # stable

    @torch.no_grad()
    def _similarities(self, texts: Sequence[str]) -> list[float]:
        found: list[float] = []
        for start in range(0, len(texts), BATCH):
            found += (self.guide.encode_texts(texts[start : start + BATCH]) @ self.target).tolist()
        return found
