"""Every act is written down with what it changed, in the same transaction."""

import pytest

from game.extensions import db
from game.models import Act
from game.rules import audit, moderation, players, prompts


@pytest.fixture
def admin(context):
    """An administrator."""
    return players.by_token(players.admin_token())


def acts():
    """All acts, the first one first."""
    return audit.listing(None, 99).items[::-1]


def test_an_act_tells_what_was_before_and_after(context, red_cat, admin):
    audit.begin(admin.id, "admin.change_prompt", {"prompt_id": red_cat.id})
    prompts.update(red_cat.id, state="closed")
    audit.end(True)
    (act,) = acts()
    assert (act.player_id, act.what, act.about) == (admin.id, "admin.change_prompt", {"prompt_id": red_cat.id})
    assert act.changes == [
        {"kind": "Prompt", "id": red_cat.id, "before": {"state": "open"}, "after": {"state": "closed"}}
    ]
    assert act.name == "Admin"


def test_several_changes_are_one_act(context, red_cat, ann, admin, enter):
    entry = enter(red_cat, ann)
    audit.begin(admin.id, "both", {})
    moderation.decide(entry.id, "hidden", "rude", admin)
    prompts.update(red_cat.id, state="closed")
    audit.end(True)
    (act,) = acts()
    assert [(change["kind"], change["after"]) for change in act.changes] == [
        ("Entry", {"state": "hidden"}),
        ("Prompt", {"state": "closed"}),
    ]


def test_what_is_rolled_back_leaves_no_note(context, red_cat, admin):
    audit.begin(admin.id, "nothing", {})
    prompts.row(red_cat.id).state = "closed"
    db.session.flush()
    db.session.rollback()
    audit.end(False)
    assert acts() == []
    audit.begin(admin.id, "half", {})
    prompts.update(red_cat.id, state="closed")
    prompts.row(red_cat.id).state = "open"
    db.session.flush()
    db.session.rollback()
    audit.end(True)
    (act,) = acts()
    assert [change["after"] for change in act.changes] == [{"state": "closed"}]


def test_an_act_without_a_watched_row_is_written_down_too(context, admin):
    audit.begin(admin.id, "looked", {"at": "it"})
    audit.end(True)
    assert [(act.what, act.changes) for act in acts()] == [("looked", [])]


def test_nobody_notes_what_players_do(context, red_cat, ann, enter):
    enter(red_cat, ann)
    audit.end(True)
    assert db.session.query(Act).count() == 0


def test_a_row_that_is_new_or_gone_is_told_whole(context, admin):
    from game.rules import filters

    for lines in ("cat", ""):
        audit.begin(admin.id, "filters", {})
        filters.write("word", lines)
        audit.end(True)
    told = [(act.changes[0]["before"], act.changes[0]["after"]) for act in acts()]
    line = {"kind": "word", "text": "cat"}
    assert told == [({}, line), (line, {})]
    only = audit.listing(None, 9, player_id="nobody").items
    assert only == []
