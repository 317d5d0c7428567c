"""BM25 of one text at a time, by the same numbers as the query loop's arrays (whoosh.loop)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..analysis.terms import MOST_WEIGHT, ZONE_WEIGHTS
from .base import Group

K1, B = 1.2, 0.75
"""As whoosh.scoring.BM25F has them."""

FREQUENT = 0.05
"""A term in more than this share of all documents is a frequent one."""

RARE_ENOUGH = 3
"""With this many rarer groups the frequent ones find nothing by themselves."""


def frequent_from(documents: int) -> float:
    return FREQUENT * documents


def rare_enough(rare: int, minimum: int) -> bool:
    return rare >= max(RARE_ENOUGH, minimum)


def idf(documents: int, holding: int) -> float:
    """As whoosh.scoring has it."""
    return math.log(documents / (holding + 1)) + 1 if documents else 0.0


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many documents hold each term, how many there are, how long they are on average."""

    holding: Mapping[str, int]
    documents: int
    average_length: float

    def documents_of(self, group: Group) -> int:
        """About how many documents meet the group."""
        each = (min(self.holding[term] for term in words) for words in group if words)
        return min(self.documents, sum(each))


def score(folded: bytes, length: int, groups: Sequence[Group], statistics: Statistics) -> float:
    """The sum of BM25 over the groups that the text meets."""
    zones = folded.split(b"\n")
    norm = K1 * ((1 - B) + B * length / statistics.average_length)
    total = 0.0
    for group in groups:
        tf = max((_least(zones, words) for words in group), default=0)
        if tf:
            weight = idf(statistics.documents, statistics.documents_of(group))
            total += weight * tf * (K1 + 1) / (tf + norm)
    return total


def _least(zones: list[bytes], words: Sequence[str]) -> int:
    """The weight of what all of the terms are found with; 0 where one is missing."""
    return min((_weight(zones, term.encode()) for term in words), default=0)


def _weight(zones: list[bytes], term: bytes) -> int:
    found = 0
    for weight, zone in zip(ZONE_WEIGHTS, zones, strict=False):
        found += weight * (zone.split(b" ").count(term) if term.isascii() else zone.count(term))
    return min(found, MOST_WEIGHT)
