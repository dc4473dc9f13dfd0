"""Lets `open_clip` import beside a CPU-only torch.

The reason: `open_clip` imports torchvision, and the package index carries only torchvision builds compiled against CUDA
torch.  Beside a CPU torch their compiled library does not load, and the import ends in "operator torchvision::nms does
not exist", because torchvision describes the shapes of two operators that nobody has registered.  Naming those two is
enough: no code of ours or of open_clip's calls them.

This file can go when a CPU build of torchvision can be had from the same index as torch, that is, when
`python -c "import torchvision"` works in a fresh environment made from the lock file.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import torch

_SCHEMAS = {
    "nms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}
_kept: list[Any] = []  # a Library that is collected takes its operators with it


def close() -> bool:
    """Make `import torchvision` work; return whether the two operators had to be named by us.

    A matching torch and torchvision pair is left alone: the real operators are tried first.
    """
    try:
        importlib.import_module("torchvision")
        return False
    except (RuntimeError, OSError) as error:
        if "torchvision::" not in str(error):
            raise
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    library: Any = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for name, schema in _SCHEMAS.items():
        if not hasattr(torch.ops.torchvision, name):
            library.define(name + schema)
    _kept.append(library)
    importlib.import_module("torchvision")
    return True
