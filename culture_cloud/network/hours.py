"""When a node is open: weekly hours, days that differ, and what follows from them for a moment.

Pure arithmetic on local dates and times of the site; the words are in hours_words.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from typing import NamedTuple

LOOK_AHEAD = timedelta(days=14)
"""How early people are told of days that differ from the usual week."""

FARTHEST_OPENING = 366
"""Days within which the next opening is looked for."""


class Span(NamedTuple):
    """Open from `opens` until just before `closes`."""

    opens: time
    closes: time


Week = Mapping[int, tuple[Span, ...]]
"""Weekday (0 is Monday) → spans in order; a day without any is a day of rest."""


@dataclass(frozen=True, slots=True)
class Exceptional:
    """Days on which the usual week does not hold; without spans the node is closed."""

    starts_on: date
    ends_on: date
    spans: tuple[Span, ...] = ()
    reason: str = ""

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Timetable:
    """The weekly hours of a node and the days that differ from them."""

    week: Week = field(default_factory=dict)
    exceptional: tuple[Exceptional, ...] = ()

    @property
    def known(self) -> bool:
        """Whether anybody has entered weekly hours."""
        return any(self.week.values())

    def exception_on(self, day: date) -> Exceptional | None:
        """What holds on the day instead of the usual week. Of several, the shortest wins: open on
        the 3rd stands against closed from the 1st to the 7th."""
        covering = [e for e in self.exceptional if e.covers(day)]
        return min(covering, key=lambda e: e.ends_on - e.starts_on, default=None)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        exception = self.exception_on(day)
        return self.week.get(day.weekday(), ()) if exception is None else exception.spans

    def coming_exceptions(self, today: date) -> list[Exceptional]:
        """The days that differ, in force today or beginning within LOOK_AHEAD."""
        coming = [
            e for e in self.exceptional if e.starts_on <= today + LOOK_AHEAD and e.ends_on >= today
        ]
        return sorted(coming, key=lambda e: (e.starts_on, e.ends_on))

    def next_opening(self, now: datetime) -> datetime | None:
        """The next moment after `now` (local) at which the node opens its doors; None where
        nothing is known within FARTHEST_OPENING days."""
        for distance in range(FARTHEST_OPENING):
            day = now.date() + timedelta(days=distance)
            for span in self.spans_on(day):
                opens = datetime.combine(day, span.opens, now.tzinfo)
                if opens > now:
                    return opens
        return None


class Standing(Enum):
    """How a node stands at a moment."""

    UNKNOWN = auto()
    OPEN = auto()
    #: closed now, opens later today: early morning or the lunch break
    OPENS_LATER = auto()
    #: was open today
    OVER = auto()
    #: not open at all today
    CLOSED_TODAY = auto()


@dataclass(frozen=True, slots=True)
class State:
    """How a node stands at a moment, with the times that matter then (local, aware)."""

    standing: Standing
    spans: tuple[Span, ...] = ()
    closes: time | None = None
    next_opening: datetime | None = None
    exception: Exceptional | None = None


def state(timetable: Timetable, now: datetime) -> State:
    """How the node stands at the local moment. In its closing minute it is closed."""
    today, spans = now.date(), timetable.spans_on(now.date())
    exception = timetable.exception_on(today)
    if not timetable.known and exception is None:
        return State(Standing.UNKNOWN)
    clock = now.time().replace(tzinfo=None)
    for span in spans:
        if span.opens <= clock < span.closes:
            return State(Standing.OPEN, spans, closes=span.closes, exception=exception)
    opening = timetable.next_opening(now)
    if not spans:
        standing = Standing.CLOSED_TODAY
    elif opening is not None and opening.date() == today:
        standing = Standing.OPENS_LATER
    else:
        standing = Standing.OVER
    return State(standing, spans, next_opening=opening, exception=exception)


def timetable(
    weekly: Iterable[tuple[int, time, time]],
    closings: Iterable[tuple[date, date, time | None, time | None, str]] = (),
) -> Timetable:
    """From rows (weekday, opens, closes) and (first day, last day, opens, closes, reason); several
    rows for the same days are spans of one exception, as a lunch break on such a day makes them."""
    week: dict[int, list[Span]] = {}
    for weekday, opens, closes in weekly:
        week.setdefault(weekday, []).append(Span(opens, closes))
    days: dict[tuple[date, date], tuple[list[Span], list[str]]] = {}
    for starts_on, ends_on, first, last, reason in closings:
        spans, reasons = days.setdefault((starts_on, ends_on), ([], []))
        if first is not None and last is not None:
            spans.append(Span(first, last))
        if reason and reason not in reasons:
            reasons.append(reason)
    return Timetable(
        week={weekday: tuple(sorted(spans)) for weekday, spans in week.items()},
        exceptional=tuple(
            Exceptional(starts_on, ends_on, tuple(sorted(spans)), "; ".join(reasons))
            for (starts_on, ends_on), (spans, reasons) in sorted(days.items())
        ),
    )
