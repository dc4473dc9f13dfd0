"""One text against some pictures, number by number: what agrees, what cancels, and what a softmax makes of the sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from game import judging
from game.judge import Floats
from game.models import Player
from game.rules import entries, prompts, search
from game.rules.embeddings import embedding_of
from game.rules.refusals import Invalid, Missing
from game.rules.views import EntryView, entry_views, loaded
from game.sayings import say

MOST = 4  # pictures
LONGEST = 300  # characters of a text
USUAL = 0.01  # the temperature at which CLIP's own training ends
SHELF, OWN = 12, 4  # pictures to choose from, and how many of one's own are among them


@dataclass(frozen=True)
class Agreement:
    """A picture beside a text: `products` (d,) are the numbers of both multiplied, their sum is the `similarity`.

    `agrees` is the sum of those above zero and `cancels` of those below; `share` is the softmax's.
    """

    entry: EntryView
    embedding: Floats
    products: Floats
    similarity: float
    agrees: float
    cancels: float
    share: float


@dataclass(frozen=True)
class Comparison:
    """A text's unit embedding (d,) and what pictures have in common with it, in the order they were given."""

    judge: str
    text: str
    embedding: Floats
    pictures: list[Agreement]


def compare(text: str, entry_ids: Sequence[str], temperature: float, player: Player | None) -> Comparison:
    """Return a text beside 1 to MOST entries that this player may see; raises Invalid or Missing."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        raise Invalid([("#/text", say("Write a text of at most %(most)s characters.", most=LONGEST))])
    if not 1 <= len(entry_ids) <= MOST:
        raise Invalid([("#/entry_ids", say("Choose 1 to %(most)s pictures.", most=MOST))])
    judge, found = judging.current(), loaded(entry_ids)
    rows = []
    for entry_id in entry_ids:
        if entry_id not in found:
            raise Missing(say("There is no such entry."))
        entry = entries.require_seen(found[entry_id], player)
        if entry.judge != judge.spec:
            raise Invalid(
                [("#/entry_ids", say("One of these was looked at by a former judge. Choose another picture."))]
            )
        rows.append(embedding_of(entry))
    wanted = judge.embed_texts([text])[0]
    products = np.stack(rows) * wanted
    shares = softmax(products.sum(1), temperature)
    views = entry_views([found[entry_id] for entry_id in entry_ids])
    meet = [_agreement(*one) for one in zip(views, rows, products, shares, strict=True)]
    return Comparison(judge.spec, text, wanted, meet)


def softmax(similarities: Floats, temperature: float) -> list[float]:
    """Return the shares (summing to 1) of similarities (n,): the colder, the more the largest takes."""
    powers = np.exp((similarities - similarities.max()) / temperature)
    shares: list[float] = (powers / powers.sum()).tolist()
    return shares


def shelf(player: Player | None, words: str = "") -> list[EntryView]:
    """Return pictures to choose from, one's own first: what fits some words, or else the best of much drawn prompts.

       Where few prompts are drawn, the newest pictures follow.
    All of them are by the judge that sits. Raises Invalid for too many words.
    """
    own = entries.of_player(player.id, None, OWN).items if player else []
    if words.strip():
        others = [found.entry for found in search.search(words, SHELF)]
    else:
        duels = prompts.listing("popular", None, SHELF, state=None).items
        sides = [[duel.best_human, duel.best_ai] for duel in duels]
        others = [best for rank in (0, 1) for side in sides for best in [side[rank] or side[1 - rank]] if best]
        if len(others) < SHELF:
            others += entries.listing("visible", None, SHELF).items
    seen = {view.id: view for view in [*own, *others] if view.judge == judging.spec()}
    return list(seen.values())[:SHELF]


def _agreement(view: EntryView, row: Floats, products: Floats, share: float) -> Agreement:
    agrees, cancels = float(products[products > 0].sum()), float(products[products < 0].sum())
    return Agreement(view, row, products, float(products.sum()), agrees, cancels, share)
