"""Places are taken and given back here, each by one statement; nothing else moves the count.

The condition stands inside the statement, so no two sign-ups can take the same place, over however
many processes and whichever database. Never read, then write: on both databases that oversells.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from culture_cloud.activities.models import (
    PLACES_TOPIC,
    Activity,
    ActivitySession,
    ActivityState,
    Allotment,
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


def take(session: Session, allotment_id: int, number: int) -> bool:
    """Take places where so many are left and it still takes place. Returns whether they were."""
    taken = session.execute(
        update(Allotment)
        .where(
            Allotment.id == allotment_id,
            or_(Allotment.capacity.is_(None), Allotment.taken + number <= Allotment.capacity),
            _STANDS,
        )
        .values(taken=Allotment.taken + number)
        .returning(Allotment.id)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        return False
    touch(session, PLACES_TOPIC)
    return True


def give_back(session: Session, allotment_id: int, number: int) -> None:
    """Make places free again. The caller has just cancelled the sign-up that held them."""
    session.execute(
        update(Allotment)
        .where(Allotment.id == allotment_id)
        .values(taken=Allotment.taken - number)
        .execution_options(synchronize_session=False)
    )
    touch(session, PLACES_TOPIC)


def lock(session: Session, allotment_ids: list[int]) -> None:
    """Wait for whoever takes or gives back these places just now, and keep others waiting.

    Everything that holds both locks the places first and the sign-up second, so nobody waits in a
    circle. On SQLite the write transaction itself is the lock.
    """
    session.execute(
        select(Allotment.id)
        .where(Allotment.id.in_(allotment_ids))
        .order_by(Allotment.id)
        .with_for_update()
    ).all()


@dataclass(frozen=True, slots=True)
class Difference:
    """A count that does not agree with the sign-ups it stands for."""

    allotment_id: int
    activity_id: int
    session_starts_at: datetime | None
    counted: int
    confirmed: int


def differences(session: Session) -> list[Difference]:
    """Count all places anew from the confirmed sign-ups; those that differ from what is kept."""
    confirmed = func.coalesce(
        func.sum(case((SignUp.state == SignUpState.CONFIRMED, SignUp.party_size), else_=0)), 0
    )
    rows = session.execute(
        select(
            Allotment.id,
            Allotment.activity_id,
            ActivitySession.starts_at,
            Allotment.taken,
            confirmed,
        )
        .outerjoin(SignUp, SignUp.allotment_id == Allotment.id)
        .outerjoin(ActivitySession, ActivitySession.id == Allotment.session_id)
        .group_by(Allotment.id, Allotment.activity_id, ActivitySession.starts_at, Allotment.taken)
        .having(Allotment.taken != confirmed)
        .order_by(Allotment.id)
    )
    return [Difference(*row) for row in rows]
