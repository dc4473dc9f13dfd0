"""A prompt read back into things, colours and a relation, so that honest drawings can be composed for it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scorer.training.captions import COLOURS, RELATIONS, Relation
from scorer.training.scenes import Scene, Stage


def staged_prompts(file: Path) -> list[str]:
    """Return the prompts of a game whose judge is an embedded one."""
    found: list[str] = tomllib.loads(file.read_text("utf-8"))["embedded"]
    return found


@dataclass(frozen=True)
class Staging:
    """One thing or two, as (index of the word, colour or None); the first stands to the second as `relation` says."""

    things: tuple[tuple[int, str | None], ...]
    relation: Relation | None = None

    @classmethod
    def read(cls, text: str, words: Sequence[str]) -> Staging | None:
        """Return what a prompt of one or two of these words asks for, or None where it asks for something else."""
        for relation in RELATIONS:
            for phrase in relation.phrases:
                between = re.fullmatch(r"\{.\}( .+ )\{.\}", phrase)
                parts = text.split(between[1]) if between else []
                things = [_thing(part, words) for part in parts]
                if len(parts) == 2 and None not in things:
                    some = things if phrase.startswith("{a}") else things[::-1]
                    return cls(tuple(thing for thing in some if thing), relation)
        alone = _thing(text, words)
        return cls((alone,)) if alone else None

    def scene(self, stage: Stage) -> Scene:
        """Return a scene of it, from drawings by lot."""
        things = []
        for word, colour in self.things:
            thing = stage.thing(word)
            things.append(stage.coloured(thing, colour) if colour else thing)
        if self.relation is None:
            return Scene((stage.alone(things[0]),))
        return Scene(stage.stood(things[0], things[1], self.relation))


def _thing(said: str, words: Sequence[str]) -> tuple[int, str | None] | None:
    bare = re.sub(r"^(a|an) ", "", said)
    colour = next((name for name in COLOURS if bare.startswith(f"{name} ")), None)
    for name, rest in ((None, bare), (colour, bare.removeprefix(f"{colour} "))):
        if rest in words:
            return words.index(rest), name
    return None
