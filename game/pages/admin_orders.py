"""The studio's standing orders: what machines paint by themselves, for each new prompt or at times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity
from game.pages import admin_form, fragments
from game.pages.admin import guard
from game.pages.presets import BY_KEY
from game.rules import orders, prompts
from game.rules.orders import OrderDraft
from game.rules.refusals import Invalid

pages = Blueprint("admin_orders", __name__, url_prefix="/admin/runs/orders")
pages.before_request(guard)
SHOWN = 30


@pages.get("")
def show(error: str = "") -> Response:
    """Lists standing orders, the newest first, below the form that writes one."""
    page = orders.listing(request.args.get("cursor"), SHOWN)
    open_prompts = prompts.listing("new", None, 200).items
    texts = {prompt.id: prompt.text for prompt in open_prompts}
    values: dict[str, Any] = {"page": page, "presets": admin_form.kinds(), "open_prompts": open_prompts, "texts": texts}
    return fragments.page("admin/orders.html", error=error, form=request.form, **values)


@pages.post("")
def add() -> AnyResponse:
    """Writes a standing order and switches it on."""
    try:
        orders.add(draft(), identity.require().id)
    except Invalid as refusal:
        response = show(str(refusal))
        response.status_code = 422
        return response
    return redirect(url_for(".show"), 303)


def draft() -> OrderDraft:
    """The order that the form asks for; raises Invalid."""
    form = request.form
    recipes = [admin_form.recipe(BY_KEY[key], form) for key in form.getlist("preset") if key in BY_KEY]
    if not recipes:
        raise Invalid([("#/settings", "Choose at least one kind of picture.")])
    kind = "times" if form.get("kind") == "times" else "prompts"
    return OrderDraft(
        kind=kind,
        settings=recipes,
        prompt_id=form.get("prompt_id") or None if kind == "times" else None,
        publish_when_done=form.get("publish") == "yes",
        next_at=_moment(form.get("next_at", "")) if kind == "times" else None,
        every_hours=_hours(form.get("every_hours", "")) if kind == "times" else None,
    )


@pages.post("/<order_id>")
def change(order_id: str) -> AnyResponse:
    """Switches an order on or off, or forgets it; the runs that it queued stay."""
    if request.form.get("state") == "forget":
        orders.drop(order_id)
    else:
        orders.change(order_id, request.form.get("state", ""))
    return redirect(url_for(".show"), 303)


def _moment(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=UTC)
    except ValueError:
        raise Invalid([("#/next_at", f'"{text}" is no moment. Write it as 2026-11-21T22:00, in UTC.')]) from None


def _hours(text: str) -> int | None:
    if not text.strip():
        return None
    if not (text.strip().isascii() and text.strip().isdigit()):
        raise Invalid([("#/every_hours", f'"{text}" is no whole number of hours.')])
    return int(text)
