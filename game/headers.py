"""What goes with every answer: security headers, how long static files may be kept, and their addresses."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:",
        "connect-src 'self'", "font-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    )
)  # fmt: skip
FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
YEAR = 365 * 24 * 3600  # s


def register(app: Flask) -> None:
    """Add the headers to every answer and `asset()` to every template."""
    app.after_request(complete)
    app.add_template_global(asset)


def complete(response: Response) -> Response:
    """Add what is missing to an answer's headers."""
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    if response.headers["Content-Security-Policy"] == FRAMED:
        response.headers.pop("X-Frame-Options")  # knows no "anywhere"; the policy says it
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    if request.endpoint == "static" and response.status_code in {200, 304}:
        # A module imports others by their plain names, which therefore have to be asked for every time.
        kept = f"public, max-age={YEAR}, immutable" if "v" in request.args else "no-cache"
        response.headers["Cache-Control"] = kept
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache, private"
    return response


def let_frame(response: Response) -> None:
    """Let any site show this answer in a frame; for what holds nothing that a click could be stolen for."""
    response.headers["Content-Security-Policy"] = FRAMED


def asset(name: str) -> str:
    """Return the address of a static file, which changes with the file's contents."""
    return url_for("static", filename=name, v=_version(Path(current_app.static_folder or "") / name))


_versions: dict[tuple[Path, int, int], str] = {}


def _version(path: Path) -> str:
    try:
        known = os.stat(path)
    except FileNotFoundError:
        return "missing"
    key = (path, known.st_mtime_ns, known.st_size)
    if key not in _versions:
        _versions[key] = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return _versions[key]
