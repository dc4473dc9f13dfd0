"""Static files: addresses that change when any of them does, contents packed once for each way a browser can unpack.

The version stands in the path, not behind it: a module's `./raster.js` then leads to the same version of its neighbour,
so that all of them may be kept for ever and none is ever mixed with those of another release.

Packed scripts travel without the lines that are remarks, a quarter of them; unpacked ones are as written.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Flask, Response, abort, current_app, g, request, url_for
from werkzeug.utils import safe_join

ENCODINGS = ("br", "gzip")  # the better one first
PACKED = frozenset({"text/css", "text/javascript", "text/plain", "image/svg+xml", "application/json"})
YEAR = 365 * 24 * 3600  # s
REMARK = re.compile(rb"^[ \t]*// .*\n", re.MULTILINE)
SMALLEST = 500  # bytes; less is not worth unpacking
mimetypes.add_type("text/javascript", ".js")  # some systems have older words for it
mimetypes.add_type("font/woff2", ".woff2")


def register(app: Flask) -> None:
    """Serve the static folder and add `asset()` to every template."""
    app.view_functions["static"] = send
    app.add_url_rule("/static/v-<asked>/<path:filename>", endpoint="static")
    app.add_template_global(asset)


def asset(name: str) -> str:
    """Return the address of a static file, which changes with the contents of the folder; it need not exist."""
    return url_for("static", asked=version(), filename=name)


def version() -> str:
    """Return 12 digits that stand for all static files as they are now."""
    if "static_version" not in g:
        found = hashlib.sha256()
        for path, stat in sorted(_files(_folder())):
            found.update(f"{path}\0{_digest(path, stat)}\0".encode())
        g.static_version = found.hexdigest()[:12]
    known: str = g.static_version
    return known


def send(filename: str, asked: str | None = None) -> Response:
    """Answer with a static file; one under the present version's address may be kept for good."""
    path = safe_join(_folder(), filename)
    if path is None or not os.path.isfile(path):
        abort(404)
    stat = _stamp(os.stat(path))
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    encoding = _encoding(kind, stat[1])
    response = Response(_packed(path, stat, encoding), mimetype=kind)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    if kind in PACKED:
        response.vary.add("Accept-Encoding")
    if asked == version():
        response.headers["Cache-Control"] = f"max-age={YEAR}, immutable"
        return response  # nobody will ask whether it has changed
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag("-".join(filter(None, (_digest(path, stat), encoding))))
    response.make_conditional(request)
    return response


def pack_all(app: Flask) -> None:
    """Pack every file, so that no visitor waits for it; takes some seconds."""
    with app.app_context():
        for path, stat in _files(_folder()):
            if (mimetypes.guess_type(path)[0] or "") in PACKED and stat[1] >= SMALLEST:
                for encoding in ENCODINGS:
                    _packed(path, stat, encoding)


Stamp = tuple[int, int]  # when a file was changed (ns), its size (bytes)


def _folder() -> str:
    return current_app.static_folder or ""


def _stamp(stat: os.stat_result) -> Stamp:
    return stat.st_mtime_ns, stat.st_size


def _files(folder: str) -> Iterator[tuple[str, Stamp]]:
    for found in os.scandir(folder):
        if found.is_dir():
            yield from _files(found.path)
        else:
            yield found.path, _stamp(found.stat())


def _encoding(kind: str, size: int) -> str | None:
    """What the answer is packed with: the best that the browser takes, nothing for what is packed already."""
    if kind not in PACKED or size < SMALLEST:
        return None
    return next((name for name in ENCODINGS if request.accept_encodings.quality(name) > 0), None)


@lru_cache(maxsize=1024)
def _digest(path: str, _stat: Stamp) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]


@lru_cache(maxsize=1024)
def _packed(path: str, _stat: Stamp, encoding: str | None) -> bytes:
    contents = Path(path).read_bytes()
    if encoding is None:
        return contents
    if path.endswith(".js"):
        contents = REMARK.sub(b"", contents)
    if encoding == "br":
        packed: bytes = brotli.compress(contents, quality=11)
        return packed
    return gzip.compress(contents, 9, mtime=0)
