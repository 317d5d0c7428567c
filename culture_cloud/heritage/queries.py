"""Reading heritage: lists with facets, one item with all of it, what leads to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from culture_cloud.errors import Gone, NotFound
from culture_cloud.media.models import MediaOriginal
from culture_cloud.network.models import Node

from .models import (
    Agent,
    Collection,
    CollectionEntry,
    HeritageItem,
    ItemMedia,
    ItemState,
    ItemVersion,
    Relation,
)
from .visibility import ANYBODY, Reader

PAGE_SIZE = 24
FACETS = ("kind", "period", "category")


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What a list is narrowed to; empty is everything."""

    kind: str = ""
    period: str = ""
    #: ICH category (I to X)
    category: str = ""
    #: path of a node: items of it, about it, and of all below
    node_path: str = ""
    collection_id: int | None = None
    person: str = ""
    words: str = ""

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
            wanted.append(HeritageItem.extra["category"].as_string() == self.category)
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
        wanted += [
            or_(
                HeritageItem.title.contains(word, autoescape=True),
                HeritageItem.summary.contains(word, autoescape=True),
                HeritageItem.description.contains(word, autoescape=True),
            )
            for word in self.words.split()
        ]
        return wanted


def _in_subtree(path: str) -> ColumnElement[bool]:
    below = select(Node.id).where(Node.path.startswith(path, autoescape=True))
    return or_(HeritageItem.node_id.in_(below), HeritageItem.place_node_id.in_(below))


_FOR_CARDS = (
    joinedload(HeritageItem.node),
    joinedload(HeritageItem.place_node),
    selectinload(HeritageItem.media).joinedload(ItemMedia.original),
)


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
    total = session.scalar(select(func.count(HeritageItem.id)).where(*conditions)) or 0
    query = select(HeritageItem).options(*_FOR_CARDS).where(*conditions)
    if order == "date":
        query = query.where(HeritageItem.date_first.is_not(None)).order_by(
            HeritageItem.date_first, HeritageItem.id
        )
    else:
        query = query.order_by(HeritageItem.published_at.desc(), HeritageItem.id.desc())
    items = session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return ItemPage(items, total, page)


def counts(session: Session, reader: Reader, asked: ItemFilter, name: str) -> Mapping[str, int]:
    """How many items each choice of a facet would leave, the other choices kept."""
    columns: dict[str, Any] = {
        "kind": HeritageItem.kind,
        "period": HeritageItem.period,
        "category": HeritageItem.extra["category"].as_string(),
    }
    column = columns[name]
    rows = session.execute(
        select(column, func.count(HeritageItem.id))
        .where(reader.rows(), *asked.without(name).conditions())
        .group_by(column)
    )
    return {str(value): count for value, count in rows if value}


def place_counts(session: Session, reader: Reader, asked: ItemFilter) -> Mapping[int, int]:
    """How many items each node has itself, by the place they are about (else by who keeps them)."""
    node_id = func.coalesce(HeritageItem.place_node_id, HeritageItem.node_id)
    rows = session.execute(
        select(node_id, func.count(HeritageItem.id))
        .where(reader.rows(), *asked.without("node_path").conditions())
        .group_by(node_id)
    )
    return {int(node): count for node, count in rows}


def people(
    session: Session, reader: Reader, *, limit: int = 300
) -> list[tuple[str, int, int | None]]:
    """(name, how many items, their own item) of everybody who is named, most often named first."""
    rows = session.execute(
        select(
            Agent.name,
            func.count(func.distinct(Agent.item_id)).label("items"),
            func.max(Agent.person_id),
        )
        .join(HeritageItem, HeritageItem.id == Agent.item_id)
        .where(reader.rows())
        .group_by(Agent.name)
        .order_by(func.count(func.distinct(Agent.item_id)).desc(), Agent.name)
        .limit(limit)
    )
    return [(name, items, person_id) for name, items, person_id in rows]


def dated(session: Session, reader: Reader, *, limit: int = 500) -> Sequence[HeritageItem]:
    """Items with a beginning, oldest first, for the timeline."""
    return session.scalars(
        select(HeritageItem)
        .where(reader.rows(), HeritageItem.date_first.is_not(None))
        .order_by(HeritageItem.date_first, HeritageItem.id)
        .limit(limit)
    ).all()


# --- one item ------------------------------------------------------------------------------------


def whole() -> Select[HeritageItem]:
    """An item with everything its page shows, in a fixed number of statements."""
    return select(HeritageItem).options(
        *_FOR_CARDS,
        joinedload(HeritageItem.group),
        selectinload(HeritageItem.agents),
        selectinload(HeritageItem.relations),
    )


def shown_item(session: Session, item_id: int, reader: Reader) -> HeritageItem:
    """An item for a reader. Raises NotFound, and Gone where it was public once."""
    item = session.scalar(whole().where(HeritageItem.id == item_id))
    if item is None:
        raise NotFound
    if item.state == ItemState.WITHDRAWN and item.published_at is not None:
        raise Gone
    if not reader.sees_item(item):
        raise NotFound
    return item


def any_item(session: Session, item_id: int) -> HeritageItem:
    """An item in any state, for the desk. Raises NotFound."""
    item = session.scalar(whole().where(HeritageItem.id == item_id))
    if item is None:
        raise NotFound
    return item


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What is related to an item, by relation: to others, and from others."""

    to: Mapping[str, list[HeritageItem]] = field(default_factory=dict)
    back: Mapping[str, list[HeritageItem]] = field(default_factory=dict)


def neighbours(session: Session, item: HeritageItem, reader: Reader) -> Neighbours:
    """Related items that the reader may see, from both ends."""
    to: dict[str, list[HeritageItem]] = {}
    back: dict[str, list[HeritageItem]] = {}
    for column, far, found in (
        (Relation.item_id, Relation.other_id, to),
        (Relation.other_id, Relation.item_id, back),
    ):
        rows = session.execute(
            select(Relation.kind, HeritageItem)
            .join(HeritageItem, HeritageItem.id == far)
            .where(column == item.id, reader.rows())
            .order_by(Relation.id)
        )
        for kind, one in rows:
            found.setdefault(kind, []).append(one)
    return Neighbours(to, back)


def works_of(session: Session, item: HeritageItem, reader: Reader) -> Sequence[HeritageItem]:
    """The items in which a person is named."""
    return session.scalars(
        select(HeritageItem)
        .options(*_FOR_CARDS)
        .where(
            reader.rows(),
            HeritageItem.id != item.id,
            HeritageItem.id.in_(select(Agent.item_id).where(Agent.person_id == item.id)),
        )
        .order_by(HeritageItem.date_first, HeritageItem.id)
        .limit(60)
    ).all()


def shown_media(session: Session, media_id: int, reader: Reader) -> tuple[ItemMedia, MediaOriginal]:
    """A file that the reader may see. Raises NotFound."""
    media = session.scalar(
        select(ItemMedia)
        .options(joinedload(ItemMedia.original), joinedload(ItemMedia.item))
        .where(ItemMedia.id == media_id)
    )
    if (
        media is None
        or not reader.sees_item(media.item)
        or not reader.sees_media(media, media.item)
    ):
        raise NotFound
    return media, media.original


def versions(session: Session, item_id: int) -> Sequence[ItemVersion]:
    """All versions, the newest first."""
    return session.scalars(
        select(ItemVersion)
        .where(ItemVersion.item_id == item_id)
        .order_by(ItemVersion.number.desc())
    ).all()


def collections(
    session: Session, *, exhibitions: bool | None = None, only_published: bool = True
) -> Sequence[Collection]:
    query = select(Collection).options(joinedload(Collection.node)).order_by(Collection.id)
    if exhibitions is not None:
        query = query.where(Collection.is_exhibition.is_(exhibitions))
    if only_published:
        query = query.where(Collection.state == ItemState.PUBLISHED)
    return session.scalars(query).all()


def collection_by_code(session: Session, code: str) -> Collection:
    """A published collection. Raises NotFound, Gone."""
    found = session.scalar(
        select(Collection).options(joinedload(Collection.node)).where(Collection.code == code)
    )
    if found is None or found.state == ItemState.DRAFT:
        raise NotFound
    if found.state == ItemState.WITHDRAWN:
        raise Gone
    return found


def collection_items(
    session: Session, collection_id: int, reader: Reader
) -> Sequence[HeritageItem]:
    """The items of a collection in their order, as far as the reader may see them."""
    return session.scalars(
        select(HeritageItem)
        .options(*_FOR_CARDS)
        .join(CollectionEntry, CollectionEntry.item_id == HeritageItem.id)
        .where(CollectionEntry.collection_id == collection_id, reader.rows())
        .order_by(CollectionEntry.position, CollectionEntry.id)
    ).all()


def items_by_id(session: Session, ids: Sequence[int], reader: Reader) -> Mapping[int, HeritageItem]:
    """The items of these ids that the reader may see."""
    rows = session.scalars(
        select(HeritageItem).options(*_FOR_CARDS).where(HeritageItem.id.in_(ids), reader.rows())
    )
    return {item.id: item for item in rows}


def collections_of(session: Session, item_id: int) -> Sequence[Collection]:
    """The published collections and exhibitions an item is in."""
    return session.scalars(
        select(Collection)
        .join(CollectionEntry, CollectionEntry.collection_id == Collection.id)
        .where(CollectionEntry.item_id == item_id, Collection.state == ItemState.PUBLISHED)
        .order_by(Collection.id)
    ).all()


def addresses_for_search_engines(
    session: Session, *, limit: int
) -> list[tuple[str, datetime | None]]:
    """(path, last change) of what everybody may see, newest changes first."""
    rows = session.execute(
        select(HeritageItem.id, HeritageItem.updated_at)
        .where(ANYBODY.rows())
        .order_by(HeritageItem.updated_at.desc())
        .limit(limit)
    )
    found: list[tuple[str, datetime | None]] = [("/heritage", None)]
    found += [(f"/heritage/collections/{one.code}", one.updated_at) for one in collections(session)]
    return found + [(f"/heritage/{item_id}", changed) for item_id, changed in rows]
