"""Bans end; ranges hold neighbours and nobody else; no address is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from game.extensions import db
from game.models import Ban, Trace
from game.rules import bans, players, traces
from game.rules.refusals import Conflict, Invalid, Missing
from game.tables import now

HOME, NEAR, FAR = "203.0.113.7", "203.0.113.99", "198.51.100.1"


@pytest.fixture
def admin(context):
    """An administrator."""
    return players.by_token(players.admin_token())


def is_free(player_id, address):
    """Whether somebody may write."""
    try:
        bans.require_free(player_id, address)
    except bans.Banned:
        return False
    return True


def test_a_player_is_banned_wherever_they_are(context, ann, bob, admin):
    bans.ban_player(ann.id, "Too loud.", 3, admin)
    with pytest.raises(bans.Banned, match="Too loud"):
        bans.require_free(ann.id, FAR)
    assert is_free(bob.id, HOME)
    assert is_free(None, HOME)


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("203.0.113.0/24", NEAR, FAR),
        ("203.0.113.7", HOME, NEAR),
        ("203.0.113.0/24", "::ffff:203.0.113.9", "::ffff:198.51.100.9"),
        ("2001:db8:1:200::/56", "2001:db8:1:2ff::5", "2001:db8:1:300::5"),
    ],
)
def test_a_range_of_addresses_is_banned(context, admin, written, inside, outside):
    bans.ban_network(written, "Spam.", 1, admin)
    assert not is_free(None, inside)
    assert is_free(None, outside)


@pytest.mark.parametrize("written", ["", "here", "0.0.0.0/0", "10.0.0.0/7", "::/0", "1.2.3.4/33"])
def test_what_is_no_range_or_half_the_world_is_refused(context, admin, written):
    with pytest.raises(Invalid):
        bans.ban_network(written, "Spam.", 1, admin)


def test_where_a_player_wrote_from_is_banned_without_knowing_where(context, ann, bob, admin):
    traces.leave(ann.id, HOME)
    bans.ban_player(ann.id, "Spam.", 7, admin, and_range=True)
    assert not is_free(bob.id, NEAR)
    assert is_free(bob.id, FAR)
    rows = db.session.execute(text("SELECT * FROM trace UNION ALL SELECT id, mark, network FROM ban")).all()
    assert "203.0.113" not in repr(rows)


def test_a_trace_is_left_once_a_day_and_gone_after_a_week(context, ann):
    for address in (HOME, NEAR, FAR, "nowhere"):
        traces.leave(ann.id, address)
    assert len(traces.of(ann.id)) == 2
    for trace in db.session.query(Trace):
        trace.day = (now() - timedelta(days=8)).date().isoformat()
    db.session.commit()
    traces.leave(ann.id, HOME)
    bans.forget()
    assert traces.of(ann.id) == [traces.mark(HOME)]


def test_a_ban_ends_and_its_range_is_forgotten(context, admin):
    bans.ban_network("203.0.113.0/24", "Spam.", 1, admin)
    (ban,) = db.session.query(Ban)
    ban.over_at = now() - timedelta(seconds=1)
    db.session.commit()
    assert is_free(None, HOME)
    bans.forget()
    (told,) = bans.listing(None, 9).items
    assert (told.network, told.running) == (None, False)


def test_a_ban_can_be_lifted(context, ann, admin):
    bans.ban_player(ann.id, "Spam.", 1, admin)
    bans.lift(bans.listing(None, 9).items[0].id)
    assert is_free(ann.id, HOME)
    with pytest.raises(Missing):
        bans.lift("nobody")


def test_those_who_keep_order_and_machines_are_not_banned(context, admin, machine, ann):
    for player in (admin, machine):
        with pytest.raises(Conflict):
            bans.ban_player(player.id, "Spam.", 1, admin)
    for reason, days in (("", 1), ("x" * 301, 1), ("Spam.", 0), ("Spam.", 400)):
        with pytest.raises(Invalid):
            bans.ban_player(ann.id, reason, days, admin)
