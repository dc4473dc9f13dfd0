"""The studio's page of one run: the picture as it grows, its curves and log, and the hand that leads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity, painting
from game.pages import fragments, run_plots
from game.pages.admin import guard
from game.rules import forks, run_history, runs, steering
from game.rules.refusals import Invalid, Refusal
from game.rules.runs import RunView

pages = Blueprint("admin_run", __name__, url_prefix="/admin/runs")
pages.before_request(guard)
STILLS = 60


@pages.get("/<run_id>")
def show(run_id: str) -> Response:
    """Shows a run as it paints: numbers, curves, log, candidates, film strip."""
    values = told(run_id)
    if fragments.wanted():
        return fragments.fragment("admin/run_live.html", values["run"].state in runs.ENDED, **values)
    return fragments.page("admin/run.html", **values)


def told(run_id: str, said: str = "") -> dict[str, Any]:
    """What the page shows of a run, and what is said about the last thing that was asked of it."""
    run, history = runs.get(run_id), run_history.of(run_id)
    going = run.state not in runs.ENDED
    plots = {"similarity_plot": run_plots.similarities(run, history), "loss_plot": run_plots.losses(run)}
    return {"run": run, "history": history, "going": going, "film": film(run), "said": said, **plots}


def film(run: RunView) -> list[dict[str, Any]]:
    """The run's previews in order, thinned evenly to a strip's length."""
    stills = runs.stills(run.id)
    apart = max(1, -(-len(stills) // STILLS))
    return stills[::apart]


def done(run_id: str, act: Callable[[], object], said: str) -> AnyResponse:
    """Does what is asked and shows the run again; a refusal is said there, where it was asked."""
    try:
        act()
    except Refusal as refusal:
        if not fragments.wanted() or isinstance(refusal, LookupError):
            raise
        said = str(refusal)
    if fragments.wanted():
        return fragments.fragment("admin/run_whole.html", False, **told(run_id, said))
    return redirect(url_for(".show", run_id=run_id), 303)


@pages.post("/<run_id>/cancel")
def cancel(run_id: str) -> AnyResponse:
    """Asks a run to stop; what it has painted is kept."""
    return done(run_id, lambda: runs.cancel(run_id), "")


@pages.post("/<run_id>/pause")
def pause(run_id: str) -> AnyResponse:
    """Lays a run aside."""
    return done(run_id, lambda: steering.pause(run_id), "")


@pages.post("/<run_id>/resume")
def resume(run_id: str) -> AnyResponse:
    """Takes a run up again."""
    return done(run_id, lambda: steering.resume(run_id), "")


@pages.post("/<run_id>/stop")
def stop(run_id: str) -> AnyResponse:
    """Ends a run early, with the picture as it is."""
    admin = identity.require().id
    return done(run_id, lambda: steering.stop(run_id, admin), "It ends with the next step.")


@pages.post("/<run_id>/steer")
def steer(run_id: str) -> AnyResponse:
    """Lets a run paint other texts."""
    admin, line, step = identity.require().id, request.form.get("text", ""), request.form.get("at_step", "").strip()
    said = f"It paints that from step {step} on." if step else "It paints that from its next steps on."
    return done(run_id, lambda: steering.steer(run_id, painting.texts(line), _step(step), admin), said)


@pages.post("/<run_id>/choose")
def choose(run_id: str) -> AnyResponse:
    """Goes on with the candidates that were ticked."""
    admin, numbers = identity.require().id, [int(n) for n in request.form.getlist("candidate") if n.isdigit()]
    return done(run_id, lambda: steering.choose(run_id, numbers, admin), "It goes on with these.")


@pages.post("/<run_id>/publish")
def publish(run_id: str) -> AnyResponse:
    """Hangs what a run has painted on its prompt's wall."""
    return done(run_id, lambda: runs.publish(run_id), "")


@pages.post("/<run_id>/again")
def again(run_id: str) -> AnyResponse:
    """Queues the run once more with another seed, and shows that one."""
    other = forks.again(run_id, _step(request.form.get("seed", "").strip()), identity.require().id)
    return redirect(url_for(".show", run_id=other.id), 303)


@pages.post("/<run_id>/fork")
def fork(run_id: str) -> AnyResponse:
    """Queues a run that goes on from a checkpoint of this one, and shows it."""
    changes: dict[str, Any] = {}
    if request.form.get("text", "").strip():
        changes["texts"] = painting.texts(request.form["text"])
    if request.form.get("steps", "").strip():
        changes["steps"] = _step(request.form["steps"].strip())
    step = _step(request.form.get("step", "")) or 0
    other = forks.fork(run_id, step, changes, identity.require().id)
    return redirect(url_for(".show", run_id=other.id), 303)


def _step(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise Invalid([("#/at_step", f'"{text}" is no whole number.')])
    return int(text)
