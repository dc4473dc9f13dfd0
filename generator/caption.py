"""`python -m generator.caption PICTURE`: writes the caption of a picture that a guide likes best, as JSON."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from generator.captions import Settings, write
from generator.declare import SettingsError, names, read
from generator.pictures import opened
from scorer.encoder import ScorerError, load_encoder
from scorer.reference import vocabulary


def parser() -> argparse.ArgumentParser:
    """Returns the command line: a picture, a guide, a list of words, and any setting by its name."""
    made = argparse.ArgumentParser(prog="python -m generator.caption", description=__doc__)
    made.add_argument("picture", metavar="PICTURE", help="a file, or a data: URI")
    made.add_argument("--guide", default="embedded:main", help="the encoder to please (%(default)s)")
    made.add_argument("--words", type=Path, metavar="FILE", help="what may be named, a line each; else Quick, Draw!'s")
    made.add_argument("--device", help="cpu or cuda; chosen by itself if not given")
    for setting in dataclasses.fields(Settings):
        about = f"{setting.metadata['about']} ({setting.default})"
        made.add_argument(f"--{setting.name}", type=int, metavar="N", help=about)
    return made


def main(argv: list[str] | None = None) -> int:
    """Prints text, similarity and how many phrases were tried; ends with 2 if something was refused."""
    args = parser().parse_args(argv)
    try:
        given = {name: getattr(args, name) for name in names(Settings) if getattr(args, name) is not None}
        settings = read(Settings, given)
        picture = opened(args.picture, "#/picture")
        words = args.words.read_text("utf-8").splitlines() if args.words else vocabulary()
        caption = write(picture, load_encoder(args.guide, args.device), words, settings)
    except (SettingsError, ScorerError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps({**dataclasses.asdict(caption), "guide": args.guide}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
