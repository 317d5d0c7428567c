"""Many new activities at once, as services.create makes one: a test holds the two together.

One by one, each costs a dozen statements; ten thousand would hold up everybody who signs up.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.activities import agenda
from culture_cloud.activities.allotting import new_allotments
from culture_cloud.activities.importing.occurrences import CANCELLED_BY_SOURCE, Occurrence
from culture_cloud.activities.importing.plans import PlannedRow
from culture_cloud.activities.models import (
    TOPIC,
    Activity,
    ActivitySession,
    ActivityState,
    AgendaEntry,
    Allotment,
    Audience,
    Enrolment,
    SessionState,
    SignUpWay,
)
from culture_cloud.activities.services import ASSUMED_LENGTH, ActivityFacts

_AT_ONCE = 500
_PUBLIC = (ActivityState.PUBLISHED, ActivityState.CANCELLED)


def make(session: Session, rows: Sequence[PlannedRow], *, by_account_id: int | None) -> list[int]:
    """Create the activities of planned rows; their ids in the same order."""
    audiences = {a.code: a for a in session.scalars(select(Audience))}
    ids: list[int] = []
    for start in range(0, len(rows), _AT_ONCE):
        made = [_activity(row, audiences, by_account_id) for row in rows[start : start + _AT_ONCE]]
        session.add_all(made)
        session.flush()
        for activity in made:
            activity.allotments = _allotments(activity)
        session.flush()
        _enter(session, made)
        ids += [activity.id for activity in made]
    return ids


def _activity(
    row: PlannedRow, audiences: dict[str, Audience], by_account_id: int | None
) -> Activity:
    facts, now = row.facts, clock.now()
    if facts is None:
        raise ValueError(f"nothing to make: {row.source_ref}")
    is_public = row.state in _PUBLIC
    activity = Activity(
        **_columns(facts),
        uid=facts.uid or f"{uuid.uuid4()}@culture-cloud",
        state=row.state,
        state_reason=CANCELLED_BY_SOURCE if row.state == ActivityState.CANCELLED else "",
        access=list(facts.access),
        extra=dict(facts.extra),
        audiences=[audiences[code] for code in facts.audience_codes],
        created_by_id=by_account_id,
        created_at=now,
        updated_at=now,
        published_at=now if is_public else None,
        sessions=[_session(occurrence) for _id, occurrence in row.sessions],
    )
    live = [s for s in activity.sessions if s.state == SessionState.SCHEDULED]
    activity.first_starts_at = min((s.starts_at for s in live), default=None)
    activity.last_ends_at = max((s.ends_at for s in live), default=None)
    return activity


def _columns(facts: ActivityFacts) -> dict[str, object]:
    apart = {"sessions", "audience_codes", "uid", "access", "extra", "rules"}
    return {name: getattr(facts, name) for name in facts.__slots__ if name not in apart}


def _session(occurrence: Occurrence) -> ActivitySession:
    return ActivitySession(
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at or occurrence.starts_at + ASSUMED_LENGTH,
        end_known=occurrence.ends_at is not None,
        all_day=occurrence.all_day,
        state=SessionState.CANCELLED if occurrence.cancelled else SessionState.SCHEDULED,
        recurrence_id=occurrence.recurrence_id,
        note=occurrence.note,
    )


def _allotments(activity: Activity) -> list[Allotment]:
    if activity.sign_up != SignUpWay.HERE:
        return []
    if activity.enrolment == Enrolment.COURSE:
        return new_allotments(activity.capacity, (), None)
    return [
        allotment
        for occurrence in activity.sessions
        for allotment in new_allotments(activity.capacity, (), occurrence.id)
    ]


def _enter(session: Session, activities: Sequence[Activity]) -> None:
    """Their rows of the agenda."""
    above: dict[int, list[int]] = {}
    rows: list[dict[str, object]] = []
    for activity in activities:
        if activity.state not in _PUBLIC:
            continue
        if activity.node_id not in above:
            above[activity.node_id] = agenda.ancestors(session, activity.node_id)
        ordered = sorted(activity.sessions, key=lambda s: (s.starts_at, s.id))
        rows += agenda.entries(activity, ordered, above[activity.node_id])
    if rows:
        session.execute(insert(AgendaEntry), rows)
    db.touch(session, TOPIC)
