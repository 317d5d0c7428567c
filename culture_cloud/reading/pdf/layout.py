"""The text of a PDF page: its lines with their places, and the paragraphs they make."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pypdfium2 as pdfium

SCALE = 1000
"""Places are in thousandths of the page's width and height, from the upper left corner."""

MOST_CHARACTERS = 20_000


@dataclass(slots=True)
class Line:
    """One line: its text, its box (left, top, right, bottom), the right edge of each character."""

    text: str = ""
    box: tuple[int, int, int, int] = (0, 0, 0, 0)
    edges: list[int] = field(default_factory=list)


def lines_of(page: pdfium.PdfPage) -> list[Line]:
    """The lines of a page in reading order of the file. Raises PdfiumError."""
    width, height = page.get_size()
    textpage = page.get_textpage()
    count = min(textpage.count_chars(), MOST_CHARACTERS)
    text = textpage.get_text_range(0, count) if count > 0 else ""
    if len(text) != count:  # characters beyond the BMP: places would be off by some
        return [Line(part.strip()) for part in text.splitlines() if part.strip()]
    found: list[Line] = []
    now: list[tuple[str, float, float, float, float]] = []
    for index, character in enumerate(text):
        if character in "\r\n":
            _close(found, now, width, height)
            now = []
        elif character >= " ":
            left, bottom, right, top = textpage.get_charbox(index)
            now.append((character, left, bottom, right, top))
    _close(found, now, width, height)
    return found


def _close(
    found: list[Line],
    now: list[tuple[str, float, float, float, float]],
    width: float,
    height: float,
) -> None:
    text = "".join(c for c, *_box in now)
    shown = [box for c, *box in now if c.strip()]
    if not text.strip() or not shown or not width or not height:
        return

    def across(x: float) -> int:
        return max(0, min(SCALE, round(x * SCALE / width)))

    def down(y: float) -> int:
        return max(0, min(SCALE, round((height - y) * SCALE / height)))

    left, right = min(b[0] for b in shown), max(b[2] for b in shown)
    bottom, top = min(b[1] for b in shown), max(b[3] for b in shown)
    found.append(
        Line(
            text.rstrip(),
            (across(left), down(top), across(right), down(bottom)),
            [across(box[3]) for box in now[: len(text.rstrip())]],
        )
    )


_LATIN_END = re.compile(r"[A-Za-z0-9,;.)]$")
_STOPS = "。！？：”」』.!?:"


def paragraphs(lines: list[Line]) -> list[str]:
    """Lines joined where a sentence only went over the edge of the page's text."""
    if not lines:
        return []
    edge = max(line.box[2] for line in lines)
    found: list[str] = []
    goes_on = False
    for line in lines:
        text = line.text.strip()
        if goes_on and found:
            hyphen = found[-1].endswith("-") and text[:1].islower()
            before = found[-1][:-1] if hyphen else found[-1]
            blank = " " if not hyphen and _LATIN_END.search(before) and text[:1].isascii() else ""
            found[-1] = before + blank + text
        else:
            found.append(text)
        is_full = line.box[2] >= edge - 60
        goes_on = is_full and not (text.endswith(tuple(_STOPS)) and line.box[2] < edge - 20)
    return [text for text in found if text]
