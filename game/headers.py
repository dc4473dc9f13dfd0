"""What goes with every answer: security headers, and that nobody keeps what is not said to be for keeping."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:",
        "connect-src 'self'", "font-src 'self'", "manifest-src 'self'", "worker-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
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
# A static file is part of a page and secret to nobody. Some fifty go with a first visit, so little goes with each: what
# one could look at by itself, a drawing, may do nothing then.
PART = {"X-Content-Type-Options": "nosniff"}
ALONE = {**PART, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
YEAR = 365 * 24 * 3600  # s


def register(app: Flask) -> None:
    """Add the headers to every answer."""
    app.after_request(complete)


def complete(response: Response) -> Response:
    """Add what is missing to an answer's headers."""
    for name, value in _fixed(response).items():
        response.headers.setdefault(name, value)
    if response.headers.get("Content-Security-Policy") == FRAMED:
        response.headers.pop("X-Frame-Options")  # knows no "anywhere"; the policy says it
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    response.headers.setdefault("Cache-Control", "no-cache, private")
    return response


def _fixed(response: Response) -> dict[str, str]:
    if request.endpoint not in {"static", "words.module"}:
        return FIXED
    return PART if response.mimetype in {"text/css", "text/javascript", "font/woff2"} else ALONE


def let_frame(response: Response) -> None:
    """Let any site show this answer in a frame; for what holds nothing that a click could be stolen for."""
    response.headers["Content-Security-Policy"] = FRAMED
