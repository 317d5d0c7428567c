"""Words that mean the same to search: data, seeded with what is common, kept on the desk."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock

from .analysis.folding import folded_name
from .models import SearchSynonym
from .understanding import Synonyms

FEWEST, MOST_WORDS, LONGEST_WORD = 2, 12, 30


class SynonymsRefused(ValueError):
    """A set that cannot be kept; `reason` is a code that the desk has words for."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def words_of(text: str) -> list[str]:
    """The words of a set as typed: one a line, or parted by commas, 、 or =."""
    for mark in "，,、;；=＝":
        text = text.replace(mark, "\n")
    words = [" ".join(line.split()) for line in text.splitlines()]
    return list(dict.fromkeys(word for word in words if word))


def keep(session: Session, text: str, synonym_id: int | None = None) -> SearchSynonym:
    """Add a set, or replace one. Raises SynonymsRefused: few, many, long, empty_word."""
    words = words_of(text)
    if len({folded_name(word) for word in words}) < FEWEST:
        raise SynonymsRefused("few")
    if len(words) > MOST_WORDS:
        raise SynonymsRefused("many")
    if any(len(word) > LONGEST_WORD for word in words):
        raise SynonymsRefused("long")
    if not all(folded_name(word) for word in words):
        raise SynonymsRefused("empty_word")
    row = session.get(SearchSynonym, synonym_id) if synonym_id else None
    if row is None:
        row = SearchSynonym(words="", updated_at=clock.now())
        session.add(row)
    row.words, row.updated_at = "\n".join(words), clock.now()
    return row


def remove(session: Session, synonym_id: int) -> None:
    row = session.get(SearchSynonym, synonym_id)
    if row is not None:
        session.delete(row)


def all_sets(session: Session) -> list[SearchSynonym]:
    return list(session.scalars(select(SearchSynonym).order_by(SearchSynonym.words)))


def folded_sets(session: Session) -> Synonyms:
    """As queries use them."""
    rows = session.scalars(select(SearchSynonym.words).order_by(SearchSynonym.id))
    return [[folded_name(word) for word in words.split("\n")] for words in rows]
