"""The picture that is shown where an activity's address is shared: words on a label over a cover.

It needs a Chinese font on the machine (`fonts-noto-cjk`, Source Han Sans or WenQuanYi). Without
one there is no social image, and a page names the plain cover instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from . import draw as draw_cover
from .emblem import paint
from .palettes import Colour, mix, rgb

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont


@dataclass(frozen=True, slots=True)
class Words:
    """What the label says; `when` is the time in words."""

    title: str
    when: str
    place: str
    site_name: str


class Measures(Protocol):
    """What tells how wide a text is, in pixels: a font."""

    def getlength(self, text: str) -> float: ...


WIDTH, HEIGHT = 1200, 630

FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
)

#: From best to last: a heavy weight is still read where the picture is shown small.
FONT_NAMES = (
    "NotoSansCJK-Bold.ttc",
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf",
    "SourceHanSans-Regular.ttc",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
)

#: In a collection of fonts, the one with the forms used in mainland China.
FAMILY = "SC"

PAPER, INK, SOFT, SEAL = rgb("#fbf8f1"), rgb("#211e1a"), rgb("#544e44"), rgb("#b32d20")

#: 标点避头尾: what may not begin a line, and what may not end one (GB/T 15834).
NEVER_FIRST = set("，。、；：？！）》」』】〉〕”’…—·～％%,.;:?!)]}")
NEVER_LAST = set("（《「『【〈〔“‘([{")
ELLIPSIS = "…"


@lru_cache(maxsize=1)
def find_font() -> Path | None:
    """A Chinese font in one of the usual places, or None; looked for once in a process."""
    found = {
        path.name: path
        for folder in FONT_FOLDERS
        if folder.is_dir()
        for path in folder.rglob("*")
        if path.name in FONT_NAMES
    }
    return next((found[name] for name in FONT_NAMES if name in found), None)


def draw(words: Words, motif: str, font: Path | None = None) -> Image.Image | None:
    """A picture of 1200 × 630 pixels, RGB: the words on a label over the cover of their title.

    The title takes up to three lines and the others one; what does not fit ends in an ellipsis.
    `font` is a font file; without it one is looked for. None when the machine has no Chinese
    font. Raises ValueError for an unknown motif and OSError for a file that is not a font.
    """
    path = font or find_font()
    if path is None:
        return None
    from PIL import ImageDraw

    image = draw_cover(motif, words.title, WIDTH, HEIGHT)
    pen = ImageDraw.Draw(image)
    left, top, right, bottom = 56, 56, 816, HEIGHT - 56
    pen.rectangle((left, top, right, bottom), fill=PAPER)
    edge = mix(PAPER, SOFT, 0.35)
    pen.rectangle((left + 12, top + 12, right - 12, bottom - 12), outline=edge, width=2)

    x, room = left + 52, right - left - 104
    _title(pen, _clean(words.title), (x, top + 52), room, path)
    small = _font(path, 34)
    y = bottom - 52 - 44
    paint(pen, (x, y - 4), 46, SEAL)
    _line(pen, (x + 62, y), _clean(words.site_name), small, room=room - 62, colour=SEAL)
    pen.line((x, y - 28, x + room, y - 28), fill=edge, width=2)
    _line(pen, (x, y - 84), _clean(words.place), small, room=room, colour=SOFT)
    _line(pen, (x, y - 136), _clean(words.when), small, room=room, colour=INK)
    return image


def jpeg(words: Words, motif: str, font: Path | None = None) -> bytes | None:
    """The picture of `draw` as a JPEG file, which every messenger can show; None as there."""
    image = draw(words, motif, font)
    if image is None:
        return None
    file = BytesIO()
    image.save(file, "JPEG", quality=84, optimize=True, progressive=True)
    return file.getvalue()


def _title(
    pen: ImageDraw.ImageDraw, title: str, at: tuple[int, int], room: int, path: Path
) -> None:
    """The title in the largest size that needs no more than its lines; it is cut at three."""
    x, y = at
    for size, most in ((72, 2), (60, 3), (52, 3)):
        font = _font(path, size)
        lines = wrap(title, font, room, most + 1)
        if len(lines) <= most:
            break
    for i, line in enumerate(wrap(title, font, room, most)):
        pen.text((x, y + round(i * size * 1.28)), line, font=font, fill=INK)


def _line(
    pen: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    font: ImageFont.FreeTypeFont,
    *,
    room: int,
    colour: Colour,
) -> None:
    for line in wrap(text, font, room, 1):
        pen.text(at, line, font=font, fill=colour)


def wrap(text: str, font: Measures, room: float, most: int) -> list[str]:
    """`text` in at most `most` lines, each no wider than `room` pixels.

    Chinese may break between any two characters, but no line begins with a closing mark or ends
    with an opening one, and a Latin word or a number stays whole where it fits on a line.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if font.getlength(line + piece.rstrip()) <= room:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
            line = ""
        for character in piece.lstrip():
            if line and font.getlength(line + character) > room:
                lines.append(line)
                line = ""
            line += character
        if len(lines) > most:
            break
    if line.strip():
        lines.append(line.rstrip())
    if len(lines) > most:
        lines = lines[:most]
        lines[-1] = _shortened(lines[-1], font, room)
    return lines


def _shortened(line: str, font: Measures, room: float) -> str:
    while line and (font.getlength(line + ELLIPSIS) > room or line[-1] in NEVER_FIRST | NEVER_LAST):
        line = line[:-1].rstrip()
    return line + ELLIPSIS


def _pieces(text: str) -> Iterable[str]:
    """The shortest parts of `text` between which a line may end."""
    piece = ""
    for character in text:
        if piece and not _stay_together(piece[-1], character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _stay_together(before: str, after: str) -> bool:
    if after in NEVER_FIRST or before in NEVER_LAST or after == " ":
        return True
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()


def _clean(text: str) -> str:
    """One line that a font can draw: no control characters and no halves of surrogate pairs."""
    # More than any label holds; a text of a million characters costs no more than this one.
    shown = text[:200].encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return " ".join("".join(c if c.isprintable() else " " for c in shown).split())


@lru_cache(maxsize=16)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """The mainland font of the file at `size` pixels."""
    from PIL import ImageFont

    first = ImageFont.truetype(str(path), size)
    if path.suffix != ".ttc":
        return first
    for index in range(12):
        try:
            font = ImageFont.truetype(str(path), size, index=index)
        except OSError:
            break
        if (font.getname()[0] or "").endswith(FAMILY):
            return font
    return first
