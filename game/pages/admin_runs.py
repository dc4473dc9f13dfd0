"""The studio's runs: queue one, watch it paint, cancel it, hang it on the wall."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity, judging, painting
from game.pages import fragments, plots
from game.pages.admin import guard
from game.rules import prompts, runs
from game.rules.runs import RunView

pages = Blueprint("admin_runs", __name__, url_prefix="/admin/runs")
pages.before_request(guard)
SHOWN, STILLS = 30, 60
LIVE = ("queued", "running")


@dataclass(frozen=True)
class Preset:
    """A choice of settings with a name."""

    key: str
    name: str
    detail: str
    settings: Mapping[str, Any]


PRESETS = (
    Preset("sketch", "A sketch", "100 steps, 32 strokes", {"steps": 100, "strokes": 32}),
    Preset("picture", "A picture", "as many steps and strokes as the machine likes", {}),
    Preset("masterpiece", "A masterpiece", "800 steps, 128 strokes", {"steps": 800, "strokes": 128}),
    Preset("mosaic", "A mosaic", "coloured squares, 64 a side", {"prior": "pixels", "grid": 64}),
    Preset("waves", "Waves", "a picture made of frequencies", {"prior": "fft"}),
    Preset("dream", "A dream", "a small network that is the picture (SIREN)", {"prior": "siren"}),
)
BLANK = {
    "prompt_id": "",
    "preset": "picture",
    "text": "",
    "steps": "",
    "strokes": "",
    "seed": "",
    "guide": "",
    "publish": "yes",
}


@pages.get("")
def index() -> Response:
    """Lists the runs, newest first, below the form that queues one."""
    return listing({**BLANK, "prompt_id": request.args.get("prompt", "")})


def listing(form: Mapping[str, Any], error: str = "") -> Response:
    """The page of runs with the form filled in as given."""
    state, cursor = request.args.get("state", "all"), request.args.get("cursor")
    if state != "all" and state not in runs.STATES:
        abort(404)
    page = runs.listing(None if state == "all" else state, cursor, SHOWN)
    if fragments.wanted():
        return fragments.fragment("admin/runs_list.html", False, page=page, state=state)
    values = {"page": page, "state": state, "cursor": cursor, "form": form, "error": error, "presets": PRESETS}
    values |= {"sitting": judging.spec(), "second_judge": judging.second_spec()}
    return fragments.page("admin/runs.html", open_prompts=prompts.listing("new", None, 200).items, **values)


@pages.post("")
def queue() -> AnyResponse:
    """Queues a run and shows it; wrong settings come back with the form."""
    form = {**dict.fromkeys(BLANK, ""), **request.form}
    try:
        run = runs.queue(form["prompt_id"], settings(form), identity.require().id, form["publish"] == "yes")
    except ValueError as refusal:
        response = listing({**form, "own": True}, str(refusal))
        response.status_code = 422
        return response
    return redirect(url_for(".show", run_id=run.id), 303)


def settings(form: Mapping[str, str]) -> dict[str, Any]:
    """A run's settings from the form: the preset's, then what was filled in, then a seed of its own."""
    preset = next((p for p in PRESETS if p.key == form["preset"]), PRESETS[1])
    chosen: dict[str, Any] = {"prior": "strokes", "seed": secrets.randbelow(2**31), **preset.settings}
    asked = ("steps", "strokes", "seed") if chosen["prior"] == "strokes" else ("steps", "seed")
    for name in asked:
        if form[name].strip():
            chosen[name] = int(form[name])
    if form["guide"].strip():
        chosen["guide"] = form["guide"].strip()
    if form["text"].strip():
        chosen["texts"] = painting.texts(form["text"])
    return chosen


@pages.get("/<run_id>")
def show(run_id: str) -> Response:
    """Shows a run as it paints: numbers, curve, preview, film strip."""
    run = runs.get(run_id)
    history = [(moment.step, moment.similarity) for moment in run.history]
    values = {"run": run, "plot": plots.curve(history, run.steps), "live": run.state in LIVE, "film": film(run)}
    if fragments.wanted():
        return fragments.fragment("admin/run_live.html", run.state not in LIVE, **values)
    return fragments.page("admin/run.html", **values)


def film(run: RunView) -> list[Mapping[str, Any]]:
    """The run's previews in order, thinned evenly to a strip's length."""
    stills = runs.stills(run.id)
    apart = max(1, -(-len(stills) // STILLS))
    return stills[::apart]


@pages.post("/<run_id>/cancel")
def cancel(run_id: str) -> AnyResponse:
    """Asks a run to stop; what it has painted is kept."""
    runs.cancel(run_id)
    return redirect(url_for(".show", run_id=run_id), 303)


@pages.post("/<run_id>/publish")
def publish(run_id: str) -> AnyResponse:
    """Hangs what a run has painted on its prompt's wall."""
    runs.publish(run_id)
    return redirect(url_for(".show", run_id=run_id), 303)
