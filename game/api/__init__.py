"""The game as JSON: a blueprint for each area under /api/v1, and what operators ask of a process."""

from __future__ import annotations

from flask import Flask

from game.api import (
    admin,
    arena,
    batches,
    boards,
    captions,
    entries,
    explore,
    glances,
    left_out,
    machines,
    openapi,
    operating,
    players,
    prompts,
    rooms,
    runs,
    steering,
    streams,
)

PREFIX = "/api/v1"


def register(app: Flask) -> None:
    """Add every call to the application."""
    for module in (
        prompts,
        glances,
        entries,
        left_out,
        captions,
        rooms,
        arena,
        explore,
        boards,
        players,
        admin,
        runs,
        machines,
        steering,
        batches,
        openapi,
    ):
        app.register_blueprint(module.api, url_prefix=PREFIX)
    app.register_blueprint(admin.reviewing, url_prefix=PREFIX)
    app.register_blueprint(operating.api)
    streams.register(app)
