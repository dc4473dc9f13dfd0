"""Cuts the display face to the letters the game uses and writes static/fonts/display.woff2 with its licence.

The face is Fredoka One (SIL Open Font License 1.1), which comes from a package and is never committed. Its licence
reserves the name, so the cut face bears another. Without it the pages fall back to a system face of the same widths.
"""

import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FACE = Path("font_fredoka_one", "files", "FredokaOne-Regular.ttf")
NAME = "Paint-Off Display"
COPYRIGHT, FAMILY, UNIQUE, FULL, POSTSCRIPT, TYPOGRAPHIC = 0, 1, 3, 4, 6, 16  # ids in a font's name table
LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180)]
SIGNS = [0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x2116, 0x2190, 0x2192, 0x2212]
MOST_BYTES = 30_000  # what the page's budget allows


def fetch(folder: str) -> None:
    """Installs the face and the tools that cut it into a folder of their own; raises CalledProcessError."""
    lock = ROOT / "requirements-font.lock"
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--disable-pip-version-check",
        "--no-input",
    ]
    command += ["--target", folder, "--requirement", str(lock)]
    subprocess.run(command, check=True, capture_output=True, text=True)


def cut(source: Path, target: Path) -> str:
    """Writes the letters of `source` that the game uses to `target` as woff2, under a name of our own.

    Returns the copyright line that the face itself carries.
    """
    subset = importlib.import_module("fontTools.subset")
    options = subset.Options(flavor="woff2", layout_features=["kern", "tnum", "mark", "mkmk"], name_IDs=["*"])
    options.drop_tables += ["FFTM"]  # the editor's time stamps, which the subsetter would complain about
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS + SIGNS)
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in (FAMILY, UNIQUE, FULL, TYPOGRAPHIC):
            record.string = NAME
        elif record.nameID == POSTSCRIPT:
            record.string = NAME.replace(" ", "")
    target.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(target), options)
    return str(font["name"].getDebugName(COPYRIGHT))


def write_licence(copyright_line: str, source: Path, target: Path) -> None:
    """Writes the licence that came with the face; its first line names another face, so the face's own replaces it."""
    text = source.read_text()
    target.write_text(copyright_line + text[text.index("\n") :])


def main() -> int:
    """Makes the face; says so and ends with 1 when it cannot be had."""
    target = ROOT / "static" / "fonts" / "display.woff2"
    with tempfile.TemporaryDirectory() as folder:
        try:
            fetch(folder)
        except subprocess.CalledProcessError as error:
            print(
                f"The display face could not be had, so the pages use a system face.\n{error.stderr}", file=sys.stderr
            )
            return 1
        sys.path.insert(0, folder)
        source = Path(folder) / FACE
        write_licence(cut(source, target), source.with_name("OFL.txt"), target.with_name("OFL.txt"))
    size = target.stat().st_size
    if size > MOST_BYTES:
        print(f"The display face takes {size} bytes, more than {MOST_BYTES}: name fewer letters.", file=sys.stderr)
        return 1
    print(f"Cut the display face to {size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
