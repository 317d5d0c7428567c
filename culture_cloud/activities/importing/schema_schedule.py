"""schema.org Schedule → a first session and an RFC 5545 rule (https://schema.org/Schedule)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from icalendar import vDuration

from culture_cloud.activities.importing.dates import DateNotUnderstood, read_date
from culture_cloud.activities.importing.records import Record, RecordProblem
from culture_cloud.activities.importing.rows import ImportSession
from culture_cloud.tabular.reasons import N_, Reason

_FREQUENCIES = {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "biweekly": "WEEKLY;INTERVAL=2",
    "monthly": "MONTHLY",
    "yearly": "YEARLY",
    "annually": "YEARLY",
}
_PERIOD = re.compile(r"P(\d{1,3})([DWMY])", re.IGNORECASE)
_LETTERS = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FULL_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:Z|[+-]\d{2}:?\d{2})?$")
_PARTS = ("startDate", "startTime", "endDate", "endTime", "repeatFrequency", "repeatCount")
_BY_PARTS = ("byDay", "byMonth", "byMonthDay", "exceptDate", "scheduleTimezone")


@dataclass(frozen=True, slots=True)
class ReadSchedule:
    """The first session, the rule if it repeats, the dates left out, the paths that were taken."""

    session: ImportSession
    rrule: str | None
    exdates: tuple[datetime, ...]
    taken: tuple[str, ...]


def read_schedule(
    record: Record, prefix: str, zone: tzinfo, today: date, cancelled: bool
) -> ReadSchedule:
    """The schedule whose fields stand under `prefix`. Raises RecordProblem."""
    zone = _zone(record.text(f"{prefix}scheduleTimezone")) or zone
    first = _day(record, f"{prefix}startDate", "startDate", zone, today)
    start, end = (_clock(record, f"{prefix}{name}") for name in ("startTime", "endTime"))
    frequency = _frequency(record.text(f"{prefix}repeatFrequency"))
    days = [day for text in record.texts(f"{prefix}byDay") if (day := _weekday(text))]
    if frequency and days:
        first = _first_on(first, days)
    starts_at = datetime.combine(first, start or time(), tzinfo=zone)
    ends_at = datetime.combine(first, end, tzinfo=zone) if start and end else None
    if ends_at is not None and ends_at <= starts_at:
        ends_at += timedelta(days=1)
    session = ImportSession(
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=start is None,
        state="cancelled" if cancelled else "confirmed",
    )
    rrule = None
    if frequency:
        rrule = ";".join([f"FREQ={frequency}", *_rule_parts(record, prefix, days, zone, today)])
    exdates = tuple(
        datetime.combine(_read(text, zone, today), starts_at.timetz())
        for text in record.texts(f"{prefix}exceptDate")
    )
    taken = tuple(f"{prefix}{name}" for name in (*_PARTS, *_BY_PARTS))
    return ReadSchedule(session, rrule, exdates, taken)


def _rule_parts(
    record: Record, prefix: str, days: list[str], zone: tzinfo, today: date
) -> list[str]:
    parts = [f"BYDAY={','.join(days)}"] if days else []
    for name, rule in (("byMonthDay", "BYMONTHDAY"), ("byMonth", "BYMONTH")):
        numbers = [text for text in record.texts(f"{prefix}{name}") if text.isascii()]
        numbers = [text for text in numbers if re.fullmatch(r"-?\d{1,2}", text)]
        if numbers:
            parts.append(f"{rule}={','.join(numbers)}")
    count = record.text(f"{prefix}repeatCount")
    if re.fullmatch(r"[1-9]\d{0,3}", count):
        parts.append(f"COUNT={count}")
    elif record.text(f"{prefix}endDate") or record.text("endDate"):
        last = _day(record, f"{prefix}endDate", "endDate", zone, today)
        until = datetime.combine(last, time(23, 59, 59), tzinfo=zone).astimezone(UTC)
        parts.append(f"UNTIL={until:%Y%m%dT%H%M%SZ}")
    return parts


def _frequency(text: str) -> str | None:
    if found := _PERIOD.fullmatch(text):
        number, letter = int(found.group(1)), _LETTERS[found.group(2).upper()]
        return letter if number == 1 else f"{letter};INTERVAL={number}" if number else None
    return _FREQUENCIES.get(text.rsplit("/", 1)[-1].lower())


def _weekday(text: str) -> str | None:
    name = text.rsplit("/", 1)[-1].lower()
    if name in _FULL_DAYS:
        return _DAYS[_FULL_DAYS.index(name)]
    return name.upper() if re.fullmatch(r"-?\d?(?:mo|tu|we|th|fr|sa|su)", name) else None


def _first_on(first: date, days: list[str]) -> date:
    """RFC 5545 counts DTSTART as an occurrence, so it must fall on one of the rule's days."""
    wanted = {_DAYS.index(day) for day in days if day in _DAYS}
    if not wanted:
        return first
    return next(d for n in range(7) if (d := first + timedelta(days=n)).weekday() in wanted)


def _day(record: Record, path: str, fallback: str, zone: tzinfo, today: date) -> date:
    text = record.text(path) or record.text(fallback)
    if not text:
        raise RecordProblem("starts_at", Reason(N_("The date is missing.")))
    return _read(text, zone, today)


def _read(text: str, zone: tzinfo, today: date) -> date:
    try:
        return read_date(text, today=today, zone=zone).value.astimezone(zone).date()
    except DateNotUnderstood as error:
        raise RecordProblem("starts_at", error.reason) from error


def _clock(record: Record, path: str) -> time | None:
    text = record.text(path)
    found = _TIME.search(text)
    if not text:
        return None
    try:
        if found is None:
            raise ValueError(text)
        return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError as error:
        no_hour = N_("There is no hour like “%(text)s”. Check it.")
        raise RecordProblem("starts_at", Reason(no_hour, {"text": text[:120]})) from error


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):
        return None


def duration_of(text: str) -> timedelta | None:
    """ISO 8601 duration such as PT1H30M."""
    if not text.startswith("P"):
        return None
    try:
        lasts: object = vDuration.from_ical(text)  # type: ignore[no-untyped-call]
    except (ValueError, OverflowError):
        return None
    return lasts if isinstance(lasts, timedelta) and lasts > timedelta() else None
