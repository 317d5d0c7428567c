"""Writing activities: make, change, publish, cancel, move. Callers check permissions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from culture_cloud import clock
from culture_cloud.errors import NotFound
from culture_cloud.jobs.queue import enqueue

from . import agenda
from . import rules as ruled
from .allotting import sync_places
from .errors import ChangedMeanwhile, NotReady, WrongState
from .models import (
    Activity,
    ActivitySession,
    ActivityState,
    Audience,
    Enrolment,
    SessionState,
    SignUpWay,
)

ASSUMED_LENGTH = timedelta(hours=2)
"""How long a session is taken to last where nobody said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """When one session is. `id` names an existing one that these facts replace."""

    starts_at: datetime
    ends_at: datetime | None = None
    all_day: bool = False
    id: int | None = None
    state: str = SessionState.SCHEDULED
    recurrence_id: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFacts:
    """What a form or an import says of an activity, as typed values."""

    title: str
    kind_code: str
    node_id: int
    sessions: Sequence[SessionFacts] = ()
    description: str = ""
    place_name: str = ""
    place_node_id: int | None = None
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_free: bool = True
    fee: str = ""
    bring: str = ""
    access: Sequence[str] = ()
    audience_codes: Sequence[str] = ()
    organiser: str = ""
    teacher: str = ""
    co_organisers: str = ""
    contact_phone: str = ""
    poster: str | None = None
    poster_alt: str = ""
    sign_up: str = SignUpWay.NONE
    sign_up_url: str = ""
    enrolment: str = Enrolment.SESSION
    capacity: int | None = None
    sign_up_opens_at: datetime | None = None
    sign_up_closes_at: datetime | None = None
    max_party: int = 5
    rrule: str = ""
    uid: str | None = None
    source: str = "desk"
    feed_id: int | None = None
    source_name: str = ""
    source_url: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    #: None: as they are (a source that knows nothing of them changes nothing)
    rules: ruled.Rules | None = None


_NOT_COLUMNS = {"sessions", "audience_codes", "uid", "access", "rules"}


def create(session: Session, facts: ActivityFacts, *, by_account_id: int | None) -> Activity:
    """A new draft."""
    activity = Activity(
        uid=facts.uid or f"{uuid.uuid4()}@culture-cloud",
        state=ActivityState.DRAFT,
        created_by_id=by_account_id,
        created_at=clock.now(),
        updated_at=clock.now(),
        node_id=facts.node_id,
        title=facts.title,
        kind_code=facts.kind_code,
        access=list(facts.access),
        extra={},
    )
    session.add(activity)
    _write(session, activity, facts)
    return activity


def change(
    session: Session, activity_id: int, facts: ActivityFacts, *, seen_version: int | None = None
) -> Activity:
    """Replace what an activity says. People signed up for a moved or dropped session are told.

    `seen_version` is the version the editor had before them; another one raises ChangedMeanwhile.
    """
    activity = locked(session, activity_id)
    if seen_version is not None and activity.version != seen_version:
        raise ChangedMeanwhile
    _write(session, activity, facts)
    return activity


def locked(session: Session, activity_id: int) -> Activity:
    """The activity with its sessions and places, its row locked for this transaction."""
    activity = session.scalar(
        select(Activity)
        .options(selectinload(Activity.sessions), selectinload(Activity.allotments))
        .where(Activity.id == activity_id)
        .with_for_update(of=Activity)
    )
    if activity is None:
        raise NotFound
    return activity


def _write(session: Session, activity: Activity, facts: ActivityFacts) -> None:
    for item in fields(facts):
        if item.name not in _NOT_COLUMNS:
            setattr(activity, item.name, getattr(facts, item.name))
    activity.access = list(facts.access)
    activity.extra = dict(facts.extra)
    activity.audiences = list(
        session.scalars(select(Audience).where(Audience.code.in_(facts.audience_codes)))
    )
    activity.updated_at = clock.now()
    session.flush()
    if facts.rules is not None:
        ruled.keep(session, activity.id, facts.rules)
    _write_sessions(session, activity, facts.sessions)
    sync_places(session, activity)
    agenda.refresh(session, activity)


def set_capacity(session: Session, activity_id: int, capacity: int | None) -> Activity:
    """Change how many places each of its sessions (or the course) has. Raises CapacityBelowTaken,
    then nothing may be committed."""
    activity = locked(session, activity_id)
    activity.capacity = capacity
    activity.updated_at = clock.now()
    sync_places(session, activity)
    return activity


def set_rules(
    session: Session, activity_id: int, rules: ruled.Rules, *, seen_version: int | None = None
) -> Activity:
    """Change how places are split and what is asked. Nobody loses a place by it.

    `seen_version` is as for `change`.
    """
    activity = locked(session, activity_id)
    if seen_version is not None and activity.version != seen_version:
        raise ChangedMeanwhile
    ruled.keep(session, activity_id, rules)
    activity.updated_at = clock.now()
    sync_places(session, activity)
    return activity


def _write_sessions(session: Session, activity: Activity, wanted: Sequence[SessionFacts]) -> None:
    """Make the sessions those that are wanted: by id, else by the start they have or had."""
    by_id = {s.id: s for s in activity.sessions}
    by_start = {s.recurrence_id or s.starts_at: s for s in activity.sessions}
    kept: set[int] = set()
    for facts in wanted:
        found = (
            by_id.get(facts.id)
            if facts.id
            else by_start.get(facts.recurrence_id or facts.starts_at)
        )
        if found is None or found.id in kept:
            activity.sessions.append(_new_session(facts))
            continue
        kept.add(found.id)
        _set_times(session, activity, found, facts)
        if facts.state != found.state:
            set_session_state(session, activity, found, facts.state)
    for gone in [s for s in activity.sessions if s.id is not None and s.id not in kept]:
        _drop_session(session, activity, gone)
    session.flush()


def _new_session(facts: SessionFacts) -> ActivitySession:
    return ActivitySession(
        starts_at=facts.starts_at,
        ends_at=facts.ends_at or facts.starts_at + ASSUMED_LENGTH,
        end_known=facts.ends_at is not None,
        all_day=facts.all_day,
        state=facts.state,
        recurrence_id=facts.recurrence_id,
    )


def _set_times(
    session: Session, activity: Activity, occurrence: ActivitySession, facts: SessionFacts
) -> None:
    before = occurrence.starts_at
    occurrence.starts_at = facts.starts_at
    occurrence.ends_at = facts.ends_at or facts.starts_at + ASSUMED_LENGTH
    occurrence.end_known = facts.ends_at is not None
    occurrence.all_day = facts.all_day
    if before != facts.starts_at and activity.state == ActivityState.PUBLISHED:
        occurrence.recurrence_id = occurrence.recurrence_id or before
        tell(session, "moved", activity, occurrence, was=before)


def _drop_session(session: Session, activity: Activity, occurrence: ActivitySession) -> None:
    """Delete a session nobody signed up for; cancel one that has sign-ups or was public."""
    if activity.state in {ActivityState.DRAFT, ActivityState.SUBMITTED} and not any(
        a.session_id == occurrence.id and a.taken for a in activity.allotments
    ):
        activity.allotments = [a for a in activity.allotments if a.session_id != occurrence.id]
        activity.sessions.remove(occurrence)
        return
    set_session_state(session, activity, occurrence, SessionState.CANCELLED)


# --- from draft to published and beyond ----------------------------------------------------------


def missing_facts(activity: Activity | ActivityFacts) -> tuple[str, ...]:
    """What people need to know and is not said: names of fields."""
    missing = []
    if not activity.title.strip():
        missing.append("title")
    if not activity.sessions:
        missing.append("sessions")
    if not (activity.place_name.strip() or activity.address.strip() or activity.place_node_id):
        missing.append("place_name")
    if activity.poster and not activity.poster_alt.strip():
        missing.append("poster_alt")
    if not activity.is_free and not activity.fee.strip():
        missing.append("fee")
    if activity.sign_up == SignUpWay.ELSEWHERE and not (
        activity.sign_up_url.strip() or activity.contact_phone.strip()
    ):
        missing.append("contact_phone")
    return tuple(missing)


def submit(session: Session, activity_id: int) -> Activity:
    """A clerk asks for review."""
    activity = locked(session, activity_id)
    _require_state(activity, ActivityState.DRAFT)
    _require_complete(activity)
    activity.state = ActivityState.SUBMITTED
    activity.updated_at = clock.now()
    return activity


def send_back(session: Session, activity_id: int, reason: str) -> Activity:
    """The reviewer asks for something to be changed."""
    activity = locked(session, activity_id)
    _require_state(activity, ActivityState.SUBMITTED)
    activity.state, activity.state_reason = ActivityState.DRAFT, reason
    activity.updated_at = clock.now()
    return activity


def publish(session: Session, activity_id: int) -> Activity:
    """Show it to everybody. Raises NotReady with what is missing."""
    activity = locked(session, activity_id)
    _require_state(activity, ActivityState.DRAFT, ActivityState.SUBMITTED)
    _require_complete(activity)
    activity.state, activity.state_reason = ActivityState.PUBLISHED, ""
    activity.published_at = activity.published_at or clock.now()
    activity.updated_at = clock.now()
    agenda.refresh(session, activity)
    ask_to_speak(session)
    return activity


def cancel(session: Session, activity_id: int, reason: str) -> Activity:
    """It does not take place. It stays to be seen, and everybody who signed up is told."""
    activity = locked(session, activity_id)
    _require_state(activity, ActivityState.PUBLISHED)
    activity.state, activity.state_reason = ActivityState.CANCELLED, reason
    activity.updated_at = clock.now()
    agenda.refresh(session, activity)
    tell(session, "activity_cancelled", activity, None)
    return activity


def withdraw(session: Session, activity_id: int, reason: str = "") -> Activity:
    """Take it off the site (its source removed it, or it was a mistake): its page answers 410."""
    activity = locked(session, activity_id)
    was_public = activity.state == ActivityState.PUBLISHED
    activity.state, activity.state_reason = ActivityState.WITHDRAWN, reason
    activity.updated_at = clock.now()
    agenda.refresh(session, activity)
    if was_public and activity.last_ends_at and activity.last_ends_at > clock.now():
        tell(session, "activity_cancelled", activity, None)
    return activity


def cancel_session(session: Session, session_id: int, reason: str) -> ActivitySession:
    """One session does not take place; who signed up for it is told."""
    occurrence = _session(session, session_id)
    activity = locked(session, occurrence.activity_id)
    set_session_state(session, activity, occurrence, SessionState.CANCELLED)
    occurrence.note = reason
    agenda.refresh(session, activity)
    return occurrence


def move_session(
    session: Session, session_id: int, starts_at: datetime, ends_at: datetime | None, reason: str
) -> ActivitySession:
    """A session takes place at another time; who signed up keeps the place and is told."""
    occurrence = _session(session, session_id)
    activity = locked(session, occurrence.activity_id)
    _set_times(session, activity, occurrence, SessionFacts(starts_at=starts_at, ends_at=ends_at))
    occurrence.note = reason
    activity.updated_at = clock.now()
    agenda.refresh(session, activity)
    return occurrence


def set_session_state(
    session: Session, activity: Activity, occurrence: ActivitySession, state: str
) -> None:
    if occurrence.state == state:
        return
    occurrence.state = state
    activity.updated_at = clock.now()
    if state == SessionState.CANCELLED and activity.state == ActivityState.PUBLISHED:
        tell(session, "session_cancelled", activity, occurrence)


def tell(
    session: Session,
    what: str,
    activity: Activity,
    occurrence: ActivitySession | None,
    *,
    was: datetime | None = None,
) -> None:
    """Ask the sign-ups, who stand above and are not known here, to tell those who come."""
    name = {"moved": "session_moved"}.get(what, what)
    session.flush()
    enqueue(
        session,
        f"sign_ups.{name}",
        {
            "activity_id": activity.id,
            "session_id": occurrence.id if occurrence else None,
            "was": was.isoformat() if was else None,
        },
    )


def ask_to_speak(session: Session, *, due_at: datetime | None = None) -> None:
    """What is new is read aloud ahead; one such job serves for all that is new."""
    enqueue(session, "activities.speak_ahead", key="activities.speak_ahead", due_at=due_at)


def _session(session: Session, session_id: int) -> ActivitySession:
    occurrence = session.get(ActivitySession, session_id)
    if occurrence is None:
        raise NotFound
    return occurrence


def _require_state(activity: Activity, *states: ActivityState) -> None:
    if activity.state not in states:
        raise WrongState(activity.state)


def _require_complete(activity: Activity) -> None:
    missing = missing_facts(activity)
    if missing:
        raise NotReady(missing)
