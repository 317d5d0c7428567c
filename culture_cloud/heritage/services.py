"""Writing heritage: an item's way from the village to the public, and its versions."""

from __future__ import annotations

import secrets
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud import audit, clock
from culture_cloud.errors import NotFound
from culture_cloud.jobs.queue import enqueue
from culture_cloud.media.services import take_into_use

from .errors import ChangedMeanwhile, WrongState
from .facts import COPIED, MEDIA_COPIED, ItemFacts, facts_of, read_date
from .models import Agent, HeritageItem, ItemMedia, ItemState, ItemVersion, Relation
from .periods import period_of
from .readiness import require_ready
from .rights import Visibility

OPEN_STATES = (ItemState.DRAFT, ItemState.SUBMITTED, ItemState.REVIEWED)


def new_uid() -> str:
    return f"h-{secrets.token_hex(8)}"


def create(
    session: Session,
    facts: ItemFacts,
    *,
    by_account_id: int | None,
    uid: str | None = None,
    deed: str = "entered",
) -> HeritageItem:
    """Enter an item as a draft. The same `uid` twice is the same item."""
    if uid is not None:
        found = session.scalar(select(HeritageItem).where(HeritageItem.uid == uid))
        if found is not None:
            return found
    item = HeritageItem(
        uid=uid or new_uid(),
        state=ItemState.DRAFT,
        created_by=by_account_id,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    _take(item, facts)
    session.add(item)
    session.flush()
    take_into_use(session, [one.original_id for one in facts.media])
    _keep_version(session, item, by_account_id, deed)
    return item


def by_uid(session: Session, uid: str) -> HeritageItem:
    """Raises NotFound."""
    item = session.scalar(select(HeritageItem).where(HeritageItem.uid == uid))
    if item is None:
        raise NotFound
    return item


def change(
    session: Session,
    item_id: int,
    facts: ItemFacts,
    *,
    by_account_id: int | None,
    seen_version: int | None = None,
    deed: str = "changed",
) -> HeritageItem:
    """Say something else of an item; the version before stays. Unchanged facts change nothing.

    Raises ChangedMeanwhile where another version than the one seen is there, and NotReady where a
    public item would lack what it needs.
    """
    item = locked(session, item_id)
    if seen_version is not None and item.version != seen_version:
        raise ChangedMeanwhile
    before = facts_of(item)
    if before == facts:
        return item
    was_harvested = _is_harvested(item)
    _take(item, facts)
    session.flush()
    take_into_use(session, [one.original_id for one in facts.media])
    if item.state == ItemState.PUBLISHED:
        require_ready(item)
    item.version += 1
    item.updated_at = clock.now()
    if was_harvested or _is_harvested(item):
        item.harvested_at = clock.now()
    _keep_version(session, item, by_account_id, deed)
    _record(session, item, by_account_id, deed)
    return item


def _take(item: HeritageItem, facts: ItemFacts) -> None:
    for name in COPIED:
        setattr(item, name, getattr(facts, name))
    item.extra = dict(facts.extra)
    item.category = str(facts.extra.get("category") or "")[:16]
    date = read_date(facts.date_text)
    item.date_edtf, item.date_first, item.date_last = date.edtf, date.first, date.last
    item.period = period_of(date.first, date.last)
    if Visibility.GROUP not in {item.visibility, item.restricted_to}:
        item.group_id = None
    item.agents = [
        Agent(position=n, name=a.name, role=a.role, person_id=a.person_id)
        for n, a in enumerate(facts.agents)
    ]
    _take_relations(item, facts)
    _take_media(item, facts)


def _take_relations(item: HeritageItem, facts: ItemFacts) -> None:
    there = {(r.kind, r.other_id): r for r in item.relations}
    wanted = [pair for pair in dict.fromkeys(facts.relations) if pair[1] != item.id]
    item.relations = [
        there.get((kind, other)) or Relation(kind=kind, other_id=other) for kind, other in wanted
    ]


def _take_media(item: HeritageItem, facts: ItemFacts) -> None:
    """Files that stay keep their row, and with it their address."""
    there = {m.original_id: m for m in item.media}
    kept = []
    for position, one in enumerate(facts.media):
        media = there.pop(one.original_id, None) or ItemMedia()
        for name in MEDIA_COPIED:
            setattr(media, name, getattr(one, name))
        media.position = position
        kept.append(media)
    item.media = kept


def locked(session: Session, item_id: int) -> HeritageItem:
    """The item, held until this transaction ends. Raises NotFound."""
    item = session.scalar(
        select(HeritageItem).where(HeritageItem.id == item_id).with_for_update(of=HeritageItem)
    )
    if item is None:
        raise NotFound
    return item


# --- the way up ----------------------------------------------------------------------------------


def submit(session: Session, item_id: int, *, by_account_id: int | None) -> HeritageItem:
    """The village asks the branch to look at it. Raises NotReady, WrongState."""
    item = _step(session, item_id, (ItemState.DRAFT, ItemState.SUBMITTED))
    require_ready(item)
    return _moved(session, item, ItemState.SUBMITTED, "submitted", by_account_id)


def review(session: Session, item_id: int, *, by_account_id: int | None) -> HeritageItem:
    """The branch has looked at it and hands it on to the main hall. Raises NotReady, WrongState."""
    item = _step(session, item_id, OPEN_STATES)
    require_ready(item)
    return _moved(session, item, ItemState.REVIEWED, "reviewed", by_account_id)


def send_back(
    session: Session, item_id: int, reason: str, *, by_account_id: int | None
) -> HeritageItem:
    """Back to the village with what is to be done. Raises WrongState."""
    item = _step(session, item_id, (ItemState.SUBMITTED, ItemState.REVIEWED))
    return _moved(session, item, ItemState.DRAFT, "sent_back", by_account_id, reason)


def publish(session: Session, item_id: int, *, by_account_id: int | None) -> HeritageItem:
    """The main hall shows it. Raises NotReady, WrongState."""
    item = _step(session, item_id, (*OPEN_STATES, ItemState.WITHDRAWN))
    require_ready(item)
    item.published_at = item.published_at or clock.now()
    _moved(session, item, ItemState.PUBLISHED, "published", by_account_id)
    if _is_harvested(item):
        item.harvested_at = clock.now()
    return item


def withdraw(
    session: Session, item_id: int, reason: str, *, by_account_id: int | None
) -> HeritageItem:
    """Show it no longer. Harvesters are told that it is gone. Raises WrongState."""
    item = _step(session, item_id, (ItemState.PUBLISHED,))
    if item.harvested_at is not None:
        item.harvested_at = clock.now()
    return _moved(session, item, ItemState.WITHDRAWN, "withdrawn", by_account_id, reason)


def remove(session: Session, item_id: int, *, by_account_id: int | None) -> None:
    """Delete what was never shown. Raises WrongState for everything else."""
    item = _step(session, item_id, OPEN_STATES)
    if item.published_at is not None:
        raise WrongState
    _record(session, item, by_account_id, "deleted")
    session.delete(item)


def restore(
    session: Session, item_id: int, number: int, *, by_account_id: int | None
) -> HeritageItem:
    """Make the item what it was in an earlier version, as a new one. Raises NotFound, NotReady."""
    old = session.scalar(
        select(ItemVersion).where(ItemVersion.item_id == item_id, ItemVersion.number == number)
    )
    if old is None:
        raise NotFound
    facts = _without_what_is_gone(session, ItemFacts.from_json(old.facts))
    return change(session, item_id, facts, by_account_id=by_account_id, deed="restored")


def _without_what_is_gone(session: Session, facts: ItemFacts) -> ItemFacts:
    """Relations to items that were deleted meanwhile cannot come back."""
    named = {other for _kind, other in facts.relations}
    named |= {a.person_id for a in facts.agents if a.person_id is not None}
    there = set(session.scalars(select(HeritageItem.id).where(HeritageItem.id.in_(named))))
    return replace(
        facts,
        relations=[(kind, other) for kind, other in facts.relations if other in there],
        agents=[a if a.person_id in there else replace(a, person_id=None) for a in facts.agents],
    )


def _step(session: Session, item_id: int, allowed: tuple[ItemState, ...]) -> HeritageItem:
    item = locked(session, item_id)
    if item.state not in allowed:
        raise WrongState
    return item


def _moved(  # noqa: PLR0917
    session: Session,
    item: HeritageItem,
    state: ItemState,
    action: str,
    by_account_id: int | None,
    reason: str = "",
) -> HeritageItem:
    before = item.state
    item.state, item.state_reason, item.updated_at = state, reason, clock.now()
    audit.record(
        session,
        actor=by_account_id,
        action=action,
        subject_kind="heritage_item",
        subject_id=item.id,
        node_id=item.node_id,
        changes={"state": [before, state]},
        reason=reason,
    )
    return item


def _record(session: Session, item: HeritageItem, by_account_id: int | None, action: str) -> None:
    audit.record(
        session,
        actor=by_account_id,
        action=action,
        subject_kind="heritage_item",
        subject_id=item.id,
        node_id=item.node_id,
        changes={"version": [item.version - 1, item.version]} if action != "deleted" else None,
    )


def _is_harvested(item: HeritageItem) -> bool:
    return item.state == ItemState.PUBLISHED and item.visibility == Visibility.PUBLIC


def _keep_version(
    session: Session, item: HeritageItem, by_account_id: int | None, deed: str
) -> None:
    last = session.scalar(
        select(func.max(ItemVersion.number)).where(ItemVersion.item_id == item.id)
    )
    if any(m.family == "pdf" and not m.pages for m in item.media):
        key = f"heritage.read_pages:{item.id}"
        enqueue(session, "heritage.read_pages", {"item_id": item.id}, key=key)
    session.add(
        ItemVersion(
            item_id=item.id,
            number=max(item.version, (last or 0) + 1),
            facts=facts_of(item).as_json(),
            account_id=by_account_id,
            made_at=clock.now(),
            deed=deed,
        )
    )
