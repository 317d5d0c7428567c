"""What belongs to the member of staff who asks; the rest answers as if it were not there."""

from __future__ import annotations

from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from culture_cloud.access.permissions import Permission
from culture_cloud.access.scope import Scope
from culture_cloud.errors import NotFound
from culture_cloud.network.models import Node
from culture_cloud.reading.models import Intake, Publication, Shelf

MOST_HALLS = 400


def scope(permission: Permission = Permission.READING_EDIT) -> Scope:
    found: Scope = current_user.scope(permission)
    return found


def halls(session: Session) -> list[tuple[str, str]]:
    """The halls in the reader's scope as choices: (code, name)."""
    rows = session.scalars(
        select(Node).where(scope().rows(Node.path)).order_by(Node.path).limit(MOST_HALLS)
    )
    return [(node.code, node.plate_name) for node in rows]


def hall(session: Session, code: str) -> Node:
    """An own hall. Raises NotFound."""
    found = session.scalar(select(Node).where(Node.code == code))
    if found is None or not scope().allows(found.path):
        raise NotFound
    return found


def publication(
    session: Session, publication_id: int, permission: Permission = Permission.READING_EDIT
) -> Publication:
    """An own publication, in whatever state. Raises NotFound, also for others'."""
    found = session.scalar(
        select(Publication)
        .options(
            joinedload(Publication.node),
            joinedload(Publication.licence),
            joinedload(Publication.subject),
            joinedload(Publication.audience),
            selectinload(Publication.forms),
        )
        .where(Publication.id == publication_id)
    )
    if found is None:
        raise NotFound
    scope(permission).require(found.node.path)
    return found


def intake(session: Session, intake_id: int) -> Intake:
    """An own file that came in. Raises NotFound, also for others'."""
    found = session.scalar(
        select(Intake).options(joinedload(Intake.node)).where(Intake.id == intake_id)
    )
    if found is None:
        raise NotFound
    scope().require(found.node.path)
    return found


def shelf(session: Session, shelf_id: int) -> Shelf:
    """An own shelf. Raises NotFound, also for others'."""
    found = session.scalar(
        select(Shelf).options(joinedload(Shelf.node)).where(Shelf.id == shelf_id)
    )
    if found is None:
        raise NotFound
    scope().require(found.node.path)
    return found


def may_publish(node: Node) -> bool:
    """Whether what the reader brings in may be shown without somebody looking at it first.

    A clerk publishes too, except where the node asks for review.
    """
    if scope(Permission.READING_PUBLISH).allows(node.path):
        return True
    return scope().allows(node.path) and not node.review_required
