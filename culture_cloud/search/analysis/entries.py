"""A document ready for an engine: folded, with its marks, its dates as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..documents import Document
from . import marks
from .folding import folded_name

NEVER = 2**62
"""Seconds: the date of what has none, later than any."""

ZONES = 4
LONGEST_PLACE_NAME = 10
LONGEST_BODY = 400_000
"""Characters of a body that are kept; a book comes as pages, not as one document."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What an index keeps of a document. Dates are seconds since 1970 in UTC."""

    key: str
    kind: str
    node_path: str
    category: str
    period: str
    language: str
    #: several values are joined by "|", with one before and one behind: "|elders|children|"
    audiences: str
    visibility: str
    starts: int
    ends: int
    over: int
    boost: float
    #: title, other titles, people and place as written, one a line
    names: str
    body: str
    #: title, other titles, names and place, body: squeezed, one a line
    folded: str
    marks: tuple[int, ...]
    fingerprint: str

    @property
    def zones(self) -> list[str]:
        return self.folded.split("\n")


def entry_of(document: Document) -> Entry:
    body = document.body[:LONGEST_BODY]
    other_titles = [_line(title) for title in document.alternative_titles]
    names = [_line(name) for name in document.names]
    place = [_line(document.place)] if is_name(document.place) else []
    title = _line(document.title)
    folded_titles = [folded_name(title), *map(folded_name, other_titles)]
    folded_names = [folded_name(name) for name in (*names, *place)]
    where = folded_name(document.place)
    starts = _seconds(document.starts_at or document.dated_at)
    return Entry(
        key=document.key,
        kind=document.kind,
        node_path=document.node_path,
        category=document.category,
        period=document.period,
        language=document.language,
        audiences=joined(document.audiences),
        visibility=joined(document.visibility),
        starts=starts,
        ends=_seconds(document.ends_at) if document.ends_at else starts,
        over=_seconds(document.over_at),
        boost=document.boost,
        names="\n".join((title, *other_titles, *names, *place)),
        body=body,
        folded="\n".join(
            (
                folded_titles[0],
                " ".join(folded_titles[1:]),
                " ".join(folded_names if place else (*folded_names, where)).strip(),
                folded_name.__wrapped__(body),
            )
        ),
        marks=_marks(document, folded_titles, folded_names),
        fingerprint=document.fingerprint(),
    )


def is_name(place: str) -> bool:
    """Whether a place is named (那诺梯田) rather than described (an address, a hall and a room)."""
    return 0 < len(place.strip()) <= LONGEST_PLACE_NAME and not any(c.isdigit() for c in place)


def _marks(document: Document, titles: list[str], names: list[str]) -> tuple[int, ...]:
    found = {marks.of_document(document.key)}
    found.update(marks.of_parent(parent) for parent in document.parents)
    found.update(marks.of_title(title) for title in titles if title)
    found.update(marks.for_names((*titles, *names)))
    return tuple(found)


def joined(values: Iterable[str]) -> str:
    kept = "|".join(values)
    return f"|{kept}|" if kept else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _seconds(moment: datetime | None) -> int:
    return NEVER if moment is None else int(moment.timestamp())
