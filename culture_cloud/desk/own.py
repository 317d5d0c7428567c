"""What belongs to the member of staff who asks: their halls and their halls' activities.

Whatever lies outside answers as if it were not there (ASVS 8.2.2).
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from culture_cloud.access.permissions import Permission
from culture_cloud.access.scope import Scope
from culture_cloud.activities.models import Activity, ActivitySession
from culture_cloud.errors import NotFound
from culture_cloud.network.models import Node

MOST_HALLS = 400
"""A choice longer than this is none; the halls further down are reached from their own pages."""


def scope(permission: Permission = Permission.ACTIVITIES_EDIT) -> Scope:
    found: Scope = current_user.scope(permission)
    return found


def activity(
    session: Session, activity_id: int, permission: Permission = Permission.ACTIVITIES_EDIT
) -> Activity:
    """An own activity, with all that pages show of it. Raises NotFound, also for others'."""
    found = session.scalar(
        select(Activity)
        .options(
            joinedload(Activity.node).joinedload(Node.level),
            joinedload(Activity.place_node),
            joinedload(Activity.kind),
            selectinload(Activity.audiences),
            selectinload(Activity.sessions),
            selectinload(Activity.allotments),
        )
        .where(Activity.id == activity_id)
    )
    if found is None:
        raise NotFound
    scope(permission).require(found.node.path)
    return found


def occurrence(session: Session, activity_id: int, session_id: int) -> ActivitySession:
    """A session of an own activity. Raises NotFound."""
    for found in activity(session, activity_id).sessions:
        if found.id == session_id:
            return found
    raise NotFound


def node(session: Session, code: str) -> Node | None:
    """An own hall by its code; None where there is none."""
    found = session.scalar(select(Node).where(Node.code == code))
    return found if found is not None and scope().allows(found.path) else None


def may_publish(of_node: Node) -> bool:
    """Whether what the reader makes here may be shown without somebody looking at it first.

    A clerk publishes too, except where the node asks for review.
    """
    if scope(Permission.ACTIVITIES_PUBLISH).allows(of_node.path):
        return True
    return scope().allows(of_node.path) and not of_node.review_required


def halls(session: Session, also: Node | None = None) -> Sequence[Node]:
    """The halls in which the reader may hold activities, as a tree read from top to bottom."""
    found = session.scalars(
        select(Node)
        .where(scope().rows(Node.path), Node.closed_down.is_(False))
        .order_by(func.length(Node.path), Node.position, Node.id)
        .limit(MOST_HALLS)
    ).all()
    if also is not None and also not in found:
        found = [*found, also]
    positions = {hall.id: (hall.position, hall.id) for hall in found}
    return sorted(
        found, key=lambda hall: [positions.get(i, (0, i)) for i in _ids_on_path(hall.path)]
    )


def hall_choices(halls: Sequence[Node]) -> list[tuple[str, str]]:
    """(code, name) for a select; what lies below stands further in."""
    top = min((hall.path.count("/") for hall in halls), default=0)
    return [
        (hall.code, "\u3000" * (hall.path.count("/") - top) + hall.plate_name) for hall in halls
    ]


def _ids_on_path(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part]
