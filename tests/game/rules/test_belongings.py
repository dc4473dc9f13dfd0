"""What is a player's goes with them to another device, into a file, or away for good."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import inspect, text

from game import storage
from game.extensions import db
from game.models import Caption, ClaimLink, Entry, Vote
from game.rules import belongings, captions, claims, entries, moderation, players, prompts, standings
from game.rules.refusals import Conflict, Forbidden
from game.tables import new_id, now


def key_of(path):
    """The key in a link's path."""
    return path.split("=")[1]


def test_a_link_lets_its_player_go_on_once(ann, bob):
    key = key_of(claims.link(ann))
    assert claims.whose(key).id == ann.id
    assert claims.use(key, None).id == ann.id
    assert claims.use(key, None) is None
    assert claims.whose(key) is None
    late = key_of(claims.link(bob))
    db.session.query(ClaimLink).filter_by(player_id=bob.id).update({"expires_at": now() - timedelta(seconds=1)})
    db.session.commit()
    assert claims.use(late, None) is None


def test_what_was_drawn_on_the_other_device_comes_along(context, red_cat, ann, bob, enter):
    visitor = players.ensure(new_id())
    drawn, others = enter(red_cat, visitor), enter(red_cat, bob, "red", "blue")
    twice = enter(red_cat, bob, "blue")
    for player, entry, words in ((visitor, others, "a cat"), (visitor, twice, "a dog"), (ann, twice, "a cow")):
        captions.submit(entry.id, words, player)
    claims.use(key_of(claims.link(ann)), visitor)
    assert entries.row(drawn.id).player_id == ann.id
    assert [one.text for one in captions.of_player(others.id, ann)] == ["a cat"]
    assert [one.text for one in captions.of_player(twice.id, ann)] == ["a cow"]
    assert ann.name == "Ann"


def test_who_keeps_order_hands_nothing_over_by_link(context, ann):
    admin = players.by_token(players.admin_token())
    with pytest.raises(Forbidden):
        claims.link(admin)
    assert claims.use(key_of(claims.link(ann)), admin).id == ann.id
    assert db.session.merge(admin).is_admin


def test_an_export_holds_pictures_drawings_and_what_is_written_down(context, red_cat, ann, bob, enter):
    entry, others = enter(red_cat, ann), enter(red_cat, bob, "blue")
    captions.submit(others.id, "a blue thing", ann)
    moderation.report(others.id, "too blue", ann)
    file = io.BytesIO()
    belongings.pack(ann, file)
    with zipfile.ZipFile(file) as archive:
        told = json.loads(archive.read("player.json"))
        assert archive.read(f"pictures/{entry.id}.png") == storage.get(entries.row(entry.id).picture)
        assert json.loads(archive.read(f"drawings/{entry.id}.json"))["size"] == 512
        assert len(archive.namelist()) == 3
    assert told["player"]["name"] == "Ann"
    assert [(one["prompt"], one["state"]) for one in told["entries"]] == [("a red cat", "visible")]
    assert told["captions"][0]["text"] == "a blue thing"
    assert told["reports"][0]["reason"] == "too blue"


def test_what_is_deleted_is_gone_from_walls_store_and_boards(context, red_cat, ann, bob, enter):
    mine, theirs = enter(red_cat, ann), enter(red_cat, bob, "red", "blue")
    row = entries.row(mine.id)
    objects = [row.picture, row.drawing]
    captions.submit(mine.id, "a cat", bob)
    captions.submit(theirs.id, "a dog", ann)
    moderation.report(mine.id, "rude", bob)
    moderation.report(theirs.id, "rude", ann)
    db.session.add(Vote(player_id=bob.id, prompt_id=red_cat.id, left_id=mine.id, right_id=theirs.id, pair="x"))
    db.session.commit()
    assert entries.get(theirs.id).rank == 2
    cached = context.config["PAINTOFF"].data / "cache" / "pictures" / row.picture[:2] / f"{row.picture[:64]}-128.png"
    storage.write(cached, b"small")
    belongings.delete_all(ann)
    for name in objects:
        with pytest.raises(storage.ObjectMissing):
            storage.get(name)
    assert not cached.exists()
    assert entries.get(theirs.id).rank == 1
    assert prompts.get(red_cat.id).entries == 1
    assert standings.of_player(ann.id) is None
    assert players.get(ann.id).name is None
    assert [db.session.query(model).count() for model in (Caption, Vote)] == [0, 0]
    assert moderation.reports(None, 9).items == []


def test_nothing_of_a_deleted_player_is_left_in_any_table(context, red_cat, ann, enter):
    entry = enter(red_cat, ann)
    moderation.decide(entry.id, "hidden", "rude", None)
    claims.link(ann)
    belongings.delete_all(ann)
    kept = {"player", "ban", "act"}
    for table in inspect(db.engine).get_table_names():
        rows = db.session.execute(text(f'SELECT * FROM "{table}"')).all()
        if table not in kept:
            assert ann.id not in repr(rows), table
        assert entry.id not in repr(rows), table


def test_an_equal_drawing_of_somebody_else_keeps_its_picture(context, red_cat, ann, bob, enter):
    enter(red_cat, ann)
    same = enter(red_cat, bob)
    belongings.delete_all(ann)
    assert storage.get(entries.row(same.id).picture)
    assert db.session.query(Entry).count() == 1


def test_machines_and_those_who_keep_order_stay(context, machine):
    with pytest.raises(Forbidden):
        belongings.delete_all(machine)
    with pytest.raises(Conflict):
        belongings.delete_all(players.by_token(players.admin_token()))
