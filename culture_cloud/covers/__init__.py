"""Generated covers: a quiet pattern for every activity that has no poster.

A cover follows from its motif and a seed text (the title) alone, so it stays the same on every
visit and every machine. It carries no text. Names, sizes and the choice of a motif are here;
Pillow is loaded only when something is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

#: Part of a cover's address: change it whenever a drawing changes.
VERSION = "1"

#: Width to height of a cover on a card.
RATIO = (16, 9)

#: The widths, in pixels, that are offered to a page.
WIDTHS = (240, 480, 960)

#: 剪纸, 织锦, 瓦, 梯田, 鼓, 灯笼, 书卷, 露天电影
MOTIFS = ("papercut", "brocade", "tile", "terraces", "drum", "lantern", "scroll", "screen")

#: Which motif a kind of activity (R39) wears unless the site chooses another.
KIND_MOTIFS = {
    "performance": "drum",
    "exhibition": "papercut",
    "training": "brocade",
    "lecture": "scroll",
    "reading": "scroll",
    "contest": "tile",
    "screening": "screen",
    "festival": "lantern",
    "other": "terraces",
}

DEFAULT_MOTIF = "terraces"


def motif_for(kind_code: str) -> str:
    """The motif of a kind of activity; a kind that a site added itself gets the default."""
    return KIND_MOTIFS.get(kind_code, DEFAULT_MOTIF)


def draw(motif: str, seed: str, width: int, height: int) -> Image.Image:
    """A cover of `width` × `height` pixels, mode RGB.

    Any text will do as a seed. Raises ValueError for a motif that is not in MOTIFS and for a
    side outside 1 to 4096 pixels.
    """
    from . import drawing

    return drawing.draw(motif, seed, width, height)


def webp(motif: str, seed: str, width: int) -> bytes:
    """A cover as a WebP file, `width` pixels wide in RATIO. Raises ValueError as `draw` does."""
    from . import drawing

    return drawing.webp(draw(motif, seed, width, height_of(width)))


def height_of(width: int) -> int:
    """The height in pixels of a cover that is `width` pixels wide."""
    return round(width * RATIO[1] / RATIO[0])
