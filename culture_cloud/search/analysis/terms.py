"""Terms: single Chinese characters, pairs of neighbours, and Latin words and numbers.

Pairs find words of any length without a dictionary, and single characters make queries of one
character work. What is compared is squeezed text (folding.squeeze), so pairs run over line breaks
and punctuation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from .folding import FIRST_CJK, squeeze

LONGEST_WORD = 40
"""Longer runs of letters are cut: they are no words, and nobody types them whole."""

ZONE_WEIGHTS = (4, 3, 2, 1)
"""How much a term counts in the title, other titles, names and place, and the body."""

MOST_WEIGHT = 255

_RUN = re.compile(rf"[{chr(FIRST_CJK)}-\U0010FFFF]+|[^ {chr(FIRST_CJK)}-\U0010FFFF]+")


def runs(squeezed: str) -> Iterator[str]:
    """The Chinese runs and the words of squeezed text, in order."""
    return (match.group() for match in _RUN.finditer(squeezed))


def terms_of_zone(squeezed: str) -> Iterator[str]:
    """Every term of squeezed text, as often as it stands there."""
    for run in runs(squeezed):
        if ord(run[0]) < FIRST_CJK:
            yield run[:LONGEST_WORD]
            continue
        yield from run
        yield from map("".join, pairwise(run))


def weighted_terms(zones: Sequence[str]) -> dict[str, int]:
    """The terms of a document's squeezed zones (title first) with their weights."""
    found: Counter[str] = Counter()
    for weight, zone in zip(ZONE_WEIGHTS, zones, strict=True):
        for term in terms_of_zone(zone):
            found[term] += weight
    return {term: min(weight, MOST_WEIGHT) for term, weight in found.items()}


def chunks_of_query(folded: str) -> list[str]:
    """The words of a query as its spaces and punctuation part them, each squeezed."""
    return [chunk for chunk in (squeeze(part) for part in re.split(r"[\W_]+", folded)) if chunk]


def query_terms(chunk: str) -> list[str]:
    """What a document must hold where it holds the chunk: the pairs, or a lone character."""
    found: list[str] = []
    for run in runs(chunk):
        if ord(run[0]) < FIRST_CJK:
            found.append(run[:LONGEST_WORD])
        elif len(run) == 1:
            found.append(run)
        else:
            found.extend(map("".join, pairwise(run)))
    return list(dict.fromkeys(found))
