"""The game as HTML: blueprints by area, the filters their templates use, errors in the jury's voice."""

from __future__ import annotations

from typing import Any

from flask import Flask

from game import identity
from game.pages import (
    admin,
    admin_account,
    admin_oidc,
    admin_order,
    admin_orders,
    admin_paint,
    admin_people,
    admin_review,
    admin_run,
    admin_runs,
    admin_suggestions,
    arena,
    boards,
    captions,
    entries,
    explore,
    explore_looking,
    explore_painting,
    feeds,
    formats,
    lights,
    marks,
    offline,
    opening,
    play,
    players,
    rooms,
    sharing,
    why,
    words,
    yours,
)


def register(app: Flask) -> None:
    """Adds every page to the application."""
    for module in (
        play,
        boards,
        entries,
        marks,
        offline,
        sharing,
        feeds,
        captions,
        arena,
        rooms,
        explore,
        explore_looking,
        explore_painting,
        why,
        words,
        players,
        yours,
        lights,
        opening,
        admin,
        admin_paint,
        admin_runs,
        admin_review,
        admin_order,
        admin_orders,
        admin_account,
        admin_people,
        admin_oidc,
        admin_suggestions,
        admin_run,
    ):
        app.register_blueprint(module.pages)
    app.jinja_env.filters.update(formats.FILTERS)
    app.context_processor(visitor)


def visitor() -> dict[str, Any]:
    """What every template knows about who looks: `me`, None for a new visitor."""
    return {"me": identity.current()}
