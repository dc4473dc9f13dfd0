"""The judge of Paint-Off: a CLIP model that says how well a picture fits a text, and where that stands.

    judge = scorer.load("embedded:main")
    judge.score(picture, "a raccoon driving a tractor").percentile

It knows no web server, no database and no game.
"""

from scorer.batching import Overloaded
from scorer.encoder import Encoder, ScorerError
from scorer.judge import Judge, Score, load

__all__ = ["Encoder", "Judge", "Overloaded", "Score", "ScorerError", "load"]
