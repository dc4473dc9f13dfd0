"""What the documents say is checked against what is there; what may be committed is checked, too."""

import os
import re
import subprocess
import warnings
from functools import cache
from pathlib import Path

import click
import pytest

from game import settings
from game.cli import main as paintoff

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 250  # lines; past it, two things may live in one place
LARGEST_FILE = 400_000  # bytes, but for weights
LARGEST_WEIGHTS = 20_000_000
PAGES = ("README.md", "CONTRIBUTING.md")


@cache
def committed() -> tuple[str, ...]:
    """Paths of all files that git tracks."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(path for path in listed.split("\0") if path and (ROOT / path).is_file())


def texts() -> dict[str, str]:
    """The committed files that are text, by path."""
    contents = {path: (ROOT / path).read_bytes() for path in committed()}
    return {path: content.decode() for path, content in contents.items() if b"\0" not in content}


def targets() -> dict[str, str]:
    """The Makefile's chores and what each says about itself."""
    return dict(re.findall(r"^([a-z]+):.*?## (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE))


def spoken(page: str, command: str) -> list[list[str]]:
    """The words after each `command` in the code of a page, up to the end of the line or of the code."""
    code = re.findall(r"`([^`\n]+)`|^    (.+)$", (ROOT / page).read_text(), re.MULTILINE)
    lines = [inline or block for inline, block in code]
    return [line.split("#")[0].split()[1:] for line in lines if line.split()[:1] == [command]]


def test_bare_make_lists_every_target():
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # as if not run by make
    listed = subprocess.run(["make"], cwd=ROOT, env=plain, capture_output=True, text=True, check=True).stdout
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == set(targets())
    assert [line.split()[1] for line in listed.splitlines()] == list(targets())


@pytest.mark.parametrize("page", PAGES)
def test_documented_make_targets_exist(page):
    named = [words[0] for words in spoken(page, "make") if words and "=" not in words[0]]
    assert named
    assert set(named) <= set(targets())


def test_documented_commands_exist():
    named = spoken("README.md", "paintoff")
    assert named
    for words in named:
        command = paintoff
        for word in words:
            if isinstance(command, click.Group) and word.isalpha() and word.islower():
                assert word in command.commands, f"paintoff {' '.join(words)}: there is no {word}"
                command = command.commands[word]


def test_readme_has_the_settings_table():
    rows = re.findall(r"^\| `(PAINTOFF_\w+)` \| `?(.*?)`? \| (.*) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert rows == [(settings.PREFIX + row.name, row.default, row.meaning) for row in settings.TABLE]


def test_readme_credits_the_drawings():
    line = (
        "Contains and was trained on drawings from The Quick, Draw! Dataset, made available by Google, Inc. under "
        "CC BY 4.0; selected, simplified and rendered."
    )
    assert line in " ".join((ROOT / "README.md").read_text().split())


def test_readme_shows_what_is_there():
    shown = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text())
    assert any(path.startswith("docs/screenshots/") for path in shown)
    assert [path for path in shown if path not in committed()] == []


# Written as patterns, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.<])/(work|root|home/\w+|Users/\w+|tmp/(?:lab|env))\b",
    "a registry's host": r"\b(pypi|pythonhosted|npmjs|debian|pytorch|huggingface|jsdelivr|unpkg)\.(org|com|co|net)\b",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what):
    found = {path: re.search(FORBIDDEN[what], text) for path, text in texts().items()}
    assert {path: match[0] for path, match in found.items() if match} == {}


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a path of one machine", "see /wo" + "rk/main/x"),
        ("a path of one machine", "'/ho" + "me/me/x'"),
        ("a registry's host", "https://py" + "pi.org/simple"),
    ],
)
def test_the_search_would_find(what, text):
    assert re.search(FORBIDDEN[what], text)


def test_nothing_made_by_others_is_committed():
    foreign = re.compile(r"\.(ttf|otf|woff2?|eot|min\.js|min\.css|parquet|ndjson)$|(^|/)(node_modules|vendor)/")
    assert [path for path in committed() if foreign.search(path)] == []


def test_committed_files_are_small():
    sizes = {path: (ROOT / path).stat().st_size for path in committed()}
    limits = {path: LARGEST_WEIGHTS if "/weights/" in path else LARGEST_FILE for path in sizes}
    assert {path: size for path, size in sizes.items() if size > limits[path]} == {}


def test_long_files_are_reported():
    """A report, no law: a long file is a sign that two things live in one place."""
    sources = {path: text for path, text in texts().items() if Path(path).suffix in {".py", ".js", ".css", ".html"}}
    for path, text in sources.items():
        if (lines := text.count("\n")) > LONGEST_FILE:
            warnings.warn(f"{path} has {lines} lines; do two things live in it?", stacklevel=1)
    assert sources


def test_lock_files_pin_exactly():
    files = list(ROOT.glob("requirements*.lock"))
    assert len(files) == 10
    for path in files:
        lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
        assert lines
        assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
