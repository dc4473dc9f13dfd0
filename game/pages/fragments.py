"""Whole pages and pieces of them: what `static/ui/fragments.js` asks for is answered with the piece alone."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request


def wanted() -> bool:
    """Does the request ask for a piece of a page?"""
    return "X-Fragment" in request.headers


def fragment(template: str, last: bool, **values: Any) -> Response:
    """Renders a piece of a page; `last` tells the browser that nothing will change any more."""
    response = make_response(render_template(template, **values))
    response.headers["X-Fragment"] = "last" if last else "more"
    response.headers["Cache-Control"] = "no-store"
    return response


def page(template: str, **values: Any) -> Response:
    """Renders a whole page."""
    response = make_response(render_template(template, **values))
    response.vary.add("X-Fragment")
    return response
