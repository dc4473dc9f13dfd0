"""Players: without a name, with one, machines, administrators."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.extensions import db
from game.models import AdminLink, Player, Token
from game.rules import players
from game.rules.players import NameRefused
from game.rules.refusals import Missing
from game.tables import now


def test_a_new_player_has_no_name_and_is_known_by_their_token(context):
    player, token = players.anonymous()
    assert player.name is None
    assert players.by_token(token) == player
    assert players.by_token(token + "x") is None


def test_a_token_is_not_kept_itself(context):
    _, token = players.anonymous()
    assert token not in str([row.hash for row in db.session.query(Token)])


def test_a_visitor_becomes_the_same_player_every_time(context):
    assert players.ensure("visitor") == players.ensure("visitor")
    assert players.get("visitor").id == "visitor"
    with pytest.raises(Missing):
        players.get("somebody")


def test_a_name_is_tidied_up(context):
    player, _ = players.anonymous()
    assert players.rename(player, "  Ann \n  of\tGreen  ").name == "Ann of Green"


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "Ann\u202eevil", "zero\u200bwidth", "\ud800", "null\x00"])
def test_a_name_that_cannot_hang_on_a_wall_is_refused(name):
    with pytest.raises(NameRefused) as refusal:
        players.checked_name(name)
    assert refusal.value.pointer == "#/name"


@given(st.text(max_size=60))
def test_a_name_is_refused_or_fits(name):
    try:
        kept = players.checked_name(name)
    except NameRefused:
        return
    assert 1 <= len(kept) <= 40
    assert kept.isprintable()
    assert players.checked_name(kept) == kept


def test_there_is_one_machine_for_a_prior(context):
    machine = players.machine("strokes")
    assert (machine.kind, machine.name) == ("ai", "the strokes machine")
    assert players.machine("strokes") == machine
    assert players.machine("vqgan") != machine


def test_an_admin_token_is_an_administrators(context):
    assert not players.has_admin()
    admin = players.by_token(players.admin_token())
    assert admin.is_admin
    assert players.has_admin()
    assert not players.anonymous()[0].is_admin


def key_of(link: str) -> str:
    """The key in a one-time link."""
    path, _, key = link.partition("?key=")
    assert path == "/admin/login"
    return key


def test_a_link_makes_one_administrator_once(context):
    key = key_of(players.one_time_link())
    admin = players.use_link(key)
    assert admin.is_admin
    assert players.use_link(key) is None
    assert players.use_link("invented") is None
    assert db.session.query(Player).filter_by(is_admin=True).count() == 1


def test_a_link_lapses_after_a_day(context):
    key = key_of(players.one_time_link())
    db.session.query(AdminLink).update({"expires_at": now() - timedelta(seconds=1)})
    assert players.use_link(key) is None
