"""A run as a film: an animated WebP, GIF or MP4, held for a while on the finished picture."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from PIL import Image

FRAME_MS = 60
LAST_MS = 2000
DESCRIPTION = 0x010E  # Exif's ImageDescription

Encode = Callable[[Sequence[Image.Image], str], bytes]


class FilmError(ValueError):
    """No film of this kind can be made here; the message says what to do."""


def webp(pictures: Sequence[Image.Image], about: str = "") -> bytes:
    """Returns an animated WebP of the pictures, 60 ms each, the last one held for two seconds; it loops.

    `about` is ASCII text for its metadata: Exif's ImageDescription here, a GIF's comment, an MP4's.
    """
    exif = Image.Exif()
    exif[DESCRIPTION] = about
    return _animated("WEBP", pictures, exif=exif.tobytes(), quality=80, method=4)


def gif(pictures: Sequence[Image.Image], about: str = "") -> bytes:
    """Returns an animated GIF of the pictures, each with its own 256 colours; it loops."""
    return _animated("GIF", pictures, comment=about.encode())


def mp4(pictures: Sequence[Image.Image], about: str = "") -> bytes:
    """Returns an H.264 film in an MP4, as browsers play it; raises FilmError where PyAV is not installed."""
    try:
        import av
    except ImportError:
        raise FilmError(
            "an MP4 needs PyAV: pip install -r requirements-film.lock; a .webp or .gif needs nothing"
        ) from None
    first = _first(pictures)
    data = io.BytesIO()
    with av.open(data, "w", format="mp4") as container:
        container.metadata["comment"] = about
        stream = container.add_stream("libx264", rate=Fraction(1000, FRAME_MS))
        stream.width, stream.height = (side - side % 2 for side in first.size)  # its colours are by blocks of 2 x 2
        stream.pix_fmt = "yuv420p"
        for picture in (*pictures, *[pictures[-1]] * (LAST_MS // FRAME_MS)):
            whole = picture.convert("RGB").crop((0, 0, stream.width, stream.height))
            container.mux(stream.encode(av.VideoFrame.from_image(whole)))
        container.mux(stream.encode())
    return data.getvalue()


KINDS: dict[str, Encode] = {".webp": webp, ".gif": gif, ".mp4": mp4}


def kind(path: Path) -> Encode:
    """Returns what makes the film that a file's ending asks for; raises FilmError for one that cannot be made here."""
    made = KINDS.get(path.suffix.lower())
    if made is None:
        raise FilmError(f"{path.name} is no film that can be made: end its name in {', '.join(KINDS)}")
    if made is mp4:
        mp4([Image.new("RGB", (2, 2))])  # before a run of an hour, not after it
    return made


def _animated(name: str, pictures: Sequence[Image.Image], **options: object) -> bytes:
    held = [FRAME_MS] * (len(pictures) - 1) + [LAST_MS]
    data, first = io.BytesIO(), _first(pictures)
    first.save(data, name, save_all=True, append_images=list(pictures[1:]), duration=held, loop=0, **options)
    return data.getvalue()


def _first(pictures: Sequence[Image.Image]) -> Image.Image:
    if not pictures:
        raise ValueError("a film needs a picture")
    return pictures[0]
