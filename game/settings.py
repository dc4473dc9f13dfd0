"""The game's settings: one table of names, defaults and meanings, read from PAINTOFF_* in the environment."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "PAINTOFF_"
SECRET = ("secret", "suggest_key", "oidc_secret")  # settings that are not shown
# Told by one of our processes to another, not by people: no settings, but no mistakes either.
INTERNAL = frozenset({"PARENT"})


class SettingError(ValueError):
    """A setting is unknown or has a value that cannot be used; the message names it and says what would do."""


@dataclass(frozen=True)
class Setting:
    """A row of the table: `read` turns the written value into the used one or raises ValueError with what it wants."""

    name: str
    default: str
    meaning: str
    read: Callable[[str], Any]


def _folder(value: str) -> Path:
    return Path(value).expanduser().resolve()


def _switch(value: str) -> bool:
    if value.lower() not in {"on", "off"}:
        raise ValueError("on or off")
    return value.lower() == "on"


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(" or ".join(choices))
        return value

    return read


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return read


def _secret(value: str) -> str:
    if value and len(value) < 16:
        raise ValueError("at least 16 characters that nobody can guess, or empty")
    return value


def _word(value: str) -> str:
    if not value.strip():
        raise ValueError("something other than blanks")
    return value.strip()


def _address(value: str) -> str:
    parts = urlsplit(value.strip())
    if value.strip() and not (parts.scheme in ("http", "https") and parts.hostname):
        raise ValueError("an address such as http://gpu:8100, or empty")
    return value.strip().rstrip("/")


def _holds(value: str) -> frozenset[str]:
    chosen = frozenset(part.strip() for part in value.split(",") if part.strip())
    if chosen - {"everything", "machines", "writing", "unwanted"}:
        raise ValueError("everything, or any of machines, writing and unwanted with commas between, or empty")
    return chosen


def _bucket(value: str) -> str:
    if value.strip() and "://" not in value:
        raise ValueError("an address such as s3://bucket/folder, or empty")
    return value.strip().rstrip("/")


_engine = _one_of("torch", "onnx", "bf16")
TABLE = (
    Setting("DATA", "instance", "The folder that holds everything that is kept: database, pictures, secrets.", _folder),
    Setting("DATABASE_URL", "", "An SQLAlchemy URL of a database; empty means SQLite in the data folder.", str.strip),
    Setting("SECRET", "", "Signs cookies, the same on all web servers; empty: made once in the data folder.", _secret),
    Setting("STORE", "", "A bucket for pictures, such as s3://bucket/folder; empty: the data folder.", _bucket),
    Setting("JUDGE", "embedded:main", "The judge: embedded:NAME, an open_clip pair ARCH:TAG, or ARCH:/path.", _word),
    Setting("JUDGE_URL", "", "Where PAINTOFF_JUDGE serves, such as http://gpu:8100; empty: it judges here.", _address),
    Setting("SECOND_JUDGE", "auto", "A second judge, none, or auto: embedded:second where it is there.", _word),
    Setting("DEVICE", "", "Where judge and guide compute, such as cpu or cuda:0; empty: the best there is.", str.strip),
    Setting("ENGINE", "torch", "What computes the judge: torch, or on a CPU onnx (the extra [onnx]) or bf16.", _engine),
    Setting("QUEUE_LIMIT", "1000", "How many runs one administrator may have waiting at once.", _whole(1, 1_000_000)),
    Setting("SLOTS", "1", "How many runs a machine paints at once, if its memory has room for them.", _whole(1, 16)),
    Setting("RATE_LIMITS", "on", "Whether requests are limited in number (on or off); off is for load tests.", _switch),
    Setting("PROXIES", "0", "How many reverse proxies in front are trusted to say who is calling.", _whole(0, 9)),
    Setting("SECURE_COOKIES", "off", "Whether cookies are sent over HTTPS only (on or off).", _switch),
    Setting("FIRST_ENTRIES", "on", "Whether machines begin a new game with a few short runs of their own.", _switch),
    Setting("HOLD", "unwanted", "What waits for a person first: everything, machines, writing, unwanted.", _holds),
    Setting("UNWANTED_FROM", "99", "From which percentile on a picture fits an unwanted text.", _whole(50, 100)),
    Setting("SUGGEST_URL", "", "An OpenAI-compatible endpoint that suggests prompts: http://gpu:8000/v1.", _address),
    Setting("SUGGEST_KEY", "", "The key that the endpoint wants, if it wants one.", str.strip),
    Setting("SUGGEST_MODEL", "default", "The model that the endpoint is asked for.", _word),
    Setting("SUGGEST_TIMEOUT", "20", "Seconds to wait for the endpoint.", _whole(1, 300)),
    Setting("OIDC_ISSUER", "", "The OpenID Connect provider by which administrators may come in ([oidc]).", _address),
    Setting("OIDC_CLIENT", "", "What the provider calls this game.", str.strip),
    Setting("OIDC_SECRET", "", "The secret that it shares with the provider.", str.strip),
    Setting("LOG", "plain", "How the log is written: plain for people, json for machines.", _one_of("plain", "json")),
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """The settings in use; a field's meaning stands in TABLE under its name in capitals."""

    data: Path
    database_url: str
    secret: str
    store: str
    judge: str
    judge_url: str
    second_judge: str
    device: str
    engine: str
    queue_limit: int
    slots: int
    rate_limits: bool
    proxies: int
    secure_cookies: bool
    first_entries: bool
    hold: frozenset[str]
    unwanted_from: int
    suggest_url: str
    suggest_key: str
    suggest_model: str
    suggest_timeout: int
    oidc_issuer: str
    oidc_client: str
    oidc_secret: str
    log: str


def load(given: Mapping[str, object] | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings from `environment` (the process's by default), overridden by `given`.

    `given` names settings as TABLE does, `{"DATA": "/some/folder"}`. Raises SettingError.
    """
    if environment is None:
        environment = os.environ
    written = {name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)}
    written = {name: value for name, value in written.items() if name not in INTERNAL}
    written.update({name: str(value) for name, value in (given or {}).items()})
    _refuse_unknown(written)
    values = {setting.name.lower(): _value(setting, written.get(setting.name, setting.default)) for setting in TABLE}
    if not values["database_url"]:
        values["database_url"] = f"sqlite:///{values['data'] / 'paintoff.sqlite'}"
    return Settings(**values)


def shown(settings: Settings) -> list[tuple[str, str, str]]:
    """Return (environment name, value in use, meaning) of every setting, for people; passwords are left out."""
    from sqlalchemy.engine import make_url

    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    values["database_url"] = make_url(settings.database_url).render_as_string(hide_password=True)
    for name in SECRET:
        values[name] = "***" if values[name] else ""
    return [(PREFIX + setting.name, _written(values[setting.name.lower()]), setting.meaning) for setting in TABLE]


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return ",".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _value(setting: Setting, written: str) -> Any:
    try:
        return setting.read(written)
    except ValueError as error:
        told = "set" if setting.name.lower() in SECRET else repr(written)
        raise SettingError(f"{PREFIX}{setting.name} is {told}, but has to be {error}.") from None


def _refuse_unknown(written: Mapping[str, str]) -> None:
    known = [setting.name for setting in TABLE]
    for name in written:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"Did you mean {PREFIX}{near[0]}?" if near else "`paintoff settings` lists those there are."
            raise SettingError(f"{PREFIX}{name} is not a setting. {hint}")
