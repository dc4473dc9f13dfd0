"""Answers made for one request are packed for the way (Flask-Compress); static files are `game.assets`' own business.

Packing tells how often something repeats, by the length (BREACH, breachattack.com): a secret beside words that another
site can choose could be guessed letter by letter. So only answers to reading are packed, never one that hands out a new
token; and the one secret that pages hold, the token against forged requests, is masked anew for each answer
(`game.forgery`), so that nothing chosen ever repeats it. Streams of events and pictures go as they are.
"""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

SETTINGS = {
    "COMPRESS_REGISTER": False,
    "COMPRESS_STREAMS": False,
    "COMPRESS_ALGORITHM": ["br", "zstd", "gzip"],
    "COMPRESS_BR_LEVEL": 5,
    "COMPRESS_MIMETYPES": [
        "text/html", "text/plain", "text/csv", "text/javascript", "image/svg+xml", "application/json",
        "application/manifest+json", "application/atom+xml",
    ],
}  # fmt: skip
READING = frozenset({"GET", "HEAD"})


def register(app: Flask) -> None:
    """Pack what is worth it, after all else has been added to an answer."""
    app.config.update(SETTINGS)
    compress = Compress(app)

    @app.after_request
    def pack(response: Response) -> Response:
        if request.method not in READING or request.endpoint == "static" or response.is_streamed:
            return response
        if response.mimetype not in SETTINGS["COMPRESS_MIMETYPES"]:
            return response
        packed: Response = compress.after_request(response)
        return packed
