"""Taking in what residents bring, and deciding on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from culture_cloud import audit, clock
from culture_cloud.access.scope import Scope
from culture_cloud.errors import NotFound
from culture_cloud.heritage import services as item_services
from culture_cloud.heritage.errors import WrongState
from culture_cloud.heritage.facts import AgentFacts, ItemFacts, MediaFacts
from culture_cloud.heritage.models import Contribution, HeritageItem
from culture_cloud.media.models import MediaOriginal
from culture_cloud.media.services import take_into_use
from culture_cloud.media.sniffing import BY_MEDIA_TYPE
from culture_cloud.network.models import Node

CONSENT = "2026-11"
"""The version of the words that people agree to; change it with the words."""

KINDS: Mapping[str, object] = MappingProxyType(
    {
        "photograph": _l("A photograph"),
        "memory": _l("A memory"),
        "recording": _l("A recording"),
        "correction": _l("A correction"),
    }
)
_ITEM_KINDS = {"photograph": "photograph", "memory": "village_file", "recording": "recording"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """What somebody brings."""

    kind: str
    node_id: int
    name: str
    phone: str
    title: str
    text: str
    when_text: str
    may_name: bool
    key: str
    item_id: int | None = None
    account_id: int | None = None
    original_id: int | None = None
    filename: str = ""


def take(session: Session, gift: Gift) -> Contribution:
    """Keep it until somebody has looked at it. The same key twice is the same gift."""
    found = session.scalar(select(Contribution).where(Contribution.key == gift.key))
    if found is not None:
        return found
    found = Contribution(
        key=gift.key,
        kind=gift.kind,
        item_id=gift.item_id,
        node_id=gift.node_id,
        name=gift.name,
        phone=gift.phone,
        account_id=gift.account_id,
        title=gift.title,
        text=gift.text,
        when_text=gift.when_text,
        original_id=gift.original_id,
        filename=gift.filename,
        consent=CONSENT,
        consented_at=clock.now(),
        may_name=gift.may_name,
        created_at=clock.now(),
    )
    session.add(found)
    session.flush()
    if gift.original_id is not None:
        take_into_use(session, [gift.original_id])
    return found


def by_key(session: Session, key: str) -> Contribution:
    """Raises NotFound."""
    found = session.scalar(select(Contribution).where(Contribution.key == key))
    if found is None:
        raise NotFound
    return found


def waiting(session: Session, scope: Scope, *, limit: int = 200) -> Sequence[Contribution]:
    """What waits for a decision, the oldest first."""
    return session.scalars(
        select(Contribution)
        .options(joinedload(Contribution.node), joinedload(Contribution.item))
        .join(Node, Node.id == Contribution.node_id)
        .where(Contribution.state == "waiting", scope.rows(Node.path))
        .order_by(Contribution.id)
        .limit(limit)
    ).all()


def waiting_count(session: Session, scope: Scope) -> int:
    return (
        session.scalar(
            select(func.count(Contribution.id))
            .join(Node, Node.id == Contribution.node_id)
            .where(Contribution.state == "waiting", scope.rows(Node.path))
        )
        or 0
    )


def one(session: Session, contribution_id: int, scope: Scope) -> Contribution:
    """Raises NotFound, also for what was brought elsewhere."""
    found = session.scalar(
        select(Contribution)
        .options(
            joinedload(Contribution.node),
            joinedload(Contribution.item),
            joinedload(Contribution.original),
        )
        .where(Contribution.id == contribution_id)
    )
    if found is None:
        raise NotFound
    scope.require(found.node.path)
    return found


def accept(
    session: Session, contribution_id: int, answer: str, *, by_account_id: int | None
) -> HeritageItem | None:
    """Take it over: a draft is made of it, to be completed and published like any other.

    A correction makes none; the item it is about is given back. Raises WrongState.
    """
    found = _undecided(session, contribution_id)
    if found.kind == "correction":
        item = session.get(HeritageItem, found.item_id) if found.item_id else None
    else:
        item = item_services.create(
            session,
            _facts(session, found),
            by_account_id=by_account_id,
            uid=f"gift-{found.id}",
            deed="given",
        )
        found.made_item_id = item.id
    _decide(session, found, "accepted", answer, by_account_id)
    return item


def _facts(session: Session, found: Contribution) -> ItemFacts:
    media = []
    original = session.get(MediaOriginal, found.original_id) if found.original_id else None
    if original is not None:
        family = BY_MEDIA_TYPE[original.media_type].family
        media = [MediaFacts(original_id=original.id, family=str(family), filename=found.filename)]
    agents = [AgentFacts(name=found.name, role="donor")] if found.may_name else []
    relations = [("see_also", found.item_id)] if found.item_id else []
    return ItemFacts(
        kind=_ITEM_KINDS[found.kind],
        node_id=found.node_id,
        place_node_id=found.node_id,
        title=found.title,
        description=found.text,
        date_text=found.when_text,
        rights_holder=found.name if found.may_name else "",
        agents=agents,
        relations=relations,
        media=media,
    )


def decline(
    session: Session, contribution_id: int, answer: str, *, by_account_id: int | None
) -> None:
    """Do not take it, and say why. Raises WrongState."""
    _decide(session, _undecided(session, contribution_id), "declined", answer, by_account_id)


def _undecided(session: Session, contribution_id: int) -> Contribution:
    found = session.scalar(
        select(Contribution).where(Contribution.id == contribution_id).with_for_update()
    )
    if found is None:
        raise NotFound
    if found.state != "waiting":
        raise WrongState
    return found


def _decide(
    session: Session, found: Contribution, state: str, answer: str, by_account_id: int | None
) -> None:
    found.state, found.answer = state, answer
    found.decided_at, found.decided_by = clock.now(), by_account_id
    audit.record(
        session,
        actor=by_account_id,
        action=state,
        subject_kind="heritage_contribution",
        subject_id=found.id,
        node_id=found.node_id,
        changes={"state": ["waiting", state]},
    )
