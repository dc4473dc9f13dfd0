"""The game as something to install: its manifest, its service worker, and the page that is shown without a line.

The worker keeps the offline page and what that page wears, nothing else: no page of anybody's, no answer of the API. It
is another worker as soon as any static file changes, and throws away what the one before had kept.
"""

from __future__ import annotations

import json
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, url_for

from game.assets import asset, version
from game.languages import current

pages = Blueprint("offline", __name__)
PAPER = "#faf5ea"  # as in static/css/tokens.css
ICONS = (("icon-192", 192, "any"), ("icon-512", 512, "any"), ("maskable-512", 512, "maskable"))
SHEETS = ("tokens", "base", "frame", "marks", "parts", "offline")
WORN = (*(f"css/{sheet}.css" for sheet in SHEETS), "offline/page.js", "draw/keeping.js", "draw/resending.js",
        "img/judge.svg", "fonts/display.woff2")  # fmt: skip


@pages.get("/manifest.webmanifest")
def manifest() -> Response:
    """Answers with what a device needs to know to install the game (W3C Web Application Manifest)."""
    icons = [
        {"src": asset(f"icons/{name}.png"), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
        for name, side, purpose in ICONS
    ]
    told = {
        "id": "/",
        "name": "Paint-Off",
        "short_name": "Paint-Off",
        "description": "People and machines paint the same silly prompt. One judge ranks them all.",
        "lang": "en",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
    }
    response = jsonify(told)
    response.mimetype = "application/manifest+json"
    return _for_everybody(response)


@pages.get("/worker.js")
def worker() -> Response:
    """Answers with the service worker of the present static files."""
    folder = Path(current_app.static_folder or "")
    worn = [asset(name) for name in WORN if (folder / name).exists()]  # the face may be missing
    facts = {"VERSION": f"{version()}-{current()}", "PAGE": url_for("offline.show"), "WORN": worn}
    told = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in facts.items())
    script = told + (folder / "offline" / "worker.js").read_text()
    return _for_everybody(Response(script, mimetype="text/javascript"))


@pages.get("/offline")
def show() -> Response:
    """Shows what is to be seen without a line: which drawings this device keeps, and what becomes of them."""
    return _for_everybody(make_response(render_template("offline/offline.html", sheets=SHEETS)))


def _for_everybody(response: Response) -> Response:
    """Lets an answer be kept that holds nobody's session, but not be used without asking whether it has changed."""
    response.headers["Cache-Control"] = "public, no-cache"
    return response
