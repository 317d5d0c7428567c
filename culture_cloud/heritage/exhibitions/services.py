"""Writing collections and exhibitions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud import audit, clock
from culture_cloud.errors import NotFound
from culture_cloud.heritage.errors import ChangedMeanwhile, WrongState
from culture_cloud.heritage.models import Collection, CollectionEntry, HeritageItem, ItemState

from .blocks import Block, blocks_of, item_ids


def create(
    session: Session,
    *,
    code: str,
    node_id: int,
    title: str,
    summary: str = "",
    is_exhibition: bool = False,
    blocks: Sequence[Block] = (),
    items: Sequence[int] = (),
) -> Collection:
    """Begin a collection as a draft."""
    found = Collection(
        code=code,
        node_id=node_id,
        title=title,
        summary=summary,
        is_exhibition=is_exhibition,
        created_at=clock.now(),
        updated_at=clock.now(),
        blocks=[block.as_json() for block in blocks],
    )
    session.add(found)
    session.flush()
    set_items(session, found, [*items, *item_ids(blocks)])
    return found


def locked(session: Session, collection_id: int) -> Collection:
    """Raises NotFound."""
    found = session.scalar(
        select(Collection).where(Collection.id == collection_id).with_for_update(of=Collection)
    )
    if found is None:
        raise NotFound
    return found


def tell(session: Session, collection_id: int, *, title: str, summary: str) -> None:
    """Change title and summary."""
    found = locked(session, collection_id)
    found.title, found.summary, found.updated_at = title, summary, clock.now()
    found.version += 1


def set_blocks(
    session: Session, collection_id: int, blocks: Sequence[Block], *, seen_version: int
) -> None:
    """Replace the essay; what it shows belongs to the collection too. Raises ChangedMeanwhile."""
    found = locked(session, collection_id)
    if found.version != seen_version:
        raise ChangedMeanwhile
    shown_before = set(item_ids(blocks_of(found.blocks)))
    found.blocks = [block.as_json() for block in blocks]
    kept = [e.item_id for e in found.entries if e.item_id not in shown_before]
    set_items(session, found, [*item_ids(blocks), *kept])
    found.version += 1
    found.updated_at = clock.now()


def set_items(session: Session, found: Collection, ids: Sequence[int]) -> None:
    """The items of a collection in this order; ids of nothing are left out."""
    wanted = list(dict.fromkeys(ids))
    there = set(session.scalars(select(HeritageItem.id).where(HeritageItem.id.in_(wanted))))
    entries = {entry.item_id: entry for entry in found.entries}
    kept = []
    for position, item_id in enumerate(n for n in wanted if n in there):
        entry = entries.get(item_id) or CollectionEntry(item_id=item_id)
        entry.position = position
        kept.append(entry)
    changed = {e.item_id for e in kept} ^ set(entries)
    found.entries = kept
    _tell_harvesters(session, changed)


def _tell_harvesters(session: Session, item_ids_: set[int]) -> None:
    """Being in a set is part of a record (OAI-PMH 2.7.2)."""
    rows = session.scalars(
        select(HeritageItem).where(
            HeritageItem.id.in_(item_ids_), HeritageItem.harvested_at.is_not(None)
        )
    )
    for item in rows:
        item.harvested_at = clock.now()


def publish(session: Session, collection_id: int, *, by_account_id: int | None) -> None:
    """Show it. Raises WrongState where it holds nothing."""
    found = locked(session, collection_id)
    if not session.scalar(
        select(func.count(CollectionEntry.id)).where(CollectionEntry.collection_id == found.id)
    ):
        raise WrongState
    found.published_at = found.published_at or clock.now()
    _move(session, found, ItemState.PUBLISHED, "published", by_account_id)
    _tell_harvesters(session, {entry.item_id for entry in found.entries})


def withdraw(session: Session, collection_id: int, *, by_account_id: int | None) -> None:
    """Show it no longer; its items stay."""
    found = locked(session, collection_id)
    if found.state != ItemState.PUBLISHED:
        raise WrongState
    _move(session, found, ItemState.WITHDRAWN, "withdrawn", by_account_id)
    _tell_harvesters(session, {entry.item_id for entry in found.entries})


def _move(
    session: Session, found: Collection, state: ItemState, action: str, by_account_id: int | None
) -> None:
    before, found.state, found.updated_at = found.state, state, clock.now()
    audit.record(
        session,
        actor=by_account_id,
        action=action,
        subject_kind="heritage_collection",
        subject_id=found.id,
        node_id=found.node_id,
        changes={"state": [before, state]},
    )
