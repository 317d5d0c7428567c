"""Times of iCalendar events → aware moments in the site's zone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from icalendar import Event, Timezone
from icalendar.prop import vBroken, vRecur
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from culture_cloud.activities.importing.rows import MOST_SESSIONS, TOO_MANY_SESSIONS
from culture_cloud.activities.importing.spans import FIRST_YEAR, LAST_YEAR
from culture_cloud.tabular.reasons import N_, Reason

_Date = TypeVar("_Date", bound=date)

_DAILY_OR_RARER = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_OLSON_TAIL = re.compile(r"[A-Z][A-Za-z_]+/[A-Z][A-Za-z_+\-/]+$")
# A zone whose rule repeats every second would be computed for years.
_ZONE_RULE = re.compile(r"RRULE:(?=.*FREQ=YEARLY)(?!.*BY(?:SECOND|MINUTE|HOUR))")
_MOST_ZONE_LINES = 400


class TimeProblem(Exception):
    """`field` as in RowProblem."""

    def __init__(self, field: str, msgid: str, text: object = None) -> None:
        self.field = field
        self.reason = Reason(msgid, {} if text is None else {"text": str(text)[:120]})
        super().__init__(str(self.reason))


class CalendarTimes:
    """Reads times of one calendar; `zone_lines` are its VTIMEZONE components by TZID.

    icalendar resolves zones with a cache that all calendars share, so one file's zone would reach
    into the next: only wall times are taken from it and put into the zones of this file.
    """

    def __init__(self, zone: tzinfo, zone_lines: Mapping[str, list[str]]) -> None:
        self.zone = zone
        self._zone_lines = zone_lines
        self._zones: dict[str, tzinfo | None] = {}
        self._moments: dict[tuple[str, datetime], datetime] = {}

    def span(self, event: Event) -> tuple[datetime, datetime | None, bool]:
        """(start, end or None, whole days). Raises TimeProblem."""
        start = _value(event, "DTSTART")
        if start is None:
            raise TimeProblem("starts_at", N_("The date is missing."))
        starts_at = self._to_moment(start, "starts_at")
        all_day = not isinstance(attribute(start, "dt"), datetime)
        ends_at = self._end(event, starts_at)
        if ends_at is None or ends_at == starts_at:
            return starts_at, None, all_day
        if ends_at < starts_at:
            raise TimeProblem(
                "ends_at", N_("The end “%(text)s” lies before the start. Check both."), ends_at
            )
        return starts_at, ends_at, all_day

    def _end(self, event: Event, starts_at: datetime) -> datetime | None:
        end, duration = _value(event, "DTEND"), _value(event, "DURATION")
        if end is not None:
            return self._to_moment(end, "ends_at")
        if duration is None:
            return None
        if not isinstance(attribute(duration, "dt"), timedelta):
            raise _unreadable("ends_at", duration)
        try:
            ends_at: datetime = starts_at + duration.dt
        except OverflowError as error:
            raise _unreadable("ends_at", duration) from error
        return _possible(ends_at, "ends_at")

    def moment(self, event: Event, name: str) -> datetime | None:
        """A single moment, or None if the event has none. Raises TimeProblem."""
        value = _value(event, name)
        return None if value is None else self._to_moment(value, "starts_at")

    def modified(self, event: Event) -> datetime | None:
        """LAST-MODIFIED; an unreadable one does not matter."""
        try:
            return self.moment(event, "LAST-MODIFIED")
        except TimeProblem:
            return None

    def moments(self, event: Event, name: str) -> tuple[datetime, ...]:
        """All moments of EXDATE or RDATE; a date alone takes the hour of the event's start."""
        start = _value(event, "DTSTART")
        found: list[datetime] = []
        for value in _listed(event, name):
            if len(found) >= MOST_SESSIONS:
                raise TimeProblem("rrule", TOO_MANY_SESSIONS, MOST_SESSIONS)
            moment = self._to_moment(value, "rrule")
            if not _is_timed(value) and isinstance(attribute(start, "dt"), datetime):
                hour = self._to_moment(start, "starts_at").timetz()
                moment = datetime.combine(moment.date(), hour)
            found.append(moment)
        return tuple(sorted(set(found)))

    def raw_periods(self, event: Event) -> Iterator[tuple[str, str]]:
        """RDATE periods, whose own lengths have no field."""
        for value in _listed(event, "RDATE"):
            if isinstance(value.dt, tuple):
                yield "RDATE", "/".join(str(part) for part in value.dt)

    def rrule(self, event: Event) -> tuple[str | None, list[str]]:
        """(the rule as RFC 5545 writes it or None, further rules). Raises TimeProblem."""
        rules = _values(event, "RRULE")
        texts = []
        for rule in rules:
            text = str(rule.to_ical().decode("utf-8", "replace"))
            frequency = rule.get("FREQ", [""])[0] if isinstance(rule, vRecur) else ""
            if str(frequency).upper() not in _DAILY_OR_RARER:
                raise TimeProblem("rrule", N_("The repetition “%(text)s” cannot be read."), text)
            texts.append(text)
        return (texts[0] if texts else None), texts[1:]

    def unknown_zones(self, event: Event) -> list[str]:
        """TZIDs of the start that neither the file nor the world knows."""
        start = _value(event, "DTSTART")
        tzid = str(attribute(start, "params", {}).get("TZID", ""))
        return [tzid] if tzid and self._zone(tzid) is None else []

    def foreign_zone(self, event: Event) -> str:
        """The zone of the start if its clock differs from the site's at that moment, else ""."""
        start = _value(event, "DTSTART")
        written = attribute(start, "dt")
        if not isinstance(written, datetime):
            return ""
        tzid = str(attribute(start, "params", {}).get("TZID", "")) or str(written.tzinfo or "")
        moment = self._to_moment(start, "starts_at")
        return tzid if written.replace(tzinfo=None) != moment.replace(tzinfo=None) else ""

    def _to_moment(self, value: Any, field: str) -> datetime:
        written = attribute(value, "dt")
        if isinstance(written, tuple):
            written = written[0]
        if isinstance(written, datetime):
            tzid = str(attribute(value, "params", {}).get("TZID", ""))
            moment = self._localised(_possible(written, field), tzid)
        elif isinstance(written, date):
            moment = datetime.combine(_possible(written, field), time(), tzinfo=self.zone)
        else:
            raise _unreadable(field, value)
        return moment

    def _localised(self, written: datetime, tzid: str) -> datetime:
        if not tzid:
            if written.tzinfo is None:
                return written.replace(tzinfo=self.zone)
            return written.astimezone(self.zone)
        wall = written.replace(tzinfo=None)
        if (tzid, wall) not in self._moments:
            moment = wall.replace(tzinfo=self._zone(tzid) or self.zone)
            self._moments[tzid, wall] = moment.astimezone(self.zone)
        return self._moments[tzid, wall]

    def _zone(self, tzid: str) -> tzinfo | None:
        if tzid not in self._zones:
            self._zones[tzid] = (
                _known_zone(tzid)
                or self._own_zone(tzid)
                or _known_zone(WINDOWS_TO_OLSON.get(tzid, ""))
            )
        return self._zones[tzid]

    def _own_zone(self, tzid: str) -> tzinfo | None:
        lines = self._zone_lines.get(tzid)
        if not lines or len(lines) > _MOST_ZONE_LINES:
            return None
        if any(
            line.upper().startswith("RRULE") and not _ZONE_RULE.match(line.upper())
            for line in lines
        ):
            return None
        # One name for all: the library keeps every TZID it has met.
        renamed = ["TZID:own" if line.upper().startswith("TZID") else line for line in lines]
        try:
            component: Any = Timezone.from_ical("\r\n".join(renamed))
            zone: tzinfo = component.to_tz(lookup_tzid=False)
            datetime(2026, 1, 1, tzinfo=zone).utcoffset()
        except Exception:  # a damaged zone counts as unknown
            return None
        return zone


def _known_zone(tzid: str) -> tzinfo | None:
    """Asia/Shanghai, also as /mozilla.org/20050126_1/Asia/Shanghai."""
    for name in (tzid, *_OLSON_TAIL.findall(tzid)):
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            continue
    return None


def attribute(value: object, name: str, default: Any = None) -> Any:
    """A part of a property's value; icalendar raises on every part of one it could not read."""
    return default if isinstance(value, vBroken) else getattr(value, name, default)


def _values(event: Event, name: str) -> list[Any]:
    value = event.get(name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _value(event: Event, name: str) -> Any:
    values = _values(event, name)
    return values[0] if values else None


def _listed(event: Event, name: str) -> Iterator[Any]:
    for value in _values(event, name):
        dates = attribute(value, "dts")
        if dates is None:
            raise _unreadable("rrule", value)
        yield from dates


def _is_timed(value: Any) -> bool:
    return isinstance(value.dt, (datetime, tuple))


def _possible(moment: _Date, field: str) -> _Date:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise TimeProblem(field, N_("The year in “%(text)s” cannot be right. Check it."), moment)
    return moment


def _unreadable(field: str, value: Any) -> TimeProblem:
    encoded = value.to_ical() if hasattr(value, "to_ical") else value
    text = encoded.decode("utf-8", "replace") if isinstance(encoded, bytes) else encoded
    return TimeProblem(
        field, N_("“%(text)s” is not a date we can read. Write it like 2026-05-01 09:30."), text
    )
