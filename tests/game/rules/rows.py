"""Entries and runs written straight into the database, for rules that only count and compare."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from game.extensions import db
from game.models import Entry, Player, Run, RunEvent
from game.rules.views import PromptView
from game.tables import new_id, now


def hang(prompt: PromptView | str, player: Player, similarity: float, **more: Any) -> Entry:
    """Hangs an entry of this similarity, judged by the judge of colours; `more` are other columns."""
    values = {"penalised": similarity, "percentile": 50 + 50 * similarity, "judge": "fake:colours", "noise": 0.01,
              "picture": "none.png"}  # fmt: skip
    entry = Entry(
        prompt_id=prompt if isinstance(prompt, str) else prompt.id,
        player_id=player.id,
        kind=player.kind,
        similarity=similarity,
        embedding=b"",
        **{**values, **more},
    )
    db.session.add(entry)
    db.session.commit()
    return entry


def run(prompt: PromptView, player: Player, state: str = "done", at: datetime | None = None, **settings: Any) -> Run:
    """Writes a run with these settings and the usual ones."""
    usual = {"prior": "strokes", "guide": "fake:guide", "guides": [], "start": "noise", "size": 128, "sizes": [],
             "steps": 300, "seed": 7, "candidates": 1}  # fmt: skip
    row = Run(
        id=new_id(),
        prompt_id=prompt.id,
        player_id=player.id,
        settings={**usual, **settings},
        state=state,
        step=settings.get("steps", 300) if state == "done" else 10,
        steps=settings.get("steps", 300),
        similarity=0.4,
        percentile=80.0,
        seconds=12.5,
        created_at=at or now(),
    )
    db.session.add(row)
    db.session.commit()
    return row


def tell(run: Run, *history: tuple[int, float | None]) -> None:
    """Writes what a run told on its way: steps and similarities."""
    for step, similarity in history:
        data = {"step": step, "steps": run.steps, "loss": 0.5, "similarity": similarity}
        db.session.add(RunEvent(run_id=run.id, kind="progress", data=data))
    db.session.commit()
