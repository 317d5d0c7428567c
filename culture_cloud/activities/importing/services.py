"""Importing: read a source, plan, and write the plan in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities import agenda, services
from culture_cloud.activities.errors import CapacityBelowTaken, SessionHasSignUps
from culture_cloud.activities.importing import sniff
from culture_cloud.activities.importing.making import make
from culture_cloud.activities.importing.mapping import FeedMapping
from culture_cloud.activities.importing.occurrences import CANCELLED_BY_SOURCE
from culture_cloud.activities.importing.planning import GONE_FROM_SOURCE, too_few_places
from culture_cloud.activities.importing.plans import ImportPlan, PlannedRow, Step
from culture_cloud.activities.importing.rows import Parsed
from culture_cloud.activities.importing.sources import Origin, origin_of
from culture_cloud.activities.models import Activity, ActivitySession, ActivityState
from culture_cloud.tabular import N_, Reason

_HAS_SIGN_UPS = N_("People have signed up for it. Change it on its own page.")

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Read:
    """A source, read."""

    parsed: Parsed
    origin: Origin
    #: whether it came to its end: a connection may break between two events of a calendar
    is_whole: bool = True


def read(
    data: bytes,
    filename: str = "",
    *,
    zone: tzinfo,
    mapping: FeedMapping | str | None = None,
) -> Read:
    """The rows of a file or feed of at most 10 MB. Raises FileNotReadable."""
    today = clock.now().astimezone(zone).date()
    parsed = sniff.read(data, filename, zone=zone, today=today, mapping=mapping)
    origin = origin_of(data)
    is_whole = origin is not Origin.CALENDAR or b"END:VCALENDAR" in data[-200:].upper()
    return Read(parsed, origin, is_whole)


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written: the plan's rows, each with the id of its activity."""

    rows: tuple[PlannedRow, ...]
    counts: Mapping[Step, int] = field(default_factory=dict)

    def count(self, step: Step) -> int:
        return self.counts.get(step, 0)


def apply(
    session: Session,
    planned: ImportPlan,
    *,
    by_account_id: int | None,
    progress: Progress | None = None,
) -> Imported:
    """Write a plan that was made in this same transaction.

    A row that somebody's sign-up overtook meanwhile is refused; all others stand or fall together.
    `progress` is told how many rows are done.
    """
    told = progress or (lambda _done: None)
    new = [row for row in planned.rows if row.step is Step.CREATE]
    ids = iter(make(session, new, by_account_id=by_account_id))
    told(len(new))
    rows: list[PlannedRow] = []
    for row in planned.rows:
        if row.step is Step.CREATE:
            rows.append(replace(row, activity_id=next(ids)))
            continue
        rows.append(_changed(session, row) if row.step is Step.CHANGE else row)
        told(1)
    return Imported(tuple(rows), counts=Counter(row.step for row in rows))


def _changed(session: Session, row: PlannedRow) -> PlannedRow:
    try:
        with session.begin_nested():
            _change(session, row)
    except CapacityBelowTaken as error:
        capacity = row.facts.capacity if row.facts else 0
        reason = too_few_places(error.taken, capacity or 0)
        return replace(row, step=Step.REFUSED, reason=reason, field="capacity")
    except SessionHasSignUps:
        return replace(row, step=Step.REFUSED, reason=Reason(_HAS_SIGN_UPS))
    return row


def _change(session: Session, row: PlannedRow) -> None:
    if row.facts is None or row.activity_id is None:
        raise ValueError(f"nothing to change: {row.source_ref}")
    was, will_be = row.state_before, row.state
    if was == ActivityState.PUBLISHED and will_be == ActivityState.CANCELLED:
        # first, so that people are told once and not of each session too
        services.cancel(session, row.activity_id, CANCELLED_BY_SOURCE)
    activity = services.change(session, row.activity_id, row.facts)
    _write_notes(activity, row)
    if was == will_be or (will_be == ActivityState.CANCELLED and was == ActivityState.PUBLISHED):
        return
    if was in {ActivityState.CANCELLED, ActivityState.WITHDRAWN}:
        _bring_back(session, activity, will_be)
    elif will_be == ActivityState.SUBMITTED:
        services.submit(session, activity.id)
    else:
        services.publish(session, activity.id)
        if will_be == ActivityState.CANCELLED:
            services.cancel(session, activity.id, CANCELLED_BY_SOURCE)


def _write_notes(activity: Activity, row: PlannedRow) -> None:
    by_id = {s.id: s for s in activity.sessions}
    by_start: dict[object, ActivitySession] = {s.starts_at: s for s in activity.sessions}
    for number, occurrence in row.sessions:
        found = by_id.get(number) if number else by_start.get(occurrence.starts_at)
        if found is not None and found.note != occurrence.note:
            found.note = occurrence.note


def _bring_back(session: Session, activity: Activity, state: ActivityState) -> None:
    """Its source has it again."""
    activity.state, activity.state_reason = state, ""
    activity.updated_at = clock.now()
    agenda.refresh(session, activity)


def withdraw_missing(session: Session, planned: ImportPlan, done: Imported, *, feed_id: int) -> int:
    """Take off the site what the feed brought, is still to come, and is no longer named.

    Does nothing where an entry of the feed could not be read: it might be the missing one.
    Returns how many were withdrawn.
    """
    if not planned.is_complete:
        return 0
    coming = select(ActivitySession.activity_id).where(ActivitySession.starts_at > clock.now())
    ids = session.scalars(
        select(Activity.id).where(
            Activity.feed_id == feed_id,
            Activity.id.in_(coming),
            Activity.state.in_(
                (ActivityState.DRAFT, ActivityState.SUBMITTED, ActivityState.PUBLISHED)
            ),
        )
    ).all()
    made = {row.activity_id for row in done.rows}
    gone = [number for number in ids if number not in planned.named_ids | made]
    for number in gone:
        services.withdraw(session, number, GONE_FROM_SOURCE)
    return len(gone)
