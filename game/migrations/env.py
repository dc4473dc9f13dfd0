"""What Alembic runs: our tables on the application's own engine, the job engine's tables left alone."""

from __future__ import annotations

from alembic import context
from flask import current_app

from game import models  # noqa: F401  fills the metadata
from game.tables import metadata

if context.is_offline_mode():
    raise SystemExit("Migrations run on the database itself: leave --sql away.")

migrate = current_app.extensions["migrate"]
with migrate.db.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, **migrate.configure_args)
    with context.begin_transaction():
        context.run_migrations()
