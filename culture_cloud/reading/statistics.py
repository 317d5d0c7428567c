"""How much is read, counted without persons: per title and day, never who.

`note` adds to counters and nothing else. Minutes come from the page's script (which only says how
long the page was looked at) and from players; a reader without scripts counts as a read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.network.models import Node

from .models import Publication, ReadingCount, ReadingDay

MOST_SECONDS_AT_ONCE = 1800
FEW = 5
"""Fewer reads than this are shown as "fewer than 5": in a village a small number is a person."""


def note(
    session: Session, publication_id: int, *, reads: int = 0, seconds: int = 0, finishes: int = 0
) -> None:
    """Add to the counters of a title, for today and in all."""
    seconds = max(0, min(seconds, MOST_SECONDS_AT_ONCE))
    values = {"reads": reads, "seconds": seconds, "finishes": finishes}
    day = clock.now().date()
    _add(session, ReadingDay, {"publication_id": publication_id, "day": day}, values)
    _add(session, ReadingCount, {"publication_id": publication_id}, values)


def note_finish(session: Session, publication_id: int) -> None:
    note(session, publication_id, finishes=1)


def _add(session: Session, table: Any, key: dict[str, Any], values: dict[str, int]) -> None:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table).values(**key, **values)
    added = {name: getattr(table, name) + getattr(insert.excluded, name) for name in values}
    session.execute(insert.on_conflict_do_update(index_elements=list(key), set_=added))


@dataclass(frozen=True, slots=True)
class TitleCounts:
    publication_id: int
    title: str
    node: str
    reads: int
    seconds: int
    finishes: int


def by_title(
    session: Session,
    where: Sequence[ColumnElement[bool]],
    first: date,
    last: date,
    *,
    limit: int = 500,
) -> list[TitleCounts]:
    """Counts of each title between two days, both included, the most read first.

    `where` narrows by Node (what the member of staff may see).
    """
    reads = func.sum(ReadingDay.reads)
    rows = session.execute(
        select(
            Publication.id,
            Publication.title,
            Node.plate_name,
            reads,
            func.sum(ReadingDay.seconds),
            func.sum(ReadingDay.finishes),
        )
        .join(ReadingDay, ReadingDay.publication_id == Publication.id)
        .join(Node, Node.id == Publication.node_id)
        .where(ReadingDay.day.between(first, last), *where)
        .group_by(Publication.id, Publication.title, Node.plate_name)
        .order_by(reads.desc(), Publication.id)
        .limit(limit)
    )
    return [TitleCounts(*row) for row in rows]


def by_node(
    session: Session, where: Sequence[ColumnElement[bool]], first: date, last: date
) -> list[tuple[str, int, int, int]]:
    """(hall, reads, seconds, finishes) between two days."""
    reads = func.sum(ReadingDay.reads)
    rows = session.execute(
        select(Node.plate_name, reads, func.sum(ReadingDay.seconds), func.sum(ReadingDay.finishes))
        .join(Publication, Publication.node_id == Node.id)
        .join(ReadingDay, ReadingDay.publication_id == Publication.id)
        .where(ReadingDay.day.between(first, last), *where)
        .group_by(Node.id, Node.plate_name)
        .order_by(reads.desc())
    )
    return [(str(name), int(r), int(s), int(f)) for name, r, s, f in rows]
