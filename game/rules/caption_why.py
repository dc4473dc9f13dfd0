"""Why a caption has its score: what each word did, how much of it was read, whether it would fit anything."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from game import judging
from game.rules import captions, entries, explanations, why_words
from game.rules.embeddings import embedding_of
from game.sayings import figure, say


@dataclass(frozen=True)
class Word:
    """A word of a caption: `added` is the cosine that is lost without it; `share` is its part, in percent, of what all
    words moved, below 0 for a word that costs something."""

    word: str
    added: float
    share: float


@dataclass(frozen=True)
class CaptionWhy:
    """Why a caption has its score; differences below `noise` mean nothing.

    `tokens` counts start and end too, of `max_tokens` that are read. `reach` is the percentile, 0 to 100, that the
    words would have on average under pictures that they were not written for; where it is above what 99 of 100
    captions reach, `fits_everything` is true and `warning` says so.
    """

    caption_id: str
    entry_id: str
    text: str
    judge: str
    similarity: float
    percentile: float
    sentence: str
    noise: float
    words: list[Word]
    tokens: int
    max_tokens: int
    reach: float
    fits_everything: bool
    warning: str | None


def of_caption(caption_id: str) -> CaptionWhy:
    """Return why a caption has its score; raises Missing, JudgeUnavailable."""
    caption = captions.get(caption_id)
    entry = entries.row(caption.entry_id)
    judge, noise, embedding, text = judging.named(entry.judge), entry.noise, embedding_of(entry), caption.text
    told = explanations.kept(
        caption_id,
        judge.spec,
        [text, entry.picture],
        lambda: asdict(judging.explain_caption(judge, text, embedding)),
    )
    added = [told["similarity"] - without for without in told["left_out"]]
    moved = sum(abs(cosine) for cosine in added) or 1.0
    fits_everything = told["reach"] > told["longest_reach"]
    return CaptionWhy(
        caption_id=caption_id,
        entry_id=caption.entry_id,
        text=text,
        judge=judge.spec,
        similarity=told["similarity"],
        percentile=judge.caption_percentile(embedding, told["similarity"]),
        sentence=why_words.caption_sentence(list(zip(told["words"], added, strict=True)), noise),
        noise=noise,
        words=[Word(word, cosine, 100 * cosine / moved) for word, cosine in zip(told["words"], added, strict=True)],
        tokens=told["tokens"],
        max_tokens=told["most_tokens"],
        reach=told["reach"],
        fits_everything=fits_everything,
        warning=_warning(told["reach"]) if fits_everything else None,
    )


def _warning(reach: float) -> str:
    return say(
        "These words would fit almost any picture: where they were not meant, they still beat %(reach)s of 100 "
        "captions. Say what only this picture shows.",
        reach=figure(reach),
    )
