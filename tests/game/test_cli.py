"""The console script, command by command, on a data folder of its own."""

import json

import pytest
from click.testing import CliRunner

from game import create_app, judging
from game.cli import main
from game.extensions import db
from game.models import Caption, Entry, PastScore
from game.rules import captions, drawing, entries, players, prompts, raster
from game.settings import TABLE
from tests.conftest import doodle
from tests.fakes import ColourJudge


@pytest.fixture
def data(tmp_path, monkeypatch, empty_database):
    """A data folder that the environment names, with a migrated, empty database."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "paintoff.sqlite").write_bytes(empty_database)
    monkeypatch.setenv("PAINTOFF_DATA", str(folder))
    judges = {}
    monkeypatch.setattr(judging, "load", lambda spec: judges.setdefault(spec, ColourJudge(spec)))
    return folder


@pytest.fixture
def paintoff(data):
    """Runs a command that has to succeed and returns what it wrote to stdout."""

    def run(*words, fails=False, given=None):
        result = CliRunner().invoke(main, words, input=given, catch_exceptions=False)
        assert (result.exit_code != 0) is fails, result.output
        return result.output if fails else result.stdout

    return run


@pytest.fixture
def board(data):
    """The application with one prompt that has a red and a blue entry; its id."""
    app = create_app()
    with app.app_context():
        prompt = prompts.add("a red balloon")
        for colour in ("red", "blue"):
            player, _ = players.anonymous()
            entries.submit(prompt.id, drawing.parse(doodle(colour)), player, name=f"{colour} Ann")
        yield prompt.id
        db.session.remove()
        db.engine.dispose()


def test_help_tells_of_every_command(paintoff):
    told = paintoff("--help")
    for name, command in main.commands.items():
        assert f"  {name} " in told
        assert command.help, name
        for part in getattr(command, "commands", {}).values():
            assert part.help, part.name


def test_settings_lists_every_setting_with_value_and_meaning(paintoff, data):
    told = paintoff("settings")
    for setting in TABLE:
        assert f"PAINTOFF_{setting.name} = " in told
        assert setting.meaning in told
    assert f"PAINTOFF_DATA = {data}" in told


def test_a_mistyped_setting_is_named(paintoff, monkeypatch):
    monkeypatch.setenv("PAINTOFF_JUGDE", "x")
    assert "PAINTOFF_JUDGE" in paintoff("settings", fails=True)


def test_a_database_without_tables_is_explained(paintoff, data):
    (data / "paintoff.sqlite").unlink()
    assert "paintoff migrate" in paintoff("prompts", "list", fails=True)


def test_migrate_makes_a_bare_folder_playable_and_a_second_time_changes_nothing(paintoff, data):
    (data / "paintoff.sqlite").unlink()
    assert "/admin/login?key=" in paintoff("migrate")
    many = paintoff("prompts", "list", "--all")
    assert len(many.splitlines()) >= 60
    paintoff("admin", "token")
    assert "/admin/login" not in paintoff("migrate"), "somebody administers it now"
    assert paintoff("prompts", "list", "--all") == many


def test_prompts_are_added_once(paintoff):
    added = paintoff("prompts", "add", "a cat", "a dog on a log")
    assert [line.split("  ")[1] for line in added.splitlines()] == ["a cat", "a dog on a log"]
    assert paintoff("prompts", "add", "a cat") == ""
    listed = paintoff("prompts", "list")
    assert "a dog on a log" in listed
    assert len(listed.splitlines()) == 2


def test_a_prompt_that_will_not_do_is_refused(paintoff):
    assert "at most 200 characters" in paintoff("prompts", "add", "x" * 201, fails=True)


def test_an_admin_token_opens_the_administration(paintoff, data):
    token = paintoff("admin", "token").strip()
    app = create_app()
    answer = app.test_client().get("/api/v1/runs", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_an_admin_link_makes_one_administrator(paintoff, data):
    link = paintoff("admin", "link", "--address", "https://paint.example/").strip()
    assert link.startswith("https://paint.example/admin/login?key=")
    with create_app().app_context():
        key = link.split("key=")[1]
        assert players.use_link(key).is_admin
        assert players.use_link(key) is None


def test_export_and_import_give_the_same_drawings(paintoff, board, tmp_path):
    lines = paintoff("export").splitlines()
    assert [json.loads(line)["word"] for line in lines] == ["a red balloon"] * 2
    assert [json.loads(line)["player"] for line in lines] == ["red Ann", "blue Ann"]
    file = tmp_path / "all.ndjson"
    paintoff("export", "--out", str(file))
    assert file.read_text().splitlines() == lines

    other = prompts.add("a blue balloon").id
    assert "2 drawings entered" in paintoff("drawings", "import", str(file), "--prompt", other, "--name", "Ben")
    again = paintoff("export", "--prompt", other).splitlines()
    assert [json.loads(line)["drawing"] for line in again] == [json.loads(line)["drawing"] for line in lines]
    assert {json.loads(line)["player"] for line in again} == {"Ben"}


def test_hidden_entries_are_exported_only_when_asked_for(paintoff, board):
    hidden = db.session.query(Entry).first()
    hidden.state = "hidden"
    db.session.commit()
    assert len(paintoff("export").splitlines()) == 1
    assert len(paintoff("export", "--hidden").splitlines()) == 2


def test_a_long_export_leaves_nothing_out(paintoff, board, monkeypatch):
    from game.rules import imports

    monkeypatch.setattr(imports, "BLOCK", 1)
    assert len(paintoff("export").splitlines()) == 2


def test_quick_draw_lines_are_imported_from_the_standard_input(paintoff, board):
    line = json.dumps({"word": "circle", "drawing": [[[0, 50, 100], [0, 90, 0]]]})
    told = paintoff("drawings", "import", "-", "--prompt", board, "--limit", "2", given=f"{line}\n" * 3)
    assert "2 drawings entered" in told
    assert entries.leaderboard(board, "all", None, 24).items[0].of == 4


def test_a_line_that_is_no_drawing_is_named_and_those_before_it_stay(paintoff, board):
    line = json.dumps({"drawing": [[[0, 50], [0, 90]]]})
    told = paintoff("drawings", "import", "-", "--prompt", board, fails=True, given=f"{line}\nnothing\n")
    assert "Line 2" in told
    assert "1 entered before" in told


def test_judging_again_moves_all_to_the_new_judge_and_keeps_the_old_score(paintoff, board):
    entry = db.session.query(Entry).first()
    captions.submit(entry.id, "something red", players.anonymous()[0])
    former, similarity, entry_id = entry.judge, entry.similarity, entry.id
    told = paintoff("judge", "again", "--judge", "other:judge")
    assert "2 entries and 1 captions were judged again by other:judge" in told
    db.session.expire_all()
    assert {entry.judge for entry in db.session.query(Entry)} == {"other:judge"}
    assert {caption.judge for caption in db.session.query(Caption)} == {"other:judge"}
    past = db.session.query(PastScore).filter_by(entry_id=entry_id, role="main").one()
    assert (past.judge, past.similarity) == (former, similarity)
    assert "0 entries" in paintoff("judge", "again", "--judge", "other:judge")
    assert "2 entries" in paintoff("judge", "again", "--judge", "other:judge", "--anew")


def test_the_second_judge_is_let_in(paintoff, board, monkeypatch):
    monkeypatch.setenv("PAINTOFF_SECOND_JUDGE", "none")
    assert "No second judge sits" in paintoff("judge", "second", fails=True)
    monkeypatch.setenv("PAINTOFF_SECOND_JUDGE", "other:judge")
    assert "2 entries were judged by the second judge, other:judge" in paintoff("judge", "second")
    assert "0 entries" in paintoff("judge", "second")
    db.session.expire_all()
    assert {entry.second_judge for entry in db.session.query(Entry)} == {"other:judge"}


def test_a_judge_that_cannot_be_loaded_is_explained(paintoff, board, monkeypatch):
    def fails(spec):
        raise judging.JudgeUnavailable("there is no such judge")

    monkeypatch.setattr(judging, "load", fails)
    assert "there is no such judge" in paintoff("judge", "again", "--judge", "x:y", fails=True)


def test_the_doctor_finds_a_sound_game_sound_and_names_what_is_wrong(paintoff, data, monkeypatch):
    paintoff("migrate")
    told = paintoff("doctor")
    assert told.count("ok   ") == 4
    monkeypatch.setattr(raster, "checksum", lambda drawing: 1 / 0)
    told = paintoff("doctor", fails=True)
    assert "WRONG  rasteriser" in told
    assert "ok     database" in told
