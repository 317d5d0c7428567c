"""What was published: for feeds and for search engines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from culture_cloud import clock
from culture_cloud.network.models import Node

from .filters import ActivityFilter
from .models import Activity, ActivityState, Audience


def newest(
    session: Session, asked: ActivityFilter, *, node_path: str, limit: int
) -> Sequence[Activity]:
    """Activities in the order in which they were published or changed, the newest first."""
    query = (
        select(Activity)
        .join(Node, Node.id == Activity.node_id)
        .options(
            joinedload(Activity.node), joinedload(Activity.kind), selectinload(Activity.sessions)
        )
        .where(Activity.state == ActivityState.PUBLISHED)
        .order_by(Activity.updated_at.desc(), Activity.id.desc())
        .limit(limit)
    )
    if node_path:
        query = query.where(Node.path.startswith(node_path, autoescape=True))
    if asked.kind:
        query = query.where(Activity.kind_code == asked.kind)
    if asked.free:
        query = query.where(Activity.is_free.is_(True))
    if asked.audience:
        query = query.where(Activity.audiences.any(Audience.code == asked.audience))
    return session.scalars(query).all()


def addresses_for_search_engines(
    session: Session, *, limit: int
) -> list[tuple[str, datetime | None]]:
    """(path, last change) of the public activities that are not over, newest changes first."""
    rows = session.execute(
        select(Activity.id, Activity.updated_at)
        .where(Activity.state == ActivityState.PUBLISHED, Activity.last_ends_at > clock.now())
        .order_by(Activity.updated_at.desc())
        .limit(limit)
    )
    return [(f"/activities/{activity_id}", changed) for activity_id, changed in rows]
