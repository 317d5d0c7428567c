"""Cutting the sentence out of a text that shows why it was found.

The text is shown as it was written, traditional or simplified; what was asked for is looked for in
its folded form and led back to its places (folding.fold_with_places). Cuts fall on ends of
sentences where there are any near, and the hit stands in the middle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .analysis.folding import fold_with_places

LENGTH = 90
"""Characters of a passage, about."""

_SENTENCE_END = "。！？；!?;\n"
_CLAUSE_END = "，、,：: ）)」』”"
_ENDS = tuple(re.compile(f"[{re.escape(ends)}]") for ends in (_SENTENCE_END, _CLAUSE_END))
_LAST_ENDS = tuple(re.compile(f".*{end.pattern}", re.DOTALL) for end in _ENDS)
_OPENING = re.compile(r"[\s，。、；：！？,.;:!?）)」』”]+")


class Piece(NamedTuple):
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
    found = [span for w in wanted for span in _found(folded, w)]
    if places is None:
        return found
    return [(places[first], places[end - 1] + 1) for first, end in found]


MOST_BETWEEN = 4
"""Punctuation and spaces between two characters of a phrase that do not part it."""


def _found(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Where it stands in folded text: a Latin word whole, else with room for punctuation between
    its characters. (A pattern would cost more to compile than it saves: each query has another.)"""
    latin = wanted.isascii()
    characters = wanted if latin else wanted.replace(" ", "")
    place = text.find(characters[0])
    while place >= 0:
        end = place + len(characters)
        if not text.startswith(characters, place):
            end = 0 if latin else _end_with_gaps(text, place, characters)
        if end and not (latin and _is_inside_word(text, place, end)):
            yield place, end
            place = text.find(characters[0], end)
        else:
            place = text.find(characters[0], place + 1)


def _end_with_gaps(text: str, place: int, characters: str) -> int:
    """Where the characters end that begin at `place`; 0 where they do not follow one another."""
    for character in characters[1:]:
        place += 1
        last = min(place + MOST_BETWEEN, len(text) - 1)
        while place < last and text[place] != character and not text[place].isalnum():
            place += 1
        if place > last or text[place] != character:
            return 0
    return place + 1


def _is_inside_word(text: str, first: int, end: int) -> bool:
    before, after = text[first - 1 : first], text[end : end + 1]
    return any(c.isascii() and c.isalnum() for c in (before, after) if c)


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
    for ends in _ENDS:
        # the end of a sentence nearest to the far side: more is shown, and it begins whole
        found = ends.search(body, lowest, first)
        if found:
            return found.end()
    return lowest


def _stop(body: str, end: int, room: int) -> int:
    highest = min(len(body), end + room)
    if highest == len(body):
        return len(body)
    for ends in _LAST_ENDS:
        found = ends.match(body, end, highest)
        if found and found.end() > end + (highest - end) // 3:
            return found.end()
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
    if "\n" not in text:
        return text
    return re.sub(r"\s*\n\s*", " ", text)
