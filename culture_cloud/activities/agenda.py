"""The agenda: what lists and calendars read, kept in step with the facts by one function."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from culture_cloud.db import touch
from culture_cloud.network.models import Node
from culture_cloud.search import outbox

from .models import (
    EVERYWHERE,
    TOPIC,
    Activity,
    ActivitySession,
    ActivityState,
    AgendaEntry,
    Enrolment,
    SessionState,
)

LASTING = timedelta(hours=20)
"""A session longer than this is an exhibition rather than an evening."""


def refresh(session: Session, activity: Activity) -> None:
    """Write the activity's agenda entries anew from its state, node and sessions.

    Everything that changes one of these calls it in the same transaction; a cancelled session
    stays, so that people see that it does not take place, a withdrawn activity goes.
    """
    session.flush()
    occurrences = list(
        session.scalars(
            select(ActivitySession)
            .where(ActivitySession.activity_id == activity.id)
            .order_by(ActivitySession.starts_at, ActivitySession.id)
        )
    )
    live = [o for o in occurrences if o.state == SessionState.SCHEDULED]
    activity.first_starts_at = min((o.starts_at for o in live), default=None)
    activity.last_ends_at = max((o.ends_at for o in live), default=None)
    session.execute(delete(AgendaEntry).where(AgendaEntry.activity_id == activity.id))
    if activity.state in {ActivityState.PUBLISHED, ActivityState.CANCELLED}:
        rows = entries(activity, occurrences, ancestors(session, activity.node_id))
        if rows:
            session.execute(insert(AgendaEntry), rows)
    touch(session, TOPIC)
    outbox.touch(session, "activity", activity.id)


def entries(
    activity: Activity, occurrences: list[ActivitySession], ancestor_ids: list[int]
) -> list[dict[str, object]]:
    """The rows of the agenda for an activity: one per session and ancestor."""
    return [
        {
            "ancestor_id": ancestor_id,
            "starts_at": occurrence.starts_at,
            "session_id": occurrence.id,
            "activity_id": activity.id,
            "ends_at": occurrence.ends_at,
            "kind_code": activity.kind_code,
            "is_free": activity.is_free,
            "lasting": occurrence.ends_at - occurrence.starts_at > LASTING,
            "listed": number == 0 or activity.enrolment != Enrolment.COURSE,
        }
        for number, occurrence in enumerate(occurrences)
        for ancestor_id in ancestor_ids
    ]


def ancestors(session: Session, node_id: int) -> list[int]:
    """The node, all above it, and EVERYWHERE."""
    path = session.scalar(select(Node.path).where(Node.id == node_id)) or ""
    return [EVERYWHERE, *(int(part) for part in path.split("/") if part)]
