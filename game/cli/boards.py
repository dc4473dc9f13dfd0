"""Commands about prompts, drawings and their judging."""

from __future__ import annotations

from typing import IO

import click

from game.cli.running import made_app


@click.group()
def prompts() -> None:
    """Write and list prompts: what players are asked to draw."""


@prompts.command("add")
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@click.option("--needs-clip", is_flag=True, help="Keep it closed unless a judge with real CLIP weights sits.")
def add_prompts(texts: tuple[str, ...], needs_clip: bool) -> None:
    """Add a prompt for each TEXT, open at once; prints their ids. One that is there already is left as it is."""
    from game.rules import prompts as rules
    from game.rules.refusals import Conflict, Refusal

    with made_app().app_context():
        for text in texts:
            try:
                click.echo(f"{rules.add(text, needs_clip=needs_clip).id}  {text}")
            except Conflict:
                click.echo(f"{text!r} is a prompt already.", err=True)
            except Refusal as refusal:
                raise click.ClickException(f"{text!r}: {refusal}") from None


@prompts.command("list")
@click.option("--all", "closed_too", is_flag=True, help="Closed ones, too.")
def list_prompts(closed_too: bool) -> None:
    """List prompts, the newest first: id, state, number of entries, text."""
    from game.rules import prompts as rules

    with made_app().app_context():
        cursor = None
        while True:
            page = rules.listing("new", cursor, 200, state=None if closed_too else "open")
            for prompt in page.items:
                click.echo(f"{prompt.id}  {prompt.state:6}  {prompt.entries:6}  {prompt.text}")
            cursor = page.next
            if cursor is None:
                break


@click.group()
def drawings() -> None:
    """Bring drawings in."""


@drawings.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--prompt", "prompt_id", required=True, metavar="ID", help="The prompt to enter them under.")
@click.option("--name", default="Imported drawings", show_default=True, help="The player who enters them.")
@click.option("--limit", type=click.IntRange(1), help="Stop after so many.")
def import_drawings(file: IO[bytes], prompt_id: str, name: str, limit: int | None) -> None:
    """Enter the drawings of FILE under a prompt, as a player of that name; `-` is the standard input.

    FILE is ndjson, one drawing a line: Quick, Draw!'s (raw or simplified) or what `paintoff export` writes. It is read
    line by line, so its size does not matter. The first line that is no drawing ends it; those before are entered.
    """
    from game.rules import imports
    from game.rules.exchange import ExchangeError
    from game.rules.refusals import Refusal

    entered = 0
    with made_app().app_context():
        try:
            for _ in imports.enter(file, prompt_id, name, limit):
                entered += 1
                if entered % 100 == 0:
                    click.echo(f"{entered} entered", err=True)
        except (ExchangeError, Refusal) as error:
            raise click.ClickException(f"{error} ({entered} entered before that)") from None
    click.echo(f"{entered} drawings entered.")


@click.command()
@click.option("--out", type=click.File("w", encoding="utf-8", lazy=True), default="-", help="A file instead of stdout.")
@click.option("--prompt", "prompt_id", metavar="ID", help="Only the entries of this prompt.")
@click.option("--hidden", is_flag=True, help="Held and hidden entries, too.")
def export(out: IO[str], prompt_id: str | None, hidden: bool) -> None:
    """Write the entries' drawings as ndjson, one a line and with times, oldest first.

    Lines are in the manner of the Quick, Draw! data set with colours, brush and fills added; entry, kind, judge and
    similarity come along. `paintoff drawings import` reads them back exactly.
    """
    from game.rules import exchange, imports

    with made_app().app_context():
        out.writelines(exchange.write(imports.records(prompt_id, hidden)))


@click.group()
def judge() -> None:
    """Change who judges."""


@judge.command()
@click.option(
    "--judge", "spec", required=True, metavar="SPEC", help="embedded:NAME, ARCH:TAG or ARCH:/path/to/weights."
)
@click.option("--anew", is_flag=True, help="Also what SPEC has judged itself: its weights may have changed.")
def again(spec: str, anew: bool) -> None:
    """Judge all entries and captions again, by the judge SPEC.

    Former scores are kept beside the new ones. Interrupted or killed, it goes on where it was when started again.
    Boards show what the judge that sits has judged, so set PAINTOFF_JUDGE to the same SPEC, too.
    """
    from game import judging
    from game.rules import rejudging

    with made_app().app_context():
        try:
            done = rejudging.rejudge(judging.load(spec), anew, _tell)
        except judging.JudgeUnavailable as error:
            raise click.ClickException(str(error)) from None
        click.echo(f"{done.entries} entries and {done.captions} captions were judged again by {spec}.")
        _tell_lost(done.lost)
        if judging.spec() != spec:
            click.echo(f"{judging.spec()} sits still: start the game with PAINTOFF_JUDGE={spec}.", err=True)


@judge.command()
@click.option("--anew", is_flag=True, help="Also what it has seen before: its weights may have changed.")
def second(anew: bool) -> None:
    """Let the second judge look at all entries that it has not seen, such as those from before it sat.

    Who that is says PAINTOFF_SECOND_JUDGE. Interrupted or killed, it goes on where it was when started again.
    """
    from game import judging
    from game.rules import rejudging

    with made_app().app_context():
        try:
            sitting = judging.load_second()
            if sitting is None:
                raise click.ClickException("No second judge sits. Name one: PAINTOFF_SECOND_JUDGE=embedded:NAME.")
            done = rejudging.give_second(sitting, anew, _tell)
        except judging.JudgeUnavailable as error:
            raise click.ClickException(str(error)) from None
        click.echo(f"{done.entries} entries were judged by the second judge, {sitting.spec}.")
        _tell_lost(done.lost)


def _tell(done: int) -> None:
    click.echo(f"{done} entries done", err=True)


def _tell_lost(lost: int) -> None:
    if lost:
        click.echo(f"{lost} could not be judged, for their pictures are gone; the log names them.", err=True)
