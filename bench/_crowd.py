"""A game after years: a database filled in bulk with prompts, players, entries, captions, runs and votes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import func, insert, select, update

from game import judging
from game.extensions import db
from game.models import (
    ArenaBoard,
    Caption,
    Entry,
    Player,
    Prompt,
    PromptDay,
    Rating,
    Run,
    Vote,
    VoterEvidence,
)
from game.rules import drawing, entries, players, prompts
from game.rules.embeddings import packed
from game.tables import new_id, now

PROMPTS, PEOPLE, DAYS = 120, 4000, 60
MACHINES = ("strokes", "pixels", "siren", "vqgan")
RUN = {"guide": "bench:guide", "guides": [], "start": "noise", "size": 128, "sizes": [], "steps": 300, "seed": 7,
       "candidates": 1}  # fmt: skip
SHEET = {
    "format": 1,
    "size": 512,
    "bg": 0,
    "palette": ["#ffffff", "#20407a"],
    "ops": [{"op": "stroke", "color": 1, "pts": [[1000, 1000, 200, 0], [6000, 5000, 300, 400]]}],
}


@dataclass(frozen=True)
class Crowd:
    """Who and what to look at: the busiest prompt, its best entry, the most captioned one, a keen player, a machine."""

    prompt_id: str
    entry_id: str
    captioned_id: str
    player_id: str
    machine_id: str


def fill(count: int) -> Crowd:
    """Write `count` entries and what belongs to them: the busiest of the prompts has some fifth, the keenest player
    a hundredth."""
    rng = np.random.default_rng(1)
    prompt_ids = [prompts.add(f"the bench's prompt number {i}").id for i in range(PROMPTS)]
    people = _people()
    machines = [players.machine(prior).id for prior in MACHINES]
    db.session.commit()
    model = _model(prompt_ids[0], people[0])
    rows = _entries(rng, count, prompt_ids, people, machines)
    _write(Run, _runs(rng, rows))
    _write(Entry, [{**model, **row} for row in rows])
    _write(Caption, _captions(rng, rows, people))
    _votes(rng, rows, people)
    _days(prompt_ids)
    here = select(func.count()).where(Entry.prompt_id == Prompt.id, Entry.state == "visible").scalar_subquery()
    db.session.execute(update(Prompt).values(entry_count=here))
    db.session.commit()
    best = max((row for row in rows if row["prompt_id"] == prompt_ids[0]), key=lambda row: row["penalised"])
    return Crowd(prompt_ids[0], best["id"], rows[0]["id"], people[0], machines[0])


def _people() -> list[str]:
    ids = [new_id() for _ in range(PEOPLE)]
    _write(
        Player, [{"id": one, "name": f"Player {i}", "kind": "human", "created_at": now()} for i, one in enumerate(ids)]
    )
    return ids


def _model(prompt_id: str, player_id: str) -> dict[str, Any]:
    """The columns of one entry that was really handed in, but for those that tell entries from each other."""
    player = db.session.get_one(Player, player_id)
    made = entries.submit(prompt_id, drawing.parse(SHEET), player)
    row = entries.row(made.id)
    return {column.key: getattr(row, column.key) for column in Entry.__table__.columns}


def _skewed(rng: Any, among: Sequence[str], count: int) -> list[str]:
    """Some of them, the first ones far more often."""
    weights = 1 / np.arange(1, len(among) + 1)
    return [among[i] for i in rng.choice(len(among), count, p=weights / weights.sum())]


def _entries(rng: Any, count: int, prompt_ids: Sequence[str], people: list[str], machines: list[str]) -> list[Any]:
    similarities = rng.normal(0.22, 0.05, count).round(6)
    by_machine = rng.random(count) < 0.2
    whose = zip(_skewed(rng, people, count), _skewed(rng, machines, count), by_machine, strict=True)
    prompted = _skewed(rng, prompt_ids, count)
    begun = now() - timedelta(days=DAYS)
    embedding = packed(np.asarray(rng.normal(size=judging.current().dim), np.float32))
    return [
        {
            "id": new_id(), "prompt_id": prompted[i], "player_id": machine if is_ai else person, "run_id": None,
            "kind": "ai" if is_ai else "human", "similarity": float(similarities[i]),
            "penalised": float(similarities[i]),
            "percentile": float(np.clip(50 + 400 * (similarities[i] - 0.22), 0, 100)),
            "embedding": embedding, "created_at": begun + timedelta(seconds=50 * i), "judged_at": begun,
        }
        for i, (person, machine, is_ai) in enumerate(whose)
    ]  # fmt: skip


def _runs(rng: Any, rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A run for each entry of a machine."""
    for row in rows:
        if row["kind"] == "ai":
            row["run_id"] = new_id()
            prior, steps = MACHINES[int(rng.integers(len(MACHINES)))], int(rng.choice([100, 300, 500]))
            yield {
                "id": row["run_id"], "prompt_id": row["prompt_id"], "player_id": row["player_id"], "state": "done",
                "settings": {**RUN, "prior": prior, "steps": steps}, "step": steps, "steps": steps,
                "similarity": row["similarity"], "percentile": row["percentile"], "seconds": 12.5,
                "created_at": row["created_at"], "started_at": row["created_at"], "finished_at": row["created_at"],
            }  # fmt: skip


def _captions(rng: Any, rows: Sequence[dict[str, Any]], people: Sequence[str]) -> Iterator[dict[str, Any]]:
    """A caption for every fifth entry on average, most of them for the first entries."""
    told = _skewed(rng, [row["id"] for row in rows[:2000]], len(rows) // 5)
    for i, (entry_id, player_id) in enumerate(zip(told, rng.choice(people, len(told)), strict=True)):
        similarity = float(rng.normal(0.2, 0.05))
        yield {
            "id": new_id(), "entry_id": entry_id, "player_id": str(player_id), "text": f"caption {i}", "tokens": 4,
            "state": "visible", "judge": judging.spec(), "noise": 0.002, "similarity": similarity, "percentile": 50.0,
            "attempt": i, "judged_at": now(), "created_at": now(),
        }  # fmt: skip


def _votes(rng: Any, rows: Sequence[dict[str, Any]], people: Sequence[str]) -> None:
    """Votes on pairs of the busiest prompts, and the ratings that they come to."""
    by_prompt: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_prompt.setdefault(row["prompt_id"], []).append(row)
    cast: list[dict[str, Any]] = []
    rated: list[dict[str, Any]] = []
    for prompt_id, some in by_prompt.items():
        shown = some[: max(4, len(some) // 10)]
        if len(shown) < 2:
            continue
        for i in range(len(shown) * 3):
            left, right = (shown[j]["id"] for j in rng.choice(len(shown), 2, replace=False))
            cast.append(_vote(prompt_id, left, right, people[i % len(people)]))
        rated += [_rating(row, float(rng.normal())) for row in shown]
        count = len(shown) * 3
        board = {"cast": count, "seen": count, "counted": count, "voters": min(count, len(people)), "dropped": 0}
        db.session.execute(
            insert(ArenaBoard), [{"prompt_id": prompt_id, "judge": judging.spec(), "rated_at": now(), **board}]
        )
    _write(Vote, {(vote["player_id"], vote["pair"]): vote for vote in cast}.values())
    _write(Rating, rated)
    pairs = {(vote["player_id"], vote["prompt_id"]) for vote in cast}
    told = {"votes": 1, "coin": 0.1, "turned": 0.1, "sided_left": 0.1, "sided_right": 0.1}
    _write(VoterEvidence, [{"player_id": player_id, "prompt_id": prompt_id, **told} for player_id, prompt_id in pairs])


def _vote(prompt_id: str, left: str, right: str, player_id: str) -> dict[str, Any]:
    pair = ":".join(sorted((left, right)))
    choice = {"winner": "left", "guess_left": "human", "guess_right": None, "created_at": now(), "voted_at": now()}
    return {"id": new_id(), "player_id": player_id, "prompt_id": prompt_id, "left_id": left, "right_id": right,
            "pair": pair, **choice}  # fmt: skip


def _rating(row: dict[str, Any], strength: float) -> dict[str, Any]:
    return {"entry_id": row["id"], "prompt_id": row["prompt_id"], "kind": row["kind"], "votes": 12, "enough": True,
            "strength": strength, "low": strength - 0.5, "high": strength + 0.5, "judge_share": 0.5,
            "people_share": 0.5, "judge_over": strength / 9, "people_over": -strength / 9}  # fmt: skip


def _days(prompt_ids: Sequence[str]) -> None:
    midnight = datetime.combine(now().date(), datetime.min.time(), now().tzinfo)
    db.session.execute(
        insert(PromptDay),
        [
            {"day": f"{start:%Y-%m-%d}", "prompt_id": prompt_ids[i % PROMPTS], "starts_at": start,
             "ends_at": start + timedelta(days=1)}
            for i in range(DAYS) for start in [midnight - timedelta(days=i)]
        ],
    )  # fmt: skip


def _write(model: Any, rows: Any) -> None:
    rows = list(rows)
    if rows:
        db.session.execute(insert(model), rows)
    db.session.commit()
