"""compose.yaml and the Dockerfile, as far as they can be checked without Docker: read, resolved, and really run.

Docker is not needed here: each service of ours is started as the plain process that its container would be, against a
real PostgreSQL and an object store that speaks S3.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import click
import pytest
import yaml

from game import settings
from game.cli import main as paintoff
from tests.game.bucket_server import serving
from tests.game.conftest import database, postgres  # noqa: F401  fixtures

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 400  # seconds; a busy machine loads its libraries slowly


def resolved(value):
    """A value of the file with `${NAME:-default}` filled in where nothing is set, as Docker Compose does."""
    if isinstance(value, dict):
        return {key: resolved(each) for key, each in value.items()}
    if isinstance(value, list):
        return [resolved(each) for each in value]
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def compose():
    return resolved(yaml.safe_load((ROOT / "compose.yaml").read_text()))


@pytest.fixture(scope="module")
def ours(compose):
    """The services that run our image, by name."""
    return {name: service for name, service in compose["services"].items() if "build" in service}


def test_every_service_has_an_image_and_only_known_keys(compose):
    known = {"image", "build", "restart", "environment", "volumes", "depends_on", "command", "entrypoint", "ports",
             "healthcheck", "profiles", "deploy", "stop_grace_period", "shm_size"}  # fmt: skip
    assert set(compose["services"]) == {"database", "store", "prepare", "web", "worker", "gpu-worker", "judge"}
    for service in compose["services"].values():
        assert service["image"]
        assert set(service) <= known
        assert service["restart"] in ("unless-stopped", "no")


def test_what_services_wait_for_and_keep_is_there(compose):
    for service in compose["services"].values():
        assert set(service.get("depends_on", ())) <= set(compose["services"])
        for volume in service.get("volumes", ()):
            assert volume.split(":")[0] in compose["volumes"]
    for name, service in compose["services"].items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in compose["services"][other], f"{name} waits for {other} in vain"


def test_gpus_and_the_judge_come_only_when_asked_for(compose):
    asked = {name: service["profiles"] for name, service in compose["services"].items() if "profiles" in service}
    assert asked == {"gpu-worker": ["gpu"], "judge": ["judge"]}
    (device,) = compose["services"]["gpu-worker"]["deploy"]["resources"]["reservations"]["devices"]
    assert device["capabilities"] == ["gpu"]


def test_every_setting_is_one_and_can_be_read(ours):
    for service in ours.values():
        given = {name: value for name, value in service.get("environment", {}).items() if name.startswith("PAINTOFF_")}
        assert settings.load(environment=given)
        assert all(isinstance(value, str) for value in service.get("environment", {}).values())


def test_every_command_is_one(ours):
    for service in ours.values():
        program, *words = service["command"]
        if program == "paintoff":
            with click.Context(paintoff) as context:
                command = paintoff.commands[words[0]]
                command.make_parser(context).parse_args(args=words[1:])
        else:
            from scorer import serve

            assert [program, *words[:2]] == ["python", "-m", "scorer.serve"]
            assert serve._parser().parse_args(words[2:]).replicas == (1, 4)


def test_what_the_image_is_made_of_is_there():
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for pattern in line.split():
            assert list(ROOT.glob(pattern)), f"{pattern} is copied, but is not there"
    extras = re.findall(r'EXTRAS="(.*)"', text) + re.findall(r"EXTRAS: (.*)", (ROOT / "compose.yaml").read_text())
    for extra in " ".join(extras).split():
        assert (ROOT / f"requirements-{extra}.lock").is_file()
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {"tests", ".git", "instance"} <= set(left_out)
    assert not {"game", "scorer", "generator", "static", "templates"} & set(left_out)


class Containers:
    """Starts services' commands as plain processes, with their environment but for the names of other containers."""

    def __init__(self, ours, replaced, folder):
        self.ours, self.replaced, self.folder, self.all = ours, replaced, folder, []

    def start(self, name):
        service = self.ours[name]
        given = {**service["environment"], **self.replaced}
        bare = {key: value for key, value in os.environ.items() if not key.startswith(("PAINTOFF_", "AWS_"))}
        program, *words = service["command"]
        module = {"paintoff": ["-m", "game.cli"], "python": []}[program]
        words = [self.replaced["PORT"] if word == "8000" else word for word in words]
        log = self.folder / f"{name}.log"
        with log.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, *module, *words], env={**bare, **given}, stdout=file, stderr=file
            )
        process.log = log
        self.all.append(process)
        return process

    def end(self):
        for process in self.all:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.all:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def containers(ours, database, tmp_path):  # noqa: F811
    pytest.importorskip("obstore", reason="the extra [s3] is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    with serving() as (address, held):
        replaced = {"PAINTOFF_DATA": str(tmp_path / "data"), "PAINTOFF_DATABASE_URL": database,
                    "AWS_ENDPOINT_URL": address, "PORT": port, "PAINTOFF_FIRST_ENTRIES": "off"}  # fmt: skip
        made = Containers(ours, replaced, tmp_path)
        made.held, made.port = held, port
        yield made
        made.end()


def wait_until(holds, process):
    end = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert process.poll() is None, process.log.read_text()
        assert time.monotonic() < end, process.log.read_text()
        time.sleep(0.2)
    return found


def test_each_service_runs_as_a_plain_process_against_a_real_postgresql(containers):
    prepare = containers.start("prepare")
    assert prepare.wait(PATIENCE) == 0, prepare.log.read_text()
    assert "/admin/login?key=" in prepare.log.read_text()
    web, worker = containers.start("web"), containers.start("worker")

    def ready():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{containers.port}/readyz", timeout=60) as answer:
                return json.load(answer)
        except (urllib.error.URLError, OSError):
            return None

    assert wait_until(ready, web)["status"] == "ready"
    wait_until(lambda: "waiting for runs" in worker.log.read_text(), worker)
    assert json.loads(worker.log.read_text().splitlines()[-1]), "its log is JSON"
    assert list(containers.held.objects) == ["paintoff/objects/.ready"], "the store was asked"


def test_docker_compose_reads_the_file():
    plugin = shutil.which("docker") and not subprocess.run(["docker", "compose", "version"], check=False).returncode
    if not plugin and not shutil.which("docker-compose"):
        pytest.skip("no Docker Compose here, so only other tests read the file: sudo apt-get install docker-compose")
    compose = ["docker", "compose"] if plugin else ["docker-compose"]
    subprocess.run([*compose, "config", "--quiet"], cwd=ROOT, check=True)
