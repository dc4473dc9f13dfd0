"""Resolves the ranges of pyproject.toml into exact lock files, in an environment made for it and thrown away."""

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Not among the game's requirements, yet exact as well: it builds the editable install.
BUILD = ["setuptools>=77"]
OPTIONAL = {
    "cluster": "Ray Serve",
    "film": "MP4 films",
    "ocr": "RapidOCR",
    "oidc": "OpenID Connect",
    "onnx": "ONNX Runtime",
    "s3": "object stores",
    "training": "data and fonts for training",
}


def frozen(python: Path) -> list[str]:
    """Every installed distribution as `name==version`.

    The local part of a version (torch's `+cpu`) is left out: which build fits is the installing machine's business.
    """
    command = [python, "-m", "pip", "freeze", "--all", "--exclude", "pip"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return sorted((re.sub(r"\+.*", "", line) for line in lines), key=lambda line: line.lower().split("=="))


def install(python: Path, requirements: list[str]) -> None:
    """Installs the requirements with the environment's own pip; raises CalledProcessError where pip fails."""
    subprocess.run([python, "-m", "pip", "install", "--quiet", *requirements], check=True)


def write(name: str, what: str, lines: list[str]) -> None:
    """Writes one lock file at the root of the repository."""
    head = f"# Made by `make lock` from pyproject.toml: {what}."
    (ROOT / name).write_text("\n".join([head, *lines]) + "\n")
    print(f"{name}: {len(lines)} distributions")


def added(run_time: list[str], requirements: list[str]) -> list[str]:
    """What requirements add to the game's own distributions, found out in an environment of their own."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder, "bin", "python")
        install(python, run_time + requirements)
        return [line for line in frozen(python) if line not in run_time]


def main() -> None:
    """Writes requirements.lock, then a lock file each with what the tests and each optional extra add to it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    # A bound given on the command line narrows this resolution only: scripts/lock.py torch==2.13.0
    narrowed = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder, "bin", "python")
        install(python, BUILD + project["dependencies"] + narrowed)
        run_time = frozen(python)
    tests = added(run_time, extras["test"] + extras["dev"])
    optional = {extra: added(run_time, extras[extra]) for extra in OPTIONAL}
    write("requirements.lock", "all that the game needs", run_time)
    write("requirements-test.lock", "what its tests and linters need besides", tests)
    for extra, lines in optional.items():
        write(f"requirements-{extra}.lock", f"what the extra [{extra}] ({OPTIONAL[extra]}) needs besides", lines)


if __name__ == "__main__":
    main()
