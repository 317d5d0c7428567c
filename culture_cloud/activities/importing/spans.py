"""What a written date means: WrittenDate, and the reading of one match of the grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from culture_cloud.activities.importing.clock_time import ClockTime, NotATimeError, time_of
from culture_cloud.errors import Refusal
from culture_cloud.tabular.reasons import N_, Reason

FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST_DAYS = 400
ACROSS_MIDNIGHT = timedelta(hours=12)
ACROSS_NEW_YEAR = timedelta(days=183)
LONGEST_TEXT = 120

UNKNOWN = N_("“%(text)s” is not a date we can read. Write it like 2026-05-01 09:30.")
TIME_ALONE = N_("“%(text)s” gives a time but no date. Add the date.")
TOO_LONG = N_("“%(text)s” lasts too long. Check both dates.")


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date, moment or span. All moments are aware.

    `all_day`: no hour was given; `value` is the day's midnight and `end` (if a span) the midnight
    after the last day, as DTEND of RFC 5545. `days` above 1: these hours hold on that many days
    running (5月1日至5月7日 9:00-17:00), and `value` and `end` are those of the first.
    `weekday_differs`: a weekday stands beside the date and is not that date's.
    """

    value: datetime
    all_day: bool
    end: datetime | None = None
    days: int = 1
    weekday_differs: bool = False

    @property
    def has_time(self) -> bool:
        return not self.all_day


class DateNotUnderstood(Refusal):
    """A text is no date that can be relied on. `reason` names the text."""

    status = 422

    def __init__(self, msgid: str, text: object) -> None:
        self.reason = Reason(msgid, {"text": str(text)[:LONGEST_TEXT]})
        super().__init__(str(self.reason))


class Span:
    """One written date or span, read from its parts."""

    def __init__(
        self, found: re.Match[str], text: str, today: date, zone: tzinfo, day: date | None
    ) -> None:
        self.found, self.text = found, text
        self.today, self.zone, self.given_day = today, zone, day

    def read(self) -> WrittenDate:
        has_day, has_time = self._has_day(1), self._has_time(1)
        if not has_day and not has_time:
            raise DateNotUnderstood(UNKNOWN, self.text)
        if not has_day and self.given_day is None:
            raise DateNotUnderstood(TIME_ALONE, self.text)
        if has_day and not has_time and self._has_time(2) and self._has_day(2):
            return self._every_day_at()
        first = self._first_day()
        clock = self._clock(1) if has_time else None
        start = self._moment(first, clock) if clock else at(first, time(), self.zone)
        end = self._end(first, start, clock) if self.found["range"] else None
        if end is not None and end <= start:
            raise self._backwards()
        return WrittenDate(start, all_day=clock is None, end=end)

    def is_days_alone(self) -> bool:
        return self._has_day(1) and not self._has_time(1) and not self._has_time(2)

    def is_hours_alone(self) -> bool:
        return self._has_time(1) and not self._has_day(1) and not self._has_day(2)

    def _every_day_at(self) -> WrittenDate:
        """5月1日至5月7日 9:00"""
        first = self._first_day()
        days = (self._day(2, first, first) - first).days + 1
        if days < 1:
            raise self._backwards()
        if days > MOST_DAYS:
            raise DateNotUnderstood(TOO_LONG, self.text)
        return WrittenDate(self._moment(first, self._clock(2)), all_day=False, days=days)

    def _backwards(self) -> DateNotUnderstood:
        return DateNotUnderstood(N_("“%(text)s” ends before it starts. Check both."), self.text)

    def _end(self, first: date, start: datetime, clock: ClockTime | None) -> datetime:
        if self._has_day(2):
            last = self._day(2, first, first)
            if not self._has_time(2):
                return at(last + timedelta(days=1), time(), self.zone)
            return self._moment(last, self._clock(2, clock))
        if not self._has_time(2) or clock is None:
            raise DateNotUnderstood(UNKNOWN, self.text)
        return self._end_of_times(first, start, clock)

    def _end_of_times(self, first: date, start: datetime, clock: ClockTime) -> datetime:
        """下午2:30-4:30: the second time shares the first one's part of the day, unless that puts
        it before the start; 22:00-1:00 goes past midnight."""
        for inherited in (clock, None):
            try:
                end = self._moment(first, self._clock(2, inherited))
            except DateNotUnderstood:
                if inherited is None:
                    raise
                continue
            if end > start:
                return end
        if end + timedelta(days=1) - start <= ACROSS_MIDNIGHT:
            return end + timedelta(days=1)
        return end

    def _first_day(self) -> date:
        if not self._has_day(1):
            return self.given_day or self.today
        if self.found["just_day1"]:
            raise DateNotUnderstood(
                N_("“%(text)s” names no month. Write the date like 2026-05-01."), self.text
            )
        if self.found["month_only1"] is None:
            return self._day(1, self.today, self.today)
        return self._next(self.today)

    def _next(self, today: date) -> date:
        """The next such day; a span that has begun and is not over counts as this one."""
        month, day = int(self.found["month_only1"]), int(self.found["day_only1"])
        if self.found["year2"] or self.found["packed2"]:
            last = self._day(2, today, today)
            years = [last.year, last.year - 1]
        else:
            years = list(range(today.year - 1, today.year + 9))
            last = today
        for year in years:
            try:
                first = date(year, month, day)
            except ValueError:
                continue
            if self.found["year2"] or self.found["packed2"]:
                if first <= last:
                    return first
            elif (self._day(2, first, first) if self._has_day(2) else first) >= today:
                return first
        raise self._impossible()

    def _day(self, n: int, reference: date, earliest: date) -> date:
        """The day of part n; what it leaves out is the next one from `reference`."""
        found = self.found
        try:
            if found[f"packed{n}"]:
                packed = found[f"packed{n}"]
                return self._in_range(int(packed[:4]), int(packed[4:6]), int(packed[6:]))
            if found[f"year{n}"]:
                year = int(found[f"year{n}"])
                year += 2000 if year < 100 else 0
                return self._in_range(year, int(found[f"month{n}"]), int(found[f"day{n}"]))
            if found[f"month_only{n}"]:
                month, day = int(found[f"month_only{n}"]), int(found[f"day_only{n}"])
                years = range(reference.year, reference.year + 9)
                later = next(d for y in years if (d := _valid(y, month, day)) and d >= earliest)
                if n == 2 and later - earliest > ACROSS_NEW_YEAR and later.year > earliest.year:
                    raise self._backwards()
                return later
            return reference.replace(day=int(found[f"just_day{n}"]))
        except DateNotUnderstood:
            raise
        except (ValueError, StopIteration) as error:
            raise self._impossible() from error

    def _in_range(self, year: int, month: int, day: int) -> date:
        return checked(date(year, month, day), self.text)

    def _impossible(self) -> DateNotUnderstood:
        return DateNotUnderstood(N_("There is no day like “%(text)s”. Check it."), self.text)

    def _clock(self, n: int, inherited: ClockTime | None = None) -> ClockTime:
        try:
            return time_of(self.found, n, inherited.period if inherited else None)
        except NotATimeError as error:
            raise DateNotUnderstood(error.msgid, self.text) from error

    def _moment(self, day: date, clock: ClockTime) -> datetime:
        return at(day + timedelta(days=clock.days), clock.time, self.zone)

    def _has_day(self, n: int) -> bool:
        return any(self.found[f"{part}{n}"] for part in ("day", "packed", "day_only", "just_day"))

    def _has_time(self, n: int) -> bool:
        return self.found[f"hour{n}"] is not None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def checked(day: date, text: object) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DateNotUnderstood(N_("The year in “%(text)s” cannot be right. Check it."), text)
    return day


def at(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone)
