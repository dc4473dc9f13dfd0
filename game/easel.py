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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from game import courtesy, judging, painting, storage, troubles
from game.rules import drawing as drawings
from game.rules import first_entries, paintings, raster, runs, work, work_steering, work_words

if TYPE_CHECKING:
    from PIL import Image

    from game.painting import Iterate

log = logging.getLogger(__name__)

SLICE = 2.0  # seconds of painting between two looks at the run's row
REST = 0.5  # seconds until a run that steps aside looks whether it may go on
LOOK = 0.5  # seconds between two looks whether a person has chosen
CANDIDATE = 256  # px: the side of a candidate's picture
KEPT = 6.0  # seconds between two checkpoints with their previews: at most this much is painted again after a crash


@dataclass
class Easel:
    """The run this process has in its hands, between two slices."""

    run_id: str
    token: str
    device: str
    iterates: Iterator[Iterate]
    order: Callable[[object], None]
    obeyed: int  # the last order that it has taken up
    fresh: list[work_steering.Told] = field(default_factory=list)  # orders given since
    last: Iterate | None = None
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
    if task.pause_requested:
        _lay_aside(task, token)
        return True
    if _in_the_way(run_id):
        time.sleep(REST)
        return False
    easel = _take_up(task, token)
    _pass_on(easel)
    if _is_waiting(task, easel):
        time.sleep(LOOK)
        return False
    last = _paint(easel, task)
    work.progress(run_id, token, {**work_words.numbers(last), "device": easel.device})
    if last.done:
        easel.finished = last  # in hand until it is handed in, which may take more than one try
        _finish(task, token, last)
        return True
    if _is_choice(task, last):
        _hang_side_by_side(easel, task, last)
    elif time.monotonic() - easel.kept_at > KEPT:
        _keep(easel, task, last)
    return False


def _in_the_way(run_id: str) -> bool:
    """Whether a run that nobody asked for has to wait, since somebody asks for something right now."""
    return first_entries.is_one(run_id) and courtesy.asked_lately()


def _paint(easel: Easel, task: work.Task) -> Iterate:
    """Paint for a slice's time, or until a choice is due; writes down when fresh orders took effect."""
    begun = time.monotonic()
    easel.last = easel.finished
    for iterate in easel.iterates:
        if easel.fresh and easel.last is None:
            steps = {told.id: max(told.again()["at"] or 0, iterate.step - 1) for told in easel.fresh}
            work_steering.took(easel.run_id, easel.token, steps)
            easel.obeyed, easel.fresh = easel.fresh[-1].id, []
        easel.last = iterate
        if iterate.done or time.monotonic() - begun > SLICE or _is_choice(task, iterate) or _in_the_way(task.id):
            break
    if easel.last is None:
        raise RuntimeError("the generator ended without a finished picture")
    return easel.last


def _pass_on(easel: Easel) -> None:
    """Tell the generator what the run was told since it last painted."""
    known = easel.fresh[-1].id if easel.fresh else easel.obeyed
    for told in work_steering.after(easel.run_id, known):
        easel.order(told.again())
        easel.fresh.append(told)


def _is_choice(task: work.Task, iterate: Iterate) -> bool:
    """Whether the candidates hang now for a person to choose: before the step at which the machine would."""
    due = task.choice_s > 0 and not iterate.done and iterate.step == task.settings["cull_at"]
    return due and len(iterate.numbers) > task.settings["keep"]


def _is_waiting(task: work.Task, easel: Easel) -> bool:
    """Whether a person may still choose among the candidates; once they chose or the time is up, that is written."""
    if task.choose_by is None:
        return False
    chosen = any("keep" in told.command or "stop" in told.command for told in easel.fresh)
    if not chosen and not work_steering.over(task.choose_by):
        return True
    work_steering.decided(task.id, easel.token, "person" if chosen else "machine")
    return False


def _hang_side_by_side(easel: Easel, task: work.Task, iterate: Iterate) -> None:
    _keep(easel, task, iterate)
    hung = []
    for place, (number, loss) in enumerate(zip(iterate.numbers, iterate.losses, strict=True)):
        picture = storage.put(storage.png(iterate.picture(CANDIDATE, place)), ".png")
        hung.append(work_steering.Candidate(number, work_words.finite(loss), picture))
    work_steering.ask(task.id, easel.token, iterate.step, hung)


def _lay_aside(task: work.Task, token: str) -> None:
    """Keep what this process has painted since the last checkpoint, and let go of the run."""
    if _easel is not None and (_easel.run_id, _easel.token) == (task.id, token) and _easel.last is not None:
        _keep(_easel, task, _easel.last)
    _put_down(task.id, token)
    work.pause(task.id, token)


def _take_up(task: work.Task, token: str) -> Easel:
    global _easel
    if _easel is None or (_easel.run_id, _easel.token) != (task.id, token):
        resume = storage.get(task.checkpoint) if task.checkpoint else None
        begun = painting.begin(task.settings, resume)
        _easel = Easel(task.id, token, begun.device, begun.iterates, begun.order, task.orders_kept)
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


def _keep(easel: Easel, task: work.Task, iterate: Iterate) -> None:
    """Store a checkpoint and a preview with what the judges see in it; what nothing needs any more goes."""
    picture = iterate.picture()
    preview = storage.put(storage.png(picture), ".png")
    checkpoint = storage.put(iterate.checkpoint(), ".ckpt")
    seen = {**_judged(picture, task.prompt_text), **_judged_second(picture, task.prompt_text)}
    for older in work.keep(easel.run_id, easel.token, work.Kept(iterate.step, checkpoint, preview, easel.obeyed, seen)):
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


def _judged_second(picture: Image.Image, text: str) -> dict[str, float]:
    """As `_judged`, by the second judge where one sits."""
    second = judging.second()
    if second is None:
        return {}
    try:
        score = second.score(picture, text)
    except judging.JudgeUnavailable:
        return {}
    return {"second_similarity": score.similarity, "second_percentile": score.percentile}
