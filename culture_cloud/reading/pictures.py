"""Pictures out of files of strangers: decoded within limits, re-encoded, nothing of the file kept.

A copy of the pixels has no EXIF, no GPS, no comment. Only four kinds of picture are ever decoded.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 50_000_000
WIDTHS = (480, 960)
"""Phone and large screen; smaller pictures are kept as they are."""


class NotAPicture(ValueError):
    """It cannot be decoded, or has more than MOST_PIXELS."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored picture: its bare name, its size, the widths there are."""

    name: str
    width: int
    height: int
    widths: tuple[int, ...]


def decoded(data: bytes) -> Image.Image:
    """Upright pixels, RGB or RGBA. Raises NotAPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS or not opened.width * opened.height:
                    raise NotAPicture("too many pixels")
                if opened.format == "JPEG":
                    opened.draft("RGB", (WIDTHS[-1] * 2, WIDTHS[-1] * 2))
                upright = ImageOps.exif_transpose(opened)
                has_alpha = "A" in upright.getbands() or "transparency" in upright.info
                pixels = upright.convert("RGBA" if has_alpha else "RGB")
    except NotAPicture:
        raise
    except Exception as error:  # decoders raise many kinds; all mean the same
        raise NotAPicture(type(error).__name__) from error
    fresh = Image.new(pixels.mode, pixels.size)
    fresh.paste(pixels)
    return fresh


def store(data: bytes, folder: Path) -> Kept:
    """Re-encode a picture into `folder` in the widths that make sense. Raises NotAPicture."""
    name = hashlib.blake2b(data, digest_size=12).hexdigest()
    pixels = decoded(data)
    if pixels.mode == "RGBA" and pixels.getchannel("A").getextrema() == (255, 255):
        pixels = pixels.convert("RGB")
    widths = tuple(w for w in WIDTHS if w < pixels.width) or (min(pixels.width, WIDTHS[-1]),)
    if widths[-1] < min(pixels.width, WIDTHS[-1]):
        widths = (*widths, min(pixels.width, WIDTHS[-1]))
    folder.mkdir(parents=True, exist_ok=True)
    height = 0
    for width in sorted(widths, reverse=True):
        height_now = max(1, round(pixels.height * width / pixels.width))
        pixels = pixels if width == pixels.width else pixels.resize((width, height_now))
        height = height or height_now
        is_drawing = pixels.width * pixels.height < 64 * 64
        write(pixels, folder / f"{name}-{width}.webp", quality=80, lossless=is_drawing)
    return Kept(name, widths[-1], height, widths)


def write(pixels: Image.Image, path: Path, *, quality: int = 80, lossless: bool = False) -> None:
    """Write a WebP file whole or not at all."""
    beside = path.with_suffix(".part")
    pixels.save(beside, "WEBP", quality=quality, method=4, lossless=lossless)
    beside.replace(path)


def write_covers(pixels: Image.Image, folder: Path, widths: tuple[int, ...]) -> None:
    """A cover in each width, on white, its shape kept between 2:3 and square."""
    flat = Image.new("RGB", pixels.size, "white")
    flat.paste(pixels, mask=pixels.getchannel("A") if pixels.mode == "RGBA" else None)
    for width in sorted(widths, reverse=True):
        fitted = ImageOps.pad(flat, (width, round(width * 4 / 3)), color=_edge_colour(flat))
        write(fitted, folder / f"cover-{width}.webp", quality=78)


def _edge_colour(picture: Image.Image) -> tuple[int, ...]:
    """The colour of the top edge, so that padding does not show as bars."""
    found = picture.resize((1, 1), box=(0, 0, picture.width, max(1, picture.height // 40)))
    pixel = found.getpixel((0, 0))
    return pixel if isinstance(pixel, tuple) else (255, 255, 255)
