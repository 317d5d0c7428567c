"""Dates of the demo, told relative to the day on which it is set up.

An anchor is either so many days from today, or a weekday of a week: week 0 is the first such
weekday after today (1 to 7 days ahead), week -1 the one before it, and so on. Times are local.
Recurrence follows RFC 5545; left-out and moved occurrences are counted from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr

from culture_cloud.demo.content.fields import Fields

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Anchor:
    """A day: `day` days from today, or, with a weekday (0 is Monday), that day of a week."""

    day: int = 0
    weekday: int | None = None
    week: int = 0

    def on(self, today: date) -> date:
        if self.weekday is None:
            return today + timedelta(days=self.day)
        ahead = (self.weekday - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead + 7 * self.week)


@dataclass(frozen=True)
class Slot:
    """One session on real dates, in local time without a zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class SessionRule:
    """One session: a day and the hours of it."""

    anchor: Anchor
    start: time
    end: time

    def slot(self, today: date) -> Slot:
        return _slot(self.anchor.on(today), self.start, self.end)


@dataclass(frozen=True)
class Dated:
    """Sessions listed one by one."""

    sessions: tuple[SessionRule, ...]

    def slots(self, today: date) -> tuple[Slot, ...]:
        return tuple(sorted((rule.slot(today) for rule in self.sessions), key=lambda s: s.start))


@dataclass(frozen=True)
class MovedOccurrence:
    """An occurrence that takes place `days` later, at other hours."""

    occurrence: int
    days: int
    start: time
    end: time


@dataclass(frozen=True)
class Recurring:
    """A first session that repeats by an RFC 5545 rule, with exceptions."""

    first: SessionRule
    rrule: str
    skip: tuple[int, ...]
    moved: tuple[MovedOccurrence, ...]

    def starts(self, today: date) -> tuple[datetime, ...]:
        """The starts that the rule alone gives, exceptions not yet taken out."""
        return tuple(rrulestr(self.rrule, dtstart=self.first.slot(today).start))

    def exceptions(self, today: date) -> tuple[datetime, ...]:
        """The starts that are left out (EXDATE)."""
        starts = self.starts(today)
        return tuple(starts[number - 1] for number in self.skip)

    def slots(self, today: date) -> tuple[Slot, ...]:
        moved = {change.occurrence: change for change in self.moved}
        found = []
        for number, start in enumerate(self.starts(today), start=1):
            if number in self.skip:
                continue
            change = moved.get(number)
            if change:
                day = start.date() + timedelta(days=change.days)
                found.append(_slot(day, change.start, change.end))
            else:
                found.append(_slot(start.date(), self.first.start, self.first.end))
        return tuple(found)


@dataclass(frozen=True)
class Run:
    """An exhibition: open on every day between two, save the closed weekdays (0 is Monday)."""

    first_day: int
    last_day: int
    start: time
    end: time
    closed: tuple[int, ...]

    def span(self, today: date) -> Slot:
        """From the first opening to the last closing."""
        days = [today + timedelta(days=self.first_day), today + timedelta(days=self.last_day)]
        return Slot(datetime.combine(days[0], self.start), datetime.combine(days[1], self.end))

    def slots(self, today: date) -> tuple[Slot, ...]:
        days = (today + timedelta(days=n) for n in range(self.first_day, self.last_day + 1))
        return tuple(
            _slot(day, self.start, self.end) for day in days if day.weekday() not in self.closed
        )


Schedule = Dated | Recurring | Run


def read_schedule(fields: Fields) -> Schedule:
    """The schedule in a `when` object; which of the four forms it is shows by its fields."""
    schedule: Schedule
    if fields.has("rrule"):
        schedule = _read_recurring(fields)
    elif fields.has("first_day"):
        schedule = _read_run(fields)
    elif fields.has("sessions"):
        schedule = Dated(tuple(read_session(child) for child in fields.children("sessions")))
        if not schedule.sessions:
            raise fields.fault("sessions must not be empty")
    else:
        return Dated((read_session(fields),))
    fields.close()
    return schedule


def read_session(fields: Fields) -> SessionRule:
    """A day and its hours. Raises ValueError if it ends before it starts."""
    start, end = _read_hours(fields)
    rule = SessionRule(read_anchor(fields), start, end)
    fields.close()
    return rule


def read_anchor(fields: Fields) -> Anchor:
    """A day, told by `day` or by `weekday` and `week`."""
    if fields.has("weekday"):
        weekday = WEEKDAYS.index(fields.code("weekday", WEEKDAYS))
        return Anchor(weekday=weekday, week=fields.whole("week"))
    return Anchor(day=fields.whole("day"))


def _read_hours(fields: Fields) -> tuple[time, time]:
    start, end = fields.clock("start"), fields.clock("end")
    if end <= start:
        raise fields.fault("it ends before it starts")
    return start, end


def _read_recurring(fields: Fields) -> Recurring:
    moved = []
    for change in fields.children("moved"):
        start, end = _read_hours(change)
        moved.append(MovedOccurrence(change.count("occurrence"), change.whole("days"), start, end))
        change.close()
    first = read_session(fields.child("first"))
    rule = Recurring(first, fields.text("rrule"), fields.wholes("skip"), tuple(moved))
    _check_rule(rule, fields)
    return rule


def _check_rule(rule: Recurring, fields: Fields) -> None:
    if "COUNT=" not in rule.rrule:
        raise fields.fault("rrule needs a COUNT: a demo must come to an end")
    today = date(2026, 1, 1)
    try:
        starts = rule.starts(today)
    except ValueError as mistake:
        raise fields.fault(f"rrule cannot be read: {mistake}") from mistake
    # RFC 5545 counts DTSTART as the first occurrence even where the rule does not give it.
    if not starts or starts[0] != rule.first.slot(today).start:
        raise fields.fault("the first session must be one that the rrule gives")
    exceptions = [*rule.skip, *(change.occurrence for change in rule.moved)]
    if any(not 1 <= number <= len(starts) for number in exceptions):
        raise fields.fault("skip or moved names an occurrence that does not exist")


def _read_run(fields: Fields) -> Run:
    start, end = _read_hours(fields)
    closed = tuple(WEEKDAYS.index(day) for day in fields.codes("closed", WEEKDAYS))
    run = Run(fields.whole("first_day"), fields.whole("last_day"), start, end, closed)
    if run.last_day < run.first_day:
        raise fields.fault("the last day comes before the first")
    return run


def _slot(day: date, start: time, end: time) -> Slot:
    return Slot(datetime.combine(day, start), datetime.combine(day, end))
