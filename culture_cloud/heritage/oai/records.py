"""The records that harvesters get: every item that anybody may see, and what once was so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from culture_cloud.heritage import queries
from culture_cloud.heritage.kinds import kinds
from culture_cloud.heritage.models import Collection, CollectionEntry, HeritageItem, ItemState
from culture_cloud.heritage.rights import Visibility
from culture_cloud.network.models import Node

from .arguments import ListArguments

PAGE = 100


@dataclass(frozen=True, slots=True)
class SetFacts:
    """A set: its spec, its name, what it holds."""

    spec: str
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class RecordPage:
    records: Sequence[HeritageItem]
    total: int
    has_more: bool


def is_deleted(item: HeritageItem) -> bool:
    return item.state != ItemState.PUBLISHED or item.visibility != Visibility.PUBLIC


def sets(session: Session) -> list[SetFacts]:
    """By kind, by node with all below it (those that have records), by collection."""
    paths = session.scalars(
        select(Node.path)
        .join(HeritageItem, HeritageItem.node_id == Node.id)
        .where(HeritageItem.harvested_at.is_not(None))
        .distinct()
    ).all()
    ids = {int(part) for path in paths for part in path.split("/") if part}
    nodes = session.scalars(select(Node).where(Node.id.in_(ids)).order_by(Node.path)).all()
    found = [SetFacts("kind", "By kind"), SetFacts("node", "By hall")]
    found += [SetFacts(f"kind:{k.code}", str(k.schema["title"])) for k in kinds().values()]
    found += [SetFacts(f"node:{node.code}", node.plate_name) for node in nodes]
    collections = queries.collections(session)
    if collections:
        found.append(SetFacts("collection", "By collection"))
    found += [SetFacts(f"collection:{c.code}", c.title, c.summary) for c in collections]
    return found


def sets_of(session: Session, items: Sequence[HeritageItem]) -> dict[int, list[str]]:
    """The sets of each item."""
    ids = {int(part) for item in items for part in item.node.path.split("/") if part}
    pairs = session.execute(select(Node.id, Node.code).where(Node.id.in_(ids)))
    codes = {row.id: row.code for row in pairs}
    rows = session.execute(
        select(CollectionEntry.item_id, Collection.code)
        .join(Collection, Collection.id == CollectionEntry.collection_id)
        .where(
            CollectionEntry.item_id.in_([item.id for item in items]),
            Collection.state == ItemState.PUBLISHED,
        )
    ).all()
    found = {}
    for item in items:
        above = [int(part) for part in item.node.path.split("/") if part]
        found[item.id] = [f"kind:{item.kind}"]
        found[item.id] += [f"node:{codes[one]}" for one in above if one in codes]
        found[item.id] += [f"collection:{code}" for item_id, code in rows if item_id == item.id]
    return found


def page(session: Session, asked: ListArguments) -> RecordPage:
    """The next records in the order of their change."""
    conditions: list[ColumnElement[bool]] = [HeritageItem.harvested_at.is_not(None)]
    if asked.since is not None:
        conditions.append(HeritageItem.harvested_at >= asked.since)
    if asked.before is not None:
        conditions.append(HeritageItem.harvested_at < asked.before)
    if asked.set_spec:
        conditions.append(_in_set(asked.set_spec))
    total = session.scalar(select(func.count(HeritageItem.id)).where(*conditions)) or 0
    query = queries.whole().where(*conditions)
    if asked.after is not None:
        moment, item_id = asked.after
        query = query.where(_after(moment, item_id))
    rows = session.scalars(
        query.order_by(HeritageItem.harvested_at, HeritageItem.id).limit(PAGE + 1)
    ).all()
    return RecordPage(rows[:PAGE], total, len(rows) > PAGE)


def _after(moment: datetime, item_id: int) -> ColumnElement[bool]:
    return or_(
        HeritageItem.harvested_at > moment,
        and_(HeritageItem.harvested_at == moment, HeritageItem.id > item_id),
    )


def _in_set(spec: str) -> ColumnElement[bool]:
    sort, _colon, code = spec.partition(":")
    if sort == "kind":
        return HeritageItem.kind == code if code else HeritageItem.id > 0
    if sort == "node":
        if not code:
            return HeritageItem.id > 0
        path = select(Node.path).where(Node.code == code).scalar_subquery()
        return HeritageItem.node_id.in_(select(Node.id).where(Node.path.like(path.concat("%"))))
    entries = select(CollectionEntry.item_id).join(
        Collection, Collection.id == CollectionEntry.collection_id
    )
    if code:
        entries = entries.where(Collection.code == code)
    if sort == "collection":
        return HeritageItem.id.in_(entries)
    return HeritageItem.id < 0


def record(session: Session, item_id: int) -> HeritageItem | None:
    return session.scalar(
        queries.whole().where(HeritageItem.id == item_id, HeritageItem.harvested_at.is_not(None))
    )


def earliest(session: Session) -> datetime | None:
    return session.scalar(select(func.min(HeritageItem.harvested_at)))
