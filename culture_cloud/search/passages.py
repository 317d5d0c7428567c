"""Cutting the sentence out of a text that shows why it was found.

The text is shown as it was written, traditional or simplified; what was asked for is looked for in
its folded form and led back to its places (folding.fold_with_places). Cuts fall on ends of
sentences where there are any near, and the hit stands in the middle.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .analysis.folding import fold_with_places

LENGTH = 90
"""Characters of a passage, about."""

_SENTENCE_END = "。！？；!?;\n"
_CLAUSE_END = "，、,：: ）)」』”"
_OPENING = re.compile(r"[\s，。、；：！？,.;:!?）)」』”]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text; `hit`: it is what was asked for."""

    text: str
    hit: bool = False


def marked(text: str, phrases: Sequence[str], terms: Sequence[str]) -> list[Piece]:
    """The whole text with every hit marked (for titles)."""
    spans = _merged(_spans(text, phrases) or _spans(text, terms))
    return _pieces(text, 0, len(text), spans)


def passage(body: str, phrases: Sequence[str], terms: Sequence[str]) -> list[Piece]:
    """The part of the body with most of what was asked for; its beginning where it has nothing."""
    spans = _merged(_spans(body, phrases) or _spans(body, terms))
    if not spans:
        return _window(body, 0, 0, [])
    first, end = _densest(spans)
    return _window(body, first, end, spans)


def _spans(text: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Where any of the squeezed strings stands in the text, punctuation and line breaks aside."""
    wanted = [w for w in wanted if w]
    if not wanted or not text:
        return []
    folded, places = fold_with_places(text)
    found = [match.span() for match in _pattern(tuple(wanted)).finditer(folded)]
    if places is None:
        return found
    return [(places[first], places[end - 1] + 1) for first, end in found]


@lru_cache(512)
def _pattern(wanted: tuple[str, ...]) -> re.Pattern[str]:
    r"""Each string with room for punctuation between its characters; a Latin word whole."""
    parts = []
    for text in sorted(wanted, key=len, reverse=True):
        if text.isascii():
            parts.append(rf"(?<![a-z0-9]){re.escape(text)}(?![a-z0-9])")
        else:
            parts.append(r"[\W_]{0,4}".join(re.escape(c) for c in text if c != " "))
    return re.compile("|".join(parts))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, end in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((first, end))
    return merged


def _densest(spans: list[tuple[int, int]]) -> tuple[int, int]:
    """The stretch of at most LENGTH that holds most characters of hits; the earliest of equals."""
    best, best_held = spans[0], 0
    begin = 0
    held = 0
    for number, (_first, end) in enumerate(spans):
        held += end - spans[number][0]
        while end - spans[begin][0] > LENGTH and begin < number:
            held -= spans[begin][1] - spans[begin][0]
            begin += 1
        if held > best_held:
            best, best_held = (spans[begin][0], end), held
    return best


def _window(body: str, first: int, end: int, spans: list[tuple[int, int]]) -> list[Piece]:
    """Cut around [first, end) at ends of sentences, else of clauses, else where LENGTH is full."""
    room = max(0, LENGTH - (end - first))
    start = _start(body, first, room // 2 if spans else 0)
    stop = _stop(body, end, max(room // 2, LENGTH - (end - start)))
    skipped = _OPENING.match(body, start, first if spans else stop)
    if skipped:
        start = skipped.end()
    pieces = _pieces(body, start, stop, [s for s in spans if start <= s[0] and s[1] <= stop])
    if start > 0 and body[start - 1] not in _SENTENCE_END:
        pieces.insert(0, Piece("…"))
    if stop < len(body.rstrip()) and (not stop or body[stop - 1] not in _SENTENCE_END):
        pieces.append(Piece("…"))
    return pieces


def _start(body: str, first: int, room: int) -> int:
    lowest = max(0, first - room)
    if lowest == 0:
        return max((body.rfind("\n", 0, first) + 1), 0) if first else 0
    before = body[lowest:first]
    for ends in (_SENTENCE_END, _CLAUSE_END):
        # the end of a sentence nearest to the far side: more is shown, and it begins whole
        places = [before.find(c) for c in ends if c in before]
        if places:
            return lowest + min(places) + 1
    return lowest


def _stop(body: str, end: int, room: int) -> int:
    highest = min(len(body), end + room)
    if highest == len(body):
        return len(body)
    after = body[end:highest]
    for ends in (_SENTENCE_END, _CLAUSE_END):
        place = max((after.rfind(c) for c in ends), default=-1)
        if place >= len(after) // 3:
            return end + place + 1
    return highest


def _pieces(text: str, start: int, stop: int, spans: list[tuple[int, int]]) -> list[Piece]:
    pieces = []
    place = start
    for first, end in spans:
        if first > place:
            pieces.append(Piece(_flat(text[place:first])))
        pieces.append(Piece(text[first:end], hit=True))
        place = end
    if stop > place:
        pieces.append(Piece(_flat(text[place:stop])))
    return pieces


def _flat(text: str) -> str:
    """On one line."""
    return re.sub(r"\s*\n\s*", " ", text)
