"""How a picture is climbed, step by step: a short run that is painted aside, looked at, and wiped off after a day.

It is nobody's entry and on no board, so it is no run of the database either: what it leaves are small files in the data
folder's cache, which all processes of this machine see. The same wish is the same ascent.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from PIL import Image

from game import judging, painting, storage
from game.rules.refusals import Invalid, Missing
from game.sayings import say

PRIORS = ("strokes", "pixels", "fft", "siren", "vqgan")
BUDGETS = (20, 40, 60)  # steps
SIDE, CUTOUTS = 64, 4  # px of the picture while it is improved, and how many views the guide sees
SHOWN, SEEN = 160, 64  # px of what is kept: the picture, and each view
DEADLINE = 20.0  # seconds of painting; a slow machine makes fewer steps
LONGEST = 120  # characters of a text
SEEDS = 10_000
KEPT = 24 * 3600  # seconds
SILENT = 120.0  # seconds without news after which an ascent counts as given up
AIDE = "embedded:main"  # who guides where the judge that sits is too large for this


@dataclass(frozen=True)
class Wish:
    """What is to be climbed: a text, with which prior, from which seed, in how many steps."""

    text: str
    prior: str
    seed: int
    steps: int


@dataclass(frozen=True)
class Step:
    """The numbers of a step: the loss, and the guide's mean cosine over what it saw."""

    step: int
    loss: float
    similarity: float


@dataclass(frozen=True)
class Ascent:
    """An ascent as far as it is: `state` is waiting, painting, done or failed; `told` at the time of the last news."""

    id: str
    wish: Wish
    guide: str
    state: str
    steps: list[Step]
    told: float


def checked(wish: Wish) -> Wish:
    """Return a wish in order; raises Invalid for one that cannot be painted here."""
    text = " ".join(wish.text.split())
    if not text or len(text) > LONGEST:
        raise Invalid([("#/text", say("Write what it shall show, in at most %(most)s characters.", most=LONGEST))])
    if wish.prior not in PRIORS or wish.steps not in BUDGETS or not 0 <= wish.seed < SEEDS:
        raise Invalid([("#/prior", say("Choose a paint, a number of steps and a seed from the form."))])
    if wish.prior == "vqgan" and painting.vqgan() is None:
        raise Invalid([("#/prior", say("There is no VQGAN here yet. Choose another paint."))])
    return Wish(text, wish.prior, wish.seed, wish.steps)


def identity(wish: Wish) -> str:
    """Return the id of a wish's ascent, which changes with whoever guides it and with the VQGAN's weights."""
    mark = painting.vqgan() if wish.prior == "vqgan" else None
    return hashlib.sha256(json.dumps([asdict(wish), guide(), mark]).encode()).hexdigest()[:24]


def guide() -> str:
    """Return who guides ascents: the judge if it is one of our own small ones."""
    return judging.spec() if judging.is_embedded() else AIDE


def get(ascent_id: str) -> Ascent:
    """Return an ascent; raises Missing for one that never was or was wiped off."""
    try:
        kept = json.loads((_folder(ascent_id) / "ascent.json").read_bytes())
    except (FileNotFoundError, ValueError):
        raise Missing(say("This climb was wiped off, or never made. Start it again.")) from None
    state = kept["state"]
    if state in ("waiting", "painting") and time.time() - kept["told"] > SILENT:
        state = "failed"  # whoever painted it is gone
    steps = [Step(*numbers) for numbers in kept["steps"]]
    return Ascent(ascent_id, Wish(**kept["wish"]), kept["guide"], state, steps, kept["told"])


def picture(ascent_id: str, step: int, kind: str) -> bytes:
    """Return a step's picture (`kind` is picture) or what the guide saw of it (seen), as WebP; raises Missing."""
    try:
        return (_folder(ascent_id) / f"{step}-{kind}.webp").read_bytes()
    except FileNotFoundError:
        raise Missing(say("There is no such step of this climb.")) from None


def keep(ascent: Ascent) -> None:
    """Write down how far an ascent is."""
    value = {**asdict(ascent), "steps": [[one.step, one.loss, one.similarity] for one in ascent.steps]}
    storage.write(_folder(ascent.id) / "ascent.json", json.dumps({**value, "told": time.time()}).encode())


def paint(ascent: Ascent) -> Iterator[Ascent]:
    """Paint an ascent, keeping every step's picture and views; yields it as far as it is, the last time when done."""
    steps: list[Step] = []
    folder = _folder(ascent.id)
    for iterate in painting.begin(painting.check(_settings(ascent)), None).iterates:
        steps.append(Step(iterate.step, round(iterate.loss, 5), round(iterate.similarity, 5)))
        _save(folder / f"{iterate.step}-picture.webp", iterate.picture(SHOWN))
        _save(folder / f"{iterate.step}-seen.webp", _row(painting.seen(iterate, SEEN)))
        state = "done" if iterate.done else "painting"
        yield Ascent(ascent.id, ascent.wish, ascent.guide, state, list(steps), time.time())


def clear() -> int:
    """Wipe off what is older than a day; returns how many ascents that were."""
    old = [folder for folder in _root().glob("*/") if time.time() - folder.stat().st_mtime > KEPT]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _settings(ascent: Ascent) -> dict[str, Any]:
    wish = ascent.wish
    return {
        "texts": [{"text": wish.text}],
        "prior": wish.prior,
        "guide": ascent.guide,
        "steps": wish.steps,
        "seed": wish.seed,
        "size": SIDE,
        "cutouts": CUTOUTS,
        "deadline_s": DEADLINE,
    }


def _root() -> Path:
    return Path(current_app.config["PAINTOFF"].data) / "cache" / "ascents"


def _folder(ascent_id: str) -> Path:
    if len(ascent_id) != 24 or not set(ascent_id) <= set("0123456789abcdef"):
        raise Missing(say("There is no such climb."))
    return _root() / ascent_id


def _row(views: list[Image.Image]) -> Image.Image:
    whole = Image.new("RGB", (len(views) * SEEN, SEEN))
    for place, view in enumerate(views):
        whole.paste(view, (place * SEEN, 0))
    return whole


def _save(path: Path, shown: Image.Image) -> None:
    file = io.BytesIO()
    shown.save(file, "WEBP", quality=80, method=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.getvalue())
