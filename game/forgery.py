"""The token against forged requests, masked anew for each answer, so that packed pages tell nothing of it (BREACH)."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect, generate_csrf


class Forgery(CSRFProtect):  # type: ignore[misc]
    """Flask-WTF's protection; what goes out and comes in is masked."""

    def init_app(self, app: Flask) -> None:
        """Bind to an application; templates then find the masked `csrf_token()`."""
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = masked_token
        app.context_processor(lambda: {"csrf_token": masked_token})

    def _get_csrf_token(self) -> str | None:
        return unmask(super()._get_csrf_token())


def masked_token() -> str:
    """Return the session's token under a mask that is this answer's own."""
    if "masked_token" not in g:
        g.masked_token = mask(generate_csrf())
    masked: str = g.masked_token
    return masked


def mask(token: str) -> str:
    """Return random bytes and the token added to them, as text."""
    plain = token.encode()
    noise = secrets.token_bytes(len(plain))
    return urlsafe_b64encode(noise + _added(plain, noise)).decode().rstrip("=")


def unmask(masked: str | None) -> str | None:
    """Return the token under a mask; None for what never was one."""
    try:
        both = urlsafe_b64decode((masked or "") + "=" * (-len(masked or "") % 4))
        half = len(both) // 2
        return _added(both[:half], both[half:]).decode() or None
    except (Error, ValueError):
        return None


def _added(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
