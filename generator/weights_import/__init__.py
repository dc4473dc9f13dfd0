"""Weights from elsewhere, converted once: a pickle becomes safetensors, and nothing that is in it runs.

Published VQGAN checkpoints (`.ckpt`), OpenAI's CLIP archives (`.pt`) and BigGAN files (`.bin`) are pickles, which can
hold programs.  `convert` reads them as data, keeps the network's tensors as they are, and writes down where they came
from.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import save_file

from generator.weights_import import archives, kinds
from generator.weights_import.stored import WeightsError

__all__ = ["Report", "WeightsError", "convert"]


@dataclass(frozen=True)
class Report:
    """What was converted: `dropped` counts the tensors that were left behind, by the beginning of their names."""

    source: Path
    sha256: str
    form: str
    kind: str
    layout: dict[str, Any]
    dropped: dict[str, int]
    written: Path
    bytes: int
    use: str


def convert(source: Path, out: Path | None = None) -> Report:
    """Writes the tensors of `source` as safetensors to `out`, by default beside it; raises WeightsError.

    The file's metadata hold `source` (its name), `sha256` (of the source), `kind` (vqgan, clip or biggan), `form` (how
    the source was written), and as JSON `layout` (what the shapes say) and `dropped`. No file is ever written over.
    """
    target = out or source.with_suffix(".safetensors")
    if not source.is_file():
        raise WeightsError(f"There is no file {source}.")
    if target.suffix != ".safetensors" or not target.absolute().parent.is_dir():
        raise WeightsError(f"{target} will not do: --out must name a .safetensors file in a folder that is there.")
    if target.exists():
        raise WeightsError(f"{target} is there already: take it away, or name another file with --out.")
    try:
        with archives.opened(source) as archive:
            kind = kinds.recognised(archives.tensors(archive), archive.form, source)
            if sum(stored.bytes for stored in kind.kept.values()) > source.stat().st_size:
                raise WeightsError("Its tensors would be larger than the file that they lie in: do not trust it")
            tensors = {name: stored.read(archive.storage(stored.storage)) for name, stored in kind.kept.items()}
            form = archive.form
    except WeightsError as error:
        raise WeightsError(f"{source.name} was not converted. {error}.") from error
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    about = {"source": source.name, "sha256": digest, "kind": kind.name, "form": form}
    about |= {"layout": json.dumps(kind.layout), "dropped": json.dumps(kind.dropped)}
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        save_file(tensors, unfinished, {"format": "pt", **about})
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    use = kind.use.replace("FILE", str(target))
    return Report(source, digest, form, kind.name, kind.layout, kind.dropped, target, target.stat().st_size, use)
