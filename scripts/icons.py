"""Draws the icons of the installed game from our own judge, static/img/judge.svg; needs `make extras` (resvg).

The pictures are committed: `python scripts/icons.py` draws them anew where the judge has changed.
"""

import re
import sys
from pathlib import Path

import resvg_py

ROOT = Path(__file__).resolve().parent.parent
PAPER = "#faf5ea"  # as in static/css/tokens.css
SIDE = 48  # of the judge's own sheet
# Name, side in pixels, and the share of it that the judge takes: masks may cut off all but the inner 80 %.
ICONS = (("icon-192", 192, 0.86), ("icon-512", 512, 0.86), ("maskable-512", 512, 0.62), ("apple-touch-180", 180, 0.74))


def sheet(judge: str, share: float) -> str:
    """The judge in the middle of a sheet of paper."""
    inner = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", judge.strip())
    side = SIDE / share
    edge = (side - SIDE) / 2
    box = f'viewBox="{-edge:.3f} {-edge:.3f} {side:.3f} {side:.3f}"'
    paper = f'<rect x="{-edge:.3f}" y="{-edge:.3f}" width="{side:.3f}" height="{side:.3f}" fill="{PAPER}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{paper}{inner}</svg>'


def main() -> int:
    """Writes static/icons/*.png."""
    judge = (ROOT / "static" / "img" / "judge.svg").read_text()
    for name, side, share in ICONS:
        picture = bytes(resvg_py.svg_to_bytes(svg_string=sheet(judge, share), width=side, height=side))
        (ROOT / "static" / "icons" / f"{name}.png").write_bytes(picture)
        print(f"{name}.png: {len(picture)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
