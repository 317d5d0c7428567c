"""The words of a book as plain text: what search looks through, what is read aloud.

`words.json` in the book folder: for each page [chapter, page, [[block, text], …]].
`folded.txt` beside it: the same blocks, one a line, in one spelling (simplified, lower case), so
that a search inside a book of three million characters is one pass over one string.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from .books import BookFolder, Manifest, page_name

Block = tuple[int, str]


@dataclass(frozen=True, slots=True)
class PageWords:
    chapter: int
    page: int
    blocks: list[Block]

    @property
    def text(self) -> str:
        return "\n".join(words for _block, words in self.blocks)


def write_text(manifest: Manifest, folder: Path) -> None:
    """Write the words of all pages of a book folder that is being made."""
    pages = []
    for chapter in manifest.chapters:
        for page in range(1, chapter.pages + 1):
            path = folder / "pages" / page_name(chapter.number, page)
            blocks = blocks_of(path.read_text(encoding="utf-8")) if path.exists() else []
            pages.append(PageWords(chapter.number, page, blocks))
    write_words(pages, folder)


def write_words(pages: list[PageWords], folder: Path) -> None:
    """Write words and their folded form."""
    rows = [[p.chapter, p.page, p.blocks] for p in pages]
    (folder / "words.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    lines = [folded(words) for p in pages for _block, words in p.blocks]
    (folder / "folded.txt").write_text("\n".join(lines), encoding="utf-8")


def blocks_of(markup: str) -> list[Block]:
    """The numbered blocks of a page with their text, ruby readings left out."""
    root = etree.fromstring(
        f"<html><body>{markup}</body></html>".encode(), etree.HTMLParser(encoding="utf-8")
    )
    found: list[Block] = []
    for element in root.iter() if root is not None else ():
        name = element.get("id", "") if isinstance(element.tag, str) else ""
        if re.fullmatch(r"n\d+", name):
            words = block_text(element)
            if words:
                found.append((int(name[1:]), words))
    return found


def block_text(element: etree._Element) -> str:
    """The words of a block as they are read: without ruby readings, white space made single."""
    return re.sub(r"\s+", " ", "".join(_said(element))).strip()


def _said(element: etree._Element) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str) and child.tag not in {"rt", "rp"}:
            if child.tag == "br":
                yield " "
            yield from _said(child)
        if child.tail:
            yield child.tail


def words_of(book: BookFolder) -> list[PageWords]:
    """All pages of a book with their words; empty where it has none."""
    try:
        rows = json.loads((book.folder / "words.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [PageWords(c, p, [(b, words) for b, words in blocks]) for c, p, blocks in rows]


def page_words(book: BookFolder, chapter: int, page: int) -> PageWords:
    """The words of one page, from the page itself."""
    return PageWords(chapter, page, blocks_of(book.page_html(chapter, page)))


def folded(text: str) -> str:
    """One spelling for search, character by character, so that places in it stay places."""
    return text.lower().translate(_SIMPLIFIED) if text.isascii() else _fold_chinese(text)


_SIMPLIFIED: dict[int, str] = {ord("\n"): " "}
_known: dict[str, str] = {}


def _fold_chinese(text: str) -> str:
    for character in set(text):
        if character not in _known:
            _known[character] = _fold_one(character)
    return "".join(map(_known.__getitem__, text))


def _fold_one(character: str) -> str:
    if character in "\r\n\t\u3000":
        return " "
    if "\uff01" <= character <= "\uff5e":
        character = chr(ord(character) - 0xFEE0)
    lowered = character.lower()
    if "\u3400" <= character <= "\u9fff":
        simplified = _converter().convert(character)
        return simplified if len(simplified) == 1 else character
    return lowered if len(lowered) == 1 else character


def _converter() -> Any:
    global _opened  # noqa: PLW0603
    if _opened is None:
        from opencc import OpenCC

        _opened = OpenCC("t2s")
    return _opened


_opened: Any = None
