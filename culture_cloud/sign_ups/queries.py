"""Reading sign-ups: what can be signed up for, tickets, lists for residents and for staff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from culture_cloud import clock
from culture_cloud.activities.models import (
    Activity,
    ActivitySession,
    ActivityState,
    Allotment,
    Enrolment,
    SessionState,
)
from culture_cloud.activities.standing import Stand, Standing, standing
from culture_cloud.errors import Gone, NotFound

from .models import SignUp, SignUpState


@dataclass(frozen=True, slots=True)
class Offer:
    """What one signs up for: a session, or a whole course (`session_id` is None).

    `starts_at` is that of the first lesson, `last_starts_at` and `ends_at` those of the last.
    `allotment_id` is None where no places were made for it.
    """

    activity_id: int
    session_id: int | None
    allotment_id: int | None
    starts_at: datetime
    last_starts_at: datetime
    ends_at: datetime
    all_day: bool
    end_known: bool
    max_party: int
    standing: Standing

    @property
    def stand(self) -> Stand:
        return self.standing.stand

    @property
    def left(self) -> int | None:
        """Places left; None is without limit."""
        return self.standing.left


_OFFER_COLUMNS: tuple[Any, ...] = (
    Activity.state.label("activity_state"),
    Activity.sign_up,
    Activity.enrolment,
    Activity.sign_up_opens_at,
    Activity.sign_up_closes_at,
    Activity.max_party,
    ActivitySession.id.label("session_id"),
    ActivitySession.starts_at,
    ActivitySession.ends_at,
    ActivitySession.all_day,
    ActivitySession.end_known,
    ActivitySession.state.label("session_state"),
    Allotment.id.label("allotment_id"),
    Allotment.capacity,
    Allotment.taken,
)


def availability(session: Session, activity_id: int) -> tuple[Offer, ...]:
    """What can be signed up for at an activity, by time: how many places are left and whether it
    is open. One statement. Raises NotFound, or Gone where it was withdrawn."""
    return _offers(activity_id, session.execute(_offer_rows(activity_id)).all())


def offer(session: Session, activity_id: int, session_id: int | None) -> Offer:
    """One of them: a session's, or the course's (None). Raises NotFound where there is none."""
    query = _offer_rows(activity_id)
    if session_id is not None:
        query = query.where(ActivitySession.id == session_id)
    found = _offers(activity_id, session.execute(query).all())
    for candidate in found:
        if candidate.session_id == session_id:
            return candidate
    raise NotFound


def activity(session: Session, activity_id: int) -> Activity:
    """The activity with its hall and place, for what a page says of it. Raises NotFound."""
    found = session.scalar(
        select(Activity)
        .options(joinedload(Activity.node), joinedload(Activity.place_node))
        .where(Activity.id == activity_id)
    )
    if found is None:
        raise NotFound
    return found


def _offer_rows(activity_id: int) -> Select[Any]:
    return (
        select(*_OFFER_COLUMNS)
        .join(ActivitySession, ActivitySession.activity_id == Activity.id)
        .outerjoin(
            Allotment,
            and_(
                Allotment.activity_id == Activity.id,
                or_(
                    Allotment.session_id == ActivitySession.id,
                    and_(Activity.enrolment == Enrolment.COURSE, Allotment.session_id.is_(None)),
                ),
            ),
        )
        .where(Activity.id == activity_id)
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )


def _offers(activity_id: int, rows: Sequence[Any]) -> tuple[Offer, ...]:
    if not rows:
        raise NotFound
    if rows[0].activity_state == ActivityState.WITHDRAWN:
        raise Gone
    if rows[0].activity_state not in {ActivityState.PUBLISHED, ActivityState.CANCELLED}:
        raise NotFound
    if rows[0].enrolment != Enrolment.COURSE:
        return tuple(_offer(activity_id, row.session_id, [row]) for row in rows)
    lessons = [row for row in rows if row.session_state == SessionState.SCHEDULED]
    return (_offer(activity_id, None, lessons or rows),)


def _offer(activity_id: int, session_id: int | None, rows: Sequence[Any]) -> Offer:
    first, last = rows[0], rows[-1]
    return Offer(
        activity_id=activity_id,
        session_id=session_id,
        allotment_id=first.allotment_id,
        starts_at=first.starts_at,
        last_starts_at=last.starts_at,
        ends_at=max(row.ends_at for row in rows),
        all_day=first.all_day,
        end_known=first.end_known,
        max_party=first.max_party,
        standing=standing(
            clock.now(),
            activity_state=first.activity_state,
            session_state=first.session_state,
            sign_up=first.sign_up,
            starts_at=first.starts_at,
            ends_at=max(row.ends_at for row in rows),
            opens_at=first.sign_up_opens_at,
            closes_at=first.sign_up_closes_at,
            capacity=first.capacity,
            taken=first.taken or 0,
        ),
    )


# --- what people have --------------------------------------------------------------------------


def _tickets() -> Select[SignUp]:
    return select(SignUp).options(
        joinedload(SignUp.session),
        joinedload(SignUp.activity).options(
            joinedload(Activity.node),
            joinedload(Activity.place_node),
            selectinload(Activity.sessions),
        ),
    )


def ticket(session: Session, token: str) -> SignUp:
    """The sign-up that the ticket's address names, with its activity. Raises NotFound."""
    found = session.scalar(_tickets().where(SignUp.token == token))
    if found is None:
        raise NotFound
    return found


def find(session: Session, phone: str, code: str) -> SignUp | None:
    """The sign-up of this phone with this number."""
    return session.scalar(select(SignUp).where(SignUp.phone == phone, SignUp.code == code))


def by_key(session: Session, idempotency_key: str) -> SignUp | None:
    return session.scalar(select(SignUp).where(SignUp.idempotency_key == idempotency_key))


def confirmed_of(session: Session, allotment_id: int, phone: str, name: str) -> SignUp | None:
    """The places this person has here already."""
    return session.scalar(
        select(SignUp).where(
            SignUp.allotment_id == allotment_id,
            SignUp.phone == phone,
            SignUp.name == name,
            SignUp.state == SignUpState.CONFIRMED,
        )
    )


def of_account(session: Session, account_id: int) -> list[SignUp]:
    """All that this account signed up for, the newest first; at most 200."""
    return list(
        session.scalars(
            _tickets()
            .where(SignUp.account_id == account_id)
            .order_by(SignUp.created_at.desc(), SignUp.id.desc())
            .limit(200)
        )
    )


# --- for staff ---------------------------------------------------------------------------------


def of_activity(session: Session, activity_id: int, session_id: int | None = None) -> list[SignUp]:
    """The sign-ups of an activity or of one session: those who come first, by time."""
    query = select(SignUp).where(SignUp.activity_id == activity_id)
    if session_id is not None:
        query = query.where(SignUp.session_id == session_id)
    order = (SignUp.state.desc(), SignUp.created_at, SignUp.id)
    return list(session.scalars(query.order_by(*order)))


def confirmed_ids(
    session: Session, activity_id: int, session_id: int | None, *, after: int, limit: int
) -> list[int]:
    """Ids of who comes, in batches: to an activity, or to one session (a course's sign-ups are
    good for each of its lessons)."""
    query = select(SignUp.id).where(
        SignUp.activity_id == activity_id,
        SignUp.state == SignUpState.CONFIRMED,
        SignUp.id > after,
    )
    if session_id is not None:
        query = query.where(or_(SignUp.session_id == session_id, SignUp.session_id.is_(None)))
    return list(session.scalars(query.order_by(SignUp.id).limit(limit)))


def with_activity(session: Session, ids: Iterable[int]) -> list[SignUp]:
    return list(session.scalars(_tickets().where(SignUp.id.in_(list(ids))).order_by(SignUp.id)))
