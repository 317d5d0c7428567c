"""A query as typed → what engines are asked: chunks, groups of terms, synonyms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .analysis.folding import fold
from .analysis.terms import chunks_of_query, query_terms
from .engines.base import Group

LONGEST_QUERY = 100
"""Characters of a query that are looked for; what is longer is cut, and the page says so."""

MOST_CHUNKS = 12

Synonyms = Sequence[Sequence[str]]
"""Sets of words that mean the same, folded."""


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked for. `phrases`: each chunk with the ways of saying it, as typed first."""

    typed: str
    chunks: tuple[str, ...]
    groups: tuple[Group, ...]
    phrases: tuple[tuple[str, ...], ...]
    was_cut: bool = False

    @property
    def words(self) -> str:
        """The query as it is counted and compared: folded, its chunks parted by one space."""
        return " ".join(self.chunks)

    @property
    def terms(self) -> list[str]:
        """The terms that highlights fall back to. Words that mean the same are marked whole (they
        are among the phrases) or not at all: 文化 is not what was meant by 非遗."""
        single = [group[0] for group in self.groups if len(group) == 1]
        found = [term for terms in single for term in terms]
        return list(dict.fromkeys(found))

    def __bool__(self) -> bool:
        return bool(self.groups)


def understand(typed: str, synonyms: Synonyms = ()) -> Query:
    """Read what was typed. Nothing in it is an operator: punctuation only parts words."""
    folded = fold(typed)
    was_cut = len(folded) > LONGEST_QUERY
    chunks = tuple(chunks_of_query(folded[:LONGEST_QUERY])[:MOST_CHUNKS])
    groups: list[Group] = []
    phrases: list[tuple[str, ...]] = []
    for chunk in chunks:
        more, ways = _read(chunk, synonyms)
        groups += more
        phrases.append(ways)
    return Query(typed, chunks, tuple(dict.fromkeys(groups)), tuple(phrases), was_cut)


def of_words(typed: str, words: Sequence[str]) -> Query:
    """A query for any of the words, each taken whole: what a correction asks for."""
    group = tuple(tuple(query_terms(word)) for word in words)
    return Query(typed, tuple(words), (group,), (tuple(words),))


def _read(chunk: str, synonyms: Synonyms) -> tuple[list[Group], tuple[str, ...]]:
    """The groups of a chunk and the ways of saying it."""
    for same in synonyms:
        # the longest first: of 非物质文化遗产 and 文化遗产 the whole is meant
        for word in sorted(same, key=len, reverse=True):
            place = _word_at(chunk, word)
            if place < 0:
                continue
            before, after = chunk[:place].strip(), chunk[place + len(word) :].strip()
            others = [word, *(other for other in same if other != word)]
            groups: list[Group] = [tuple(tuple(query_terms(other)) for other in others)]
            for rest in (before, after):
                if rest:
                    groups += _read(rest, synonyms)[0]
            return groups, tuple(f"{before}{other}{after}" for other in others)
    return [((term,),) for term in query_terms(chunk)], (chunk,)


def _word_at(chunk: str, word: str) -> int:
    """Where the word stands in the chunk; a Latin word only as a whole."""
    if not word or word not in chunk:
        return -1
    if word.isascii():
        return chunk.index(word) if word in chunk.split(" ") else -1
    return chunk.index(word)
