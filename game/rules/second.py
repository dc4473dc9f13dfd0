"""The second judge's opinion of a new picture: asked for beside the judge's, and never at the entry's cost."""

from __future__ import annotations

import logging
import threading

from PIL import Image

from game import judging
from game.judging import Judge, Score

PATIENCE = 2.0  # seconds that an entry waits for it once its own judge is done
MOST = 16  # opinions at work at once in a process; a second judge that hangs costs no more threads than these
log = logging.getLogger(__name__)
_places = threading.BoundedSemaphore(MOST)


class Opinion:
    """A second opinion in the making. Without a second judge, or with one that fails or is slow, there is none.

    An entry without one hangs on the judge's board as always; `paintoff judge second` fills in what is missing.
    """

    def __init__(self, picture: Image.Image, text: str) -> None:
        self._score: Score | None = None
        self._noise: float | None = None
        self._done = threading.Event()
        judge, self._place = judging.second(), _places
        if judge is None or not self._place.acquire(blocking=False):
            self._done.set()
            return
        threading.Thread(target=self._look, args=(judge, picture, text), name="second-opinion", daemon=True).start()

    def wait(self) -> tuple[Score | None, float | None]:
        """Return the score and the second judge's noise, or twice None."""
        if not self._done.wait(PATIENCE):
            log.warning("the second judge is slow: an entry hangs without its opinion")
            return None, None
        return self._score, self._noise

    def _look(self, judge: Judge, picture: Image.Image, text: str) -> None:
        try:
            score = judge.score(picture, text)
            self._score, self._noise = score, judge.noise
        except Exception:  # whatever it is, the entry hangs
            log.exception("the second judge failed on an entry")
        finally:
            self._place.release()
            self._done.set()
