"""The door to the scorer: the judge, here or behind PAINTOFF_JUDGE_URL, and guides for those who paint.

It is loaded, or looked for, when first asked for. What goes wrong with it comes out as JudgeUnavailable.
"""

from __future__ import annotations

import functools
import importlib.util
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app

from game.judge import (
    Facts,
    Floats,
    Judge,
    JudgeAway,
    JudgeBusy,
    JudgeUnavailable,
    Reader,
    Retakes,
    Score,
)

if TYPE_CHECKING:
    from flask import Flask
    from PIL import Image

    from scorer.why import CaptionReasons, PictureReasons

__all__ = ["Facts", "Judge", "JudgeAway", "JudgeBusy", "JudgeUnavailable", "Reader", "Retakes", "Score"]

log = logging.getLogger(__name__)
INJECTED = "paintoff.judge"  # in app.extensions: a judge to use instead of the settings'
INJECTED_READER = "paintoff.reader"  # likewise for who finds writing
INJECTED_SECOND = "paintoff.second_judge"  # likewise for the second judge
SHIPPED_SECOND = ("embedded:main", "embedded:second")  # beside which judge which second one sits by itself
REST = 60.0  # seconds between two tries to load a second judge that could not be loaded

_loading = threading.Lock()
_locks: dict[tuple[str, str], threading.Lock] = {}  # one for each model, so that a slow one holds up nobody else
_tried: dict[str, float] = {}  # when the second judge was last looked for, by time.monotonic()
_loaded: dict[tuple[str, str], Judge] = {}  # by name and device
_guides: dict[tuple[str, str], Any] = {}
_connections: dict[str, Any] = {}  # by address; they remember for a while that nobody answered


def spec() -> str:
    """Return the name of the judge that sits, without loading it."""
    injected = current_app.extensions.get(INJECTED)
    return str(current_app.config["PAINTOFF"].judge if injected is None else injected.spec)


def is_embedded() -> bool:
    """Whether the judge that sits is one of our own small ones, told without loading it."""
    injected = current_app.extensions.get(INJECTED)
    return spec().startswith("embedded:") if injected is None else bool(injected.embedded)


def current() -> Judge:
    """Return the judge that sits; the first call in a process loads it, which takes seconds."""
    injected: Judge | None = current_app.extensions.get(INJECTED)
    return load(spec()) if injected is None else injected


def named(name: str) -> Judge:
    """Return the judge of this name: the one that sits, or a former one, which may take long to load."""
    sitting = current()
    return sitting if sitting.spec == name else load(name)


def load(name: str) -> Judge:
    """Return the judge of this name, kept for the life of the process; raises JudgeUnavailable.

    With PAINTOFF_JUDGE_URL the judge that sits is the one that serves there; former ones are loaded here.
    """
    settings = current_app.config["PAINTOFF"]
    far = settings.judge_url if name == settings.judge else ""
    key = (name, far or settings.device)
    if key in _loaded:
        return _loaded[key]
    with _lock(key):
        if key not in _loaded:
            _loaded[key] = _Seated(_connect(far, name) if far else _load(name))  # type: ignore[assignment]
        return _loaded[key]


def _lock(key: tuple[str, str]) -> threading.Lock:
    with _loading:
        return _locks.setdefault(key, threading.Lock())


def second_spec() -> str | None:
    """Return the name of the second judge, without loading it; None where none sits.

    By itself (`auto`) the one that we ship sits beside the main one that we ship, where its weights are there.
    """
    injected = current_app.extensions.get(INJECTED_SECOND)
    settings = current_app.config["PAINTOFF"]
    wanted: str = settings.second_judge if injected is None else injected.spec
    if wanted == "auto":
        main, wanted = SHIPPED_SECOND
        shipped = spec() == main and not settings.judge_url and INJECTED not in current_app.extensions
        if not shipped or not _is_shipped(wanted):
            return None
    return None if wanted in ("none", spec()) else wanted


def _is_shipped(name: str) -> bool:
    found = importlib.util.find_spec("scorer")  # found, not imported: this is asked for every page
    folders = [] if found is None else found.submodule_search_locations or []
    weights = [Path(folder) / "weights" / name.removeprefix("embedded:") for folder in folders]
    return any((folder / "open_clip_config.json").is_file() for folder in weights)


def second() -> Judge | None:
    """Return the second judge once it is there. Until then None at once, and it is loaded meanwhile: nobody waits."""
    name = second_spec()
    if name is None or INJECTED_SECOND in current_app.extensions:
        return _injected_second(name)
    key = (name, current_app.config["PAINTOFF"].device)
    if key not in _loaded:
        with _loading:
            due = time.monotonic() - _tried.get(name, -REST) >= REST
            if due:
                _tried[name] = time.monotonic()
        if due:
            app = current_app._get_current_object()  # type: ignore[attr-defined]
            threading.Thread(target=_load_aside, args=(app, name), name="second-judge", daemon=True).start()
    return _loaded.get(key)


def load_second() -> Judge | None:
    """Return the second judge, loaded now if need be; None where none sits. Raises JudgeUnavailable."""
    name = second_spec()
    if name is None or INJECTED_SECOND in current_app.extensions:
        return _injected_second(name)
    return load(name)


def _injected_second(name: str | None) -> Judge | None:
    return None if name is None else current_app.extensions.get(INJECTED_SECOND)


def _load_aside(app: Flask, name: str) -> None:
    try:
        with app.app_context():
            load(name)
    except Exception:  # entries do without; what it has not seen is shown as such
        log.exception("the second judge cannot be loaded")


def is_away() -> bool:
    """Whether the judge is to serve at an address and does not answer there now."""
    address = current_app.config["PAINTOFF"].judge_url
    if not address or INJECTED in current_app.extensions:
        return False
    try:
        _translated(_connection(address).call)("GET", "/healthz")
    except JudgeAway:
        return True
    return False


def _connect(address: str, name: str) -> Any:
    from scorer import remote

    return _translated(remote.connect)(_connection(address), name)


def _connection(address: str) -> Any:
    from scorer import remote

    return _connections.setdefault(address, remote.Connection(address))


def _load(name: str) -> Any:
    import scorer

    settings = current_app.config["PAINTOFF"]
    return _translated(scorer.load)(name, settings.device or None, Path(settings.data) / "background", settings.engine)


class _Seated:
    """A judge of the scorer's whose failures are the game's."""

    def __init__(self, judge: Any) -> None:
        self._judge = judge

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._judge, name)
        return _translated(found) if callable(found) else found


def _translated(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with the scorer's errors told as JudgeUnavailable."""
    import scorer
    from scorer import remote

    @functools.wraps(ask)
    def asked(*given: Any, **named: Any) -> Any:
        try:
            return ask(*given, **named)
        except scorer.Overloaded as error:
            raise JudgeBusy(str(error), error.retry_after) from error
        except remote.Away as error:
            raise JudgeAway(str(error), round(remote.REST)) from error
        except scorer.ScorerError as error:
            raise JudgeUnavailable(str(error)) from error

    return asked


def facts() -> Facts:
    """Return what a page tells about the judge."""
    judge = current()
    return Facts(judge.spec, judge.noise, judge.context_length, judge.embedded)


def judge_picture(picture: Image.Image, text: str) -> Score:
    """Return the score of a picture for a text."""
    return current().score(picture, text)


def explain_picture(judge: Judge, text: str, retakes: Retakes) -> PictureReasons:
    """Return what each part, stage and place of a picture did for its fit with a text, by looking once at all of it."""
    from scorer import why

    return why.explain_picture(judge, text, why.Retakes(**vars(retakes)))


def explain_caption(judge: Judge, text: str, embedding: Floats) -> CaptionReasons:
    """Return what each word of a caption did for its fit with the picture of this unit embedding."""
    from scorer import why

    return why.explain_caption(judge, text, embedding)


def reader() -> Reader:
    """Return who finds writing in drawings; where the extra `[ocr]` is installed, it also says what is written."""
    injected: Reader | None = current_app.extensions.get(INJECTED_READER)
    if injected is not None:
        return injected
    from scorer import ocr, writing

    return ocr if ocr.is_installed() else writing


def vocabulary() -> tuple[str, ...]:
    """Return the words that the embedded judges know, for machines that have to find words."""
    from scorer import reference

    return reference.vocabulary()


def guide_at_hand(name: str) -> Any:
    """Return the guide of this name if it is loaded in this process, None otherwise."""
    key = (name, current_app.config["PAINTOFF"].device)
    seated: Any = _loaded.get(key)
    return _guides.get(key) if seated is None else seated.encoder


def guide(name: str) -> Any:
    """Return the encoder of this name in the role of a guide, kept like a judge; raises JudgeUnavailable.

    It needs no background.
    """
    settings = current_app.config["PAINTOFF"]
    key = (name, settings.device)
    with _lock(key):
        if key in _loaded:
            seated: Any = _loaded[key]
            return seated.encoder
        if key not in _guides:
            from scorer.encoder import load_encoder

            _guides[key] = _translated(load_encoder)(name, settings.device or None)
        return _guides[key]
