"""The walls of the house: which package may import which, read from the sources with `ast`."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("game", "scorer", "generator")


@dataclass(frozen=True)
class Wall:
    """Files matching `files`, but for those matching `doors`, must not import `banned` names (but `allowed`)."""

    files: tuple[str, ...]
    banned: tuple[str, ...]
    doors: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()

    def stands_before(self, path: str, name: str) -> bool:
        """Whether this wall forbids the file at `path` (from the root) to import the dotted `name`."""
        here = any(fnmatch(path, pattern) for pattern in self.files) and path not in self.doors
        return here and is_within(name, self.banned) and not is_within(name, self.allowed)


def is_within(name: str, packages: tuple[str, ...]) -> bool:
    """Whether a dotted name is one of the packages or lies in one."""
    return any(name == package or name.startswith(package + ".") for package in packages)


WEB = (
    "flask",
    "werkzeug",
    "flask_login",
    "flask_wtf",
    "flask_limiter",
    "flask_babel",
    "flask_sqlalchemy",
    "flask_migrate",
)
COMMANDS = ("generator/__main__.py", "generator/caption.py")
WALLS = (
    Wall(("scorer/*",), (*WEB, "sqlalchemy", "alembic", "dbos", "game", "generator")),
    Wall(("generator/*",), (*WEB, "sqlalchemy", "alembic", "dbos", "game")),
    # Of scorer, the generator's library side knows only the Encoder; its command lines must load one.
    Wall(("generator/*",), ("scorer",), allowed=("scorer.Encoder",), doors=COMMANDS),
    Wall(("game/*", "wsgi.py"), ("torch", "torchvision", "open_clip", "taming", "safetensors")),
    Wall(("game/*", "wsgi.py"), ("scorer",), doors=("game/judging.py",)),
    Wall(("game/*", "wsgi.py"), ("generator",), doors=("game/painting.py",)),
    Wall(("game/*", "scorer/*", "generator/*", "wsgi.py"), ("open_clip",), doors=("scorer/encoder.py",)),
    Wall(("game/*", "scorer/*", "generator/*", "wsgi.py"), ("taming",), doors=("generator/priors/vqgan.py",)),
    Wall(("game/*", "wsgi.py"), ("dbos",), doors=("game/engine.py",)),
    Wall(("game/*", "wsgi.py"), ("obstore",), doors=("game/bucket.py",)),
    # Rules need no server: of Flask, nothing that belongs to a request. `current_app` is the wiring, not the request.
    Wall(("game/rules/*",), WEB, allowed=("flask.current_app",)),
    Wall(("game/rules/*",), ("game.api", "game.pages", "game.problems", "spectree")),
)


def imported(source: str, package: str = "") -> Iterator[str]:
    """Every dotted name that a source imports, at any depth; relative ones resolved against `package`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parts, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def broken(path: str, source: str) -> list[str]:
    """The imports of one file that break a wall."""
    package = ".".join(Path(path).parent.parts)
    return [name for name in imported(source, package) if any(wall.stands_before(path, name) for wall in WALLS)]


def sources() -> list[str]:
    """Python files of the three packages and wsgi.py, as paths from the root."""
    found = [path for package in SHIPPED for path in (ROOT / package).rglob("*.py")]
    return sorted(path.relative_to(ROOT).as_posix() for path in [*found, ROOT / "wsgi.py"])


def test_no_file_breaks_a_wall():
    paths = sources()
    assert {path.split("/")[0] for path in paths} >= set(SHIPPED), "a package is missing, so nothing was checked"
    found = {path: broken(path, (ROOT / path).read_text()) for path in paths}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("scorer/judge.py", "import flask"),
        ("scorer/deep/er.py", "def late():\n    from sqlalchemy.orm import Session\n"),
        ("scorer/judge.py", "from game.rules import raster"),
        ("generator/run.py", "from scorer.encoder import Encoder"),
        ("generator/run.py", "from scorer import load"),
        ("generator/run.py", "from scorer import *"),
        ("generator/priors/siren.py", "import open_clip"),
        ("generator/priors/strokes.py", "import taming.modules"),
        ("game/judging.py", "import torch"),
        ("game/rules/ranking.py", "import torch.nn as nn"),
        ("game/api/play.py", "import scorer"),
        ("game/painting.py", "from scorer import load"),
        ("game/judging.py", "import generator"),
        ("game/cli.py", "from generator.settings import Settings"),
        ("game/painting.py", "from dbos import DBOS"),
        ("game/rules/entries.py", "from flask import request"),
        ("game/rules/entries.py", "from flask import current_app, g"),
        ("game/rules/entries.py", "import flask"),
        ("game/rules/entries.py", "from flask_login import current_user"),
        ("game/rules/entries.py", "from ..api import play"),
        ("game/rules/entries.py", "from .. import api"),
        ("wsgi.py", "import scorer"),
    ],
)
def test_the_checker_sees_a_broken_wall(path, source):
    assert broken(path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("generator/objective.py", "from scorer import Encoder"),
        ("generator/objective.py", "import torch"),
        ("game/judging.py", "import scorer"),
        ("game/judging.py", "def late():\n    from scorer import load\n"),
        ("game/painting.py", "from generator import generate"),
        ("game/engine.py", "from dbos import DBOS"),
        ("game/rules/entries.py", "from flask import current_app"),
        ("game/rules/entries.py", "from ..models import Entry\nfrom . import ranking"),
        ("game/api/play.py", "from flask import request"),
        ("scorer/encoder.py", "import open_clip"),
        ("scorer/judge.py", "from . import encoder\nimport scorers_of_other_kinds"),
    ],
)
def test_the_checker_lets_the_doors_through(path, source):
    assert broken(path, source) == []


def test_the_game_starts_without_torch(tmp_path):
    """An import need not be written in game/ to happen: an application is made and torch must not have come along."""
    code = "import sys, game, game.cli; game.create_app(); print('torch' in sys.modules)"
    env = {**os.environ, "PAINTOFF_DATA": str(tmp_path)}
    made = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert made.stdout.splitlines()[-1] == "False"
