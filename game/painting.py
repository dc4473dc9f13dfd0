"""The door to the generator: settings and texts checked, a run begun, captions, weights taken in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from flask import current_app

from game import judging, measuring
from game.rules import references, work_words
from game.rules.refusals import Invalid, Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from generator.captions import Caption
    from generator.weights_import import Report

UNMEASURED = ("texts", "images", "seed", "steps", "cutouts", "candidates", "keep", "cull_at", "patience", "deadline_s")
HEAVY = ("vqgan", "biggan")  # the priors that need weights, which lie in the data folder or are the embedded ones


class Iterate(work_words.Moment, Protocol):
    """A run's state at a step, as the generator yields it."""

    @property
    def done(self) -> bool: ...
    @property
    def numbers(self) -> Sequence[int]: ...
    @property
    def losses(self) -> Sequence[float]: ...
    def picture(self, size: int = 512, candidate: int = 0) -> Image.Image: ...
    def drawing(self) -> dict[str, Any] | None: ...
    def checkpoint(self) -> bytes: ...


@dataclass(frozen=True)
class Begun:
    """A run on its way: its iterates, the device they are made on, and what gives it orders (steer.Steering.order)."""

    iterates: Iterator[Iterate]
    device: str
    order: Callable[[object], None]


def check(settings: dict[str, Any]) -> dict[str, Any]:
    """Return a run's settings complete and checked, the judge as guide by default; raises Invalid with a pointer."""
    import generator
    from generator import carried

    try:
        checked = generator.Settings.from_dict({"guide": judging.spec(), **references.filled(settings)})
        carried.check(checked)
    except generator.SettingsError as error:
        raise Invalid([("#/settings" + error.pointer.removeprefix("#"), error.detail)]) from None
    if checked.prior in HEAVY:
        _weights(checked.to_dict()["weights"])
    return references.named(checked.to_dict(), settings)


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


@dataclass(frozen=True)
class Memory:
    """The bytes that a run's steps take at their peak, the `room` for them, and what `fits` where it is too little."""

    bytes: int
    room: int
    fits: list[str]


def memory(settings: dict[str, Any], patience: float = 0.0) -> Memory | None:
    """Return what checked settings take of this machine's memory, measured on small steps with the guides at hand.

    That takes seconds, so it is done aside, once for each kind of run; whoever asks waits for `patience` seconds. None
    until it is known, where a guide is not loaded in this process, and where nobody can tell how much memory there is.
    """
    import generator
    from generator import estimate, objective

    guides = [judging.guide_at_hand(name) for name in (settings.get("guide", ""), *_names(settings.get("guides", [])))]
    room = None if None in guides else estimate.total(guides[0].device)
    if room is None:
        return None
    if settings["prior"] in HEAVY:
        settings = {**settings, "weights": _weights(settings["weights"])}
    checked = generator.Settings.from_dict(references.filled(settings))
    key = json.dumps({**settings, **dict.fromkeys(UNMEASURED)}, sort_keys=True)
    need = measuring.aside(
        key, lambda: estimate.measure(checked, objective.Objective(checked, guides), guides[0].device), patience
    )
    return None if need is None else Memory(*_compared(need, checked, room))


def _names(guides: list[dict[str, Any]]) -> list[str]:
    return [str(guide["name"]) for guide in guides]


def _compared(need: Any, checked: Any, room: int) -> tuple[int, int, list[str]]:
    from generator import estimate

    wanted, fits = estimate.compare(need, checked, room)
    return wanted, room, fits


@dataclass(frozen=True)
class Line:
    """A prompt line as it was read: its texts, or where (`position`, from 0) and why it could not be."""

    texts: list[dict[str, Any]]
    position: int | None
    detail: str


def read_line(line: str) -> Line:
    """Read a prompt line for somebody who is still writing it."""
    from generator import prompt_line, prompt_signs
    from generator.declare import plain

    try:
        return Line([plain(text) for text in prompt_line.parse(line)], None, "")
    except prompt_signs.PromptError as error:
        return Line([], error.position, error.detail)


def settings_table() -> list[dict[str, Any]]:
    """Return every setting of a run as {"name", "default", "about", "prior"}; null prior: common to all."""
    import generator

    return generator.table()


def texts(line: str) -> list[dict[str, Any]]:
    """Return what a line such as `a cat:1.5 | blurry:-0.4 || 200 | a dog` says, as a run's settings have it.

    Raises Invalid, with the place in the line.
    """
    read = read_line(line)
    if read.position is not None:
        raise Invalid([("#/settings/texts", f"Character {read.position + 1} of the text: {read.detail}.")])
    return read.texts


def check_order(command: dict[str, Any]) -> dict[str, Any]:
    """Return an order for a run that paints (texts, keep or stop, and at which step) complete; raises Invalid."""
    import generator
    from generator.steer import Order

    try:
        return Order.from_dict(command).to_dict()
    except generator.SettingsError as error:
        raise Invalid([(error.pointer.replace("#/at", "#/at_step"), error.detail)]) from None


def begin(settings: dict[str, Any], resume: bytes | None) -> Begun:
    """Begin to paint, or go on from a checkpoint.

    This loads the guides, which takes seconds the first time in a process.
    """
    import generator

    if settings.get("prior") in HEAVY:
        settings = {**settings, "weights": _weights(settings["weights"])}
    checked = generator.Settings.from_dict(references.filled(settings))
    guides = [judging.guide(guide.name) for guide in checked.every_guide]
    judging.second()  # begins to load, so that it is there when the picture hangs; it guides only who names it
    steering = generator.Steering()
    return Begun(generator.generate(checked, guides, resume, steering), str(guides[0].device), steering.order)


def make_room() -> None:
    """Give the memory that this process holds ready back to the machine, for runs of other workers."""
    from generator import estimate

    estimate.release()


def caption(picture: Image.Image, guide: str) -> Caption:
    """Return words for a picture that this guide likes, best of the phrases tried; raises JudgeUnavailable.

    This loads the guide, and then takes a second or some more.
    """
    from generator import captions

    return captions.write(picture, judging.guide(guide), judging.vocabulary())


def vqgan() -> str | None:
    """Return a mark of the embedded VQGAN's weights, which changes with them; None while there are none."""
    from generator.priors.vqgan import EMBEDDED

    try:
        known = EMBEDDED.stat()
    except FileNotFoundError:
        return None
    return f"{known.st_size:x}-{known.st_mtime_ns:x}"


def walk(first: int, last: int, count: int, side: int) -> list[Image.Image]:
    """Return `count` pictures, `side` px a side, between two samples of the embedded VQGAN; raises Refusal without it.

    Some 20 ms a picture on a processor core; the first call in a process reads the weights.
    """
    import generator
    from generator import walking

    try:
        return walking.stills(first, last, count, side)
    except generator.SettingsError as error:
        raise Refusal(error.detail) from None


def seen(iterate: Any, side: int) -> list[Image.Image]:
    """Return the views of an iterate that the next step of its run would show the guide, `side` px a side."""
    from generator import walking

    return walking.seen(iterate, side)


def import_weights(file: Path, out: Path | None) -> Report:
    """Convert weights that others have trained to safetensors, without running what is in them; raises Refusal."""
    from generator import weights_import

    try:
        return weights_import.convert(file, out)
    except weights_import.WeightsError as error:
        raise Refusal(str(error)) from None
