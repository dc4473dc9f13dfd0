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
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # To alter a table SQLite makes it anew and drops the old one, which rows that point to it would not let it do.
        # A pragma counts only outside of a transaction; SQLAlchemy's own, which has done nothing yet, is ended first.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.commit()
    context.configure(connection=connection, target_metadata=metadata, **migrate.configure_args)
    with context.begin_transaction():
        context.run_migrations()
        if sqlite and (orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise SystemExit(f"A migration would leave rows that point to nothing: {orphans[:3]}")
    if sqlite:
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        connection.commit()
