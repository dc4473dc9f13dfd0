"""Commands about who may administer."""

from __future__ import annotations

import click

from game.cli.running import HOST, PORT, made_app


@click.group()
def admin() -> None:
    """Make administrators: a link for the browser, a token for programs."""


@admin.command()
def token() -> None:
    """Print a new administrator's bearer token, once: only its checksum is kept.

    \b
    curl -H "Authorization: Bearer $(paintoff admin token)" http://127.0.0.1:8000/api/v1/runs
    """
    from game.rules import players

    with made_app().app_context():
        click.echo(players.admin_token())


@admin.command()
@click.option("--address", default=f"http://{HOST}:{PORT}", show_default=True, help="Where the game is reached.")
def link(address: str) -> None:
    """Print a link that makes the first one who opens it an administrator; it lasts a day."""
    from game.rules import players

    with made_app().app_context():
        click.echo(address.rstrip("/") + players.one_time_link())
