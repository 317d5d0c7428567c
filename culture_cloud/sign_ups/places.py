"""Places are taken and given back here, each by one statement; nothing else moves the count.

The condition stands inside the statement, so no two sign-ups can take the same place, over however
many processes and whichever database. Never read, then write: on both databases that oversells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from culture_cloud.activities.models import (
    PLACES_TOPIC,
    Activity,
    ActivitySession,
    ActivityState,
    Allotment,
    AllotmentKind,
    SessionState,
    SignUpWay,
)
from culture_cloud.db import touch

from .models import SignUp, SignUpState

_STANDS = exists(
    select(Activity.id).where(
        Activity.id == Allotment.activity_id,
        Activity.state == ActivityState.PUBLISHED,
        Activity.sign_up == SignUpWay.HERE,
    )
) & or_(
    Allotment.session_id.is_(None),
    exists(
        select(ActivitySession.id).where(
            ActivitySession.id == Allotment.session_id,
            ActivitySession.state == SessionState.SCHEDULED,
        )
    ),
)

_SOMEBODY_WAITS = exists(
    select(SignUp.id).where(
        SignUp.activity_id == Allotment.activity_id,
        SignUp.state == SignUpState.WAITING,
        SignUp.holds.is_(False),
        SignUp.wait_until.is_(None),
        SignUp.session_id.is_not_distinct_from(Allotment.session_id),
        or_(SignUp.allotment_id == Allotment.id, Allotment.kind == AllotmentKind.OPEN),
        SignUp.party_size <= Allotment.capacity - Allotment.taken,
    )
)
"""Somebody whom the free places would fit came before. Between two transactions that is never so
(see waiting.fill), unless staff have just raised the number and the job has not run yet."""


def take(session: Session, allotment_id: int, number: int) -> bool:
    """Take places where so many are left, it takes place, and nobody who waits would fit in.

    Returns whether they were taken.
    """
    return _take(session, allotment_id, number, and_(_STANDS, ~_SOMEBODY_WAITS))


def take_for_waiting(session: Session, allotment_id: int, number: int) -> bool:
    """The same for somebody on the waiting list whose turn it is (see waiting.fill)."""
    return _take(session, allotment_id, number, _STANDS)


def _take(session: Session, allotment_id: int, number: int, condition: ColumnElement[bool]) -> bool:
    taken = session.execute(
        update(Allotment)
        .where(
            Allotment.id == allotment_id,
            or_(Allotment.capacity.is_(None), Allotment.taken + number <= Allotment.capacity),
            condition,
        )
        .values(taken=Allotment.taken + number)
        .returning(Allotment.id)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        return False
    touch(session, PLACES_TOPIC)
    return True


def take_first(session: Session, allotment_ids: Sequence[int], number: int) -> int | None:
    """Take places from the first of these allotments that has them; its id, or None."""
    for allotment_id in allotment_ids:
        if take(session, allotment_id, number):
            return allotment_id
    return None


def give_back(session: Session, allotment_id: int, number: int) -> None:
    """Make places free again. The caller has just ended the sign-up that held them."""
    session.execute(
        update(Allotment)
        .where(Allotment.id == allotment_id)
        .values(taken=Allotment.taken - number)
        .execution_options(synchronize_session=False)
    )
    touch(session, PLACES_TOPIC)


def next_number(session: Session, open_allotment_id: int) -> int:
    """The next number of the session's waiting list: the row counts, never the clock."""
    return session.execute(
        update(Allotment)
        .where(Allotment.id == open_allotment_id)
        .values(wait_seq=Allotment.wait_seq + 1)
        .returning(Allotment.wait_seq)
        .execution_options(synchronize_session=False)
    ).scalar_one()


def of_session(
    activity_id: int, session_id: int | None
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions for the allotments of a session, or of the course."""
    return (
        Allotment.activity_id == activity_id,
        Allotment.session_id.is_not_distinct_from(session_id),
    )


def lock(session: Session, *conditions: ColumnElement[bool]) -> list[Allotment]:
    """Wait for whoever takes or gives back these places just now, and keep others waiting.

    Everything that holds both locks the places first (in the order of their ids, the open ones
    first) and the sign-up second, so nobody waits in a circle. On SQLite the write transaction
    itself is the lock. Returns the rows as they are now.
    """
    return list(
        session.scalars(
            select(Allotment)
            .where(*conditions)
            .order_by(Allotment.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def lock_ids(session: Session, allotment_ids: Iterable[int]) -> list[Allotment]:
    """`lock` for allotments that are known by their ids."""
    return lock(session, Allotment.id.in_(list(allotment_ids)))


# --- counting anew -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """A count that does not agree with the sign-ups it stands for."""

    allotment_id: int
    activity_id: int
    session_starts_at: datetime | None
    counted: int
    held: int


def differences(session: Session) -> list[Difference]:
    """Count all places anew from the sign-ups that hold them; those that differ from what is
    kept (invariant I2)."""
    held = func.coalesce(func.sum(case((SignUp.holds, SignUp.party_size), else_=0)), 0)
    rows = session.execute(
        select(
            Allotment.id, Allotment.activity_id, ActivitySession.starts_at, Allotment.taken, held
        )
        .outerjoin(SignUp, SignUp.allotment_id == Allotment.id)
        .outerjoin(ActivitySession, ActivitySession.id == Allotment.session_id)
        .group_by(Allotment.id, Allotment.activity_id, ActivitySession.starts_at, Allotment.taken)
        .having(Allotment.taken != held)
        .order_by(Allotment.id)
    )
    return [Difference(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A session whose allotments do not add up to what the activity says (invariant I10)."""

    activity_id: int
    session_id: int | None
    capacity: int | None
    allotted: int | None


def mismatches(session: Session) -> list[Mismatch]:
    """Sessions whose shares are together more or fewer than their places."""
    endless = func.sum(case((Allotment.capacity.is_(None), 1), else_=0))
    allotted = case((endless > 0, None), else_=func.sum(Allotment.capacity))
    rows = session.execute(
        select(Allotment.activity_id, Allotment.session_id, Activity.capacity, allotted)
        .join(Activity, Activity.id == Allotment.activity_id)
        .group_by(Allotment.activity_id, Allotment.session_id, Activity.capacity)
        .having(allotted.is_distinct_from(Activity.capacity))
        .order_by(Allotment.activity_id)
    )
    return [Mismatch(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody who waits although free places would fit (invariant I7)."""

    sign_up_id: int
    activity_id: int
    wait_no: int | None


def overtaken(session: Session, now: datetime) -> list[Overtaken]:
    """Who waits for nothing: their turn has come, it has not begun, and places are free."""
    rows = session.execute(
        select(SignUp.id, SignUp.activity_id, SignUp.wait_no)
        .join(
            Allotment,
            and_(
                Allotment.activity_id == SignUp.activity_id,
                Allotment.session_id.is_not_distinct_from(SignUp.session_id),
                or_(Allotment.id == SignUp.allotment_id, Allotment.kind == AllotmentKind.OPEN),
            ),
        )
        .join(Activity, Activity.id == SignUp.activity_id)
        .outerjoin(ActivitySession, ActivitySession.id == SignUp.session_id)
        .where(
            SignUp.state == SignUpState.WAITING,
            SignUp.holds.is_(False),
            or_(SignUp.wait_until.is_(None), SignUp.wait_until <= now),
            Activity.state == ActivityState.PUBLISHED,
            or_(
                ActivitySession.id.is_(None) & (Activity.first_starts_at > now),
                (ActivitySession.state == SessionState.SCHEDULED)
                & (ActivitySession.starts_at > now),
            ),
            or_(
                Allotment.capacity.is_(None),
                SignUp.party_size <= Allotment.capacity - Allotment.taken,
            ),
        )
        .order_by(SignUp.id)
        .distinct()
    )
    return [Overtaken(*row) for row in rows]
