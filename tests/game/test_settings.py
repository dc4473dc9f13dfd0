"""The settings: one table, read from the environment, wrong ones refused with what would do."""

from dataclasses import fields

import pytest

from game import create_app, settings
from game.settings import SettingError, Settings


def test_defaults_put_everything_in_one_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    chosen = settings.load(environment={})
    assert chosen.data == tmp_path / "instance"
    assert chosen.database_url == f"sqlite:///{tmp_path / 'instance' / 'paintoff.sqlite'}"
    assert chosen.rate_limits is True


def test_the_environment_is_read_and_what_is_given_wins(tmp_path):
    environment = {"PAINTOFF_DATA": "/nowhere", "PAINTOFF_JUDGE": "ViT-B-32:openai", "HOME": "/x"}
    chosen = settings.load({"DATA": tmp_path}, environment)
    assert (chosen.data, chosen.judge) == (tmp_path, "ViT-B-32:openai")


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("RATE_LIMITS", "no", "on or off"),
        ("PROXIES", "-1", "a whole number from 0 to 9"),
        ("PROXIES", "²", "a whole number from 0 to 9"),
        ("LOG", "xml", "plain or json"),
        ("JUDGE", " ", "something other than blanks"),
        ("JUDGE_URL", "gpu:8100", "an address such as http://gpu:8100"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_what_can(name, value, wanted):
    with pytest.raises(SettingError, match=f"PAINTOFF_{name}") as refusal:
        settings.load(environment={f"PAINTOFF_{name}": value})
    assert wanted in str(refusal.value)


def test_an_unknown_setting_is_refused_with_the_likely_one():
    with pytest.raises(SettingError, match="Did you mean PAINTOFF_JUDGE"):
        settings.load(environment={"PAINTOFF_JUGDE": "embedded:main"})


def test_what_our_own_processes_tell_each_other_is_no_setting():
    settings.load(environment={"PAINTOFF_PARENT": "12"})


def test_the_table_and_the_object_have_the_same_names():
    assert [row.name.lower() for row in settings.TABLE] == [field.name for field in fields(Settings)]


def test_a_password_is_not_shown(tmp_path):
    chosen = settings.load({"DATABASE_URL": "postgresql://ann:hushhush@host/game"}, {})
    rows = settings.shown(chosen)
    assert ["PAINTOFF_RATE_LIMITS", "on"] in [list(row[:2]) for row in rows]
    assert "hushhush" not in str(rows)
    assert "ann" in str(rows)


def test_web_servers_with_the_same_secret_read_each_others_cookies(tmp_path):
    keys = [make_key(tmp_path / name, SECRET="a secret of some length") for name in ("one", "two")]
    assert keys[0] == keys[1] == "a secret of some length"
    assert make_key(tmp_path / "one") != make_key(tmp_path / "two"), "by itself each makes its own"
    with pytest.raises(SettingError, match="at least 16 characters") as refusal:
        settings.load(environment={"PAINTOFF_SECRET": "hunter2"})
    assert "hunter2" not in str(refusal.value)


def make_key(folder, **given):
    return create_app({"DATA": folder, **given}).config["SECRET_KEY"]
