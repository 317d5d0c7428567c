"""The order of results: what the terms say, then what stands there word for word.

Engines score by terms (BM25 over the zones) and hand over the best CANDIDATES; here each is looked
at itself. What carries the asked words as its title comes first, then titles that begin with them,
titles that hold them, texts that hold them as they stand. Both engines are ordered by this one
function, so that they agree.
"""

from __future__ import annotations

from collections.abc import Sequence

from .engines.base import Candidate

EXACT_TITLE = 3.0
TITLE_BEGINS = 1.6
TITLE_HOLDS = 1.2
NAME_HOLDS = 0.8
TEXT_HOLDS = 0.5
"""Added for each, as shares of the best score by terms."""

NEARLY = 0.45
"""Added where the text holds the phrase with one character wrong, missing or too many."""

SENTENCE_SHARE = 0.3
"""Of the additions this much in a sentence of clauses, none of which was meant by itself."""

LONGEST_NEAR = 12
"""A longer phrase is a sentence, which nobody copies with one mistake."""


def order(
    candidates: Sequence[Candidate], phrases: Sequence[Sequence[str]], *, nearly: bool = False
) -> list[Candidate]:
    """The candidates, best first. `nearly` looks for phrases with one edit too."""
    if not candidates:
        return []
    unit = max(candidate.score for candidate in candidates) or 1.0
    wanted = [[phrase.encode() for phrase in same if phrase] for same in phrases]
    one = phrases[0][0] if len(phrases) == 1 else ""
    halves = _halves(one) if nearly and 3 <= len(one) <= LONGEST_NEAR else None
    lengths = sum(len(same[0]) for same in phrases)
    whole = "".join(same[0] for same in phrases).encode()
    only = wanted[0][0] if len(wanted) == 1 == len(wanted[0]) else None
    scored = []
    for candidate in candidates:
        score = candidate.score / unit
        if only:
            score += _held(candidate.folded, only)
        elif wanted:
            # a long word says more than a short one beside it
            held = sum(
                len(phrases[place][0]) * max(_held(candidate.folded, phrase) for phrase in same)
                for place, same in enumerate(wanted)
            )
            score += held / lengths * (SENTENCE_SHARE if nearly and len(wanted) > 1 else 1)
            if len(wanted) > 1 and candidate.folded.split(b"\n", 1)[0].replace(b" ", b"") == whole:
                score += EXACT_TITLE
        if halves and _nearly_holds(candidate.folded.decode(), *halves):
            score += NEARLY
        scored.append((-score * candidate.boost, candidate.key, candidate))
    scored.sort(key=lambda row: row[:2])
    return [candidate for _, _, candidate in scored]


def _held(folded: bytes, phrase: bytes) -> float:
    """What holding the phrase is worth, by where it stands."""
    place = folded.find(phrase)
    if place < 0:
        return 0.0
    title_end = folded.find(b"\n")
    if place < title_end:
        if len(phrase) == title_end:
            return EXACT_TITLE
        return TITLE_BEGINS if place == 0 else TITLE_HOLDS
    other_end = folded.find(b"\n", title_end + 1)
    if place < other_end:
        other = folded[title_end + 1 : other_end]
        return TITLE_BEGINS if phrase == other else TITLE_HOLDS
    return NAME_HOLDS if place < folded.find(b"\n", other_end + 1) else TEXT_HOLDS


def _halves(phrase: str) -> tuple[str, str, str]:
    middle = len(phrase) // 2
    return phrase, phrase[:middle], phrase[middle:]


def _nearly_holds(text: str, phrase: str, first: str, second: str) -> bool:
    """Whether the phrase stands there with at most one edit: one of its halves then is whole."""
    return any(
        within_one_edit(text, place, phrase, first, from_start=True)
        for place in _places(text, first)
    ) or any(
        within_one_edit(text, place, phrase, second, from_start=False)
        for place in _places(text, second)
    )


def _places(text: str, part: str) -> list[int]:
    places: list[int] = []
    place = text.find(part) if part else -1
    while place >= 0 and len(places) < 20:
        places.append(place)
        place = text.find(part, place + 1)
    return places


def within_one_edit(text: str, place: int, phrase: str, part: str, *, from_start: bool) -> bool:
    """Whether the text around `part`, which begins at `place`, is the phrase but for one edit."""
    if from_start:
        rest = phrase[len(part) :]
        after = text[place + len(part) : place + len(part) + len(rest) + 1]
        return _begins_nearly(after, rest)
    rest = phrase[: -len(part)][::-1]
    before = text[max(0, place - len(rest) - 1) : place][::-1]
    return _begins_nearly(before, rest)


def _begins_nearly(text: str, wanted: str) -> bool:
    """Whether the text begins with `wanted`, one character of it wrong, missing or too many."""
    same = 0
    for a, b in zip(text, wanted, strict=False):
        if a != b:
            break
        same += 1
    if same == len(wanted):
        return True
    rest = wanted[same + 1 :]
    return (
        text[same + 1 :].startswith(rest)
        or text[same:].startswith(rest)
        or text[same + 1 :].startswith(wanted[same:])
    )
