"""Reading many items: lists with facets, what each place and person has, the first of each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from culture_cloud.network.models import Node

from .models import Agent, CollectionEntry, HeritageItem
from .queries import FOR_CARDS
from .visibility import Reader

PAGE_SIZE = 24


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What a list is narrowed to; empty is everything. Words are the business of /search."""

    kind: str = ""
    period: str = ""
    #: ICH category (I to X)
    category: str = ""
    #: path of a node: items of it, about it, and of all below
    node_path: str = ""
    collection_id: int | None = None
    person: str = ""

    def without(self, name: str) -> ItemFilter:
        emptied: dict[str, Any] = {name: None if name == "collection_id" else ""}
        return replace(self, **emptied)

    def conditions(self) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = []
        if self.kind:
            wanted.append(HeritageItem.kind == self.kind)
        if self.period:
            wanted.append(HeritageItem.period == self.period)
        if self.category:
            wanted.append(HeritageItem.category == self.category)
        if self.node_path:
            wanted.append(_in_subtree(self.node_path))
        if self.collection_id is not None:
            wanted.append(
                HeritageItem.id.in_(
                    select(CollectionEntry.item_id).where(
                        CollectionEntry.collection_id == self.collection_id
                    )
                )
            )
        if self.person:
            wanted.append(
                HeritageItem.id.in_(select(Agent.item_id).where(Agent.name == self.person))
            )
        return wanted


def _in_subtree(path: str) -> ColumnElement[bool]:
    below = select(Node.id).where(Node.path.startswith(path, autoescape=True))
    return or_(HeritageItem.node_id.in_(below), HeritageItem.place_node_id.in_(below))


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A page of a list: the items, how many there are in all."""

    items: Sequence[HeritageItem]
    total: int
    page: int

    @property
    def has_next(self) -> bool:
        return self.page * PAGE_SIZE < self.total


def item_page(
    session: Session, reader: Reader, asked: ItemFilter, *, page: int, order: str = "new"
) -> ItemPage:
    """The items a reader may see, newest first, or oldest matter first (`date`)."""
    conditions = [reader.rows(), *asked.conditions()]
    if order == "date":
        conditions.append(HeritageItem.date_first.is_not(None))
    total = session.scalar(select(func.count(HeritageItem.id)).where(*conditions)) or 0
    query = select(HeritageItem).options(*FOR_CARDS).where(*conditions)
    if order == "date":
        query = query.order_by(HeritageItem.date_first, HeritageItem.id)
    else:
        query = query.order_by(HeritageItem.published_at.desc(), HeritageItem.id.desc())
    items = session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return ItemPage(items, total, page)


def counts(session: Session, reader: Reader, asked: ItemFilter, name: str) -> Mapping[str, int]:
    """How many items each choice of a facet (kind, period, category) would leave, the other
    choices kept."""
    columns = {
        "kind": HeritageItem.kind,
        "period": HeritageItem.period,
        "category": HeritageItem.category,
    }
    column = columns[name]
    rows = session.execute(
        select(column, func.count(HeritageItem.id))
        .where(reader.rows(), *asked.without(name).conditions())
        .group_by(column)
    )
    return {str(value): count for value, count in rows if value}


def place_counts(session: Session, reader: Reader) -> Mapping[int, int]:
    """How many items each node has itself, by the place they are about (else by who keeps them)."""
    node_id = func.coalesce(HeritageItem.place_node_id, HeritageItem.node_id)
    rows = session.execute(
        select(node_id, func.count(HeritageItem.id)).where(reader.rows()).group_by(node_id)
    )
    return {int(node): count for node, count in rows}


def people(
    session: Session, reader: Reader, asked: ItemFilter, *, limit: int, offset: int = 0
) -> list[tuple[str, int, int | None]]:
    """(name, how many items, their own item) of everybody who is named, most often named first."""
    many = func.count(func.distinct(Agent.item_id))
    rows = session.execute(
        select(Agent.name, many, func.max(Agent.person_id))
        .join(HeritageItem, HeritageItem.id == Agent.item_id)
        .where(reader.rows(), *asked.conditions())
        .group_by(Agent.name)
        .order_by(many.desc(), Agent.name)
        .limit(limit)
        .offset(offset)
    )
    return [(name, items, person_id) for name, items, person_id in rows]


def samples(
    session: Session, reader: Reader, asked: ItemFilter, *, of_each: int
) -> Mapping[str, list[HeritageItem]]:
    """The newest items of each kind, ready for cards."""
    found: dict[str, list[HeritageItem]] = {}
    newest = (HeritageItem.published_at.desc(), HeritageItem.id.desc())
    ids = _first_of_each(session, [reader.rows(), *asked.conditions()], "kind", newest, of_each)
    rows = session.scalars(
        select(HeritageItem).options(*FOR_CARDS).where(HeritageItem.id.in_(ids)).order_by(*newest)
    )
    for item in rows:
        found.setdefault(item.kind, []).append(item)
    return found


def timeline(
    session: Session, reader: Reader, asked: ItemFilter, *, of_each: int
) -> Mapping[str, list[HeritageItem]]:
    """Items with a beginning, oldest first, the first ones of each period."""
    found: dict[str, list[HeritageItem]] = {}
    oldest = (HeritageItem.date_first.asc(), HeritageItem.id.asc())
    conditions = [reader.rows(), HeritageItem.date_first.is_not(None), *asked.conditions()]
    ids = _first_of_each(session, conditions, "period", oldest, of_each)
    rows = session.scalars(select(HeritageItem).where(HeritageItem.id.in_(ids)).order_by(*oldest))
    for item in rows:
        found.setdefault(item.period, []).append(item)
    return found


def _first_of_each(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    name: str,
    order: Sequence[UnaryExpression[Any]],
    most: int,
) -> Sequence[int]:
    column: InstrumentedAttribute[str] = getattr(HeritageItem, name)
    place = func.row_number().over(partition_by=column, order_by=order).label("place")
    ranked = select(HeritageItem.id, place).where(*conditions).subquery()
    return session.scalars(select(ranked.c.id).where(ranked.c.place <= most)).all()
