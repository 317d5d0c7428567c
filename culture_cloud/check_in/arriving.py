"""Arrivals: one press is one report; reports of several devices merge into one truth.

A report says how many of a party are here, so the same report twice changes nothing, and two
devices that both saw the party do not add up. Who presses at the door with the server's list before
their eyes corrects what stands. A report from a device without network may rest on an old list: it
never lowers what stands; where it differs, the larger number stands and somebody is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.errors import NotFound
from culture_cloud.sign_ups import changes, states
from culture_cloud.sign_ups.models import SignUp, SignUpState
from culture_cloud.sign_ups.states import By

from .errors import TooManyCame
from .models import Arrival, ArrivalReport, Conflict, HeadCount, Source

ON_THE_LIST = (SignUpState.CONFIRMED, SignUpState.ATTENDED, SignUpState.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Report:
    """One press. `count` of the party are here; 0 takes it back. `key` as in ArrivalReport."""

    key: str
    sign_up_id: int
    session_id: int
    count: int
    at: datetime
    source: Source
    by_id: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a report led to: how many stand now, and what somebody must decide."""

    count: int
    conflict: Conflict | None = None
    seen_before: bool = False


def report(session: Session, new: Report) -> Outcome:
    """Write an arrival down. Raises NotFound where the sign-up is not one of the session's, and
    TooManyCame."""
    sign_up = states.locked(session, new.sign_up_id)
    if not _belongs(sign_up, new.session_id):
        raise NotFound
    if not 0 <= new.count <= sign_up.party_size:
        raise TooManyCame
    earlier = session.scalar(select(ArrivalReport).where(ArrivalReport.key == new.key))
    if earlier is not None:
        conflict = Conflict(earlier.conflict) if earlier.conflict else None
        return Outcome(standing(session, sign_up.id, new.session_id), conflict, seen_before=True)
    count, conflict = _merged(session, sign_up, new)
    session.add(
        ArrivalReport(
            key=new.key,
            sign_up_id=new.sign_up_id,
            session_id=new.session_id,
            count=new.count,
            at=min(new.at, clock.now()),
            source=new.source,
            by_id=new.by_id,
            conflict=conflict,
        )
    )
    if new.source is not Source.OFFLINE:
        _decided(session, sign_up.id, new.session_id)
    if conflict is not Conflict.NO_PLACE:
        _set(session, sign_up, new, count)
    session.flush()
    return Outcome(count, conflict)


def _belongs(sign_up: SignUp, session_id: int) -> bool:
    """A course's sign-up is good for each lesson of its activity."""
    if sign_up.session_id is not None:
        return sign_up.session_id == session_id
    return session_id in {lesson.id for lesson in sign_up.activity.sessions}


def _merged(session: Session, sign_up: SignUp, new: Report) -> tuple[int, Conflict | None]:
    before = standing(session, sign_up.id, new.session_id)
    if sign_up.state not in ON_THE_LIST:
        return before, Conflict.NO_PLACE
    if new.source is Source.OFFLINE and before and new.count != before:
        return max(before, new.count), Conflict.COUNT
    return new.count, None


def standing(session: Session, sign_up_id: int, session_id: int) -> int:
    """How many of the party came to the session, as far as is known."""
    return (
        session.scalar(
            select(Arrival.count).where(
                Arrival.sign_up_id == sign_up_id, Arrival.session_id == session_id
            )
        )
        or 0
    )


def _set(session: Session, sign_up: SignUp, new: Report, count: int) -> None:
    """Make it the truth, and let the sign-up's own state follow."""
    row = session.scalar(
        select(Arrival).where(
            Arrival.sign_up_id == sign_up.id, Arrival.session_id == new.session_id
        )
    )
    if (row.count if row else 0) == count and sign_up.state != SignUpState.NO_SHOW:
        return
    if count == 0:
        session.execute(
            delete(Arrival).where(
                Arrival.sign_up_id == sign_up.id, Arrival.session_id == new.session_id
            )
        )
    elif row is None:
        session.add(
            Arrival(
                sign_up_id=sign_up.id,
                session_id=new.session_id,
                count=count,
                at=min(new.at, clock.now()),
            )
        )
    else:
        row.count = count
    session.flush()
    _follow(session, sign_up, By(new.by_id, is_staff=True))


def _follow(session: Session, sign_up: SignUp, by: By) -> None:
    """Who came to any lesson has come; who is taken back from all is expected again."""
    most, first = session.execute(
        select(func.max(Arrival.count), func.min(Arrival.at)).where(
            Arrival.sign_up_id == sign_up.id
        )
    ).one()
    changes.change(
        session,
        sign_up.id,
        SignUpState.ATTENDED if most else SignUpState.CONFIRMED,
        was=ON_THE_LIST,
        by=by,
        told=None,
        attended_count=most or 0,
        checked_in_at=first,
        checked_in_by_id=by.account_id if most else None,
    )


def _decided(session: Session, sign_up_id: int, session_id: int) -> None:
    """Somebody looked and pressed: earlier reports need no more looking at."""
    session.execute(
        update(ArrivalReport)
        .where(ArrivalReport.sign_up_id == sign_up_id, ArrivalReport.session_id == session_id)
        .values(conflict=None)
    )


def dismiss(session: Session, session_id: int, report_id: int) -> None:
    """A report about somebody without a place has been looked at. Raises NotFound."""
    found = session.get(ArrivalReport, report_id)
    if found is None or found.session_id != session_id:
        raise NotFound
    found.conflict = None


def came_at_once(session: Session, sign_up_id: int, session_id: int, count: int) -> None:
    """A walk-in, who is written down and has come in one press."""
    present = standing(session, sign_up_id, session_id)
    if not present:
        session.add(
            Arrival(sign_up_id=sign_up_id, session_id=session_id, count=count, at=clock.now())
        )


def count_heads(
    session: Session, session_id: int, heads: int, *, key: str, by_id: int | None
) -> None:
    """So many more heads (fewer, to correct); the same press counts once. Never below nothing."""
    if heads < 0:
        heads = -min(-heads, heads_of(session, session_id))
    try:
        with session.begin_nested():
            session.add(
                HeadCount(key=key, session_id=session_id, heads=heads, at=clock.now(), by_id=by_id)
            )
    except IntegrityError:
        return


def heads_of(session: Session, session_id: int) -> int:
    """Heads counted at the session."""
    total = select(func.coalesce(func.sum(HeadCount.heads), 0))
    return session.scalar(total.where(HeadCount.session_id == session_id)) or 0
