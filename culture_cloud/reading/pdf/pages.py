"""Pages whose text is plain paragraphs: of PDFs, and of picture books with words."""

from __future__ import annotations

from html import escape
from pathlib import Path

from culture_cloud.reading.books import page_name


def write_page(folder: Path, number: int, texts: list[str]) -> None:
    """Write the text of a page as numbered paragraphs."""
    pages = folder / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    markup = "\n".join(f'<p id="n{n}">{escape(text)}</p>' for n, text in enumerate(texts, 1))
    (pages / page_name(number, 1)).write_text(markup, encoding="utf-8")
