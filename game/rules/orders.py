"""Standing orders: runs that are queued by themselves, for each new prompt or at times.

Each run's id is made of its order, prompt and occasion, so it is queued once however many workers look, and a worker
that dies in the middle leaves nothing that the next look would not complete.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.models import OrderDone, Prompt, Run, StandingOrder
from game.rules import idempotency, queueing, runs
from game.rules.pages import Page, descending
from game.rules.refusals import Invalid, Missing, Refusal, Spent
from game.rules.views import is_open
from game.tables import new_id, now

KINDS, STATES = ("prompts", "times"), ("on", "off")
MOST_RUNS = 12  # of one order for one prompt
AT_ONCE = 50  # prompts that one look queues runs for
LONGEST_NOTE = 500
YEAR = 366 * 24  # hours


@dataclass(frozen=True)
class OrderDraft:
    """A standing order as an administrator gives it; each of `settings` is a run for each prompt.

    Of kind `prompts`: for each prompt that opens from now on. Of kind `times`: at `next_at` and then every
    `every_hours`, for `prompt_id` or for all that are open.
    """

    kind: str
    settings: Sequence[Mapping[str, Any]]
    prompt_id: str | None = None
    priority: int = queueing.NORMAL
    publish_when_done: bool = False
    next_at: datetime | None = None
    every_hours: int | None = None


@dataclass(frozen=True)
class OrderView:
    """A standing order; `queued` counts its runs so far, `note` says why the last occasion queued nothing."""

    id: str
    kind: str
    state: str
    prompt_id: str | None
    settings: list[dict[str, Any]]
    priority: int
    publish_when_done: bool
    next_at: datetime | None
    every_hours: int | None
    queued: int
    note: str | None
    created_at: datetime


def add(draft: OrderDraft, admin: str) -> OrderView:
    """Write a standing order on behalf of an administrator; raises Invalid, and Missing for an unknown prompt."""
    _check(draft)
    order = StandingOrder(
        kind=draft.kind,
        prompt_id=draft.prompt_id,
        settings=[dict(settings) for settings in draft.settings],
        priority=draft.priority,
        publish_when_done=draft.publish_when_done,
        next_at=draft.next_at,
        every_hours=draft.every_hours,
        requested_by=admin,
    )
    db.session.add(order)
    db.session.flush()
    view = _view(order)
    idempotency.commit()
    return view


def _check(draft: OrderDraft) -> None:
    from game import painting

    if draft.kind not in KINDS:
        raise Invalid([("#/kind", f"An order is for {' or '.join(KINDS)}.")])
    if not 1 <= len(draft.settings) <= MOST_RUNS:
        raise Invalid([("#/settings", f"An order has 1 to {MOST_RUNS} runs, each with its settings.")])
    if not queueing.LAST <= draft.priority <= queueing.FIRST:
        raise Invalid([("#/priority", f"A priority is a number from {queueing.LAST} to {queueing.FIRST}.")])
    if draft.kind == "times" and draft.next_at is None:
        raise Invalid([("#/next_at", "Say when it begins.")])
    if draft.kind == "prompts" and (draft.prompt_id or draft.next_at or draft.every_hours):
        raise Invalid([("#/kind", "An order for new prompts has neither a prompt nor a time.")])
    if draft.every_hours is not None and not 1 <= draft.every_hours <= YEAR:
        raise Invalid([("#/every_hours", f"Hours between two times: from 1 to {YEAR}.")])
    if draft.prompt_id is not None and db.session.get(Prompt, draft.prompt_id) is None:
        raise Missing("There is no such prompt.")
    for place, settings in enumerate(draft.settings):
        try:
            painting.check({"texts": [{"text": "a cat"}], **settings})
        except Invalid as error:
            raise Invalid([(error.pointer.replace("#/settings", f"#/settings/{place}", 1), error.detail)]) from None


def listing(cursor: str | None = None, limit: int = 20) -> Page[OrderView]:
    """Return standing orders, newest first."""
    found = descending(select(StandingOrder), [StandingOrder.created_at, StandingOrder.id], cursor, limit)
    return found.map(lambda orders: [_view(order) for order in orders])


def get(order_id: str) -> OrderView:
    """Return a standing order; raises Missing."""
    return _view(_row(order_id))


def change(order_id: str, state: str) -> OrderView:
    """Switch an order on or off. What came while one for new prompts was off is left alone."""
    order = _row(order_id)
    if state not in STATES:
        raise Invalid([("#/state", f"An order is {' or '.join(STATES)}.")])
    if state == "on" and order.state == "off":
        order.since, order.note = now(), None
    order.state = state
    db.session.commit()
    return _view(order)


def drop(order_id: str) -> None:
    """Forget an order; the runs that it queued stay."""
    _row(order_id)
    db.session.execute(delete(OrderDone).where(OrderDone.order_id == order_id))
    db.session.execute(delete(StandingOrder).where(StandingOrder.id == order_id))
    db.session.commit()


def carry_out() -> int:
    """Queue what is due; returns how many runs that were."""
    on = select(StandingOrder.id, StandingOrder.kind).where(StandingOrder.state == "on")
    due = on.where((StandingOrder.kind == "prompts") | (StandingOrder.next_at <= now()))
    found = list(db.session.execute(due))
    db.session.rollback()
    return sum(_carried(order_id, kind) for order_id, kind in found)


def _carried(order_id: str, kind: str) -> int:
    before = _row(order_id).queued
    try:
        (_for_new_prompts if kind == "prompts" else _at_its_time)(order_id)
        values: dict[str, Any] = {"note": None}
    except Spent as refusal:  # it goes on when there is room again
        values = {"note": str(refusal)[:LONGEST_NOTE]}
    except Refusal as refusal:  # such as settings whose weights are gone: the next look would say the same
        values = {"note": str(refusal)[:LONGEST_NOTE], "state": "off"}
    db.session.execute(update(StandingOrder).where(StandingOrder.id == order_id).values(**values))
    db.session.commit()
    return _row(order_id).queued - before


def _for_new_prompts(order_id: str) -> None:
    order = _row(order_id)
    done = exists().where(OrderDone.order_id == order_id, OrderDone.prompt_id == Prompt.id)
    opened = func.coalesce(Prompt.opens_at, Prompt.created_at)
    fresh = select(Prompt.id).where(is_open(), opened >= order.since, ~done).order_by(Prompt.created_at, Prompt.id)
    for prompt_id in list(db.session.scalars(fresh.limit(AT_ONCE))):
        _queue(order_id, prompt_id, "")
        try:
            db.session.add(OrderDone(order_id=order_id, prompt_id=prompt_id))
            db.session.commit()
        except IntegrityError:  # another worker was as quick
            db.session.rollback()


def _at_its_time(order_id: str) -> None:
    order = _row(order_id)
    at, every = order.next_at, order.every_hours
    if at is None:
        return
    one = order.prompt_id
    wanted = [one] if one else list(db.session.scalars(select(Prompt.id).where(is_open()).order_by(Prompt.id)))
    for prompt_id in wanted:
        _queue(order_id, prompt_id, at.isoformat())
    values: dict[str, Any] = {"next_at": None, "state": "off"}
    if every:
        missed = max(0, (now() - at) // timedelta(hours=every))  # nights without a worker are not made up for
        values = {"next_at": at + timedelta(hours=every) * (missed + 1)}
    mine = update(StandingOrder).where(StandingOrder.id == order_id, StandingOrder.next_at == at)
    db.session.execute(mine.values(**values))
    db.session.commit()


def _queue(order_id: str, prompt_id: str, occasion: str) -> None:
    """Queue an order's runs for a prompt, but those that are queued already."""
    order = _row(order_id)
    settings, priority, publish, by = order.settings, order.priority, order.publish_when_done, order.requested_by
    ids = [_run_id(order_id, prompt_id, occasion, place) for place in range(len(settings))]
    known = set(db.session.scalars(select(Run.id).where(Run.id.in_(ids))))
    for run_id, chosen in zip(ids, settings, strict=True):
        if run_id in known:
            continue
        try:
            runs.queue(prompt_id, chosen, by, publish, run_id, priority)
        except IntegrityError:  # another worker was as quick
            db.session.rollback()
            continue
        one_more = update(StandingOrder).where(StandingOrder.id == order_id)
        db.session.execute(one_more.values(queued=StandingOrder.queued + 1))
        db.session.commit()


def _run_id(*facts: object) -> str:
    digest = hashlib.sha256("\n".join(map(str, facts)).encode()).digest()
    return base64.b32hexencode(digest).decode().lower()[: len(new_id())]


def _row(order_id: str) -> StandingOrder:
    order = db.session.get(StandingOrder, order_id, populate_existing=True)
    if order is None:
        raise Missing("There is no such order.")
    return order


def _view(order: StandingOrder) -> OrderView:
    return OrderView(**{name: getattr(order, name) for name in OrderView.__dataclass_fields__})
