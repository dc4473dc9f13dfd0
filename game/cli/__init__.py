"""The console script `paintoff`: one command for each chore.

Every command imports what it needs when it runs, so that `paintoff --help` and the start of the game stay quick.
"""

from __future__ import annotations

from typing import Any

import click

from game.cli import boards, people, running, weights
from game.settings import SettingError


class Script(click.Group):
    """Says what is wrong in a sentence where a traceback would help nobody."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(context)
        except SettingError as error:
            raise click.ClickException(str(error)) from None
        except Exception as error:
            if any(sign in str(error) for sign in ("no such table", "UndefinedTable")):  # SQLite, PostgreSQL
                raise click.ClickException("The database has no tables yet. Run `paintoff migrate` first.") from None
            raise


@click.group(cls=Script, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="paint-off", message="Paint-Off %(version)s")
def main() -> None:
    """Paint-Off: a drawing game with a CLIP model as the jury, and a machine that paints for the same board.

    \b
    paintoff run                      play: the web server and one painting worker, until Ctrl-C
    paintoff admin link               a fresh link that makes you an administrator
    paintoff prompts add "a cat"      one more thing to draw

    Everything is set by environment variables that begin with PAINTOFF_; `paintoff settings` lists them with what they
    are at the moment. All that is kept (database, pictures, checkpoints, secrets) lies in the folder PAINTOFF_DATA.
    """


for command in (
    running.run,
    running.web,
    running.worker,
    running.migrate,
    running.settings,
    running.doctor,
    people.admin,
    boards.prompts,
    boards.drawings,
    boards.export,
    boards.judge,
    weights.weights,
):
    main.add_command(command)
