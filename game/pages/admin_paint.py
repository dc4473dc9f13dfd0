"""The studio's form for runs: prompts, kinds, settings explained, what it comes to before anything is queued."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from game import identity, judging, painting
from game.pages import admin_form, fragments
from game.pages.admin import guard
from game.rules import batches, idempotency, prompts, runs
from game.rules.refusals import Invalid, Refusal

pages = Blueprint("admin_paint", __name__, url_prefix="/admin/runs")
pages.before_request(guard)
SHOWN = 200  # open prompts to choose from, the newest
START = MultiDict([("preset", "picture"), ("publish", "yes"), ("pictures", "1"), ("priority", "5")])


@pages.get("/new")
def form() -> Response:
    """Shows the form, with a prompt chosen where the address names one."""
    asked = START.copy()
    for prompt_id in request.args.getlist("prompt"):
        asked.add("prompt_id", prompt_id)
    return shown(asked, [])


def shown(asked: MultiDict[str, str], wrong: list[admin_form.Mistake]) -> Response:
    """The page with the form filled in as given."""
    values: dict[str, Any] = {
        "form": asked,
        "wrong": wrong,
        "groups": admin_form.groups(),
        "presets": admin_form.kinds(),
    }
    values |= {"sitting": judging.spec(), "second_judge": judging.second_spec()}
    values |= {"key": asked.get("key") or secrets.token_hex(8), "open_prompts": _open()}
    return fragments.page("admin/paint.html", **values)


@pages.post("/plan")
def plan() -> Response:
    """Tells what the form comes to as it is filled in: how many runs, how long, how much memory, what is wrong."""
    try:
        told = batches.plan(admin_form.draft(request.form, _open_ids()))
    except Invalid as refusal:
        wrong = admin_form.mistakes(refusal, request.form)
        return fragments.fragment("admin/paint_plan.html", False, plan=None, wrong=wrong)
    except Refusal as refusal:
        wrong = [admin_form.Mistake(str(refusal), None)]
        return fragments.fragment("admin/paint_plan.html", False, plan=None, wrong=wrong)
    return fragments.fragment("admin/paint_plan.html", False, plan=told, wrong=[])


@pages.post("/line")
def line() -> Response:
    """Tells how a prompt line is read, or points at the character where it cannot be."""
    written = request.form.get("text", "")
    read = painting.read_line(written) if written.strip() else None
    return fragments.fragment("admin/paint_line.html", False, written=written, read=read)


@pages.post("")
def queue() -> AnyResponse:
    """Queues what the form asks for, once however often it is sent; wrong settings come back with the form."""
    player, asked = identity.require(), request.form
    key = asked.get("key") or secrets.token_hex(8)
    told = repr(sorted((name, value) for name, value in asked.items(multi=True) if name != "csrf_token"))
    digest = idempotency.digest("POST", request.path, told.encode())

    def work() -> tuple[int, Any]:
        return 303, {"batch": batches.queue(admin_form.draft(asked, _open_ids()), player.id).id}

    try:
        _, answer = idempotency.once(player, key, digest, work)
    except Invalid as refusal:
        response = shown(asked.copy(), admin_form.mistakes(refusal, asked))
        response.status_code = 422
        return response
    page = runs.listing(batch=answer["batch"], limit=2).items
    if len(page) == 1:
        return redirect(url_for("admin_run.show", run_id=page[0].id), 303)
    return redirect(url_for("admin_runs.index", batch=answer["batch"]), 303)


def _open() -> list[Any]:
    return prompts.listing("new", None, SHOWN).items


def _open_ids() -> list[str]:
    return [prompt.id for prompt in _open()]
