"""A worker's easel: a run is painted slice by slice.

The worker owns pace, previews, checkpoints and stopping; the generator only paints. A slice takes a few seconds, reads
the run's row first (so a cancelled run ends there), and leaves everything that is needed to go on in another process.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from game import courtesy, judging, painting, storage, troubles
from game.rules import drawing as drawings
from game.rules import first_entries, paintings, raster, runs, work, work_words

if TYPE_CHECKING:
    from PIL import Image

    from game.painting import Iterate

log = logging.getLogger(__name__)

SLICE = 2.0  # seconds of painting between two looks at the run's row
REST = 0.5  # seconds until a run that steps aside looks whether it may go on
KEPT = 6.0  # seconds between two checkpoints with their previews: at most this much is painted again after a crash


@dataclass
class Easel:
    """The run this process has in its hands, between two slices."""

    run_id: str
    token: str
    device: str
    iterates: Iterator[Iterate]
    finished: Iterate | None = None
    kept_at: float = -math.inf  # time.monotonic() of the last checkpoint; the first slice leaves one for its viewers


_easel: Easel | None = None


def take(run_id: str, worker: str) -> str | None:
    """Begin or take over a run for a worker of this name; returns this start's token, None if nothing is to be done."""
    return troubles.through(lambda: work.take(run_id, worker))


def advance(run_id: str, token: str) -> bool:
    """Paint one slice of a run and write down how far it is; returns whether the run has ended, in whatever way."""
    try:
        ended = _slice(run_id, token)
        if not ended:
            troubles.over(run_id, token)
        return ended
    except work.Superseded:
        log.info("run %s belongs to another start now", run_id)
        _put_down(run_id, token)
        return True
    except Exception as error:
        if troubles.crowds(error):
            _make_room(run_id, token)
        if troubles.passes(run_id, token, error):
            return False
        log.exception("run %s failed", run_id)
        _put_down(run_id, token)
        reason = work_words.reason(error)
        troubles.through(lambda: work.end(run_id, token, "failed", error=reason))
        return True


def _slice(run_id: str, token: str) -> bool:
    task = work.task(run_id, token)
    if task.cancel_requested:
        _put_down(run_id, token)
        work.end(run_id, token, "cancelled")
        return True
    if _in_the_way(run_id):
        time.sleep(REST)
        return False
    begun = time.monotonic()
    easel = _take_up(task, token)
    last = easel.finished
    for iterate in easel.iterates:
        last = iterate
        if iterate.done or time.monotonic() - begun > SLICE or _in_the_way(run_id):
            break
    if last is None:
        raise RuntimeError("the generator ended without a finished picture")
    work.progress(run_id, token, {**work_words.numbers(last), "device": easel.device})
    if last.done:
        easel.finished = last  # in hand until it is handed in, which may take more than one try
        _finish(task, token, last)
        return True
    if time.monotonic() - easel.kept_at > KEPT:
        _keep(easel, last)
    return False


def _in_the_way(run_id: str) -> bool:
    """Whether a run that nobody asked for has to wait, since somebody asks for something right now."""
    return first_entries.is_one(run_id) and courtesy.asked_lately()


def _take_up(task: work.Task, token: str) -> Easel:
    global _easel
    if _easel is None or (_easel.run_id, _easel.token) != (task.id, token):
        resume = storage.get(task.checkpoint) if task.checkpoint else None
        iterates, device = painting.begin(task.settings, resume)
        _easel = Easel(task.id, token, device, iterates)
    return _easel


def _put_down(run_id: str, token: str) -> None:
    """Forget a start's easel; not another's, which a start that was shut out may still meet."""
    global _easel
    if _easel is not None and (_easel.run_id, _easel.token) == (run_id, token):
        _easel = None


def _make_room(run_id: str, token: str) -> None:
    """Let go of a start's memory; it goes on from its checkpoint. Without a device it counts as nobody's company."""
    _put_down(run_id, token)
    painting.make_room()
    with contextlib.suppress(work.Superseded):  # the next slice meets it, too
        troubles.through(lambda: work.write(run_id, token, device=None))


def _keep(easel: Easel, iterate: Iterate) -> None:
    """Store a checkpoint and a preview; the checkpoint before it is of no more use and goes."""
    preview = storage.put(storage.png(iterate.picture()), ".png")
    checkpoint = storage.put(iterate.checkpoint(), ".ckpt")
    older = work.keep(easel.run_id, easel.token, step=iterate.step, checkpoint=checkpoint, preview=preview)
    if older:
        storage.drop(older)
    easel.kept_at = time.monotonic()


def _finish(task: work.Task, token: str, iterate: Iterate) -> None:
    """Hand in what was drawn as a player would, to be rendered by the game; what was painted is framed as it is."""
    given = iterate.drawing()
    if given is None:
        picture, kept = paintings.framed(iterate.picture()), {}
    else:
        drawing = drawings.parse(given)
        picture = raster.picture(drawing)
        kept = {"drawing": storage.put(json.dumps(drawing.to_dict(), separators=(",", ":")).encode(), ".json")}
    name = storage.put(storage.png(picture), ".png")
    work.write(task.id, token, picture=name, preview=name, **kept, **_judged(picture, task.prompt_text))
    # Before the run counts as done: a worker that dies in between comes back here, and a second time changes nothing.
    if task.publish_when_done:
        runs.publish(task.id)
    work.end(task.id, token, "done")
    _put_down(task.id, token)


def _judged(picture: Image.Image, text: str) -> dict[str, float]:
    """Return what the judge says of a finished picture; nothing while it is away: that takes no picture from a run."""
    try:
        score = judging.judge_picture(picture, text)
    except judging.JudgeUnavailable as error:
        log.warning("a run ends without the judge's numbers: %s", error)
        return {}
    return {"similarity": score.similarity, "percentile": score.percentile}
