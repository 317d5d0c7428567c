"""What can be signed up for: sessions and courses with their shares of places and their rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities import rules as ruled
from culture_cloud.activities.models import (
    Activity,
    ActivitySession,
    ActivityState,
    Allotment,
    AllotmentKind,
    Enrolment,
    SessionState,
    SignUpRules,
)
from culture_cloud.activities.rules import Rules
from culture_cloud.activities.standing import Stand, Standing, standing
from culture_cloud.errors import Gone, NotFound

from .models import SignUp, SignUpState

_PUBLIC_KINDS = frozenset({AllotmentKind.OPEN, AllotmentKind.ELDERS, AllotmentKind.BRANCH})


@dataclass(frozen=True, slots=True)
class Room:
    """A share of the places, as it was read. `left` None is without limit."""

    id: int
    kind: str
    name: str
    node_id: int | None
    capacity: int | None
    taken: int
    opens_at: datetime | None
    closes_at: datetime | None
    release_hours: int | None
    released_at: datetime | None

    @property
    def left(self) -> int | None:
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def public(self) -> bool:
        """Whether people can sign up for it themselves."""
        return self.kind in _PUBLIC_KINDS

    def fits(self, number: int) -> bool:
        return self.left is None or number <= self.left


@dataclass(frozen=True, slots=True)
class Offer:
    """What one signs up for: a session, or a whole course (`session_id` is None).

    `starts_at` is that of the first lesson, `last_starts_at` and `ends_at` those of the last.
    `rooms` is empty where no places were made for it; what is open to all comes first. `waiting`
    counts the people on the waiting list.
    """

    activity_id: int
    #: the hall that gives it
    node_id: int
    session_id: int | None
    rooms: tuple[Room, ...]
    starts_at: datetime
    last_starts_at: datetime
    ends_at: datetime
    all_day: bool
    end_known: bool
    max_party: int
    standing: Standing
    rules: Rules
    waiting: int

    @property
    def stand(self) -> Stand:
        return self.standing.stand

    @property
    def left(self) -> int | None:
        """Open places left; None is without limit."""
        return self.standing.left

    def kept(self, kind: AllotmentKind) -> Room | None:
        """The share that is kept for these people."""
        return next((room for room in self.rooms if room.kind == kind), None)

    @property
    def left_for_elders(self) -> int:
        """Places that only elders can take yet."""
        room = self.kept(AllotmentKind.ELDERS)
        return 0 if room is None else room.left or 0

    @property
    def once_for(self) -> int:
        """What one person signs up for once (SignUp.once_for)."""
        return 0 if self.rules.once_per_activity else self.session_id or 0

    @property
    def asks_residence(self) -> bool:
        return bool(self.rules.residence_node_ids) or any(
            room.kind == AllotmentKind.BRANCH and not room.released_at for room in self.rooms
        )


_WAITING = (
    select(func.coalesce(func.sum(SignUp.party_size), 0))
    .where(
        SignUp.activity_id == Activity.id,
        SignUp.state == SignUpState.WAITING,
        SignUp.session_id.is_not_distinct_from(Allotment.session_id),
    )
    .correlate(Activity, Allotment)
    .scalar_subquery()
)

_ROOM_COLUMNS: tuple[Any, ...] = (
    Allotment.id.label("allotment_id"),
    Allotment.kind,
    Allotment.name,
    Allotment.node_id,
    Allotment.capacity,
    Allotment.taken,
    Allotment.opens_at,
    Allotment.closes_at,
    Allotment.release_hours,
    Allotment.released_at,
)

_OFFER_COLUMNS: tuple[Any, ...] = (
    Activity.state.label("activity_state"),
    Activity.node_id.label("hall_id"),
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
    _WAITING.label("waiting"),
    SignUpRules,
    *_ROOM_COLUMNS,
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


def _offer_rows(activity_id: int) -> Select[Any]:
    return (
        select(*_OFFER_COLUMNS)
        .select_from(Activity)
        .join(ActivitySession, ActivitySession.activity_id == Activity.id)
        .outerjoin(SignUpRules, SignUpRules.activity_id == Activity.id)
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
        .order_by(ActivitySession.starts_at, ActivitySession.id, Allotment.id)
    )


def _offers(activity_id: int, rows: Sequence[Any]) -> tuple[Offer, ...]:
    """Rows come one per session and share; sessions become offers, or all of them one course."""
    if not rows:
        raise NotFound
    if rows[0].activity_state == ActivityState.WITHDRAWN:
        raise Gone
    if rows[0].activity_state not in {ActivityState.PUBLISHED, ActivityState.CANCELLED}:
        raise NotFound
    rules = ruled.of_row(rows[0].SignUpRules)
    by_session: dict[int, list[Any]] = {}
    for row in rows:
        by_session.setdefault(row.session_id, []).append(row)
    if rows[0].enrolment != Enrolment.COURSE:
        return tuple(
            _offer(activity_id, session_id, shares[:1], shares, rules)
            for session_id, shares in by_session.items()
        )
    every = [shares[0] for shares in by_session.values()]
    lessons = [row for row in every if row.session_state == SessionState.SCHEDULED]
    shares = next(iter(by_session.values()))
    return (_offer(activity_id, None, lessons or every, shares, rules),)


def _offer(
    activity_id: int,
    session_id: int | None,
    rows: Sequence[Any],
    shares: Sequence[Any],
    rules: Rules,
) -> Offer:
    first, last = rows[0], rows[-1]
    rooms = tuple(_room(row) for row in shares if row.allotment_id is not None)
    rooms = tuple(sorted(rooms, key=lambda room: room.kind != AllotmentKind.OPEN))
    return Offer(
        activity_id=activity_id,
        node_id=first.hall_id,
        session_id=session_id,
        rooms=rooms,
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
            capacity=rooms[0].capacity if rooms else None,
            taken=rooms[0].taken if rooms else 0,
        ),
        rules=rules,
        waiting=shares[0].waiting or 0,
    )


def _room(row: Any) -> Room:
    return Room(
        row.allotment_id,
        row.kind,
        row.name,
        row.node_id,
        row.capacity,
        row.taken,
        row.opens_at,
        row.closes_at,
        row.release_hours,
        row.released_at,
    )
