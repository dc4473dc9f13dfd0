"""`python -m generator TEXT --out picture.png`: paints a picture for a text on this machine."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

import scorer
from generator import Settings, SettingsError, film, generate, table
from generator.run import Iterate
from generator.svg import svg

FRAMES = 60


def parser() -> argparse.ArgumentParser:
    """Returns the command line: a text, where results go, and any setting by its name."""
    made = argparse.ArgumentParser(prog="python -m generator", description=__doc__)
    made.add_argument("text", metavar="TEXT", help="what the picture shall show")
    made.add_argument("--out", type=Path, default=Path("picture.png"), help="the picture, PNG (%(default)s)")
    made.add_argument("--film", type=Path, help="the run as an animated WebP")
    made.add_argument("--json", type=Path, help="the drawing in the players' format")
    made.add_argument("--svg", type=Path, help="the drawing as SVG")
    made.add_argument("--device", help="cpu or cuda; chosen by itself if not given")
    for row in table():
        if row["name"] != "texts":
            owner = f"{row['prior']}: " if row["prior"] else ""
            about = f"{owner}{row['about']} ({json.dumps(row['default'])})"
            made.add_argument(f"--{row['name'].replace('_', '-')}", type=value, metavar="VALUE", help=escaped(about))
    return made


def value(word: str) -> Any:
    """Reads a setting from the command line: JSON where it is JSON, else the word itself."""
    try:
        return json.loads(word)
    except json.JSONDecodeError:
        return word


def escaped(about: str) -> str:
    """Returns help that argparse does not format."""
    return about.replace("%", "%%")


def paint(iterates: Iterable[Iterate], frames: list[Image.Image] | None) -> Iterate:
    """Runs to the end with a line of progress on stderr; collects FRAMES pictures in `frames` if there is a list."""
    last = None
    for last in iterates:
        print(f"\rstep {last.step}/{last.steps}  similarity {last.similarity:.3f}", end="", file=sys.stderr, flush=True)
        if frames is not None and (last.done or last.step % max(1, last.steps // FRAMES) == 0):
            frames.append(last.picture(256))
    if last is None:
        raise RuntimeError("the run had no step")
    print(f"  {last.seconds:.1f} s", file=sys.stderr)
    return last


def write(last: Iterate, frames: list[Image.Image] | None, args: argparse.Namespace, settings: Settings) -> None:
    """Writes what was asked for; the picture carries its settings in its metadata."""
    about = PngInfo()
    about.add_text("paintoff", json.dumps(settings.to_dict()))
    last.picture().save(args.out, "PNG", pnginfo=about)
    if args.film and frames:
        args.film.write_bytes(film.webp(frames))
    drawing = last.drawing()
    if drawing is None and (args.json or args.svg):
        print(f"The {settings.prior} prior paints no strokes: no drawing was written.", file=sys.stderr)
    if drawing is not None and args.json:
        args.json.write_text(json.dumps(drawing, separators=(",", ":")))
    if drawing is not None and args.svg:
        args.svg.write_text(svg(drawing))


def main(argv: list[str] | None = None) -> int:
    """Paints; ends with 2 if a setting or the guide was refused."""
    args = parser().parse_args(argv)
    given = {row["name"]: getattr(args, row["name"]) for row in table() if row["name"] != "texts"}
    chosen = {name: setting for name, setting in given.items() if setting is not None}
    try:
        settings = Settings.from_dict({"texts": [{"text": args.text}], **chosen})
        guide = scorer.load(settings.guide, args.device).encoder
    except (SettingsError, scorer.ScorerError) as error:
        print(error, file=sys.stderr)
        return 2
    frames: list[Image.Image] | None = [] if args.film else None
    try:
        last = paint(generate(settings, guide), frames)
    except SettingsError as error:  # a file that a setting names was refused
        print(error, file=sys.stderr)
        return 2
    write(last, frames, args, settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
