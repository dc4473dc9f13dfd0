"""Where a run begins: noise as its prior draws it, clouds, a picture, or a person's drawing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from generator import beginning, noise, pictures
from generator.own import StrokeSettings
from generator.priors import Latent, Prior
from generator.priors.strokes import Strokes
from generator.priors.tracing import begun

CLOUDS: dict[str, Callable[[int, int, torch.Generator], Tensor]] = {
    "gradient": noise.gradient,
    "perlin": noise.perlin,
    "fractal": noise.fractal,
}
VEIL = 0.15  # how much of a cloud lies over the picture in all candidates but the first
FINEST = 300  # strokes that follow a drawing for priors that begin from its picture


def begin(prior: Prior, start: str | dict[str, Any], candidates: int, size: int, rng: torch.Generator) -> Latent:
    """Returns starting points as CPU tensors; `start` is the setting of that name, `size` the run's, in px.

    Candidates differ: by their noise or cloud, and from a picture or drawing by a little of it; the first is what was
    given. Raises SettingsError where a file cannot be read or a drawing has no strokes.
    """
    kind = beginning.kind(start)
    if kind == "noise":
        return prior.start(candidates, rng)
    if kind == "drawing" and isinstance(prior, Strokes):
        return begun(prior, beginning.read(start, "#/start"), candidates, rng)
    return prior.begin_from(shown(start, candidates, size, rng), rng)


def shown(start: str | dict[str, Any], candidates: int, size: int, rng: torch.Generator) -> Tensor:
    """Returns the pictures (candidates, 3, size, size) in [0, 1] that a start is, for all starts but `noise`."""
    if isinstance(start, str) and start in CLOUDS:
        return CLOUDS[start](candidates, size, rng)
    if beginning.kind(start) == "drawing":
        picture = rendered(beginning.read(start, "#/start"), size)
    else:
        picture = pictures.fitted(pictures.opened(str(start), "#/start"), size)
    veil = torch.full((candidates, 1, 1, 1), VEIL)
    veil[0] = 0
    return torch.lerp(picture.expand(candidates, -1, -1, -1), noise.fractal(candidates, size, rng), veil)


def rendered(drawing: dict[str, Any], size: int) -> Tensor:
    """Returns a drawing's strokes as a picture (3, size, size) in [0, 1]; fills are left out."""
    palette = tuple(dict.fromkeys(drawing["palette"]))
    own = StrokeSettings(strokes=FINEST, colours=palette, paper=None, thinnest=0.5, widest=64.0)
    prior = Strokes(own)
    return prior.render(begun(prior, drawing, 1, torch.Generator()), size, 1.0)[0]
