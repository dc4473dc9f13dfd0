"""What every model shares: the declarative base, names of constraints, identifiers and moments in time."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from sqlalchemy import Dialect, MetaData, types
from sqlalchemy.orm import DeclarativeBase

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that looks like something else

# Named constraints, or SQLite's batch migrations could never drop one.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(types.TypeDecorator[datetime]):
    """A moment in UTC: aware in Python on every database; SQLite, which knows no zones, keeps the bare UTC time."""

    impl = types.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What cursors turn back into; a decorator does not tell by itself."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time, whose zone nobody knows."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone: use datetime.now(UTC)")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the time with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all models."""

    metadata = metadata
    type_annotation_map = {datetime: Moment}


def new_id() -> str:
    """Return an opaque identifier of 12 characters: 60 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)
