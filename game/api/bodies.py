"""Request bodies: JSON, perhaps gzipped, never larger than they may be before or after unpacking."""

from __future__ import annotations

import json
import zlib
from typing import Any

from flask import abort, request

UNPACKED_LIMIT = 1024 * 1024  # bytes: the largest drawing that the format allows, twice


def read_json() -> Any:
    """Return the request's decoded JSON body; refuses with 400, 413 or 415."""
    if request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        abort(415, "Send JSON and say so: `Content-Type: application/json`.")
    packed = request.get_data()
    if request.content_length is None and len(packed) >= (request.max_content_length or 0):
        abort(413)  # a body of unknown length is cut off at the limit without a word
    try:
        return json.loads(_unpacked(packed).decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        abort(400, f"The body is not JSON: {str(error) or 'it is nested too deeply'}.")


def _unpacked(packed: bytes) -> bytes:
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if encoding == "identity":
        return packed
    if encoding != "gzip":
        abort(415, "A body may be sent as it is or with `Content-Encoding: gzip`.")
    inflater = zlib.decompressobj(wbits=31)
    try:
        body = inflater.decompress(packed, UNPACKED_LIMIT + 1)
    except zlib.error:
        abort(400, "The body says it is gzip and is not.")
    if len(body) > UNPACKED_LIMIT:
        abort(413, f"Unpacked, the body is larger than {UNPACKED_LIMIT // 1024} kB.")
    if not inflater.eof:
        abort(400, "The gzipped body ends too early.")
    return body


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
