"""Bookmarks, highlights and notes: only their owner sees them, and may take them along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from culture_cloud import clock
from culture_cloud.errors import NotFound, Refusal
from culture_cloud.reading.models import Mark

MOST_MARKS = 2000
"""Of one reader in one title."""
MOST_NOTE = 5000


class TooManyMarks(Refusal):
    """No more marks fit into this title."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a chapter; characters `begin` to `end` of the block's text are marked."""

    chapter: int
    block: int
    begin: int = 0
    end: int = 0
    quote: str = ""


def of_page(
    session: Session, account_id: int, publication_id: int, *, chapter: int, first: int, last: int
) -> list[Mark]:
    """The reader's marks in the blocks `first` to `last` of a chapter."""
    return list(
        session.scalars(
            select(Mark)
            .where(
                Mark.account_id == account_id,
                Mark.publication_id == publication_id,
                Mark.chapter == chapter,
                Mark.block.between(first, last),
            )
            .order_by(Mark.block, Mark.begin, Mark.id)
        )
    )


def of_reader(
    session: Session, account_id: int, publication_id: int | None = None, *, limit: int = 5000
) -> list[Mark]:
    """The reader's marks in the order of the book, newest books first."""
    query = (
        select(Mark)
        .options(joinedload(Mark.publication))
        .where(Mark.account_id == account_id)
        .order_by(Mark.publication_id.desc(), Mark.chapter, Mark.block, Mark.begin, Mark.id)
        .limit(limit)
    )
    if publication_id is not None:
        query = query.where(Mark.publication_id == publication_id)
    return list(session.scalars(query))


def add(
    session: Session,
    *,
    account_id: int,
    publication_id: int,
    kind: str,
    spot: Spot,
    note: str = "",
) -> Mark:
    """Set a mark; the same bookmark or highlight twice is one. Raises TooManyMarks."""
    same = session.scalar(
        select(Mark).where(
            Mark.account_id == account_id,
            Mark.publication_id == publication_id,
            Mark.kind == kind,
            Mark.chapter == spot.chapter,
            Mark.block == spot.block,
            Mark.begin == spot.begin,
            Mark.end == spot.end,
        )
    )
    if same is not None:
        same.note = note[:MOST_NOTE] or same.note
        return same
    number = select(func.count()).where(
        Mark.account_id == account_id, Mark.publication_id == publication_id
    )
    if (session.scalar(number) or 0) >= MOST_MARKS:
        raise TooManyMarks
    mark = Mark(
        account_id=account_id,
        publication_id=publication_id,
        kind=kind,
        chapter=spot.chapter,
        block=spot.block,
        begin=spot.begin,
        end=spot.end,
        quote=spot.quote[:2000],
        note=note[:MOST_NOTE],
        created_at=clock.now(),
    )
    session.add(mark)
    session.flush()
    return mark


def own(session: Session, account_id: int, mark_id: int) -> Mark:
    """A mark of this reader. Raises NotFound, also for others'."""
    found = session.get(Mark, mark_id)
    if found is None or found.account_id != account_id:
        raise NotFound
    return found


def remove(session: Session, account_id: int, mark_id: int) -> None:
    session.execute(delete(Mark).where(Mark.id == mark_id, Mark.account_id == account_id))


def as_json(found: list[Mark]) -> list[dict[str, Any]]:
    """Marks as data to take along."""
    return [
        {
            "publication": mark.publication.urn,
            "title": mark.publication.title,
            "kind": mark.kind,
            "chapter": mark.chapter,
            "block": mark.block,
            "begin": mark.begin,
            "end": mark.end,
            "quote": mark.quote,
            "note": mark.note,
            "created_at": mark.created_at.isoformat(),
        }
        for mark in found
    ]
