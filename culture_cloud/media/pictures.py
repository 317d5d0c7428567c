"""Uploaded pictures: checked, turned upright, stripped of what a camera adds, made small.

The original is not kept. Limits and reasons: reliability of image decoders (bombs), privacy (GPS).
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from pathlib import Path

from PIL import Image, ImageOps

from culture_cloud.covers import height_of
from culture_cloud.errors import NotFound

from .addresses import POSTER_WIDTHS

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


class PictureRefused(ValueError):
    """The upload is not a picture that can be used; `reason` is a word the form knows."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PictureStore:
    """A folder of derivatives, named by the content they were made from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, data: bytes) -> str:
        """Make all sizes of an upload; returns its key. Raises PictureRefused."""
        key = hashlib.blake2b(data, digest_size=12).hexdigest()
        if (self.folder / f"{key}-{POSTER_WIDTHS[0]}.webp").exists():
            return key
        picture = _decoded(data)
        self.folder.mkdir(parents=True, exist_ok=True)
        # from large to small, each from the one before: a third of the work
        for width in sorted(POSTER_WIDTHS, reverse=True):
            picture = ImageOps.fit(picture, (width, height_of(width)), Image.Resampling.LANCZOS)
            whole = self.folder / f"{key}-{width}.webp"
            beside = whole.with_suffix(".part")
            picture.save(beside, "WEBP", quality=80, method=4)
            beside.replace(whole)
        return key

    def read(self, key: str, width: int) -> bytes:
        """The derivative of a width. Raises NotFound."""
        if not re.fullmatch(r"[0-9a-f]{24}", key) or width not in POSTER_WIDTHS:
            raise NotFound
        try:
            return (self.folder / f"{key}-{width}.webp").read_bytes()
        except FileNotFoundError:
            raise NotFound from None


def _decoded(data: bytes) -> Image.Image:
    if len(data) > MOST_BYTES:
        raise PictureRefused("too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise PictureRefused("too_many_pixels")
                opened.draft("RGB", (POSTER_WIDTHS[-1] * 2, POSTER_WIDTHS[-1] * 2))
                upright = ImageOps.exif_transpose(opened)
                pixels = upright.convert("RGBA")
    except PictureRefused:
        raise
    except Image.DecompressionBombWarning:
        raise PictureRefused("too_many_pixels") from None
    except Exception:  # decoders raise many kinds; all of them mean: not a usable picture
        raise PictureRefused("not_a_picture") from None
    # onto white: transparency is lost, and with the copy every trace of metadata
    flat = Image.new("RGB", pixels.size, "white")
    flat.paste(pixels, mask=pixels.getchannel("A"))
    return flat
