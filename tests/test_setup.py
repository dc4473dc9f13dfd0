"""The scripts behind `make`: where something is missing they say in one line what to do, and measuring prints JSON."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import bench.__main__ as runner
from bench import Figure

ROOT = Path(__file__).resolve().parent.parent
SH = "/bin/sh"


def script(folder: Path, name: str, *words: str, **commands: str) -> subprocess.CompletedProcess[str]:
    """Runs a script in an empty folder where the only commands are `commands`, each given as shell source."""
    for command, source in commands.items():
        path = folder / command
        path.write_text(f"#!{SH}\n{source}\n")
        path.chmod(0o755)
    return subprocess.run(
        [SH, str(ROOT / "scripts" / name), *words],
        cwd=folder,
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_python_is_said_in_one_line(tmp_path):
    done = script(tmp_path, "venv.sh", "")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Python 3.11 or newer" in done.stderr


def test_a_python_without_venv_is_said_in_one_line(tmp_path):
    done = script(tmp_path, "venv.sh", "python3", python3="exit 1")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "apt-get install python3-venv" in done.stderr


@pytest.mark.parametrize(("name", "package"), [("browser.sh", "chromium"), ("test-js.sh", "nodejs")])
def test_a_missing_tool_is_said_aloud_and_stops_nothing(tmp_path, name, package):
    done = script(tmp_path, name, id="echo 1000")
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert f"apt-get install {package}" in done.stderr


def test_root_gets_a_browser_from_debian(tmp_path):
    asked = tmp_path / "asked"
    tools = {"mktemp": f'echo "{tmp_path}/log"', "rm": "exit 0", "apt-get": f'echo "$@" >> "{asked}"'}
    done = script(tmp_path, "browser.sh", id="echo 0", **tools)
    assert done.returncode == 0, done.stderr
    assert asked.read_text().splitlines() == ["update", "install -y --no-install-recommends chromium"]


def test_a_failed_installation_shows_what_pip_said(tmp_path):
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    pip = tmp_path / ".venv" / "bin" / "python"
    pip.write_text(f"#!{SH}\necho 'no such release'; exit 1\n")
    pip.chmod(0o755)
    tools = {
        "mktemp": f'echo "{tmp_path}/log"',
        "rm": "exit 0",
        "cat": 'while read -r line; do echo "$line"; done < "$1"',
    }
    done = script(tmp_path, "install.sh", "the game", "-r", "requirements.lock", **tools)
    assert done.returncode == 1
    assert "no such release" in done.stderr
    assert "Could not install the game" in done.stderr


def test_a_figure_is_one_json_object_a_line(monkeypatch, capsys):
    figures = [Figure("raster.doodle", 2.0, "ms", against=8.0), Figure("raster.big", 5.0, "ms")]
    monkeypatch.setattr("bench.raster.figures", lambda: iter(figures))
    monkeypatch.setattr(sys, "argv", ["bench", "raster"])
    assert runner.main() == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"figure": "raster.doodle", "value": 2.0, "unit": "ms", "against": 8.0, "ratio": 0.25},
        {"figure": "raster.big", "value": 5.0, "unit": "ms", "against": None, "ratio": None},
    ]
    monkeypatch.setattr(sys, "argv", ["bench", "raster.big"])
    assert runner.main() == 0
    assert capsys.readouterr().out.count("\n") == 1


def test_a_module_that_takes_long_runs_only_if_asked_for(monkeypatch, capsys):
    monkeypatch.setattr("bench.raster.figures", lambda: iter([Figure("raster.doodle", 2.0, "ms")]))
    monkeypatch.setattr("bench.raster.ONLY_IF_ASKED", True, raising=False)
    monkeypatch.setattr(runner, "modules", lambda _only: ["raster"])
    monkeypatch.setattr(sys, "argv", ["bench"])
    assert runner.main() == 1
    monkeypatch.setattr(sys, "argv", ["bench", "raster"])
    assert runner.main() == 0
    assert "raster.doodle" in capsys.readouterr().out


def test_an_unknown_figure_is_refused_with_the_names_there_are(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench", "nonesuch"])
    assert runner.main() == 1
    assert "raster" in capsys.readouterr().err
