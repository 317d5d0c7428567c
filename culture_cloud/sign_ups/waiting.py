"""The waiting list 候补: who comes next when a place comes free.

The rule, in words: the list is kept by numbers, which are given in the order of arrival and never
twice. When places come free, the list is gone through from the lowest number on, and everybody
gets places for whom enough are free. A party of four that does not fit yet keeps its number and
is asked first the next time, but it does not keep a single person waiting for the one place there
is. Who waits for kept places is also asked when open ones come free. Nobody is promoted after the
start. Who gave up a place and comes back gets a new number, at the end.

The rule keeps two promises: between two transactions nobody waits who would fit (invariant I7),
and nobody who comes new can get places that somebody on the list could have had (places.take).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities import rules as ruled
from culture_cloud.activities.models import (
    Activity,
    ActivitySession,
    ActivityState,
    Allotment,
    AllotmentKind,
    SessionState,
)
from culture_cloud.activities.rules import Rules

from . import places, states
from .models import SignUp, SignUpState
from .states import NOBODY

LATE_ARRIVALS_WAIT = timedelta(hours=24)
"""Who often did not come gets what is left a day before the start."""


def fill(session: Session, activity_id: int) -> int:
    """Give the free places of an activity to those who wait. Returns how many sign-ups got some.

    For whoever has made places free in another way than by `states.change`: staff who raised the
    number, a released share, the clock.
    """
    of_sessions = session.scalars(
        select(SignUp.session_id)
        .where(SignUp.activity_id == activity_id, SignUp.state == SignUpState.WAITING)
        .distinct()
    ).all()
    return sum(fill_session(session, activity_id, session_id) for session_id in of_sessions)


def fill_session(session: Session, activity_id: int, session_id: int | None) -> int:
    """The same for one session, or for the course (None)."""
    waiting = list(
        session.scalars(
            select(SignUp)
            .where(
                SignUp.activity_id == activity_id,
                SignUp.session_id.is_not_distinct_from(session_id),
                SignUp.state == SignUpState.WAITING,
                SignUp.holds.is_(False),
            )
            .order_by(SignUp.wait_no)
            .execution_options(populate_existing=True)
        )
    )
    if not waiting:
        return 0
    starts_at = start_of(session, activity_id, session_id)
    now = clock.now()
    if starts_at is None or starts_at <= now:
        return 0
    rows = places.lock(session, *places.of_session(activity_id, session_id))
    rules = ruled.of(session, activity_id)
    promoted = 0
    for sign_up in waiting:
        if sign_up.wait_until is not None and sign_up.wait_until > now:
            continue
        for row in _rows_for(sign_up, rows):
            if _promote(session, sign_up, row, rules, starts_at):
                session.refresh(row)
                promoted += 1
                break
    return promoted


def start_of(session: Session, activity_id: int, session_id: int | None) -> datetime | None:
    """When a session that takes place begins; for a course its first lesson. None where it does
    not take place."""
    query = (
        select(ActivitySession.starts_at)
        .join(Activity, Activity.id == ActivitySession.activity_id)
        .where(
            ActivitySession.activity_id == activity_id,
            ActivitySession.state == SessionState.SCHEDULED,
            Activity.state == ActivityState.PUBLISHED,
        )
        .order_by(ActivitySession.starts_at)
        .limit(1)
    )
    if session_id is not None:
        query = query.where(ActivitySession.id == session_id)
    return session.scalar(query)


def _rows_for(sign_up: SignUp, rows: list[Allotment]) -> list[Allotment]:
    """Its own share first, then what is open to all."""
    own = [row for row in rows if row.id == sign_up.allotment_id]
    return own + [row for row in rows if row.kind == AllotmentKind.OPEN and row not in own]


def _promote(
    session: Session, sign_up: SignUp, row: Allotment, rules: Rules, starts_at: datetime
) -> bool:
    free = None if row.capacity is None else row.capacity - row.taken
    if free is not None and free < sign_up.party_size:
        return False
    if not places.take_for_waiting(session, row.id, sign_up.party_size):
        return False
    offered_until = None
    to, told = SignUpState.CONFIRMED, "promoted"
    if rules.confirm_hours is not None:
        to, told = SignUpState.WAITING, "offered"
        offered_until = min(clock.ahead(hours=rules.confirm_hours), starts_at)
    elif rules.review and sign_up.reviewed_at is None:
        to, told = SignUpState.PENDING, "promoted_to_review"
    session.execute(
        update(SignUp)
        .where(SignUp.id == sign_up.id)
        .values(state=to, holds=True, offered_until=offered_until, allotment_id=row.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(sign_up)
    states.happened(
        session,
        sign_up,
        "offered" if offered_until else "promoted",
        by=NOBODY,
        told=told,
        changes={"state": [SignUpState.WAITING, str(to)]},
    )
    return True


def position(session: Session, sign_up: SignUp) -> int:
    """How many sign-ups of its list come before it, and itself: 1 is the next."""
    before = session.scalars(
        select(SignUp.id).where(
            SignUp.activity_id == sign_up.activity_id,
            SignUp.session_id.is_not_distinct_from(sign_up.session_id),
            SignUp.state == SignUpState.WAITING,
            SignUp.holds.is_(False),
            SignUp.wait_no < sign_up.wait_no,
        )
    ).all()
    return len(before) + 1


def fill_late(session: Session) -> int:
    """Whose time to wait has passed gets what is free (see LATE_ARRIVALS_WAIT)."""
    activity_ids = session.scalars(
        select(SignUp.activity_id)
        .where(
            SignUp.state == SignUpState.WAITING,
            SignUp.holds.is_(False),
            SignUp.wait_until <= clock.now(),
        )
        .distinct()
        .limit(500)
    ).all()
    return sum(fill(session, activity_id) for activity_id in activity_ids)
