"""`python -m generator TEXT --out picture.png`: paints a picture for a text on this machine.

TEXT is a line such as "a raccoon:1.5 | a tractor {oil} | blurry:-0.4 || 200 | a red tractor": texts between bars, each
with a weight if need be, styles in braces, and after || the step from which on other texts count.
"""

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
from generator.declare import plain
from generator.iterate import Iterate
from generator.prompt_line import parse
from generator.prompt_signs import PromptError
from generator.svg import svg

FRAMES = 60
SHORT = {"images": "image", "style": "name", "guides": "name", "dream": "layer"}  # what a bare word means there


def parser() -> argparse.ArgumentParser:
    """Returns the command line: a text, where results go, and any setting by its name."""
    made = argparse.ArgumentParser(prog="python -m generator", description=__doc__)
    made.add_argument("text", metavar="TEXT", nargs="?", help="what the picture shall show; not needed with --dream")
    made.add_argument("--out", type=Path, default=Path("picture.png"), help="the picture, PNG (%(default)s)")
    made.add_argument("--film", type=Path, help="the run as an animated WebP")
    made.add_argument("--json", type=Path, help="the drawing in the players' format")
    made.add_argument("--svg", type=Path, help="the drawing as SVG")
    made.add_argument("--judge", help="an encoder that judges the finished picture, better not the guide's own")
    made.add_argument("--device", help="cpu or cuda; chosen by itself if not given")
    told: dict[str, list[str]] = {}
    for row in table():  # two priors may have a setting of the same name
        owner = f"{row['prior']}: " if row["prior"] else ""
        told.setdefault(row["name"], []).append(f"{owner}{row['about']} ({json.dumps(row['default'])})")
    for name in [name for name in told if name != "texts"]:
        made.add_argument(
            f"--{name.replace('_', '-')}", type=value, metavar="VALUE", help=escaped(" ".join(told[name]))
        )
    return made


def value(word: str) -> Any:
    """Reads a setting from the command line: JSON where it is JSON, else the word itself."""
    try:
        return json.loads(word)
    except json.JSONDecodeError:
        return word


def setting(name: str, given: Any) -> Any:
    """Returns a setting's JSON: `--style oil` is `--style '[{"name": "oil"}]'`, `--dream layer3` likewise."""
    if name not in SHORT or not isinstance(given, str):
        return given
    record = {SHORT[name]: given}
    return record if name == "dream" else [record]


def opinion(judge: scorer.Judge, picture: Image.Image, settings: Settings) -> str:
    """Says in a line what a judge thinks of the picture for its heaviest text, and whether it had steered the run."""
    texts = [text for text in settings.texts if text.weight > 0 and text.counts_at(settings.steps - 1)]
    if not texts:
        return f"judge {judge.spec}: there is no text to judge by"
    text = max(texts, key=lambda text: text.weight).text
    score = judge.score(picture, text)
    role = "which was a guide" if judge.spec in [guide.name for guide in settings.every_guide] else "not a guide"
    return f"judge {judge.spec}, {role}: percentile {score.percentile:.1f}, similarity {score.similarity:.3f}: {text}"


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
    chosen = {name: setting(name, word) for name, word in given.items() if word is not None}
    try:
        texts = [plain(text) for text in parse(args.text)] if args.text is not None else []
        settings = Settings.from_dict({"texts": texts, **chosen})
        guides = [scorer.load(guide.name, args.device).encoder for guide in settings.every_guide]
        judge = scorer.load(args.judge, args.device) if args.judge else None
    except (PromptError, SettingsError, scorer.ScorerError) as error:
        print(error, file=sys.stderr)
        return 2
    frames: list[Image.Image] | None = [] if args.film else None
    try:
        last = paint(generate(settings, guides), frames)
    except SettingsError as error:  # a file that a setting names was refused
        print(error, file=sys.stderr)
        return 2
    write(last, frames, args, settings)
    if judge:
        print(opinion(judge, last.picture(), settings), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
