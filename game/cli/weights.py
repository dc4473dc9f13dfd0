"""Commands about weights that others have trained."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def weights() -> None:
    """Take in weights that others have trained."""


@weights.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help="The file to write, .safetensors; beside FILE if not given."
)
def import_weights(file: Path, out: Path | None) -> None:
    """Convert FILE to safetensors, once, and tell what it is and how to use it.

    FILE is a VQGAN checkpoint (.ckpt) as taming-transformers published them, a CLIP archive (.pt) as OpenAI did, or a
    BigGAN file (.bin) of pytorch-pretrained-biggan, with its config.json beside it if you have that. Such files can
    hold programs; none is run, only tensors are read. Nothing is written over.
    """
    from game import painting
    from game.rules.refusals import Refusal

    try:
        report = painting.import_weights(file, out)
    except (Refusal, OSError) as error:
        raise click.ClickException(str(error)) from None
    layout = ", ".join(f"{name} {value}" for name, value in report.layout.items())
    dropped = ", ".join(f"{name} ({count})" for name, count in report.dropped.items())
    for name, value in (
        ("kind", f"{report.kind}: {layout}"),
        ("source", f"{report.source.name}, a {report.form}"),
        ("sha256", report.sha256),
        ("left out", dropped or "nothing"),
        ("written", f"{report.written} ({report.bytes / 1e6:.1f} MB)"),
        ("use", report.use),
    ):
        click.echo(f"{name:<10}{value}")
