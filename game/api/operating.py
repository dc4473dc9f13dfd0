"""What operators and their machines ask of a process."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import text

from game import identity, judging, metrics, storage
from game.api.answers import json_response
from game.extensions import db, limiter

api = Blueprint("operating", __name__)
limiter.exempt(api)
log = logging.getLogger(__name__)
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@api.get("/healthz")
def healthz() -> Response:
    """The process is up."""
    return json_response({"status": "up"})


@api.get("/readyz")
def readyz() -> Response:
    """Database, storage and judge answer; 503 names those that do not.

    A judge at an address may be away for a while: drawings are taken and kept meanwhile, so the process is ready.
    """
    parts = {name: _works(look) for name, look in (("database", _database), ("storage", _storage), ("judge", _judge))}
    ready = all(parts.values())
    told = {name: "ready" if works else "not ready" for name, works in parts.items()}
    if judging.is_away():
        told["judge"] = "away"
    return json_response({"status": "ready" if ready else "not ready", **told}, 200 if ready else 503)


@api.get("/metrics")
def scrape() -> Response:
    """Numbers for Prometheus; for this machine itself, and for administrators' tokens."""
    if not _is_local():
        identity.require_admin()
    return Response(metrics.text(), content_type=metrics.CONTENT_TYPE)


def _works(look: Callable[[], Any]) -> bool:
    try:
        look()
    except Exception:  # whatever it is, the part does not work, and the log says why
        log.exception("not ready")
        db.session.rollback()
        return False
    return True


def _database() -> None:
    db.session.execute(text("SELECT 1 FROM prompt LIMIT 1"))


def _storage() -> None:
    storage.check()


def _judge() -> None:
    with contextlib.suppress(judging.JudgeAway):
        judging.current()


def _is_local() -> bool:
    """Whether the request comes from this machine and not through a proxy on it."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
