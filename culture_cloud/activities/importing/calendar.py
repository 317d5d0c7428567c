"""iCalendar files (RFC 5545) → rows. Events that share a UID are one activity."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from icalendar import Event

from culture_cloud.activities.importing.calendar_lines import property_value, split_calendar
from culture_cloud.activities.importing.calendar_times import CalendarTimes, TimeProblem, attribute
from culture_cloud.activities.importing.dates import DEFAULT_ZONE
from culture_cloud.activities.importing.extra import Extra
from culture_cloud.activities.importing.plain import plain_text
from culture_cloud.activities.importing.rows import (
    MOST_SESSIONS,
    TOO_MANY_SESSIONS,
    ImportRow,
    ImportSession,
    Parsed,
    RowNote,
    RowProblem,
    RowStatus,
)
from culture_cloud.activities.importing.values import (
    coordinates,
    one_line,
    web_address,
)
from culture_cloud.tabular import N_, FileNotReadable, Reason

MOST_EVENTS = 20_000

_SINGLE = ("SUMMARY", "DESCRIPTION", "LOCATION", "URL", "ORGANIZER")
_NOT_IN_SESSIONS = ("DESCRIPTION", "URL", "ORGANIZER")
_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID")
_OTHERS = ("UID", "STATUS", "CATEGORIES", "GEO", "ATTACH", "IMAGE", "LAST-MODIFIED")
_TAKEN = frozenset((*_SINGLE, *_TIMES, *_OTHERS))
_BREAKS_OFF = N_("The file breaks off inside this event. Export it anew.")
_STATUS: dict[str, RowStatus] = {"CANCELLED": "cancelled", "TENTATIVE": "tentative"}
_IMAGES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")


def read_calendar(data: bytes, *, zone: tzinfo = DEFAULT_ZONE) -> Parsed:
    """The events of a calendar. Times without a zone are wall times in `zone`.

    A broken event becomes a problem and the others go on. Raises FileNotReadable.
    """
    calendar = split_calendar(data)
    if len(calendar.events) > MOST_EVENTS:
        raise FileNotReadable(
            Reason(
                N_("The calendar has more than %(limit)d events. Export a shorter period."),
                {"limit": MOST_EVENTS},
            )
        )
    times = CalendarTimes(zone, calendar.zones)
    series: dict[str, list[Event]] = {}
    problems = [
        RowProblem(property_value(lines, "UID") or "?", "record", Reason(_BREAKS_OFF))
        for lines in calendar.broken
    ]
    for number, lines in enumerate(calendar.events, start=1):
        ref = property_value(lines, "UID") or f"第 {number} 项"
        try:
            event = Event.from_ical("\r\n".join(lines))
        except Exception:  # icalendar raises whatever a broken line makes it stumble over
            problems.append(RowProblem(ref, "record", Reason(N_("The event is damaged."))))
            continue
        if isinstance(event, Event):
            series.setdefault(ref, []).append(event)
    rows: list[ImportRow] = []
    notes: list[RowNote] = []
    for uid, events in series.items():
        reader = _SeriesReader(uid, events, times, calendar.name)
        try:
            rows.append(reader.read())
        except TimeProblem as problem:
            problems.append(RowProblem(uid, problem.field, problem.reason))
        problems += reader.problems
        notes += reader.notes
    return Parsed(tuple(rows), tuple(problems), tuple(notes))


class _SeriesReader:
    """One UID: the event itself (first without RECURRENCE-ID) and its changed occurrences."""

    def __init__(
        self, uid: str, events: list[Event], times: CalendarTimes, calendar_name: str
    ) -> None:
        self.uid, self.times, self.calendar_name = uid, times, calendar_name
        masters = [event for event in events if "RECURRENCE-ID" not in event]
        self.main = max(masters, key=_sequence) if masters else events[0]
        self.changes = [event for event in events if "RECURRENCE-ID" in event]
        self.replaced = [event for event in masters if event is not self.main]
        self.notes: list[RowNote] = []
        self.problems: list[RowProblem] = []

    def read(self) -> ImportRow:
        main = self.main
        title = one_line(_text(main, "SUMMARY"))
        if not title:
            raise TimeProblem("title", N_("The name is missing."))
        status = _STATUS.get(_text(main, "STATUS").upper(), "confirmed")
        has_master = "RECURRENCE-ID" not in main
        sessions = [self._session(main, status == "cancelled")] if has_master else []
        for change in self.changes:
            try:
                sessions.append(self._session(change, status == "cancelled"))
            except TimeProblem as problem:
                self.problems.append(RowProblem(self.uid, problem.field, problem.reason))
        if not sessions:
            raise TimeProblem("starts_at", N_("The date is missing."))
        if len(sessions) > MOST_SESSIONS:
            raise TimeProblem("starts_at", TOO_MANY_SESSIONS, MOST_SESSIONS)
        rrule, extra_rules = self.times.rrule(main)
        extra = self._extra(extra_rules)
        if self.replaced:
            self._note(N_("The calendar holds older versions of this event; left out."))
        if rrule and (tzid := self.times.foreign_zone(main)):
            extra.add("TZID", tzid)
            self._note(N_("The event repeats by the clock of “%(text)s”. Check its times."), tzid)
        for message in _unread_lines((main, *self.changes)):
            self._note(N_("A line could not be read: %(text)s"), message)
        for tzid in self.times.unknown_zones(main):
            self._note(N_("The time zone “%(text)s” is not known; local time was taken."), tzid)
        point = self._point(extra)
        images, files = _attachments(main)
        for file in files:
            extra.add("ATTACH", file)
        url = web_address(_text(main, "URL"))
        if not url and _text(main, "URL"):
            extra.add("URL", _text(main, "URL"))
        for image in images[1:]:
            extra.add("IMAGE", image)
        return ImportRow(
            source_ref=self.uid,
            uid=self.uid if "UID" in main else None,
            title=title,
            kind="、".join(_categories(main)) or None,
            sessions=tuple(sessions),
            rrule=rrule,
            exdates=self.times.moments(main, "EXDATE"),
            rdates=self.times.moments(main, "RDATE"),
            place_name=one_line(_text(main, "LOCATION")),
            latitude=point[0] if point else None,
            longitude=point[1] if point else None,
            description=plain_text(_text(main, "DESCRIPTION")),
            organiser=self._organiser(extra),
            url=url,
            image_url=images[0] if images else "",
            source_name=self.calendar_name,
            source_modified_at=self.times.modified(main),
            status=status,
            extra=extra.values,
        )

    def _session(self, event: Event, all_cancelled: bool) -> ImportSession:
        starts_at, ends_at, all_day = self.times.span(event)
        cancelled = all_cancelled or _text(event, "STATUS").upper() == "CANCELLED"
        other = event is not self.main
        return ImportSession(
            starts_at=starts_at,
            ends_at=ends_at,
            all_day=all_day,
            state="cancelled" if cancelled else "confirmed",
            recurrence_id=self.times.moment(event, "RECURRENCE-ID"),
            title=self._changed(event, "SUMMARY") if other else "",
            place_name=self._changed(event, "LOCATION") if other else "",
        )

    def _changed(self, event: Event, name: str) -> str:
        text = one_line(_text(event, name))
        return text if text != one_line(_text(self.main, name)) else ""

    def _extra(self, rules: Iterable[str]) -> Extra:
        """What has no field of its own, by the names of RFC 5545."""
        extra = Extra()
        seen: set[tuple[str, str]] = set()
        for event in (self.main, *self.changes):
            for name, text in _left_over(event):
                if (name, text) not in seen:
                    seen.add((name, text))
                    extra.add(name, text)
            for name in _SINGLE if event is self.main else _NOT_IN_SESSIONS:
                first = [_text(self.main, name)] if event is not self.main else []
                for value in _all(event, name)[0 if first else 1 :]:
                    text = one_text(str(value))
                    if text and text not in first:
                        extra.add(name, text)
        for rule in rules:
            extra.add("RRULE", rule)
        for name, text in self.times.raw_periods(self.main):
            extra.add(name, text)
        return extra

    def _point(self, extra: Extra) -> tuple[float, float] | None:
        geo = self.main.get("GEO")
        if geo is None:
            return None
        latitude, longitude = attribute(geo, "latitude"), attribute(geo, "longitude")
        point = coordinates(latitude, longitude)
        if point is None:
            extra.add("GEO", _plain(geo))
        return point

    def _organiser(self, extra: Extra) -> str:
        organiser = _first(self.main, "ORGANIZER")
        if organiser is None:
            return ""
        name = one_line(str(attribute(organiser, "params", {}).get("CN", "")))
        address = str(organiser)
        if name and address:
            extra.add("ORGANIZER", address)
        return name or address.removeprefix("mailto:").removeprefix("MAILTO:")

    def _note(self, msgid: str, text: str = "") -> None:
        self.notes.append(RowNote(self.uid, Reason(msgid, {"text": text} if text else {})))


def _left_over(event: Event) -> list[tuple[str, str]]:
    """Properties that have no field, as RFC 5545 writes them."""
    items = [(str(name), _plain(value)) for name, value in event.property_items(recursive=False)]
    return [
        (name, text)
        for name, text in items
        if text and name not in _TAKEN and name not in ("BEGIN", "END")
    ]


def _unread_lines(events: Iterable[Event]) -> list[str]:
    """What icalendar says of lines that are no property at all."""
    messages = [message for event in events for name, message in event.errors if not name]
    return [one_line(str(message))[:200] for message in messages]


def _first(event: Event, name: str) -> Any:
    value = event.get(name)
    return value[0] if isinstance(value, list) and value else value


def _all(event: Event, name: str) -> list[Any]:
    value = event.get(name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(event: Event, name: str) -> str:
    value = _first(event, name)
    return "" if value is None else one_text(str(value))


def one_text(text: str) -> str:
    """Texts of calendars are trimmed and storable."""
    return plain_text(text, html=False)


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime, timedelta)):
        return str(value)
    encode = getattr(value, "to_ical", None)
    if encode is None or isinstance(value, str):
        return one_text(str(value))
    encoded = encode()
    return one_text(encoded.decode("utf-8", "replace") if isinstance(encoded, bytes) else encoded)


def _sequence(event: Event) -> int:
    try:
        return int(event.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return 0


def _categories(event: Event) -> list[str]:
    found: list[str] = []
    for value in _all(event, "CATEGORIES"):
        found += [one_line(str(name)) for name in attribute(value, "cats", [value])]
    return [name for name in found if name]


def _attachments(event: Event) -> tuple[list[str], list[str]]:
    """(addresses of pictures, other attachments). Pictures inside the file are not taken."""
    images: list[str] = []
    files: list[str] = []
    for value in [*_all(event, "IMAGE"), *_all(event, "ATTACH")]:
        address = str(value).strip()
        media = str(attribute(value, "params", {}).get("FMTTYPE", "")).lower()
        is_image = media.startswith("image/") or (
            not media and address.lower().split("?")[0].endswith(_IMAGES)
        )
        if web_address(address) and is_image:
            images.append(address)
        elif address and len(address) <= 2_000:
            files.append(address)
    return images, files
