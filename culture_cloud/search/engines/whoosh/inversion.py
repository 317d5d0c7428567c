"""From texts to postings, for thousands of documents at once.

Whoosh's writer takes one posting after the other through Python. Here all characters of a batch are
one array, every Chinese character and every pair of neighbours becomes a 64-bit number that holds
the term, the document and the weight, and one sort of these numbers is the inversion. Latin words
are few and go through a dictionary.

A number: 18 bits first character, 18 bits second (0: it stands alone), 20 bits document, 8 bits
weight. The order of numbers is the order of terms as UTF-8, which the directory of terms asks for;
and every Latin word sorts before every Chinese term.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...analysis.entries import ZONES, Entry
from ...analysis.folding import FIRST_CJK
from ...analysis.terms import LONGEST_WORD, MOST_WEIGHT, ZONE_WEIGHTS

MOST_DOCUMENTS = 1 << 20
"""In one segment: document numbers have 20 bits."""

_BITS = 18
_DOC_BITS, _WEIGHT_BITS = 20, 8
_LAST = FIRST_CJK + (1 << _BITS) - 2
_WORD = re.compile(rf"[^ \n{chr(FIRST_CJK)}-\U0010FFFF]+")
_SHIFT_DOC = np.uint64(_WEIGHT_BITS)
_SHIFT_SECOND = np.uint64(_WEIGHT_BITS + _DOC_BITS)
_SHIFT_FIRST = np.uint64(_WEIGHT_BITS + _DOC_BITS + _BITS)
_CHUNK = 4_000_000
"""Characters that are inverted at once: about 100 MB of working memory."""

Numbers = NDArray[np.uint64]


@dataclass(slots=True)
class Words:
    """Latin words and numbers of a segment: word → documents and weights, in order."""

    postings: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict)

    def add(self, docnum: int, zones: Sequence[str]) -> None:
        found: Counter[str] = Counter()
        for weight, zone in zip(ZONE_WEIGHTS, zones, strict=True):
            for word in _WORD.findall(zone):
                found[word[:LONGEST_WORD]] += weight
        for word, weight in found.items():
            self.put(word, docnum, min(weight, MOST_WEIGHT))

    def put(self, word: str, docnum: int, weight: int) -> None:
        documents, weights = self.postings.setdefault(word, ([], []))
        documents.append(docnum)
        weights.append(weight)


def numbers_of(entries: Sequence[Entry], first_docnum: int) -> list[Numbers]:
    """The postings of the entries' Chinese terms; documents are numbered from `first_docnum`."""
    found: list[Numbers] = []
    start = size = 0
    for end, entry in enumerate(entries, start=1):
        size += len(entry.folded) + 1
        if size > _CHUNK or end == len(entries):
            text = "\n".join(e.folded for e in entries[start:end])
            found.append(_invert(text, first_docnum + start))
            start, size = end, 0
    return found


def _invert(text: str, first_docnum: int) -> Numbers:
    characters = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    lines = np.cumsum(characters == ord("\n"), dtype=np.uint32)
    cjk = (characters >= FIRST_CJK) & (characters <= _LAST)
    code = np.where(cjk, characters - np.uint32(FIRST_CJK - 1), 0).astype(np.uint64)
    weight = np.array(ZONE_WEIGHTS, np.uint64)[lines % ZONES]
    low = ((lines // ZONES).astype(np.uint64) + np.uint64(first_docnum)) << _SHIFT_DOC | weight
    alone = np.flatnonzero(cjk)
    pairs = np.flatnonzero(cjk[:-1] & cjk[1:])
    numbers = np.concatenate(
        (
            code[alone] << _SHIFT_FIRST | low[alone],
            code[pairs] << _SHIFT_FIRST | code[pairs + 1] << _SHIFT_SECOND | low[pairs],
        )
    )
    numbers.sort()
    return _summed(numbers)


def _summed(numbers: Numbers) -> Numbers:
    """One number for each term and document, with the sum of its weights."""
    if not len(numbers):
        return numbers
    group = numbers >> _SHIFT_DOC
    starts = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    weights = np.add.reduceat(numbers & np.uint64(0xFF), starts)
    summed: Numbers = np.minimum(weights, MOST_WEIGHT).astype(np.uint64)
    shifted: Numbers = group[starts] << _SHIFT_DOC
    return np.bitwise_or(shifted, summed)


def lengths_of(entries: Sequence[Entry]) -> list[int]:
    """How long each document is: the characters of all its zones."""
    return [max(1, len(entry.folded) - (ZONES - 1)) for entry in entries]


@dataclass(frozen=True, slots=True)
class Inverted:
    """Postings in the order of terms, ready for codec.FlatFieldWriter.add_terms."""

    terms: list[bytes]
    starts: NDArray[np.int64]
    ids: NDArray[np.uint32]
    weights: NDArray[np.uint8]


def inverted(parts: Sequence[Numbers], words: Words) -> Inverted:
    """All postings of a segment, words first."""
    terms: list[bytes] = []
    starts: list[int] = []
    word_ids: list[int] = []
    word_weights: list[int] = []
    # a list of UTF-8 sorts as Python sorts the words themselves
    for word in sorted(words.postings):
        documents, weights = words.postings[word]
        terms.append(word.encode())
        starts.append(len(word_ids))
        word_ids += documents
        word_weights += weights
    numbers = np.concatenate(parts) if parts else np.zeros(0, np.uint64)
    numbers.sort()
    term_codes = numbers >> _SHIFT_SECOND
    changes = np.append(True, term_codes[1:] != term_codes[:-1])[: len(numbers)]
    first_of_term = np.flatnonzero(changes)
    terms += terms_of_codes(term_codes[first_of_term])
    ids = ((numbers >> _SHIFT_DOC) & np.uint64(MOST_DOCUMENTS - 1)).astype(np.uint32)
    return Inverted(
        terms=terms,
        starts=np.concatenate(
            (np.array(starts, np.int64), first_of_term.astype(np.int64) + len(word_ids))
        ),
        ids=np.concatenate((np.array(word_ids, np.uint32), ids)),
        weights=np.concatenate(
            (np.array(word_weights, np.uint8), (numbers & np.uint64(0xFF)).astype(np.uint8))
        ),
    )


def terms_of_codes(codes: Numbers) -> list[bytes]:
    """The terms as UTF-8."""
    base = FIRST_CJK - 1
    first = (codes >> np.uint64(_BITS)).astype(np.uint32) + np.uint32(base)
    second = (codes & np.uint64((1 << _BITS) - 1)).astype(np.uint32)
    pairs = np.stack((first, np.where(second, second + np.uint32(base), 0)), axis=1)
    text = pairs.astype("<u4").tobytes().decode("utf-32-le")
    return [text[i : i + 2].rstrip("\0").encode() for i in range(0, len(text), 2)]


def code_of_term(term: str) -> int:
    """The 36 bits of a Chinese term."""
    base = FIRST_CJK - 1
    return (ord(term[0]) - base) << _BITS | (ord(term[1]) - base if len(term) > 1 else 0)


def numbers_from(codes: Numbers, ids: NDArray[np.uint32], weights: NDArray[np.uint8]) -> Numbers:
    """The numbers of postings that were written before (for merging segments)."""
    shifted: Numbers = codes << _SHIFT_SECOND
    low: Numbers = ids.astype(np.uint64) << _SHIFT_DOC
    return np.bitwise_or(np.bitwise_or(shifted, low), weights.astype(np.uint64))
