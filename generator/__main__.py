"""`python -m generator TEXT --out picture.png`: paints a picture for a text on this machine.

TEXT is a line such as "a raccoon:1.5 | a tractor {oil} | blurry:-0.4 || 200 | a red tractor": texts between bars, each
with a weight if need be, styles in braces, and after || the step from which on other texts count.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tqdm import tqdm

import scorer
from generator import CheckpointError, Settings, SettingsError, checkpoint, film, generate, table
from generator.declare import plain
from generator.iterate import Iterate
from generator.prompt_line import parse
from generator.prompt_signs import PromptError
from generator.recorder import Recorder
from generator.svg import svg

FRAMES = 60  # of a film, unless --every says how often
KEPT = 30.0  # seconds between two checkpoints
SHOWN = 0.5  # seconds between two looks at a run's numbers, which wait for the device
BAR = "{percentage:3.0f}%|{bar}| step {n_fmt}/{total_fmt} [{elapsed}{postfix}]"
INTERRUPTED = 130
SHORT = {"images": "image", "style": "name", "guides": "name", "dream": "layer"}  # what a bare word means there


def parser() -> argparse.ArgumentParser:
    """Returns the command line: a text, where results go, and any setting by its name."""
    made = argparse.ArgumentParser(prog="python -m generator", description=__doc__)
    made.add_argument("text", metavar="TEXT", nargs="?", help="what the picture shall show; not needed with --dream")
    made.add_argument("--image", metavar="FILE", action="append", help="a picture that it shall be like, once for each")
    made.add_argument("--out", type=Path, default=Path("picture.png"), help="the picture, PNG (%(default)s)")
    made.add_argument("--film", type=Path, action="append", help="the run as a .webp, .gif or .mp4, once for each")
    made.add_argument("--every", type=count, metavar="STEPS", help="steps from one picture of the film to the next")
    made.add_argument("--film-size", type=count, default=256, metavar="PX", help="the film's side (%(default)s)")
    made.add_argument("--json", type=Path, help="the drawing in the players' format")
    made.add_argument("--svg", type=Path, help="the drawing as SVG")
    made.add_argument("--checkpoint", type=Path, help="a file to go on from, written now and then and at the end")
    made.add_argument("--resume", type=Path, help="a checkpoint to go on from, with its settings but for those given")
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


def count(word: str) -> int:
    """Reads a whole number above zero."""
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


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


def wanted(args: argparse.Namespace, resume: bytes | None) -> Settings:
    """Returns the settings that the command line asks for, on top of those of the checkpoint."""
    given = {row["name"]: getattr(args, row["name"]) for row in table() if row["name"] != "texts"}
    chosen = {name: setting(name, word) for name, word in given.items() if word is not None}
    if args.image:
        chosen["images"] = [*chosen.get("images", []), *({"image": file} for file in args.image)]
    if args.text is not None:
        chosen["texts"] = [plain(text) for text in parse(args.text)]
    return Settings.from_dict({**(checkpoint.unpack(resume).settings.to_dict() if resume else {}), **chosen})


def paint(iterates: Iterable[Iterate], recorder: Recorder, args: argparse.Namespace) -> tuple[Iterate | None, bool]:
    """Runs to the end, or until Ctrl-C, behind a bar on stderr; returns the last iterate and whether it was the end."""
    last, kept, shown = None, time.monotonic(), -math.inf
    with tqdm(unit="step", file=sys.stderr, bar_format=BAR) as bar:
        try:
            for last in iterates:
                bar.total, bar.n = last.steps, last.step
                if args.film and (last.done or last.step % (args.every or max(1, last.steps // FRAMES)) == 0):
                    recorder.film(last, args.film_size)
                now = time.monotonic()
                if args.checkpoint and (last.done or now - kept > KEPT):
                    recorder.keep(last, args.checkpoint)
                    kept = now
                if last.done or now - shown > SHOWN:
                    bar.set_postfix_str(numbers(last))
                    shown = now
        except KeyboardInterrupt:
            bar.set_postfix_str("stopped")
            if last is not None and not last.done and args.checkpoint:
                recorder.keep(last, args.checkpoint)
    return last, last is not None and last.done


def numbers(iterate: Iterate) -> str:
    """Says in a few words how a run stands."""
    said = [f"similarity {iterate.similarity:.3f}", f"loss {iterate.loss:.3f}"]
    if iterate.candidates > 1:
        said.append(f"{iterate.candidates} candidates")
    said.append(f"{iterate.seconds:.1f} s" if iterate.done else f"{tqdm.format_interval(round(iterate.eta))} left")
    return ", ".join(said)


def write(last: Iterate, frames: list[Image.Image], args: argparse.Namespace, settings: Settings) -> None:
    """Writes what was asked for; picture and film carry the settings, seed and all, in their metadata."""
    told = json.dumps(settings.to_dict())
    about = PngInfo()
    about.add_text("paintoff", told)
    last.picture().save(args.out, "PNG", pnginfo=about)
    for path in args.film or ():
        path.write_bytes(film.kind(path)(frames or [last.picture(args.film_size)], told))
    drawing = last.drawing()
    if drawing is None and (args.json or args.svg):
        print(f"The {settings.prior} prior paints no strokes: no drawing was written.", file=sys.stderr)
    if drawing is not None and args.json:
        args.json.write_text(json.dumps(drawing, separators=(",", ":")))
    if drawing is not None and args.svg:
        args.svg.write_text(svg(drawing))


def main(argv: list[str] | None = None) -> int:
    """Paints; ends with 2 if something was refused, and with 130 after Ctrl-C, with what there was until then."""
    args = parser().parse_args(argv)
    try:
        for path in args.film or ():
            film.kind(path)
        resume = args.resume.read_bytes() if args.resume else None
        settings = wanted(args, resume)
        guides = [scorer.load(guide.name, args.device).encoder for guide in settings.every_guide]
        judge = scorer.load(args.judge, args.device) if args.judge else None
        with Recorder() as recorder:
            last, ended = paint(generate(settings, guides, resume), recorder, args)
            if last is not None:
                write(last, recorder.frames(), args, settings)
    except (PromptError, SettingsError, CheckpointError, film.FilmError, scorer.ScorerError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    if last is not None and judge:
        print(opinion(judge, last.picture(), settings), file=sys.stderr)
    return 0 if ended else INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
