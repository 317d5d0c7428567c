"""What of heritage belongs to the member of staff who asks. What lies outside is not there."""

from __future__ import annotations

from collections.abc import Sequence

from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud.access.permissions import Permission
from culture_cloud.access.scope import Scope
from culture_cloud.errors import NotFound, NotPermitted
from culture_cloud.heritage import queries
from culture_cloud.heritage.models import Collection, HeritageItem, ItemState
from culture_cloud.heritage.services import OPEN_STATES
from culture_cloud.network.models import Node

MOST_HALLS = 400


def scope(permission: Permission = Permission.HERITAGE_EDIT) -> Scope:
    found: Scope = current_user.scope(permission)
    return found


def item(session: Session, item_id: int) -> HeritageItem:
    """An own item in any state. Raises NotFound."""
    found = queries.any_item(session, item_id)
    scope().require(found.node.path)
    return found


def may(permission: Permission, found: HeritageItem) -> bool:
    return scope(permission).allows(found.node.path)


def may_edit(found: HeritageItem) -> bool:
    """The village edits what it still has; the branch what lies with it; what is public, and what
    was withdrawn, only who may publish."""
    if found.state == ItemState.DRAFT:
        return True
    if found.state in OPEN_STATES:
        return may(Permission.HERITAGE_REVIEW, found)
    return may(Permission.HERITAGE_PUBLISH, found)


def editable(session: Session, item_id: int) -> HeritageItem:
    """Raises NotFound, NotPermitted."""
    found = item(session, item_id)
    if not may_edit(found):
        raise NotPermitted
    return found


def halls(session: Session) -> Sequence[Node]:
    """The halls for which the reader enters heritage, from the top down."""
    return session.scalars(
        select(Node)
        .where(scope().rows(Node.path), Node.closed_down.is_(False))
        .order_by(func.length(Node.path), Node.position, Node.id)
        .limit(MOST_HALLS)
    ).all()


def hall_choices(session: Session) -> list[tuple[str, str]]:
    return [(hall.code, hall.plate_name) for hall in halls(session)]


def hall(session: Session, code: str) -> Node:
    """An own hall by its code. Raises NotFound."""
    found = session.scalar(select(Node).where(Node.code == code))
    if found is None:
        raise NotFound
    scope().require(found.path)
    return found


def place_choices(session: Session) -> list[tuple[str, str]]:
    """Every place of the county: an item may be about another village than its keeper's."""
    nodes = session.scalars(select(Node).where(Node.closed_down.is_(False)).order_by(Node.path))
    named = [(n.code, "\u3000" * (n.path.count("/") - 2) + (n.name or n.plate_name)) for n in nodes]
    return [("", ""), *named]


def collection(session: Session, collection_id: int) -> Collection:
    """An own collection. Raises NotFound."""
    found = session.get(Collection, collection_id)
    if found is None:
        raise NotFound
    scope(Permission.HERITAGE_PUBLISH).require(found.node.path)
    return found
