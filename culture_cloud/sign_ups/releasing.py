"""Kept shares that open to all some hours before the start (SV-02)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities.models import Activity, ActivityState, Allotment, AllotmentKind

from . import places, waiting


def release_due(session: Session) -> int:
    """Open to all what is left of kept shares whose hour has come. Returns how many shares.

    The places go from the share to the open row in one transaction: their sum stays the same.
    """
    now = clock.now()
    due = session.execute(
        select(Allotment.id, Allotment.activity_id, Allotment.session_id, Allotment.release_hours)
        .join(Activity, Activity.id == Allotment.activity_id)
        .where(
            Allotment.kind != AllotmentKind.OPEN,
            Allotment.release_hours.is_not(None),
            Allotment.released_at.is_(None),
            Activity.state == ActivityState.PUBLISHED,
            Activity.last_ends_at > now,
        )
        .order_by(Allotment.id)
    ).all()
    done = 0
    for row in due:
        starts_at = waiting.start_of(session, row.activity_id, row.session_id)
        if starts_at is None or not _is_due(now, starts_at, row.release_hours):
            continue
        release(session, row.activity_id, row.session_id, row.id)
        done += 1
    return done


def _is_due(now: datetime, starts_at: datetime, hours: int) -> bool:
    return starts_at - timedelta(hours=hours) <= now < starts_at


def release(session: Session, activity_id: int, session_id: int | None, allotment_id: int) -> None:
    """Open to all what is left of one share, now."""
    rows = places.lock(session, *places.of_session(activity_id, session_id))
    share = next(row for row in rows if row.id == allotment_id)
    open_row = next(row for row in rows if row.kind == AllotmentKind.OPEN)
    if share.released_at is not None:
        return
    left = (share.capacity or 0) - share.taken
    share.capacity, share.released_at = share.taken, clock.now()
    if open_row.capacity is not None:
        open_row.capacity += left
    session.flush()
    waiting.fill_session(session, activity_id, session_id)
