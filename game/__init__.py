"""Paint-Off's web application: `create_app` is the only place where its parts are wired together.

Libraries are loaded inside it, so that a process that only starts others need not load them.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from game import settings as game_settings

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).resolve().parent.parent
BODY_LIMIT = 512 * 1024  # bytes of a request, as sent


def create_app(settings: Mapping[str, object] | None = None) -> Flask:
    """Return the application; `settings` override the environment's, named as in `game.settings.TABLE`."""
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    chosen = game_settings.load(settings)
    app = Flask("game", root_path=str(ROOT / "game"), template_folder=str(ROOT / "templates"),
                static_folder=str(ROOT / "static"))  # fmt: skip
    chosen.data.mkdir(parents=True, exist_ok=True)
    app.config.update(
        PAINTOFF=chosen,
        SECRET_KEY=chosen.secret or _secret(chosen.data),
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        SESSION_COOKIE_NAME="paintoff",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=400),  # the most that browsers keep a cookie
        SESSION_REFRESH_EACH_REQUEST=False,  # a late answer must not bring back a session that was left
        SESSION_COOKIE_SECURE=chosen.secure_cookies,
        SQLALCHEMY_DATABASE_URI=_database_url(chosen.database_url),
        WTF_CSRF_CHECK_DEFAULT=False,  # game.identity checks, and lets bearers of a token through
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a drawing may take an afternoon
        RATELIMIT_ENABLED=chosen.rate_limits,
    )
    if chosen.proxies:
        hops = chosen.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    _bind_extensions(app)
    _register(app)
    return app


def _bind_extensions(app: Flask) -> None:
    from game import extensions

    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = extensions.engine_options(app.config["SQLALCHEMY_DATABASE_URI"])
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db)
    extensions.csrf.init_app(app)
    extensions.limiter.init_app(app)
    with app.app_context():
        extensions.prepare_connections(extensions.db.engine)


def _register(app: Flask) -> None:
    # Here and not above, so that a single rule can be imported without the web and the database.
    from game import (  # noqa: F401
        api,
        assets,
        courtesy,
        headers,
        identity,
        languages,
        logs,
        metrics,
        models,
        packing,
        pages,
        problems,
    )

    logs.configure(app.config["PAINTOFF"].log)
    for module in (logs, metrics, packing, assets, courtesy, headers, languages, identity, problems, api, pages):
        module.register(app)


def _database_url(url: str) -> str:
    """Name the driver that is installed: psycopg 3, which SQLAlchemy before 2.1 does not choose by itself."""
    from sqlalchemy.engine import make_url

    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def _secret(folder: Path) -> bytes:
    """Return the key that signs cookies, made at the first start and kept in the data folder for its owner only."""
    path = folder / "secret"
    if not path.exists():
        # Written aside and linked: of two processes that start at once, both use the key of the first.
        made = folder / f".secret-{secrets.token_hex(4)}"
        made.touch(mode=0o600)
        made.write_bytes(secrets.token_bytes(32))
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_bytes()
