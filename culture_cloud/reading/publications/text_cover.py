"""A cover for a title that has none: its words on the site's pattern, in the shape of a book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import ImageDraw, ImageFont

from culture_cloud import covers
from culture_cloud.covers.palettes import mix, rgb
from culture_cloud.covers.social import find_font, wrap
from culture_cloud.reading.models import Kind

if TYPE_CHECKING:
    from PIL import Image

MOTIFS = {
    Kind.BOOK: "scroll",
    Kind.PERIODICAL: "tile",
    Kind.AUDIO_BOOK: "drum",
    Kind.PICTURE_BOOK: "papercut",
    Kind.VIDEO: "screen",
    Kind.LOCAL: "terraces",
}
_WIDTH, _HEIGHT = 480, 640
_PAPER, _INK, _SOFT = rgb("#fbf8f1"), rgb("#211e1a"), rgb("#544e44")


def draw_cover(title: str, by: str, kind: str, width: int) -> Image.Image:
    """A cover `width` pixels wide, 3:4. Without a Chinese font on the machine it has no words."""
    image = covers.draw(MOTIFS.get(Kind(kind), covers.DEFAULT_MOTIF), title, _WIDTH, _HEIGHT)
    font_path = find_font()
    if font_path is not None:
        pen = ImageDraw.Draw(image)
        left, top, right, bottom = 44, 70, _WIDTH - 44, 400
        pen.rectangle((left, top, right, bottom), fill=_PAPER)
        edge = mix(_PAPER, _SOFT, 0.35)
        pen.rectangle((left + 10, top + 10, right - 10, bottom - 10), outline=edge, width=2)
        large = ImageFont.truetype(str(font_path), 46)
        for number, line in enumerate(wrap(title, large, right - left - 60, 4)):
            pen.text((left + 30, top + 34 + number * 60), line, font=large, fill=_INK)
        small = ImageFont.truetype(str(font_path), 26)
        for line in wrap(by, small, right - left - 60, 1):
            pen.text((left + 30, bottom - 56), line, font=small, fill=_SOFT)
    if width == _WIDTH:
        return image
    return image.resize((width, round(width * 4 / 3)))
