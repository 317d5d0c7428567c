"""Dates as clerks write them → aware moments.

What is not sure is refused in words, never guessed: a moment that is wrong by twelve hours sends
people to a locked door.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from culture_cloud.activities.importing import date_text
from culture_cloud.activities.importing.spans import (
    ACROSS_MIDNIGHT,
    FIRST_YEAR,
    LONGEST_TEXT,
    MOST_DAYS,
    TIME_ALONE,
    TOO_LONG,
    UNKNOWN,
    DateNotUnderstood,
    Span,
    WrittenDate,
    at,
    checked,
)
from culture_cloud.tabular.reasons import N_
from culture_cloud.tabular.sheets import EXCEL_EPOCH

DEFAULT_ZONE: tzinfo = ZoneInfo("Asia/Shanghai")

_ISO = re.compile(
    r"\d{4}-?\d{2}-?\d{2}[T ]\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"[34567]\d{4}(?:\.\d+)?")
_EVERY_DAY = re.compile("每[天日]")
_DAY_FRACTION = re.compile(r"0\.\d+")
_SHORT_YEAR = re.compile(r"\d{1,3}[/.\-]\d{1,2}[/.\-]\d{1,4}(?!\d)")


_REPEATS = N_("“%(text)s” repeats. Write one row with one date for each session.")


def read_date(
    value: object,
    *,
    today: date,
    zone: tzinfo = DEFAULT_ZONE,
    day: date | None = None,
    epoch: date = EXCEL_EPOCH,
) -> WrittenDate:
    """What a cell says. A date without a year is the next one from `today`; a time without a
    date belongs to `day` if that is given. `epoch` is day 0 of serial numbers.

    Raises DateNotUnderstood.
    """
    if isinstance(value, datetime):
        return _from_datetime(value, zone, day)
    if isinstance(value, date):
        return _whole_day(checked(value, value), zone)
    if isinstance(value, (time, timedelta)):
        return _from_clock(value, zone, day)
    if isinstance(value, bool) or value is None:
        raise DateNotUnderstood(UNKNOWN, value)
    if isinstance(value, (int, float)):
        return _from_number(value, zone, day, epoch)
    return _from_text(str(value), today=today, zone=zone, day=day, epoch=epoch)


def with_hours(days: WrittenDate, hours: WrittenDate, text: object) -> WrittenDate:
    """The days of one cell with the hours of another, which were read for the first day.
    Raises DateNotUnderstood if the days come with hours of their own."""
    if days.has_time:
        raise DateNotUnderstood(N_("“%(text)s” is a second time. Leave one of them out."), text)
    count = (days.end - days.value).days if days.end else 1
    if count > MOST_DAYS:
        raise DateNotUnderstood(TOO_LONG, text)
    differs = days.weekday_differs or hours.weekday_differs
    return replace(hours, days=count, weekday_differs=differs)


def read_end(
    value: object, start: WrittenDate, *, zone: tzinfo = DEFAULT_ZONE, epoch: date = EXCEL_EPOCH
) -> datetime | None:
    """The end that a cell of its own gives: it may be a time alone or a date without a year.

    A last day without hour ends at the midnight after it; if the start has an hour and the end
    only repeats its day, the end is not known: None. Raises DateNotUnderstood."""
    first_day = start.value.astimezone(zone).date()
    written = read_date(value, today=first_day, zone=zone, day=first_day, epoch=epoch)
    end = written.end or (written.value + timedelta(days=1) if written.all_day else written.value)
    if written.all_day and start.has_time and written.value.date() == first_day:
        return None
    if isinstance(value, (time, str)) and end <= start.value < end + timedelta(days=1):
        without_date = isinstance(value, time) or not _mentions_day(value)
        if without_date and end + timedelta(days=1) - start.value <= ACROSS_MIDNIGHT:
            end += timedelta(days=1)
    if end < start.value:
        raise DateNotUnderstood(N_("The end “%(text)s” lies before the start. Check both."), value)
    return end


def _mentions_day(text: str) -> bool:
    found = date_text.SPAN.fullmatch(date_text.plain(text)[0])
    return found is None or any(
        found[name] for name in ("day1", "packed1", "day_only1", "just_day1")
    )


def _from_datetime(value: datetime, zone: tzinfo, day: date | None) -> WrittenDate:
    checked(value.date(), value) if value.year > FIRST_YEAR or day is None else None
    if value.tzinfo is not None:
        return WrittenDate(value.astimezone(zone), all_day=False)
    # Excel's clock is a fraction of a day: 09:30 may come as 09:29:59.999997.
    rounded = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    if rounded.year <= FIRST_YEAR and day is not None:
        return WrittenDate(at(day, rounded.time(), zone), all_day=False)
    if rounded.time() == time():
        return _whole_day(rounded.date(), zone)
    return WrittenDate(rounded.replace(tzinfo=zone), all_day=False)


def _from_clock(value: time | timedelta, zone: tzinfo, day: date | None) -> WrittenDate:
    if day is None:
        raise DateNotUnderstood(TIME_ALONE, value)
    if isinstance(value, timedelta):
        if not timedelta() <= value <= timedelta(days=1):
            raise DateNotUnderstood(N_("There is no hour like “%(text)s”. Check it."), value)
        return WrittenDate(at(day, time(), zone) + value, all_day=False)
    return WrittenDate(at(day, value.replace(microsecond=0, tzinfo=None), zone), all_day=False)


def _from_number(value: float, zone: tzinfo, day: date | None, epoch: date) -> WrittenDate:
    if not math.isfinite(value):
        raise DateNotUnderstood(UNKNOWN, value)
    if 0 <= value < 1 and isinstance(value, float):
        return _from_clock(timedelta(seconds=round(value * 86_400)), zone, day)
    if 30_000 <= value < 80_000:
        # Serial numbers count days; whole ones carry no time of day.
        moment = datetime.combine(epoch, time()) + timedelta(seconds=round(value * 86_400))
        return _from_datetime(moment, zone, None)
    if value == int(value) and 19_000_101 <= value <= 21_001_231:
        return _from_text(str(int(value)), today=epoch, zone=zone, day=None, epoch=epoch)
    raise DateNotUnderstood(UNKNOWN, value)


def _from_text(
    text: str, *, today: date, zone: tzinfo, day: date | None, epoch: date
) -> WrittenDate:
    if len(text) > LONGEST_TEXT:
        raise DateNotUnderstood(UNKNOWN, text)
    normal, weekday = date_text.plain(text)
    if _ISO.fullmatch(normal):
        return _from_iso(normal, text, zone)
    if _SERIAL.fullmatch(normal):
        return _from_number(float(normal), zone, day, epoch)
    every_day = _EVERY_DAY.sub(" ", normal)
    if every_day == normal:
        _refuse_other_calendars(text, normal)
    if day is not None and _DAY_FRACTION.fullmatch(normal):
        return _from_number(float(normal), zone, day, epoch)
    found = date_text.SPAN.fullmatch(normal)
    if found is not None:
        written = Span(found, text, today, zone, day).read()
    else:
        written = _days_with_hours(every_day, text, today, zone)
    first_day = written.value.astimezone(zone).date()
    return replace(written, weekday_differs=weekday not in (None, first_day.weekday()))


def _days_with_hours(normal: str, text: str, today: date, zone: tzinfo) -> WrittenDate:
    """5月1日至5月7日 9:00-17:00."""
    spaced = re.sub(r"(?<=[日号])", " ", normal)
    for gap in re.finditer(r"\s+", spaced):
        first = date_text.SPAN.fullmatch(spaced[: gap.start()])
        second = date_text.SPAN.fullmatch(spaced[gap.end() :])
        if first and second:
            days = Span(first, text, today, zone, None)
            hours = Span(second, text, today, zone, None)
            if days.is_days_alone() and hours.is_hours_alone():
                whole_days = days.read()
                hours.given_day = whole_days.value.date()
                return with_hours(whole_days, hours.read(), text)
    raise DateNotUnderstood(_REPEATS if _EVERY_DAY.search(text) else UNKNOWN, text)


def _from_iso(normal: str, text: str, zone: tzinfo) -> WrittenDate:
    try:
        moment = datetime.fromisoformat(re.sub(r"\s+(?=[Z+-])", "", normal.upper()))
    except ValueError as error:
        raise DateNotUnderstood(UNKNOWN, text) from error
    checked(moment.date(), text)
    return WrittenDate(moment.astimezone(zone), all_day=False)


def _refuse_other_calendars(text: str, normal: str) -> None:
    without_sign = text.strip()
    if date_text.REPUBLIC_YEAR.search(without_sign) or re.match(r"\d{3}(?:年|[/.\-]\d)", normal):
        raise DateNotUnderstood(
            N_("“%(text)s” counts years of the Republic. Write the year like 2026."), text
        )
    if date_text.LUNAR.search(without_sign.replace("農", "农").replace("曆", "历")):
        raise DateNotUnderstood(
            N_("“%(text)s” is a day of the farmer's calendar. Write the date like 2026-05-01."),
            text,
        )
    if date_text.RECURRING.search(text):
        raise DateNotUnderstood(_REPEATS, text)
    if date_text.RELATIVE.search(text):
        raise DateNotUnderstood(
            N_("“%(text)s” changes its meaning with time. Write the date like 2026-05-01."), text
        )
    if _SHORT_YEAR.match(normal) and not re.match(r"\d{1,2}[/.\-]\d{1,2}-\d{1,2}[/.\-]", normal):
        raise DateNotUnderstood(
            N_("In “%(text)s” it is not clear which number is the year. Write 2026-05-01."), text
        )


def _whole_day(day: date, zone: tzinfo) -> WrittenDate:
    return WrittenDate(at(day, time(), zone), all_day=True)


__all__ = [
    "DEFAULT_ZONE",
    "DateNotUnderstood",
    "WrittenDate",
    "read_date",
    "read_end",
    "with_hours",
]
