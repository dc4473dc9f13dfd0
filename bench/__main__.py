"""`python -m bench [NAME]`: prints one JSON object a line for every figure, or for those whose name begins with NAME.

A module's figures begin with the module's name ("raster.doodle" in bench/raster.py): asking for one runs one module.
One that takes long says ONLY_IF_ASKED and is left out where no name is given.
"""

import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator

import bench
from bench import Figure


def modules(only: str) -> list[str]:
    """Names of the bench modules that could yield a figure called `only`; all of them for the empty string."""
    names = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))
    return [name for name in names if not only or name == only.split(".")[0]]


def figures(only: str) -> Iterator[Figure]:
    """Runs the modules that fit and yields the figures asked for."""
    for name in modules(only):
        module = importlib.import_module(f"bench.{name}")
        if not only and getattr(module, "ONLY_IF_ASKED", False):
            continue
        for figure in module.figures():
            if figure.figure.startswith(only):
                yield figure


def main() -> int:
    """Prints the figures asked for; ends with 1 when there is none of that name."""
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    printed = 0
    for figure in figures(only):
        print(json.dumps(figure.record()), flush=True)
        printed += 1
    if not printed:
        print(f"No figure is called {only!r}; there is: {', '.join(modules(''))}", file=sys.stderr)
    return 0 if printed else 1


if __name__ == "__main__":
    sys.exit(main())
