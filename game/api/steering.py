"""Calls that take a run by the hand, for administrators: steer, choose, pause, go on, stop early, again, fork."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Blueprint, Response, request, url_for
from pydantic import Field

from game import identity, painting
from game.api import pictures
from game.api.calls import Answer, call
from game.api.runs import REFUSES, RunAnswer
from game.api.shapes import Strict
from game.rules import forks, run_history, runs, steering
from game.rules.run_history import History

api = Blueprint("api_steering", __name__)
api.before_request(identity.admins_only)
Texts = Annotated[
    list[dict[str, Any]] | str,
    Field(description="As a run's settings have them, or as one line: `a cat:1.5 | blurry:-0.4`."),
]
AtStep = Annotated[int | None, Field(ge=0, description="The step from which they count; null: now.")]


class OtherTexts(Strict):
    """What a run shall paint from a step on."""

    texts: Texts
    at_step: AtStep = None


class Chosen(Strict):
    """The numbers of the candidates that go on."""

    candidates: Annotated[list[int], Field(min_length=1, max_length=64)]


class OtherSeed(Strict):
    """The seed of a run that is painted again; null: drawn by lot."""

    seed: Annotated[int | None, Field(ge=0, le=2**53 - 1)] = None


class NewFork(Strict):
    """From which checkpoint another run goes on, and what is other about it."""

    step: Annotated[int, Field(ge=0)]
    settings: Annotated[dict[str, Any], Field(description="texts, steps, learning_rate, cutouts or patience.")] = {}


@call(api, "GET /runs/<run_id>/history", Answer(History), refuses=REFUSES)
def get_history(run_id: str) -> Any:
    """What is known of a run beside its numbers: the judges' curves, what it was told, its candidates, its log."""
    return run_history.of(run_id)


@call(api, "POST /runs/<run_id>/steer", Answer(RunAnswer), body=OtherTexts, refuses=[*REFUSES, 409])
def steer_run(run_id: str, body: OtherTexts) -> Any:
    """Let a run paint other texts, now or from a step on. It takes effect within seconds and is declared."""
    texts = painting.texts(body.texts) if isinstance(body.texts, str) else body.texts
    steering.steer(run_id, texts, body.at_step, identity.require_admin().id)
    return RunAnswer(runs.get(run_id))


@call(api, "POST /runs/<run_id>/choose", Answer(RunAnswer), body=Chosen, refuses=[*REFUSES, 409])
def choose_candidates(run_id: str, body: Chosen) -> Any:
    """Go on with these candidates only, while a run's candidates hang side by side."""
    steering.choose(run_id, body.candidates, identity.require_admin().id)
    return RunAnswer(runs.get(run_id))


@call(api, "POST /runs/<run_id>/stop", Answer(RunAnswer), refuses=[*REFUSES, 409])
def stop_run(run_id: str) -> Any:
    """End a run early; its picture as it is then counts as finished."""
    steering.stop(run_id, identity.require_admin().id)
    return RunAnswer(runs.get(run_id))


@call(api, "POST /runs/<run_id>/pause", Answer(RunAnswer), refuses=[*REFUSES, 409])
def pause_run(run_id: str) -> Any:
    """Lay a run aside, with all that it has painted; its worker takes up another."""
    steering.pause(run_id)
    return RunAnswer(runs.get(run_id))


@call(api, "POST /runs/<run_id>/resume", Answer(RunAnswer), refuses=[*REFUSES, 409])
def resume_run(run_id: str) -> Any:
    """Take up a run that is paused, failed or cancelled where its last checkpoint is."""
    steering.resume(run_id)
    return RunAnswer(runs.get(run_id))


@call(api, "POST /runs/<run_id>/again", Answer(RunAnswer, 202, keyed=True), body=OtherSeed, refuses=REFUSES)
def repeat_run(run_id: str, body: OtherSeed) -> Any:
    """Queue the same run with another seed."""
    return RunAnswer(forks.again(run_id, body.seed, identity.require_admin().id))


@call(api, "POST /runs/<run_id>/fork", Answer(RunAnswer, 202, keyed=True), body=NewFork, refuses=REFUSES)
def fork_run(run_id: str, body: NewFork) -> Any:
    """Queue a run that goes on from another's checkpoint; `GET /runs/{run_id}/history` lists their steps."""
    settings = dict(body.settings)
    if isinstance(settings.get("texts"), str):
        settings["texts"] = painting.texts(settings["texts"])
    return RunAnswer(forks.fork(run_id, body.step, settings, identity.require_admin().id))


@call(api, "GET /runs/<run_id>/candidates/<int:number>.png", Answer(None, media="image/png"), refuses=REFUSES)
def get_candidate(run_id: str, number: int) -> Response:
    """A candidate's picture, as it hung last for a choice."""
    return pictures.send(steering.candidate(run_id, number), pictures.FULL, public=False)


@api.after_request
def locate(response: Response) -> Response:
    """Tell a queued run's address."""
    if request.method == "POST" and response.status_code == 202:
        response.headers["Location"] = url_for("api_runs.get_run", run_id=response.get_json()["run"]["id"])
    return response
