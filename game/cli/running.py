"""Commands that run the game or tell how it stands."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import click

from game import supervising

if TYPE_CHECKING:
    from flask import Flask

HOST, PORT = "127.0.0.1", 8000
host_option = click.option("--host", default=HOST, show_default=True, help="The address to listen at.")
port_option = click.option(
    "--port", type=click.IntRange(1, 65535), default=PORT, envvar="PORT", show_default=True, show_envvar=True,
    help="The port to listen at.",
)  # fmt: skip


@click.command()
@host_option
@port_option
@click.option("--workers", type=click.IntRange(0, 16), help="How many workers paint; PAINTOFF_SLOTS by default.")
def run(host: str, port: int, workers: int | None) -> None:
    """Play: start the web server and a worker that paints, and keep both alive until Ctrl-C.

    The first start makes the database, seeds the prompts and prints a link that makes you an administrator, once. A
    process that dies is started again, later each time; a run that it was painting goes on from its last checkpoint.
    """
    from game import machine
    from game.settings import load

    begun = time.monotonic()
    chosen = load()  # a wrong setting is told once, here
    workers = chosen.slots if workers is None else workers
    if machine.port_taken(host, port):
        raise click.ClickException(
            f"{host}:{port} is taken. Choose another port: PORT={port + 1} or --port {port + 1}."
        )

    def ready() -> bool:
        if not machine.answers(host, port):
            return False
        click.echo(f"Paint-Off is at http://{host}:{port}/ ({time.monotonic() - begun:.1f} s). Ctrl-C ends it.")
        return True

    words = supervising.command("web", "--prepare", "--host", host, "--port", str(port))
    children = [supervising.Child("web", words, ready=ready, wait=120)]
    _keep_alive([*children, *_workers(workers)])


def _workers(count: int) -> list[supervising.Child]:
    """Return the workers of one machine, which share its cores."""
    from game import machine

    share = str(max(1, machine.cores() // max(1, count)))
    threads = {"OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", share)}
    words = [supervising.command("worker", "--slot", str(slot)) for slot in range(count)]
    return [supervising.Child(f"worker {slot}", each, threads) for slot, each in enumerate(words)]


def _keep_alive(children: list[supervising.Child]) -> None:
    supervising.supervise(children, supervising.stop_event(), lambda text: click.echo(text, err=True))


@click.command()
@host_option
@port_option
@click.option("--prepare", "first", is_flag=True, help="Migrate and seed the database first, as `paintoff run` does.")
def web(host: str, port: int, first: bool) -> None:
    """Serve the pages and the API, without a worker.

    Behind a reverse proxy set PAINTOFF_PROXIES. The database has to be migrated: `paintoff migrate`.
    """
    from game import create_app, machine, serving
    from game.settings import load

    supervising.end_with_parent()
    # The web server judges now and then, a worker computes all the time.
    machine.prepare_computing(load().data, max(1, machine.cores() // 2))
    if first:
        from game.preparing import prepare

        app = create_app()
        link = prepare(app)
        if link:
            click.echo(f"Administer it, once, within a day: http://{host}:{port}{link}")
            click.echo("A new link: paintoff admin link")
    serving.Server(host, port).run()


@click.command()
@click.option("--slot", type=click.IntRange(0, 999), help="Which worker of this machine to be, and only that one.")
def worker(slot: int | None) -> None:
    """Paint queued runs, one at a time, caption new pictures and count votes, until SIGTERM or Ctrl-C.

    One worker for each GPU (CUDA_VISIBLE_DEVICES), each with a slot of its own, on as many hosts as reach the database;
    with PAINTOFF_SLOTS above 1 and no --slot, that many beside each other, of which one waits when memory is short.
    What one was painting when it was killed goes on from the last checkpoint: at its next start in the same slot, or
    after a minute with any other worker.
    """
    from game import create_app, engine, machine
    from game.settings import load

    supervising.end_with_parent()
    chosen = load()
    if slot is None and chosen.slots > 1:
        _keep_alive(_workers(chosen.slots))
        return
    machine.prepare_computing(chosen.data, machine.cores())
    from game import captioning, counting, easel, opening
    from game import worker as process
    from game.rules import idempotency, settling

    app = create_app()
    with app.app_context():
        engine.migrate()
        settling.settle()
        engine.prune()
        idempotency.forget()
    captioning.begin(app)
    counting.begin(app)
    if app.config["PAINTOFF"].first_entries:
        opening.begin(app)
    process.main(app, slot or 0, easel.take, easel.advance)


@click.command()
def migrate() -> None:
    """Create the database's tables or bring them up to date, and seed the prompts. Does nothing when all is well."""
    from game import create_app
    from game.preparing import prepare

    link = prepare(create_app(), whole=True)
    click.echo("The database is up to date.")
    if link:
        click.echo(f"The first administrator's link, to be put after the address: {link}")


@click.command()
def settings() -> None:
    """List every setting: its environment variable, what it is now, and what it means."""
    from game.settings import load, shown

    for name, value, meaning in shown(load()):
        click.echo(f"{click.style(name, bold=True)} = {value or '(empty)'}\n    {meaning}")


@click.command()
def doctor() -> None:
    """Check what the game needs: data folder, database, judge, rasteriser. Ends with status 1 if something is wrong."""
    from game import create_app
    from game.preparing import checks

    app = create_app()
    sound = True
    for name, finding, good in checks(app):
        sound = sound and good
        click.echo(f"{'ok   ' if good else 'WRONG'}  {name}: {finding}")
    if not sound:
        raise SystemExit(1)


def made_app() -> Flask:
    """Return the application for a command that works on the database."""
    from game import create_app

    return create_app()
