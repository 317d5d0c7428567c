"""How many people a change will be told to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities.models import ActivitySession
from culture_cloud.sign_ups.models import SignUp, SignUpState


@dataclass(frozen=True, slots=True)
class Told:
    """Sign-ups that stand or wait, each of which is told once, and the people they bring."""

    sign_ups: int
    people: int


def of_session(session: Session, occurrence: ActivitySession) -> Told:
    """Those who come to one session; a course's sign-ups are good for each of its lessons."""
    return _count(
        session,
        SignUp.activity_id == occurrence.activity_id,
        or_(SignUp.session_id == occurrence.id, SignUp.session_id.is_(None)),
    )


def of_activity(session: Session, activity_id: int) -> Told:
    """Those who come to what is not over yet."""
    coming = select(ActivitySession.id).where(
        ActivitySession.activity_id == activity_id, ActivitySession.ends_at > clock.now()
    )
    return _count(
        session,
        SignUp.activity_id == activity_id,
        or_(SignUp.session_id.is_(None), SignUp.session_id.in_(coming)),
    )


def _count(session: Session, *conditions: ColumnElement[bool]) -> Told:
    query = select(func.count(), func.coalesce(func.sum(SignUp.party_size), 0)).where(
        SignUp.state.in_((SignUpState.PENDING, SignUpState.WAITING, SignUpState.CONFIRMED)),
        *conditions,
    )
    sign_ups, people = session.execute(query).one()
    return Told(sign_ups, people)
