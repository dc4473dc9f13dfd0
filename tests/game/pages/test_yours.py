"""A visitor's own: on another device, in a file, gone."""

import io
import re
import zipfile

import pytest
from flask import Flask

from game.rules import moderation
from tests.game.pages.conftest import Visitor
from tests.game.pages.test_admin_review import drawn

__all__ = ["drawn"]


def test_a_visitor_goes_on_on_another_device(app: Flask, visitor: Visitor, drawn: str) -> None:
    page = visitor.sends("/you", "/you/link").text
    found = re.search(r"/you/here\?key=[\w-]+", page)
    assert found
    other = Visitor(app.test_client())
    assert "That is me" in other.sees(found[0])
    answer = other.sends(found[0], "/you/here")
    assert drawn in other.sees(answer.location)
    assert "you</strong>" in other.sees(answer.location)
    assert "too old" in Visitor(app.test_client()).sees(found[0])


def test_a_visitor_takes_everything_along(visitor: Visitor, drawn: str) -> None:
    answer = visitor.client.get("/you/export.zip")
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert f"pictures/{drawn.rsplit('/', 1)[1]}.png" in names
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("banned", [False, True])
def test_a_visitor_deletes_everything_even_when_banned(
    app: Flask, visitor: Visitor, admin: Visitor, drawn: str, banned: bool
) -> None:
    with app.app_context():
        from game.rules import entries

        author = entries.row(drawn.rsplit("/", 1)[1]).player_id
        moderation.decide(drawn.rsplit("/", 1)[1], "held", "look", None)
    if banned:
        admin.sends("/admin/order/bans", "/admin/order/bans", player=author, reason="Loud.", days="2")
    visitor.sends("/you", "/you/delete")
    visitor.sees(drawn)
    assert visitor.sends("/you", "/you/delete", sure="yes").location == "/"
    visitor.sees(drawn, 404)
    assert "Loud." not in visitor.sees("/")
    admin.sees(drawn, 404)


def test_a_stranger_has_nothing_to_take_or_delete(visitor: Visitor) -> None:
    visitor.sees("/you/export.zip", 404)
    assert "/you/delete" not in visitor.sees("/you")
