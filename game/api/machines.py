"""Calls about many machines, for administrators: who is at work, and which runs are queued by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import Field

from game import identity
from game.api.admin import Moment
from game.api.calls import Answer, call
from game.api.shapes import Listing, Strict
from game.rules import machines, orders
from game.rules.machines import MachineView
from game.rules.orders import OrderDraft, OrderView
from game.rules.pages import Page

api = Blueprint("api_machines", __name__)
api.before_request(identity.admins_only)
REFUSES = [401, 403, 404]


class NewOrder(Strict):
    """A standing order. `prompts`: for each prompt that opens from now on. `times`: from `next_at` on."""

    kind: Literal["prompts", "times"]
    settings: Annotated[list[dict[str, Any]], Field(description="A run for each, for each prompt.")]
    prompt_id: Annotated[str | None, Field(description="Of `times`; left out: all prompts that are open.")] = None
    priority: Annotated[int, Field(ge=1, le=9, description="9 comes first.")] = 5
    publish_when_done: bool = False
    next_at: Moment | None = None
    every_hours: Annotated[int | None, Field(description="Left out: once.")] = None


class ChangedOrder(Strict):
    """Whether an order is carried out."""

    state: Literal["on", "off"]


@dataclass(frozen=True)
class OrderAnswer:
    """One standing order."""

    order: OrderView


@dataclass(frozen=True)
class Machines:
    """The workers, by host and slot."""

    items: list[MachineView]


@call(api, "GET /machines", Answer(Machines), refuses=[401, 403])
def list_machines() -> Any:
    """The workers that hold a lease, and what each paints; a dead one's runs are about to be taken over."""
    identity.require_admin()
    return Machines(machines.listing())


@call(api, "GET /orders", Answer(Page[OrderView]), query=Listing, refuses=[401, 403])
def list_orders(query: Listing) -> Any:
    """Standing orders, newest first."""
    identity.require_admin()
    return orders.listing(query.cursor, query.limit)


@call(api, "POST /orders", Answer(OrderAnswer, 201, keyed=True), body=NewOrder, refuses=REFUSES)
def add_order(body: NewOrder) -> Any:
    """Write a standing order. A worker carries it out, within seconds of its occasion."""
    admin = identity.require_admin()
    return OrderAnswer(orders.add(OrderDraft(**dict(body)), admin.id))


@call(api, "GET /orders/<order_id>", Answer(OrderView), refuses=REFUSES)
def get_order(order_id: str) -> Any:
    """One standing order; `note` says why its last occasion queued nothing."""
    identity.require_admin()
    return orders.get(order_id)


@call(api, "PATCH /orders/<order_id>", Answer(OrderAnswer), body=ChangedOrder, refuses=REFUSES)
def change_order(order_id: str, body: ChangedOrder) -> Any:
    """Switch an order on or off. Prompts that opened while it was off are left alone."""
    identity.require_admin()
    return OrderAnswer(orders.change(order_id, body.state))


@call(api, "DELETE /orders/<order_id>", Answer(OrderAnswer), refuses=REFUSES)
def forget_order(order_id: str) -> Any:
    """Forget an order; the runs that it queued stay."""
    identity.require_admin()
    known = orders.get(order_id)
    orders.drop(order_id)
    return OrderAnswer(known)
