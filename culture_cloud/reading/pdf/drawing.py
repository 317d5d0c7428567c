"""Pictures of pages: WebP in a width for phones, one for enlarging, and a thumbnail."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from culture_cloud.reading import pictures
from culture_cloud.reading.books import COVER_WIDTHS

PHONE, LARGE, THUMBNAIL = 720, 1440, 160
WIDTHS = (THUMBNAIL, PHONE, LARGE)
PHONE_BYTES = 120 * 1024
"""What a page may weigh at phone width."""

MOST_HEIGHT = 6000


def page_picture(number: int, width: int) -> str:
    return f"page-{number:04d}-{width}.webp"


def draw_pages(document: pdfium.PdfDocument, folder: Path, first: int, last: int) -> None:
    """Draw the pages of these numbers, both included, that are not drawn yet."""
    drawn = folder / "pictures"
    drawn.mkdir(parents=True, exist_ok=True)
    for number in range(first, last + 1):
        if all((drawn / page_picture(number, width)).exists() for width in WIDTHS):
            continue
        try:
            image = _drawn(document, number)
        except (pdfium.PdfiumError, ValueError, MemoryError):
            image = Image.new("RGB", (LARGE, LARGE), "white")
        keep_page(image, drawn, number)


def _drawn(document: pdfium.PdfDocument, number: int) -> Image.Image:
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(LARGE / max(1.0, width), MOST_HEIGHT / max(1.0, height))
    bitmap = page.render(scale=scale, may_draw_forms=False)
    image: Image.Image = bitmap.to_pil().convert("RGB")
    return image


def keep_page(image: Image.Image, drawn: Path, number: int) -> None:
    """Keep a page in every width; at phone width it stays below PHONE_BYTES."""
    for width in sorted(WIDTHS, reverse=True):
        if image.width > width:
            height = max(1, round(image.height * width / image.width))
            image = image.resize((width, height), Image.Resampling.LANCZOS)
        path = drawn / page_picture(number, width)
        beside = path.with_suffix(".part")
        beside.write_bytes(_encoded(image, PHONE_BYTES if width <= PHONE else 4 * PHONE_BYTES))
        beside.replace(path)


def _encoded(image: Image.Image, most: int) -> bytes:
    """As good as the limit allows; a page of nothing but grain is smoothed until it fits."""
    data = b""
    for _round in range(4):
        for quality in (80, 65, 50, 35, 20):
            file = io.BytesIO()
            image.save(file, "WEBP", quality=quality, method=4)
            data = file.getvalue()
            if len(data) <= most:
                return data
        half = (max(1, image.width // 2), max(1, image.height // 2))
        image = image.resize(half, Image.Resampling.BOX).resize(image.size)
    return data


def write_pdf_cover(document: pdfium.PdfDocument, folder: Path) -> None:
    try:
        image = _drawn(document, 1)
    except (pdfium.PdfiumError, ValueError):
        return
    pictures.write_covers(image, folder, COVER_WIDTHS)
