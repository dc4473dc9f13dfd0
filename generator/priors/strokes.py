"""The strokes prior: a drawing made with the players' own pens and palette, so that it can stand on their board."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from generator.own import MARGIN, StrokeSettings
from generator.priors import Latent
from generator.priors.tidying import bear, prune
from generator.priors.tiles import render

CANVAS = 512  # px of the players' canvas
UNIT = 16  # wire units a px
SOFT_SAMPLES = 8  # points between two joints of a curve while the picture is improved
DARK = 1.5  # how much more a line begins as the darkest colour than as any other
SPEED = 0.55  # px of the canvas in a ms, for the replay
PAUSE = 120  # ms between strokes
NOWHERE = -4.0  # canvas widths: where strokes wait that are not painted
HARD_FROM = 0.5  # the place in the run from which colours are the palette's own


class Strokes:
    """Curves of one pen size and one colour each, painted over one another on a sheet of paper.

    The latent holds `knots` (b, n, k, 2) in canvas widths, `pen` (b, n), the logarithm of the radius in canvas
    widths, `ink` (b, n, c) and `sheet` (b, c), the preferences among the palette's colours, `alive` (b, n), which
    strokes are painted at all, and `order` (b, n), their indices from the lowest to the topmost.
    """

    def __init__(self, settings: StrokeSettings) -> None:
        self.settings = settings
        rows = [[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for colour in settings.colours]
        self.palette = torch.tensor(rows)
        self.limits = math.log(settings.thinnest / CANVAS), math.log(settings.widest / CANVAS)

    def start(self, candidates: int, rng: torch.Generator) -> Latent:
        """Scatters short strokes as people draw: wide ones in any colour beneath, thin dark lines on top."""
        own, low, high = self.settings, *self.limits
        shape = candidates, own.strokes
        first = 0.12 + 0.76 * torch.rand(*shape, 1, 2, generator=rng)
        way = 0.07 * torch.randn(*shape, own.knots - 1, 2, generator=rng)
        knots = torch.cat([first, first + way.cumsum(2)], 2)
        lines = round(own.lines * own.strokes)
        washes = own.strokes - lines
        # From wide to thin; logarithms, so that each stroke is a share thinner than the one beneath it.
        pen = torch.cat([torch.linspace(high - 0.2, (low + high) / 2, washes), torch.full((lines,), low + 0.5)])
        pen = pen + 0.2 * torch.randn(*shape, generator=rng)
        ink = 0.3 * torch.randn(*shape, len(own.colours), generator=rng)
        ink[:, washes:, self.palette.sum(1).argmin()] += DARK
        sheet = torch.zeros(candidates, len(own.colours))
        sheet[:, own.colours.index(own.paper) if own.paper else 0] = 1.0
        alive = torch.ones(shape, dtype=torch.bool)
        order = torch.arange(own.strokes).repeat(candidates, 1)
        latent = {"knots": knots, "pen": pen, "ink": ink, "sheet": sheet, "alive": alive, "order": order}
        self.keep(latent)
        return latent

    def begin_from(self, pictures: Tensor, rng: torch.Generator) -> Latent:
        """Paints the pictures, broad strokes first, as far as strokes and palette go."""
        from generator.priors.painterly import painted  # which renders by this prior

        return painted(self, pictures, rng)

    def rates(self) -> Mapping[str, float]:
        """Points move in canvas widths, pens in logarithms; the paper moves only where its colour is free."""
        own = self.settings
        rates = {"knots": own.point_rate, "pen": own.radius_rate, "ink": own.colour_rate}
        return rates if own.paper else {**rates, "sheet": own.colour_rate}

    def render(self, latent: Mapping[str, Tensor], size: int, progress: float) -> Tensor:
        """Renders the strokes; colours mix at first, and from HARD_FROM on they are the palette's own."""
        knots, pen, ink, alive = in_order(latent)
        colours, paper = (self._mix(preferences, progress) for preferences in (ink, latent["sheet"]))
        samples = SOFT_SAMPLES if size <= CANVAS // 2 else self.settings.samples
        points = basis(self.settings.knots, samples).to(knots) @ knots
        points = points.where(alive[..., None, None], NOWHERE)
        return render(points * size, pen.exp() * size, colours, paper, size)

    def _mix(self, preferences: Tensor, progress: float) -> Tensor:
        """Turns preferences (..., c) into colours (..., 3): hard ones whose gradient is that of a soft mixture."""
        shares = (preferences / temperature(progress)).softmax(-1)
        chosen = functional.one_hot(preferences.argmax(-1), preferences.shape[-1]).to(shares)
        hardness = min(1.0, progress / HARD_FROM)
        return (shares + hardness * (chosen - shares).detach()) @ self.palette.to(shares)

    def keep(self, latent: Mapping[str, Tensor]) -> None:
        """Keeps knots on the canvas, pens within the settings' sizes and preferences within reach of each other."""
        latent["knots"].clamp_(-MARGIN, 1 + MARGIN)
        latent["pen"].clamp_(*self.limits)
        latent["ink"].clamp_(-3, 3)
        latent["sheet"].clamp_(-3, 3)

    def tend(self, latent: Mapping[str, Tensor], loss: Callable[[Tensor], Tensor]) -> None:
        """Takes away strokes that the picture is as good without; bears others where the loss's gradient asks."""
        for row in range(len(latent["alive"])):
            one = {name: tensor[row : row + 1] for name, tensor in latent.items()}
            prune(self, one, loss)
            bear(self, one, loss)

    def resized(self, latent: Mapping[str, Tensor], size: int) -> Latent:  # noqa: ARG002
        """Returns the latent as it is: strokes are measured in canvas widths."""
        return dict(latent)

    def drawing(self, latent: Mapping[str, Tensor], candidate: int) -> dict[str, Any]:
        """Writes a candidate in the drawing format: integers, one stroke an op, times at a steady hand's speed."""
        own = self.settings
        knots, pen, inks, living = (part[0].cpu() for part in in_order(latent, candidate))
        points = (basis(own.knots, own.samples).to(knots) @ knots * CANVAS * UNIT).round().int().tolist()
        widths = (pen.exp() * CANVAS * UNIT).round().int().tolist()
        clock, ops = 0.0, []
        for line, width, ink, painted in zip(points, widths, inks.argmax(-1).tolist(), living.tolist(), strict=True):
            if not painted:
                continue
            rows: list[list[int]] = []
            for x, y in line:
                if rows and rows[-1][:2] == [x, y]:
                    continue
                clock += math.dist((x, y), rows[-1][:2]) / UNIT / SPEED if rows else PAUSE
                rows.append([x, y, width, round(clock)])
            ops.append({"op": "stroke", "color": ink, "pts": rows})
        paper = int(latent["sheet"][candidate].argmax())
        return {"format": 1, "size": CANVAS, "bg": paper, "palette": list(own.colours), "ops": ops}


def in_order(latent: Mapping[str, Tensor], candidate: int | None = None) -> tuple[Tensor, ...]:
    """Returns knots, pens, inks and who is alive as they are painted, of all candidates or of one (then b is 1)."""
    rows = slice(None) if candidate is None else slice(candidate, candidate + 1)
    order = latent["order"][rows]
    sorted_ = []
    for name in ("knots", "pen", "ink", "alive"):
        part = latent[name][rows]
        place = order.reshape(*order.shape, *[1] * (part.dim() - 2)).expand_as(part)
        sorted_.append(part.gather(1, place))
    return tuple(sorted_)


def temperature(progress: float) -> float:
    """How freely colours mix: from 1 down to a tenth."""
    return math.exp(math.log(0.1) * min(1.0, progress / HARD_FROM))


def ramp(places: Tensor, start: Tensor, stop: Tensor) -> Tensor:
    """Returns how far each place (p,) lies between each start and stop (k,), in shares; 0 where they are one."""
    wide = stop - start
    return torch.where(wide != 0, (places[:, None] - start) / wide.where(wide != 0, 1), 0)


@cache
def basis(knots: int, samples: int) -> Tensor:
    """Returns the weights ((knots - 3) * samples + 1, knots) of a cubic B-spline that starts and ends on its knots.

    With four knots it is the cubic Bezier curve; with more, Bezier curves that join smoothly. Cox-de Boor recursion.
    """
    spans = knots - 3
    places = torch.linspace(0, spans, spans * samples + 1, dtype=torch.float64)
    vector = torch.cat([torch.zeros(3), torch.arange(spans + 1), torch.full((3,), float(spans))]).double()
    span = places.floor().clamp_max(spans - 1).long() + 3
    weights = functional.one_hot(span, knots + 3).double()
    for degree in (1, 2, 3):
        count = knots + 3 - degree
        rising = ramp(places, vector[:count], vector[degree : degree + count])
        falling = ramp(places, vector[degree + 1 : degree + 1 + count], vector[1 : count + 1])
        weights = rising * weights[:, :count] + falling * weights[:, 1 : count + 1]
    return weights
