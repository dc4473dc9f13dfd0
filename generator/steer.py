"""Steering: what an admin tells a run while it paints, as orders that take effect at a step and can be repeated."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from generator.declare import SettingsError, declared, optional, plain, read, record, several, whole
from generator.settings import Settings
from generator.wanted import MAX_STEPS, Text


def _at(value: object, pointer: str) -> int | None:
    if value is None or value == "now":
        return None
    try:
        return whole(0, MAX_STEPS)(value, pointer)  # type: ignore[no-any-return]
    except SettingsError:
        raise SettingsError(pointer, f'must be "now" or a step from 0 to {MAX_STEPS}') from None


def _yes(value: object, pointer: str) -> bool:
    if value is not True:
        raise SettingsError(pointer, "must be true; to go on, give no order")
    return True


@dataclass(frozen=True)
class Order:
    """One thing that a run shall do at the beginning of step `at`; null is the next step that begins."""

    texts: tuple[Text, ...] | None = field(
        default=None,
        metadata=declared("What the picture shall show from then on.", optional(several(record(Text), 1, 32))),
    )
    keep: tuple[int, ...] | None = field(
        default=None,
        metadata=declared(
            "The numbers of the candidates that go on; the others end.", optional(several(whole(0, 63), 1, 64))
        ),
    )
    stop: bool = field(default=False, metadata=declared("End with the picture as it is.", _yes))
    at: int | None = field(default=None, metadata=declared("The step at which it takes effect, or now.", _at))

    def __post_init__(self) -> None:
        if (self.texts is not None) + (self.keep is not None) + self.stop != 1:
            raise SettingsError("#", "must have one of texts, keep and stop")
        if self.texts is not None:
            _check_that_something_is_wanted(self.texts, self.at or 0)

    @classmethod
    def from_dict(cls, value: object) -> Order:
        """Reads an order from a JSON object; raises SettingsError."""
        return read(cls, value)

    def to_dict(self) -> dict[str, Any]:
        """Returns the order as a JSON object that from_dict reads back."""
        return {name: told for name, told in plain(self).items() if told is not None and told is not False}


class Steering:
    """Orders on their way to a run; the run and who gives orders may live in two threads."""

    def __init__(self, orders: Iterable[object] = ()) -> None:
        self._orders: deque[Order] = deque()
        for order in orders:
            self.order(order)

    def order(self, command: object) -> None:
        """Gives an order as a JSON object: raises SettingsError for one that cannot be read.

        {"texts": [{"text": ...}, ...]} replaces the texts, {"keep": [number, ...]} lets these candidates go on,
        {"stop": true} ends the run; each with "at": a step, or "now" (the default).
        """
        self._orders.append(command if isinstance(command, Order) else Order.from_dict(command))

    def taken(self, step: int) -> tuple[Order, ...]:
        """Takes all orders out, each with its step: at least `step`, the one that begins."""
        taken = []
        while self._orders:
            order = self._orders.popleft()
            taken.append(replace(order, at=max(order.at or 0, step)))
        return tuple(taken)


def _from(texts: Iterable[Text], step: int) -> tuple[Text, ...]:
    """The texts as they count from a step on."""
    left = [text for text in texts if text.to_step is None or text.to_step > step]
    return tuple(replace(text, from_step=max(step, text.from_step)) for text in left)


def _check_that_something_is_wanted(texts: Iterable[Text], step: int) -> None:
    """Raises SettingsError where texts that count from a step on leave a step without one that is wanted."""
    begun = [replace(text, from_step=0) if text.from_step == step else text for text in _from(texts, step)]
    Settings(texts=tuple(begun), steps=MAX_STEPS)


def steered(settings: Settings, orders: Iterable[Order]) -> Settings:
    """Returns the settings with the texts that orders put in the place of others, each from its step on."""
    for order in sorted((order for order in orders if order.texts), key=lambda order: order.at or 0):
        step = order.at or 0
        ended = [
            replace(text, to_step=min(step, text.to_step or step)) for text in settings.texts if text.from_step < step
        ]
        settings = replace(settings, texts=(*ended, *_from(order.texts or (), step)))
    return settings
