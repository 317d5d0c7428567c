"""Giving the sessions their places: how many there are, and how they are split.

Nobody who holds a place is put out: a cut is refused with the number that would have to go, and a
kept share never falls below what is taken of it. All rows of a session are locked before they are
read, in the order of their ids, as sign_ups.places does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.jobs.queue import enqueue

from . import rules as ruled
from .errors import CapacityBelowTaken, SessionHasSignUps
from .models import PLACES_TOPIC, Activity, Allotment, AllotmentKind, Enrolment, SignUpWay
from .shares import Share


def sync_places(session: Session, activity: Activity) -> None:
    """Give every session (or the course) its places, as many as the activity says.

    What is kept of them stands in its rules. Raises CapacityBelowTaken or SessionHasSignUps; then
    the caller's transaction is to be given up.
    """
    session.flush()
    if activity.sign_up not in {SignUpWay.HERE, SignUpWay.DRAW}:
        _drop_all(session, activity)
        return
    kept = _within(activity.capacity, ruled.of(session, activity.id).shares)
    is_course = activity.enrolment == Enrolment.COURSE
    wanted: list[int | None] = [None] if is_course else [s.id for s in activity.sessions]
    present = _locked(session, activity.id)
    for spare in [a for a in present if a.session_id not in wanted]:
        if spare.taken:
            raise SessionHasSignUps
        activity.allotments.remove(spare)
    session.flush()
    for session_id in wanted:
        of_session = [a for a in present if a.session_id == session_id]
        if of_session:
            _set_capacity(session, activity, of_session, kept)
        else:
            activity.allotments += new_allotments(activity.capacity, kept, session_id)
    session.flush()


def _within(capacity: int | None, shares: Sequence[Share]) -> list[Share]:
    """What can be kept of so many places: nothing of the endless; the last share gives way (the
    desk says so before it comes to that, a source that cuts the number knows of no shares)."""
    left, kept = capacity or 0, []
    for share in shares:
        places = min(share.places, left)
        left -= places
        kept.append(replace(share, places=places))
    return kept


def new_allotments(
    capacity: int | None, kept: Sequence[Share], session_id: int | None
) -> list[Allotment]:
    """The rows of a session that has none yet; what is open to all comes first."""
    held_back = sum(share.places for share in kept)
    left = None if capacity is None else capacity - held_back
    return [
        Allotment(session_id=session_id, kind=AllotmentKind.OPEN, capacity=left),
        *(_new(share, session_id) for share in kept if share.places),
    ]


def _new(share: Share, session_id: int | None) -> Allotment:
    return Allotment(
        session_id=session_id,
        kind=share.kind,
        name=share.name,
        node_id=share.node_id,
        capacity=share.places,
        opens_at=share.opens_at,
        closes_at=share.closes_at,
        release_hours=share.release_hours,
    )


def _drop_all(session: Session, activity: Activity) -> None:
    if any(a.taken for a in _locked(session, activity.id)):
        raise SessionHasSignUps
    activity.allotments = []
    session.flush()


def _locked(session: Session, activity_id: int) -> list[Allotment]:
    return list(
        session.scalars(
            select(Allotment)
            .where(Allotment.activity_id == activity_id)
            .order_by(Allotment.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _set_capacity(
    session: Session, activity: Activity, rows: Sequence[Allotment], kept: Sequence[Share]
) -> None:
    """Split the activity's capacity over the rows of one session anew."""
    total, taken = activity.capacity, sum(a.taken for a in rows)
    if total is not None and total < taken:
        raise CapacityBelowTaken(taken)
    before = [(a.id, a.capacity) for a in rows]
    by_key = {(a.kind, a.name): a for a in rows}
    open_row = by_key[AllotmentKind.OPEN, ""]
    for share in kept:
        row = by_key.get(share.key)
        if row is None and not share.places:
            continue
        if row is None:
            row = _new(share, open_row.session_id)
            row.capacity, row.taken = 0, 0
            activity.allotments.append(row)
            by_key[share.key] = row
        row.opens_at, row.closes_at = share.opens_at, share.closes_at
        if row.release_hours != share.release_hours:
            row.release_hours, row.released_at = share.release_hours, None
        if row.released_at is None:
            row.capacity = max(share.places, row.taken)
    keys = {share.key for share in kept}
    for key, row in by_key.items():
        if row is not open_row and key not in keys:  # no longer kept: what is left opens to all
            # an hour that no share can have, so that one kept again later is known as changed
            row.capacity, row.release_hours, row.released_at = row.taken, 0, clock.now()
    _fit(total, open_row, [row for row in by_key.values() if row is not open_row])
    session.flush()
    if before != [(a.id, a.capacity) for a in rows] or len(by_key) > len(rows):
        db.touch(session, PLACES_TOPIC)
        # who waits comes first: until the job has run, nobody else gets a place that would fit them
        enqueue(
            session,
            "sign_ups.fill",
            {"activity_id": activity.id, "session_id": open_row.session_id},
        )


def _fit(total: int | None, open_row: Allotment, kept_rows: Sequence[Allotment]) -> None:
    """Let the open row have what is not kept; kept rows give way to what is taken of it."""
    if total is None:
        open_row.capacity = None
        return
    short = open_row.taken + sum(row.capacity or 0 for row in kept_rows) - total
    for row in kept_rows:
        give = min(max(short, 0), (row.capacity or 0) - row.taken)
        row.capacity = (row.capacity or 0) - give
        short -= give
    open_row.capacity = total - sum(row.capacity or 0 for row in kept_rows)
