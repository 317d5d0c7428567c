"""A PDF made into pages: text and outline first, the first pictures at once, the others by jobs.

pdfium is built without a script engine, so scripts of a PDF never run; that it has some is noted.
"""

from __future__ import annotations

import json
import mmap
import re
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from culture_cloud.reading.books import Chapter, Entry, Manifest
from culture_cloud.reading.intake.findings import FileRefused, Findings
from culture_cloud.reading.made import Made
from culture_cloud.reading.texts import PageWords, write_words

from .drawing import draw_pages, write_pdf_cover
from .layout import Line, lines_of, paragraphs
from .pages import write_page

MOST_PAGES = 2000
DRAWN_AT_ONCE = 6
PASSWORD_ERROR = 4
SPARSE = 8
"""Fewer characters a page than this on average: a scan, whose stray letters are no text."""


def make_pdf(path: Path, folder: Path, findings: Findings) -> Made:
    """Write the book folder of a PDF. Raises FileRefused."""
    document = _opened(path)
    try:
        count = len(document)
        if not count:
            raise FileRefused("pdf_empty")
        if count > MOST_PAGES:
            raise FileRefused("pdf_too_many_pages", number=count, most=MOST_PAGES)
        if _has_script(path):
            findings.note("pdf_script")
        manifest = Manifest("pages", chapters=[Chapter(n, "") for n in range(1, count + 1)])
        read = [_lines(document, index, findings) for index in range(count)]
        manifest.only_pictures = (
            sum(sum(len(x.text) for x in page) for page in read) < SPARSE * count
        )
        if manifest.only_pictures:
            findings.note("pdf_only_pictures")
        _write_words(manifest, [[]] * count if manifest.only_pictures else read, folder)
        manifest.contents = _outline(document, count)
        _size_pages(document, manifest)
        draw_pages(document, folder, 1, min(count, DRAWN_AT_ONCE))
        write_pdf_cover(document, folder)
        metadata = _metadata(document)
    finally:
        document.close()
    (folder / "manifest.json").write_text(manifest.as_json(), encoding="utf-8")
    return Made(manifest, metadata)


def _opened(path: Path) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == PASSWORD_ERROR or "password" in str(error).lower():
            raise FileRefused("pdf_encrypted") from error
        raise FileRefused("pdf_broken") from error


def _has_script(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b"/JavaScript") >= 0 or content.find(b"/JS ") >= 0


def _lines(document: pdfium.PdfDocument, index: int, findings: Findings) -> list[Line]:
    try:
        page = document[index]
        return lines_of(page)
    except (pdfium.PdfiumError, ValueError, UnicodeError):
        findings.note("pdf_page_broken", number=index + 1)
        return []


def _write_words(manifest: Manifest, read: list[list[Line]], folder: Path) -> None:
    """Text of each page, and where on its picture each line stands."""
    (folder / "boxes").mkdir(parents=True, exist_ok=True)
    pages = []
    for chapter, lines in zip(manifest.chapters, read, strict=False):
        texts = paragraphs(lines)
        chapter.characters = sum(len(text) for text in texts)
        chapter.blocks = len(texts)
        manifest.characters += chapter.characters
        write_page(folder, chapter.number, texts)
        boxes = [[line.text, *line.box, line.edges] for line in lines]
        (folder / "boxes" / f"{chapter.number:04d}.json").write_text(
            json.dumps(boxes, ensure_ascii=False), encoding="utf-8"
        )
        pages.append(PageWords(chapter.number, 1, list(enumerate(texts, 1))))
    write_words(pages, folder)


def _size_pages(document: pdfium.PdfDocument, manifest: Manifest) -> None:
    for chapter in manifest.chapters:
        try:
            width, height = document.get_page_size(chapter.number - 1)
        except pdfium.PdfiumError:
            width, height = 595.0, 842.0
        chapter.image = {"width": max(1, round(width)), "height": max(1, round(height))}


def _outline(document: pdfium.PdfDocument, count: int) -> list[Entry]:
    found = []
    try:
        for mark in document.get_toc(max_depth=6):
            dest = mark.get_dest()
            index = dest.get_index() if dest is not None else None
            title = re.sub(r"\s+", " ", mark.get_title()).strip()[:300]
            if title and index is not None and 0 <= index < count:
                found.append(Entry(title, index + 1, level=mark.level + 1))
            if len(found) >= 5000:
                break
    except (pdfium.PdfiumError, ValueError, UnicodeError):
        return found
    return found


def _metadata(document: pdfium.PdfDocument) -> dict[str, Any]:
    try:
        told = document.get_metadata_dict()
    except (pdfium.PdfiumError, UnicodeError):
        return {}
    author = told.get("Author", "").strip()
    return {
        "title": _plain(told.get("Title", "")),
        "authors": [_plain(a) for a in re.split(r"[;；、]", author) if a.strip()],
        "subjects": [
            _plain(k) for k in re.split(r"[,;，；]", told.get("Keywords", "")) if k.strip()
        ],
        "description": _plain(told.get("Subject", "")),
    }


def _plain(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f]+", " ", text).strip()[:300]
