"""Reading heritage: one item with all of it, what leads to it, collections (lists: `lists`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, or_, select
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

FOR_CARDS = (
    joinedload(HeritageItem.node),
    joinedload(HeritageItem.place_node),
    selectinload(HeritageItem.media).joinedload(ItemMedia.original),
)
"""What a card of an item shows, in a fixed number of statements."""


def whole() -> Select[HeritageItem]:
    """An item with everything its page shows, in a fixed number of statements."""
    return select(HeritageItem).options(
        *FOR_CARDS,
        joinedload(HeritageItem.group),
        selectinload(HeritageItem.agents),
        selectinload(HeritageItem.relations).joinedload(Relation.other),
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
        .options(*FOR_CARDS)
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
        .options(*FOR_CARDS)
        .join(CollectionEntry, CollectionEntry.item_id == HeritageItem.id)
        .where(CollectionEntry.collection_id == collection_id, reader.rows())
        .order_by(CollectionEntry.position, CollectionEntry.id)
    ).all()


def items_by_id(session: Session, ids: Sequence[int], reader: Reader) -> Mapping[int, HeritageItem]:
    """The items of these ids that the reader may see."""
    rows = session.scalars(
        select(HeritageItem).options(*FOR_CARDS).where(HeritageItem.id.in_(ids), reader.rows())
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


def collections_about(session: Session, node_path: str) -> Sequence[Collection]:
    """The published collections and exhibitions that show something of a place or below it."""
    here = select(Node.id).where(Node.path.startswith(node_path, autoescape=True))
    return session.scalars(
        select(Collection)
        .where(
            Collection.state == ItemState.PUBLISHED,
            Collection.id.in_(
                select(CollectionEntry.collection_id)
                .join(HeritageItem, HeritageItem.id == CollectionEntry.item_id)
                .where(
                    ANYBODY.rows(),
                    or_(HeritageItem.node_id.in_(here), HeritageItem.place_node_id.in_(here)),
                )
            ),
        )
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
