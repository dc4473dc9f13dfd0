"""`python -m scorer TEXT PICTURE...`: scores pictures against a text, one JSON object a line."""

from __future__ import annotations

import argparse
import json
import sys

from PIL import Image, UnidentifiedImageError

import scorer


def main() -> int:
    """Print a line for each picture; return 1 when a picture or the judge cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m scorer", description=__doc__)
    parser.add_argument("text")
    parser.add_argument("picture", nargs="+", help="files that Pillow reads")
    parser.add_argument(
        "--judge", default="embedded:main", help="embedded:NAME, ARCH:TAG or ARCH:/path (embedded:main)"
    )
    chosen = parser.parse_args()
    try:
        judge = scorer.load(chosen.judge)
        for path in chosen.picture:
            with Image.open(path) as picture:
                score = judge.score(picture, chosen.text)
            found = {"similarity": round(score.similarity, 4), "percentile": round(score.percentile, 2)}
            print(json.dumps({"picture": path, "text": chosen.text, "judge": score.judge, **found}))
    except (scorer.ScorerError, OSError, UnidentifiedImageError) as error:
        print(f"scorer: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
