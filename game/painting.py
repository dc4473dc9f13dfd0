"""The door to the generator: one slice of a run, as a worker does it.

The worker owns pace, previews, checkpoints and stopping; the generator only paints. A slice takes a few seconds, reads
the run's row first (so a cancelled run ends there), and leaves everything that is needed to go on in another process.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from flask import current_app

from game import judging, storage
from game.rules import drawing as drawings
from game.rules import paintings, raster, runs, work, work_words
from game.rules.refusals import Invalid, Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from generator.captions import Caption
    from generator.weights_import import Report

log = logging.getLogger(__name__)

HEAVY = ("vqgan", "biggan")  # the priors that need weights, which lie in the data folder or are the embedded ones
SLICE = 2.0  # seconds of painting between two looks at the run's row
KEPT = 6.0  # seconds between two checkpoints with their previews: at most this much is painted again after a crash


class Iterate(work_words.Moment, Protocol):
    """A run's state at a step, as the generator yields it."""

    done: bool

    def picture(self) -> Image.Image: ...
    def drawing(self) -> dict[str, Any] | None: ...
    def checkpoint(self) -> bytes: ...


@dataclass
class Easel:
    """The run this process has in its hands, between two slices."""

    run_id: str
    token: str
    device: str
    iterates: Iterator[Iterate]
    kept_at: float = -math.inf  # time.monotonic() of the last checkpoint; the first slice leaves one for its viewers


_easel: Easel | None = None


def check(settings: dict[str, Any]) -> dict[str, Any]:
    """Return a run's settings complete and checked, the judge as guide by default; raises Invalid with a pointer."""
    import generator

    try:
        checked = generator.Settings.from_dict({"guide": judging.spec(), **settings})
    except generator.SettingsError as error:
        raise Invalid([("#/settings" + error.pointer.removeprefix("#"), error.detail)]) from None
    if checked.prior in HEAVY:
        _weights(checked.to_dict()["weights"])
    if isinstance(checked.start, str) and checked.start != "noise":
        # Nor may anyone name a file of this machine here.
        raise Invalid([("#/settings/start", "Begin from noise, or from a drawing as the drawing format has it.")])
    for place, target in enumerate(checked.images):
        if not target.image.startswith("data:"):  # nobody may look at this machine's files from outside
            raise Invalid([(f"#/settings/images/{place}/image", "Send the picture itself, as a data: URI.")])
    return checked.to_dict()


def _weights(name: str) -> str:
    """Return what the generator calls the weights of this name; raises Invalid, for nobody names other files here."""
    from generator.priors.vqgan import EMBEDDED

    folder: Path = current_app.config["PAINTOFF"].data / "weights"
    if name == "embedded" and EMBEDDED.is_file():
        return name
    if name and (folder / name).resolve().parent == folder.resolve() and (folder / name).is_file():
        return str(folder / name)
    there = sorted(file.name for file in folder.glob("*.safetensors"))
    told = f"choose one of {', '.join(there)}" if there else "`paintoff weights import FILE --out` writes some there"
    raise Invalid([("#/settings/weights", f'No "{name}" lies in the folder weights of the data folder: {told}.')])


def texts(line: str) -> list[dict[str, Any]]:
    """Return what a line such as `a cat:1.5 | blurry:-0.4 || 200 | a dog` says, as a run's settings have it.

    Raises Invalid, with the place in the line.
    """
    from generator import prompt_line, prompt_signs
    from generator.declare import plain

    try:
        return [plain(text) for text in prompt_line.parse(line)]
    except prompt_signs.PromptError as error:
        raise Invalid([("#/settings/texts", f"Character {error.position + 1} of the text: {error.detail}.")]) from None


def begin(settings: dict[str, Any], resume: bytes | None) -> tuple[Iterator[Iterate], str]:
    """Begin to paint, or go on from a checkpoint; returns the iterates and the device they are made on.

    This loads the guides, which takes seconds the first time in a process.
    """
    import generator

    if settings.get("prior") in HEAVY:
        settings = {**settings, "weights": _weights(settings["weights"])}
    checked = generator.Settings.from_dict(settings)
    guides = [judging.guide(guide.name) for guide in checked.every_guide]
    judging.second()  # begins to load, so that it is there when the picture hangs; it guides only who names it
    return generator.generate(checked, guides, resume), str(guides[0].device)


def caption(picture: Image.Image, guide: str) -> Caption:
    """Return words for a picture that this guide likes, best of the phrases tried; raises JudgeUnavailable.

    This loads the guide, and then takes a second or some more.
    """
    from generator import captions

    return captions.write(picture, judging.guide(guide), judging.vocabulary())


def import_weights(file: Path, out: Path | None) -> Report:
    """Convert weights that others have trained to safetensors, without running what is in them; raises Refusal."""
    from generator import weights_import

    try:
        return weights_import.convert(file, out)
    except weights_import.WeightsError as error:
        raise Refusal(str(error)) from None


def take(run_id: str, worker: str) -> str | None:
    """Begin or take over a run for a worker of this name; returns this start's token, None if nothing is to be done."""
    return work.take(run_id, worker)


def advance(run_id: str, token: str) -> bool:
    """Paint one slice of a run and write down how far it is; returns whether the run has ended, in whatever way."""
    try:
        return _slice(run_id, token)
    except work.Superseded:
        log.info("run %s belongs to another start now", run_id)
        _put_down(run_id, token)
        return True
    except Exception as error:
        log.exception("run %s failed", run_id)
        _put_down(run_id, token)
        work.end(run_id, token, "failed", error=work_words.reason(error))
        return True


def _slice(run_id: str, token: str) -> bool:
    task = work.task(run_id, token)
    if task.cancel_requested:
        _put_down(run_id, token)
        work.end(run_id, token, "cancelled")
        return True
    begun = time.monotonic()
    easel = _take_up(task, token)
    last = None
    for iterate in easel.iterates:
        last = iterate
        if iterate.done or time.monotonic() - begun > SLICE:
            break
    if last is None:
        raise RuntimeError("the generator ended without a finished picture")
    work.progress(run_id, token, {**work_words.numbers(last), "device": easel.device})
    if last.done:
        _finish(task, token, last)
        return True
    if time.monotonic() - easel.kept_at > KEPT:
        _keep(easel, last)
    return False


def _take_up(task: work.Task, token: str) -> Easel:
    global _easel
    if _easel is None or (_easel.run_id, _easel.token) != (task.id, token):
        resume = storage.get(task.checkpoint) if task.checkpoint else None
        iterates, device = begin(task.settings, resume)
        _easel = Easel(task.id, token, device, iterates)
    return _easel


def _put_down(run_id: str, token: str) -> None:
    """Forget a start's easel; not another's, which a start that was shut out may still meet."""
    global _easel
    if _easel is not None and (_easel.run_id, _easel.token) == (run_id, token):
        _easel = None


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
