"""Search inside one book: one pass over its folded words, no index needed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from culture_cloud.reading.books import BookFolder
from culture_cloud.reading.texts import folded, words_of

MOST_HITS = 500
AROUND = 30
"""Characters shown on either side of a hit."""


@dataclass(frozen=True, slots=True)
class BookHit:
    """One place: where it is and the words around it, the middle one being what was found."""

    chapter: int
    page: int
    block: int
    before: str
    words: str
    after: str
    #: the how manieth on its page, from 1
    number: int


@dataclass(frozen=True, slots=True)
class _Searchable:
    """The folded text as one string, and for each line where it begins and what block it is."""

    text: str
    starts: list[int]
    places: list[tuple[int, int, int]]
    lines: list[str]


def search(
    book: BookFolder, words: str, *, limit: int = 50, offset: int = 0
) -> tuple[list[BookHit], int]:
    """Hits `offset` to `offset + limit` in the order of the book, and how many there are in all
    (at most MOST_HITS). Words as they stand first; else blocks that hold all of the words."""
    found = _searchable(book)
    wanted = folded(" ".join(words.split()))
    if not wanted.strip() or not found.text:
        return [], 0
    spots = _exact(found, wanted) or _all_words(found, wanted)
    return _hits(found, spots, offset, limit), len(spots)


def _exact(found: _Searchable, wanted: str) -> list[tuple[int, int]]:
    spots: list[tuple[int, int]] = []
    at = found.text.find(wanted)
    while at >= 0 and len(spots) < MOST_HITS:
        spots.append((at, len(wanted)))
        at = found.text.find(wanted, at + len(wanted))
    return spots


def _all_words(found: _Searchable, wanted: str) -> list[tuple[int, int]]:
    parts = [part for part in re.split(r"\s+", wanted) if part]
    if len(parts) < 2:
        return []
    spots: list[tuple[int, int]] = []
    first = max(parts, key=len)
    at = found.text.find(first)
    while at >= 0 and len(spots) < MOST_HITS:
        line = bisect_right(found.starts, at) - 1
        begin = found.starts[line]
        end = found.starts[line + 1] if line + 1 < len(found.starts) else len(found.text)
        if all(found.text.find(part, begin, end) >= 0 for part in parts):
            spots.append((at, len(first)))
        at = found.text.find(first, end)
    return spots


def _hits(
    found: _Searchable, spots: list[tuple[int, int]], offset: int, limit: int
) -> list[BookHit]:
    hits: list[BookHit] = []
    on_page: dict[tuple[int, int], int] = {}
    for index, (at, length) in enumerate(spots):
        line = bisect_right(found.starts, at) - 1
        chapter, page, block = found.places[line]
        on_page[chapter, page] = on_page.get((chapter, page), 0) + 1
        if not offset <= index < offset + limit:
            continue
        begin = at - found.starts[line]
        words = found.lines[line]
        hits.append(
            BookHit(
                chapter,
                page,
                block,
                words[max(0, begin - AROUND) : begin],
                words[begin : begin + length],
                words[begin + length : begin + length + AROUND],
                on_page[chapter, page],
            )
        )
    return hits


_kept: OrderedDict[Path, _Searchable] = OrderedDict()
_lock = Lock()
_MOST_KEPT = 4
"""A book of three million characters takes about twenty megabytes."""


def _searchable(book: BookFolder) -> _Searchable:
    found = _kept.get(book.folder)
    if found is None:
        found = _loaded(book)
        with _lock:
            _kept[book.folder] = found
            while len(_kept) > _MOST_KEPT:
                _kept.popitem(last=False)
    return found


def _loaded(book: BookFolder) -> _Searchable:
    try:
        text = (book.folder / "folded.txt").read_text(encoding="utf-8")
    except FileNotFoundError:
        return _Searchable("", [], [], [])
    places, lines = [], []
    for page in words_of(book):
        for block, words in page.blocks:
            places.append((page.chapter, page.page, block))
            lines.append(words)
    starts, at = [], 0
    for line in text.split("\n"):
        starts.append(at)
        at += len(line) + 1
    return _Searchable(text, starts[: len(places)], places, lines)
