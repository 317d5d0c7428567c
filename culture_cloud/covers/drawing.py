"""From a motif and a seed to a picture and to a small file."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from PIL import Image

from . import MOTIFS
from .canvas import Canvas
from .motifs import brocade, drum, lantern, papercut, screen, scroll, terraces, tile
from .palettes import PALETTES, SUITED, Palette
from .stream import Stream

LARGEST_SIDE = 4096

#: What a cover may weigh before its quality is lowered: so much at least, and so much for every
#: 1000 pixels (15 kB at 480 × 270).
LEAST_BYTES, BYTES_PER_1000_PIXELS = 3300, 90
QUALITIES = (80, 70, 60)
FLAT_COLOURS = 64

Motif = Callable[[Canvas, Palette, Stream], None]

_DRAWN_BY: dict[str, Motif] = {
    "papercut": papercut.draw,
    "brocade": brocade.draw,
    "tile": tile.draw,
    "terraces": terraces.draw,
    "drum": drum.draw,
    "lantern": lantern.draw,
    "scroll": scroll.draw,
    "screen": screen.draw,
}


def draw(motif: str, seed: str, width: int, height: int) -> Image.Image:
    """See `culture_cloud.covers.draw`."""
    if motif not in _DRAWN_BY:
        raise ValueError(f"no motif is called {motif!r}; there are {', '.join(MOTIFS)}")
    if not (1 <= width <= LARGEST_SIDE and 1 <= height <= LARGEST_SIDE):
        raise ValueError(f"a cover's sides are 1 to {LARGEST_SIDE} pixels, not {width} × {height}")
    stream = Stream(f"{motif}\n{seed}")
    palette = PALETTES[stream.choice(SUITED[motif])]
    canvas = Canvas(width, height, palette.ground)
    _DRAWN_BY[motif](canvas, palette, stream)
    return canvas.finish()


def webp(image: Image.Image) -> bytes:
    """A WebP file, small enough for a weak signal.

    Flat colours with straight edges (a brocade) are packed four times as small without loss,
    curves with it; the lighter file is taken. Where both weigh too much, quality gives way.
    """
    allowed = LEAST_BYTES + image.width * image.height * BYTES_PER_1000_PIXELS // 1000
    # MAXCOVERAGE keeps the small spots of the accent, which the commoner methods grey.
    flat = image.quantize(
        FLAT_COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE
    ).convert("RGB")
    lightest = _encoded(flat, lossless=True, quality=50, method=3)
    for quality in QUALITIES:
        lightest = min(lightest, _encoded(image, quality=quality, method=4), key=len)
        if len(lightest) <= allowed:
            break
    return lightest


def _encoded(image: Image.Image, **options: int) -> bytes:
    file = BytesIO()
    image.save(file, "WEBP", **options)
    return file.getvalue()
