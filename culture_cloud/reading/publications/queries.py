"""Reading the reading room: lists, counts, shelves, one publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from culture_cloud.errors import NotFound
from culture_cloud.reading.models import (
    Publication,
    PublicationForm,
    ReadingAudience,
    ReadingCount,
    ReadingPosition,
    Shelf,
    ShelfEntry,
    State,
    Subject,
)

from .filters import QUESTIONS, Cursor, RoomFilter

PAGE_SIZE = 24
_COLUMNS = {
    "kind": Publication.kind,
    "subject": Publication.subject_code,
    "audience": Publication.audience_code,
    "language": Publication.language,
}
_PUBLIC = Publication.state == State.PUBLISHED


@dataclass(frozen=True, slots=True)
class RoomPage:
    """A page of the list and where the next one begins."""

    publications: list[Publication]
    next: Cursor | None


def open_to_age(age: int | None) -> list[ColumnElement[bool]]:
    """What a child of this age is shown; None: everything."""
    if age is None:
        return []
    suitable = select(ReadingAudience.code).where(ReadingAudience.age_from <= age)
    return [Publication.audience_code.in_(suitable)]


def conditions(asked: RoomFilter, age: int | None) -> list[ColumnElement[bool]]:
    """What a publication must be to stand in the list."""
    found = [_PUBLIC, *open_to_age(age)]
    found += [column == value for n, column in _COLUMNS.items() if (value := getattr(asked, n))]
    if asked.form:
        has_form = select(PublicationForm.publication_id).where(PublicationForm.form == asked.form)
        found.append(Publication.id.in_(has_form))
    return found


def room_page(
    session: Session,
    asked: RoomFilter,
    *,
    age: int | None = None,
    size: int = PAGE_SIZE,
    licences: bool = False,
) -> RoomPage:
    """The publications of one page of the list, in the order asked for; `licences`: with how many
    copies there are and are lent."""
    query: Select[Any] = select(Publication).where(*conditions(asked, age))
    if licences:
        query = query.options(joinedload(Publication.licence))
    if asked.order == "read":
        rows = _most_read(session, query, asked.after, size + 1)
    elif asked.order == "title":
        query = query.order_by(Publication.sort_key, Publication.id)
        if asked.after:
            query = query.where(_behind(Publication.sort_key, asked.after.key, asked.after.id))
        rows = list(session.scalars(query.limit(size + 1)))
    else:
        query = query.order_by(Publication.published_at.desc(), Publication.id.desc())
        moment = _moment(asked.after)
        if asked.after and moment is not None:
            query = query.where(
                or_(
                    Publication.published_at < moment,
                    and_(Publication.published_at == moment, Publication.id < asked.after.id),
                )
            )
        rows = list(session.scalars(query.limit(size + 1)))
    following = None
    if len(rows) > size:
        following = _cursor_of(session, rows[size - 1], asked.order)
    return RoomPage(rows[:size], following)


def _by_reads(query: Select[Any]) -> Select[Any]:
    """Those that were read at all, by how often: along the index of the counts."""
    return (
        query.join(ReadingCount, ReadingCount.publication_id == Publication.id)
        .where(ReadingCount.reads > 0)
        .order_by(ReadingCount.reads.desc(), ReadingCount.publication_id.desc())
    )


def _most_read(
    session: Session, query: Select[Any], after: Cursor | None, most: int
) -> list[Publication]:
    """By how much they were read; then, the newest first, what nobody has read yet."""
    number = int(after.key) if after and after.key.isdigit() else None
    rows: list[Publication] = []
    if number != 0:
        read = _by_reads(query)
        if after and number is not None:
            reads, id_ = ReadingCount.reads, ReadingCount.publication_id
            read = read.where(or_(reads < number, and_(reads == number, id_ < after.id)))
        rows = list(session.scalars(read.limit(most)))
    if len(rows) < most:
        was_read = exists().where(
            ReadingCount.publication_id == Publication.id, ReadingCount.reads > 0
        )
        unread = query.where(~was_read).order_by(Publication.id.desc())
        if after and number == 0:
            unread = unread.where(Publication.id < after.id)
        rows += session.scalars(unread.limit(most - len(rows)))
    return rows


def most_read(session: Session, *, age: int | None, size: int) -> list[Publication]:
    """The titles that were read most; none that nobody has read."""
    public = select(Publication).where(*conditions(RoomFilter(), age))
    return list(session.scalars(_by_reads(public).limit(size)))


def _behind(column: Any, key: str, id_: int) -> ColumnElement[bool]:
    return or_(column > key, and_(column == key, Publication.id > id_))


def _moment(cursor: Cursor | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(cursor.key) if cursor else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _cursor_of(session: Session, last: Publication, order: str) -> Cursor:
    if order == "title":
        return Cursor(last.sort_key, last.id)
    if order == "read":
        reads = session.scalar(
            select(ReadingCount.reads).where(ReadingCount.publication_id == last.id)
        )
        return Cursor(str(reads or 0), last.id)
    return Cursor(last.published_at.isoformat() if last.published_at else "", last.id)


# --- counts beside the choices -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Combinations:
    """How many published titles there are of each combination of answers, in two tables.

    A few hundred rows stand for ten thousand titles, so that every count of a page is worked out
    in memory while nothing changes.
    """

    #: (kind, subject, audience, language) → how many
    plain: tuple[tuple[tuple[str, ...], int], ...]
    #: the same for each form
    by_form: tuple[tuple[tuple[str, ...], int], ...]


def combinations(session: Session, *, age: int | None = None) -> Combinations:
    """Count all published titles by what they can be narrowed to."""
    columns = tuple(_COLUMNS.values())
    where = (_PUBLIC, *open_to_age(age))
    plain = session.execute(select(*columns, func.count()).where(*where).group_by(*columns))
    forms = session.execute(
        select(*columns, PublicationForm.form, func.count())
        .join(PublicationForm, PublicationForm.publication_id == Publication.id)
        .where(*where)
        .group_by(*columns, PublicationForm.form)
    )
    return Combinations(_rows(plain), _rows(forms))


def _rows(found: Any) -> tuple[tuple[tuple[str, ...], int], ...]:
    return tuple((tuple(str(v or "") for v in row[:-1]), int(row[-1])) for row in found)


def counts(combined: Combinations, asked: RoomFilter) -> dict[tuple[str, str], int]:
    """How many titles each choice would show, the other questions staying as they are.

    ("kind", "book") → number; ("all", "") → how many stand in the list.
    """
    found: Counter[tuple[str, str]] = Counter()
    source = combined.by_form if asked.form else combined.plain
    for values, number in source:
        row = dict(zip(QUESTIONS, values, strict=False))
        wrong = [n for n in QUESTIONS if getattr(asked, n) and row.get(n, "") != getattr(asked, n)]
        if not wrong:
            found["all", ""] += number
        for name in ("kind", "subject", "audience", "language"):
            if not wrong or wrong == [name]:
                found[name, row[name]] += number
                found[name, ""] += number
    for values, number in combined.by_form:
        row = dict(zip(QUESTIONS, values, strict=False))
        fits = all(row[n] == getattr(asked, n) for n in QUESTIONS[:4] if getattr(asked, n))
        if fits:
            found["form", row["form"]] += number
    any_form = asked.without("form")
    found["form", ""] = sum(
        number
        for values, number in combined.plain
        if all(
            v == getattr(any_form, n)
            for n, v in zip(QUESTIONS[:4], values, strict=True)
            if getattr(any_form, n)
        )
    )
    return dict(found)


# --- shelves and strips --------------------------------------------------------------------------


def shelves(session: Session, today: date) -> list[Shelf]:
    """The shelves that stand in the room today, in the order staff gave them."""
    return list(
        session.scalars(
            select(Shelf)
            .where(
                or_(Shelf.first_day.is_(None), Shelf.first_day <= today),
                or_(Shelf.last_day.is_(None), Shelf.last_day >= today),
            )
            .order_by(Shelf.position, Shelf.id.desc())
        )
    )


def shelf(session: Session, shelf_id: int) -> Shelf:
    """Raises NotFound."""
    found = session.get(Shelf, shelf_id)
    if found is None:
        raise NotFound
    return found


def on_shelf(
    session: Session, shelf_id: int, *, age: int | None = None, limit: int = 200
) -> list[Publication]:
    """The published titles of a shelf in their order."""
    return list(
        session.scalars(
            select(Publication)
            .join(ShelfEntry, ShelfEntry.publication_id == Publication.id)
            .where(ShelfEntry.shelf_id == shelf_id, _PUBLIC, *open_to_age(age))
            .order_by(ShelfEntry.position, Publication.id)
            .limit(limit)
        )
    )


def being_read(session: Session, account_id: int, *, limit: int = 6) -> list[ReadingPosition]:
    """What an account has begun and not finished, the latest first."""
    return list(
        session.scalars(
            select(ReadingPosition)
            .join(Publication)
            .options(joinedload(ReadingPosition.publication))
            .where(
                ReadingPosition.account_id == account_id,
                ReadingPosition.finished_at.is_(None),
                _PUBLIC,
            )
            .order_by(ReadingPosition.moved_at.desc())
            .limit(limit)
        )
    )


# --- one publication -----------------------------------------------------------------------------


def publication(session: Session, publication_id: int) -> Publication:
    """A published title with what its page shows. Raises NotFound."""
    found = session.scalar(
        select(Publication)
        .options(
            joinedload(Publication.node),
            joinedload(Publication.subject),
            joinedload(Publication.audience),
            joinedload(Publication.licence),
            selectinload(Publication.forms),
        )
        .where(Publication.id == publication_id, _PUBLIC)
    )
    if found is None:
        raise NotFound
    return found


def by_ids(session: Session, ids: Sequence[int]) -> dict[int, Publication]:
    rows = session.scalars(select(Publication).where(Publication.id.in_(ids), _PUBLIC))
    return {row.id: row for row in rows}


def subjects(session: Session) -> list[Subject]:
    return list(session.scalars(select(Subject).order_by(Subject.position)))


def audiences(session: Session) -> list[ReadingAudience]:
    return list(session.scalars(select(ReadingAudience).order_by(ReadingAudience.position)))
