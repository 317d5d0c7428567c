"""Marking who did not come, and taking it back.

The clock does it three hours after the end, and only where somebody was checked in: a list that
nobody kept says nothing about who came.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from culture_cloud import audit, clock, db
from culture_cloud.activities.models import Activity, ActivitySession, Enrolment, SessionState
from culture_cloud.errors import NotFound
from culture_cloud.sign_ups import changes
from culture_cloud.sign_ups.models import SignUp, SignUpState
from culture_cloud.sign_ups.states import NOBODY, By

from .errors import NotBegun
from .models import Arrival, ClosedList

AFTER = timedelta(hours=3)
LOOK_BACK = timedelta(days=7)


def close(session: Session, session_id: int, by: By) -> int:
    """Mark everybody who is still expected as not come; returns how many. A course is marked with
    its last lesson. Raises NotFound, NotBegun."""
    occurrence = _session(session, session_id)
    if occurrence.starts_at > clock.now():
        raise NotBegun
    marked = 0
    for sign_up_id in session.scalars(_expected(occurrence)).all():
        changed = changes.change(
            session,
            sign_up_id,
            SignUpState.NO_SHOW,
            was=(SignUpState.CONFIRMED,),
            by=by,
            told=None,
        )
        marked += changed is not None
    session.merge(ClosedList(session_id=session_id, closed_at=clock.now(), reopened_at=None))
    _record(session, occurrence, "closed", by, marked)
    return marked


def reopen(session: Session, session_id: int, by: By) -> int:
    """It was too early, or wrong: everybody who was marked is expected again."""
    occurrence = _session(session, session_id)
    closed = session.get(ClosedList, session_id)
    if closed is None:
        raise NotFound
    ids = session.scalars(_of(occurrence).where(SignUp.state == SignUpState.NO_SHOW)).all()
    for sign_up_id in ids:
        changes.change(
            session,
            sign_up_id,
            SignUpState.CONFIRMED,
            was=(SignUpState.NO_SHOW,),
            by=by,
            told=None,
        )
    closed.reopened_at = clock.now()
    _record(session, occurrence, "reopened", by, len(ids))
    return len(ids)


def is_closed(session: Session, session_id: int) -> bool:
    """Whether no-shows are marked now."""
    closed = session.get(ClosedList, session_id)
    return closed is not None and closed.reopened_at is None


def _session(session: Session, session_id: int) -> ActivitySession:
    found = session.get(ActivitySession, session_id)
    if found is None:
        raise NotFound
    return found


def _of(occurrence: ActivitySession) -> Select[int]:
    """Ids of the sign-ups that are closed with this session."""
    own = SignUp.session_id == occurrence.id
    if _ends_course(occurrence):
        course = and_(SignUp.session_id.is_(None), SignUp.activity_id == occurrence.activity_id)
        own = or_(own, course)
    return select(SignUp.id).where(own).order_by(SignUp.id)


def _expected(occurrence: ActivitySession) -> Select[int]:
    came = exists().where(Arrival.sign_up_id == SignUp.id)
    return _of(occurrence).where(SignUp.state == SignUpState.CONFIRMED, ~came)


def _ends_course(occurrence: ActivitySession) -> bool:
    lessons = [s for s in occurrence.activity.sessions if s.state == SessionState.SCHEDULED]
    return bool(lessons) and max(lessons, key=lambda s: s.starts_at).id == occurrence.id


def _record(session: Session, occurrence: ActivitySession, action: str, by: By, count: int) -> None:
    audit.record(
        session,
        actor=by.account_id,
        action=action,
        subject_kind="activity",
        subject_id=occurrence.activity_id,
        node_id=occurrence.activity.node_id,
        changes={"starts_at": [occurrence.starts_at] * 2, "count": [count, count]},
    )


# --- by the clock --------------------------------------------------------------------------------


def close_over() -> None:
    """Job: the lists of what is over, each in a transaction of its own."""
    with db.transaction() as session:
        due = session.scalars(_due()).all()
    for session_id in due:
        with db.transaction() as session:
            close(session, session_id, NOBODY)


def _due() -> Select[int]:
    now = clock.now()
    arrived = exists().where(Arrival.session_id == ActivitySession.id)
    closed = exists().where(ClosedList.session_id == ActivitySession.id)
    return (
        select(ActivitySession.id)
        .join(Activity, Activity.id == ActivitySession.activity_id)
        .where(
            ActivitySession.ends_at < now - AFTER,
            ActivitySession.ends_at > now - LOOK_BACK,
            ActivitySession.state == SessionState.SCHEDULED,
            arrived,
            ~closed,
            or_(Activity.enrolment == Enrolment.SESSION, _is_last_lesson()),
        )
        .order_by(ActivitySession.ends_at)
        .limit(200)
    )


def _is_last_lesson() -> ColumnElement[bool]:
    later = (
        select(func.max(ActivitySession.starts_at))
        .where(
            ActivitySession.activity_id == Activity.id,
            ActivitySession.state == SessionState.SCHEDULED,
        )
        .correlate(Activity)
        .scalar_subquery()
    )
    return ActivitySession.starts_at == later
