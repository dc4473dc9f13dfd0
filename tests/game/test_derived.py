"""What is made from stored things: made once, and forgotten when there is no room."""

import os

import pytest
from flask import Flask

from game import derived


def test_what_was_made_once_is_not_made_again(context: Flask) -> None:
    made = []

    def make() -> bytes:
        made.append(1)
        return b"a film"

    assert [derived.kept("films", "ab.webp", make) for _ in range(3)] == [b"a film"] * 3
    assert made == [1]
    assert derived.has("films", "ab.webp")
    assert not derived.has("cards", "ab.webp")


def test_other_facts_have_another_name() -> None:
    assert derived.name(["a", 1], ".png") == derived.name(["a", 1], ".png") != derived.name(["a", 2], ".png")


def test_what_nobody_asked_for_the_longest_goes_first(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for age, name in ((300, "aa"), (200, "bb"), (100, "cc")):
        derived.kept("cards", name, lambda: b"x" * 100)
        path = derived._path("cards", name)
        os.utime(path, (path.stat().st_mtime - age,) * 2)
    assert derived.kept("cards", "aa", lambda: b"") == b"x" * 100, "asked for just now"
    monkeypatch.setattr(derived, "ROOM", 300)
    derived.kept("cards", "dd", lambda: b"x" * 100)
    assert [name for name in ("aa", "bb", "cc", "dd") if derived.has("cards", name)] == ["aa", "cc", "dd"]
