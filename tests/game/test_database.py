"""Models and migrations, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import current_app
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError, StatementError

from game import create_app, engine
from game.extensions import db
from game.judging import INJECTED
from game.models import Caption, Entry, PastScore, Player, Prompt
from game.rules import drawing, entries, players, prompts
from game.tables import metadata, new_id, now
from tests.conftest import doodle
from tests.fakes import ColourJudge


def differences() -> list[object]:
    """What autogenerate would change about the database."""
    with db.engine.connect() as connection:
        options = current_app.extensions["migrate"].configure_args
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


def test_the_migrations_make_what_the_models_say(context):
    assert differences() == []


def test_a_forgotten_migration_would_be_noticed(context):
    db.session.execute(text("ALTER TABLE caption DROP COLUMN tokens"))
    db.session.commit()
    assert [change[0] for change in differences()] == ["add_column"]


def test_the_job_engines_tables_are_left_alone(context):
    for name in engine.TABLES:
        db.session.execute(text(f"CREATE TABLE {name} (id INTEGER)"))
    db.session.commit()
    assert differences() == []


def test_no_table_of_ours_has_a_name_of_the_job_engine():
    assert not engine.TABLES & set(metadata.tables)


def test_migrations_go_back_to_nothing(context):
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert differences() == []


FORMER = """
INSERT INTO player VALUES ('ann', 'Ann', 'human', NULL, 0, '2026-01-01');
INSERT INTO prompt VALUES ('cat', 'a cat', 'open', 0, NULL, 2, NULL, '2026-01-01');
INSERT INTO entry (id, prompt_id, player_id, kind, state, picture, judge, noise, similarity, percentile, penalised,
  penalties, second, embedding, created_at) VALUES
  ('one', 'cat', 'ann', 'human', 'visible', 'p', 'new', 0.01, 0.3, 90, 0.3, '[]',
   '{"judge": "old", "similarity": 0.2, "percentile": 80}', x'00', '2026-01-02'),
  ('two', 'cat', 'ann', 'human', 'visible', 'p', 'new', 0.01, 0.4, 95, 0.4, '[]', NULL, x'00', '2026-01-03');
INSERT INTO caption VALUES ('words', 'one', 'ann', 'a cat', 4, 'visible', 'new', 0.01, 0.3, 90, '2026-01-04');
"""


def test_scores_from_before_the_table_of_past_scores_are_kept(context):
    downgrade(revision="0001")
    for statement in FORMER.strip().split(";\n"):
        db.session.execute(text(statement.rstrip(";\n")))
    db.session.commit()
    upgrade()
    (past,) = db.session.query(PastScore)
    assert (past.entry_id, past.role, past.judge, past.similarity, past.percentile) == ("one", "main", "old", 0.2, 80)
    assert past.replaced_by == "new"
    one, two = (db.session.get_one(Entry, key) for key in ("one", "two"))
    assert (one.judge, one.similarity, one.second_judge, one.judged_at) == ("new", 0.3, None, one.created_at)
    assert two.judged_at == datetime(2026, 1, 3, tzinfo=UTC)
    assert db.session.get_one(Caption, "words").judged_at == datetime(2026, 1, 4, tzinfo=UTC)
    assert differences() == []


def test_sqlite_keeps_foreign_keys_waits_and_writes_ahead(context):
    pragma = {
        name: db.session.scalar(text(f"PRAGMA {name}")) for name in ("foreign_keys", "journal_mode", "busy_timeout")
    }
    assert pragma["foreign_keys"] == 1
    assert pragma["journal_mode"] == "wal"
    assert pragma["busy_timeout"] >= 10_000
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        db.session.execute(text("INSERT INTO token VALUES ('h', 'nobody', '2026-01-01')"))


def test_a_moment_comes_back_in_utc_and_a_naive_one_is_refused(context):
    eastern = timezone(timedelta(hours=5))
    noon = datetime(2026, 11, 21, 17, tzinfo=eastern)
    db.session.add(Prompt(id="p", text="a cat", closes_at=noon))
    db.session.commit()
    db.session.expire_all()
    kept = db.session.get_one(Prompt, "p").closes_at
    assert kept == noon
    assert kept.tzinfo is UTC
    db.session.add(Player(created_at=datetime(2026, 1, 1)))
    with pytest.raises(StatementError, match="time zone"):
        db.session.flush()


def test_ids_are_short_and_do_not_repeat():
    ids = {new_id() for _ in range(2000)}
    assert len(ids) == 2000
    assert {len(each) for each in ids} == {12}


def test_the_job_engines_tables_on_postgresql_are_left_alone(database, tmp_path):
    app = create_app({"DATA": tmp_path, "DATABASE_URL": database, "RATE_LIMITS": "off"})
    with app.app_context():
        upgrade()
        engine.migrate()
        assert engine.ready()
        assert differences() == []
        db.session.remove()
        db.engine.dispose()


def test_a_round_is_played_on_postgresql(database, tmp_path):
    app = create_app({"DATA": tmp_path, "DATABASE_URL": database, "RATE_LIMITS": "off"})
    app.extensions[INJECTED] = ColourJudge()
    with app.app_context():
        upgrade()
        assert differences() == []
        prompt = prompts.add("a red cat", closes_at=now() + timedelta(days=1))
        player, token = players.anonymous()
        assert players.by_token(token) == player
        first = entries.submit(prompt.id, drawing.parse(doodle("blue")), player)
        second = entries.submit(prompt.id, drawing.parse(doodle("red")), player, name="Ann")
        page = entries.leaderboard(prompt.id, "all", None, 1)
        assert (page.items[0].id, page.items[0].rank, page.items[0].of) == (second.id, 1, 2)
        assert [view.id for view in entries.leaderboard(prompt.id, "human", page.next, 5).items] == [first.id]
        assert [view.id for view in prompts.listing("popular", None, 5).items] == [prompt.id]
        assert db.session.get_one(Entry, first.id).created_at.tzinfo is UTC
        db.session.remove()
        downgrade(revision="base")
        db.engine.dispose()
