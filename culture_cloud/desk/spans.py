"""Spans of time by the clock on the wall: made from days and times, compared, moved by weeks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from culture_cloud import clock
from culture_cloud.activities.models import ActivitySession, SessionState
from culture_cloud.activities.services import ASSUMED_LENGTH, SessionFacts
from culture_cloud.web.moments import at
from culture_cloud.web.words import local, site_zone

_EVENING, _SMALL_HOURS = time(18), time(6)


@dataclass(frozen=True, slots=True)
class Span:
    """When it is: aware moments; `ends_at` is None where nobody said."""

    starts_at: datetime
    ends_at: datetime | None
    all_day: bool = False

    @property
    def is_over(self) -> bool:
        return (self.ends_at or self.starts_at + ASSUMED_LENGTH) <= clock.now()

    def moved(self, weeks: int) -> Span:
        """The same wall time some weeks later."""
        return self.shifted(7 * weeks)

    def shifted(self, days: int) -> Span:
        """The same wall time some days later."""
        return Span(
            _days_later(self.starts_at, days),
            _days_later(self.ends_at, days) if self.ends_at else None,
            self.all_day,
        )


def span_of(occurrence: ActivitySession) -> Span:
    ends_at = occurrence.ends_at if occurrence.end_known else None
    return Span(occurrence.starts_at, ends_at, occurrence.all_day)


def facts_of(span: Span) -> SessionFacts:
    return SessionFacts(starts_at=span.starts_at, ends_at=span.ends_at, all_day=span.all_day)


def same_facts(occurrence: ActivitySession) -> SessionFacts:
    """A session as it stands, so that a save leaves it alone."""
    return SessionFacts(
        id=occurrence.id,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at if occurrence.end_known else None,
        all_day=occurrence.all_day,
        state=occurrence.state,
        recurrence_id=occurrence.recurrence_id,
    )


def make_span(day: date, starts: time, ends: time | None, last_day: date | None = None) -> Span:
    """A span by local day and times. Raises ValueError where it would end before it starts.

    An evening may end after midnight.
    """
    if ends is None:
        return Span(at(day, starts), at(last_day, time(23, 59)) if last_day else None)
    ends_on = last_day or day
    if last_day is None and starts >= _EVENING and ends <= _SMALL_HOURS:
        ends_on = day + timedelta(days=1)
    span = Span(at(day, starts), at(ends_on, ends))
    if at(ends_on, ends) <= span.starts_at:
        raise ValueError("it ends before it starts")
    return span


def like(first: Span, starts_at: datetime) -> Span:
    """The span of another day at the wall times of the first."""
    if first.ends_at is None:
        return Span(starts_at, None)
    length = local(first.ends_at).replace(tzinfo=None) - local(first.starts_at).replace(tzinfo=None)
    wall = local(starts_at).replace(tzinfo=None) + length
    return Span(starts_at, wall.replace(tzinfo=site_zone()).astimezone(UTC))


def _days_later(moment: datetime, days: int) -> datetime:
    wall = local(moment).replace(tzinfo=None) + timedelta(days=days)
    return wall.replace(tzinfo=site_zone()).astimezone(UTC)


def scheduled(sessions: Iterable[ActivitySession]) -> list[ActivitySession]:
    return [s for s in sessions if s.state == SessionState.SCHEDULED]
