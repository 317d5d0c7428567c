"""schema.org Event in JSON-LD → rows (https://schema.org/Event)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import Any

from culture_cloud.activities.importing.dates import (
    DateNotUnderstood,
    WrittenDate,
    read_date,
    read_end,
)
from culture_cloud.activities.importing.plain import plain_text
from culture_cloud.activities.importing.records import Record, RecordProblem, scalar_text
from culture_cloud.activities.importing.rows import (
    MOST_SESSIONS,
    TOO_MANY_SESSIONS,
    ImportRow,
    ImportSession,
    Parsed,
    RowNote,
    RowProblem,
)
from culture_cloud.activities.importing.schema_parts import (
    fee_text,
    first_image,
    names_of,
    place_of,
    telephone_of,
)
from culture_cloud.activities.importing.schema_schedule import duration_of, read_schedule
from culture_cloud.activities.importing.values import (
    capacity_of,
    fee_of,
    one_line,
    status_of,
    web_address,
    yes_or_no,
)
from culture_cloud.tabular.reasons import N_, Reason

_EVENT_TYPES = frozenset(("Festival", "Hackathon", "CourseInstance"))
_DEEPEST = 12


def find_events(document: Any) -> list[dict[str, Any]]:
    """The outermost events of a document: single, list, @graph, ItemList or inside a page."""
    return list(_events(document, 0))


def read_events(events: list[dict[str, Any]], *, zone: tzinfo, today: date) -> Parsed:
    """Rows of schema.org events; sub-events and schedules become sessions of their event."""
    rows: list[ImportRow] = []
    problems: list[RowProblem] = []
    notes: list[RowNote] = []
    for number, event in enumerate(events, start=1):
        reader = _EventReader(event, number, zone, today)
        try:
            rows.append(reader.read())
        except RecordProblem as problem:
            problems.append(RowProblem(reader.ref, problem.field, problem.reason))
        notes += reader.notes
    return Parsed(tuple(rows), tuple(problems), tuple(notes))


def types_of(data: Any) -> list[str]:
    """The types of an object without their vocabulary's address."""
    value = data.get("@type", data.get("type")) if isinstance(data, dict) else None
    values = value if isinstance(value, list) else [value]
    return [text.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for text in map(scalar_text, values) if text]


def _is_event(data: Any) -> bool:
    return any(name.endswith("Event") or name in _EVENT_TYPES for name in types_of(data))


def _events(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        if _is_event(value):
            yield value
            return
        for item in value.values():
            yield from _events(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _events(item, depth + 1)


class _EventReader:
    def __init__(self, data: dict[str, Any], number: int, zone: tzinfo, today: date) -> None:
        self.record = Record(data)
        self.zone, self.today = zone, today
        self.notes: list[RowNote] = []
        self.uid = self._uid()
        self.ref = self.uid or f"第 {number} 项"

    def read(self) -> ImportRow:
        record = self.record
        title = one_line(self._text("name")) or one_line(self._text("headline"))
        if not title:
            raise RecordProblem("title", Reason(N_("The name is missing.")))
        status = status_of(record.text("eventStatus"))
        sessions, rrule, exdates = self._sessions(title, status == "cancelled")
        place = place_of(record, "location")
        fee, is_free = self._fee()
        organisers = names_of(record, "organizer")
        images = first_image(record)
        self._take_status()
        return ImportRow(
            source_ref=self.ref,
            uid=self.uid or None,
            title=title,
            kind=self._kind(),
            sessions=tuple(sessions),
            rrule=rrule,
            exdates=exdates,
            place_name=place.name,
            address=place.address,
            latitude=place.point[0] if place.point else None,
            longitude=place.point[1] if place.point else None,
            fee=fee,
            is_free=is_free,
            capacity=self._capacity(),
            description=plain_text(self._text("description")),
            audiences=tuple(self._audiences()),
            organiser=organisers[0] if organisers else "",
            co_organisers=tuple(organisers[1:]),
            contact_phone=telephone_of(record),
            url=self._url(),
            image_url=images,
            source_name=", ".join(names_of(record, "sdPublisher")),
            source_modified_at=self._modified(),
            status=status,
            extra=record.left_over() | self._special_type(),
        )

    def _uid(self) -> str:
        for path in ("@id", "identifier", "identifier.value", "url"):
            if text := self.record.text(path):
                if path != "url":
                    self.record.take(path)
                return text
        return ""

    def _text(self, path: str) -> str:
        text = self.record.text(path)
        if text:
            self.record.take(path)
        return text

    def _kind(self) -> str | None:
        special = [name for name in types_of(self.record.data) if name != "Event"]
        return "、".join(special).lower() or None

    def _special_type(self) -> dict[str, str]:
        special = [name for name in types_of(self.record.data) if name != "Event"]
        return {"@type": "、".join(special)} if special else {}

    def _url(self) -> str:
        address = web_address(self.record.text("url"))
        if address:
            self.record.take("url")
        return address

    def _fee(self) -> tuple[str | None, bool | None]:
        said = yes_or_no(self.record.text("isAccessibleForFree"))
        if said is not None:
            self.record.take("isAccessibleForFree")
        fee, is_free = fee_of(fee_text(self.record))
        return fee, said if said is not None else is_free

    def _capacity(self) -> int | None:
        for path in ("maximumPhysicalAttendeeCapacity", "maximumAttendeeCapacity"):
            capacity = capacity_of(self.record.text(path))
            if capacity is not None:
                self.record.take(path)
                return capacity
        return None

    def _audiences(self) -> list[str]:
        found = self.record.texts("audience")
        if found:
            self.record.take("audience")
        value = self.record.at("audience")
        count = len(value) if isinstance(value, list) else 1 if isinstance(value, dict) else 0
        prefixes = (
            [f"audience.{index}" for index in range(count)]
            if isinstance(value, list)
            else ["audience"] * count
        )
        for prefix in prefixes:
            for name in ("audienceType", "name"):
                if text := self._text(f"{prefix}.{name}"):
                    found.append(text)
                    break
        return list(dict.fromkeys(map(one_line, found)))

    def _modified(self) -> datetime | None:
        try:
            moment = self._read(self.record.text("dateModified")).value
        except DateNotUnderstood:
            return None
        self.record.take("dateModified")
        return moment

    def _take_status(self) -> None:
        """Postponed, cancelled and scheduled have a field; moved online has not."""
        status = self.record.text("eventStatus").rsplit("/", 1)[-1]
        if status in ("EventScheduled", "EventCancelled", "EventPostponed"):
            self.record.take("eventStatus")

    def _sessions(
        self, title: str, cancelled: bool
    ) -> tuple[list[ImportSession], str | None, tuple[datetime, ...]]:
        """From sub-events, else from schedules, else from the event's own dates."""
        sub_events = self._prefixes("subEvent", dated_only=True)
        if len(sub_events) > MOST_SESSIONS:
            raise RecordProblem("starts_at", Reason(TOO_MANY_SESSIONS, {"text": MOST_SESSIONS}))
        if sub_events:
            sessions = [self._session(prefix, title, cancelled) for prefix in sub_events]
            self.record.take("startDate", "endDate")
            return sorted(sessions, key=lambda one: one.starts_at), None, ()
        schedules = self._prefixes("eventSchedule")
        if schedules:
            return self._schedules(schedules, cancelled)
        return [self._session("", title, cancelled)], None, ()

    def _prefixes(self, path: str, *, dated_only: bool = False) -> list[str]:
        value = self.record.at(path)
        prefixes = [f"{path}."] if isinstance(value, dict) else []
        if isinstance(value, list):
            prefixes = [f"{path}.{i}." for i, item in enumerate(value) if isinstance(item, dict)]
        return [p for p in prefixes if not dated_only or self.record.text(f"{p}startDate")]

    def _session(self, prefix: str, title: str, cancelled: bool) -> ImportSession:
        record = self.record
        start_path, end_path = f"{prefix}startDate", f"{prefix}endDate"
        text = record.text(start_path)
        if not text:
            raise RecordProblem("starts_at", Reason(N_("The date is missing.")))
        try:
            start = self._read(text)
        except DateNotUnderstood as error:
            raise RecordProblem("starts_at", error.reason) from error
        end: datetime | None = start.end
        try:
            if record.text(end_path):
                end = read_end(record.text(end_path), start, zone=self.zone)
            elif lasts := duration_of(record.text(f"{prefix}duration")):
                end = start.value + lasts
                record.take(f"{prefix}duration")
        except DateNotUnderstood as error:
            raise RecordProblem("ends_at", error.reason) from error
        except OverflowError:
            end = None
        record.take(start_path, end_path)
        name = place_name = address = ""
        if prefix:
            name = one_line(self._text(f"{prefix}name"))
            place = place_of(record, f"{prefix}location", take_point=False)
            place_name, address = place.name, place.address
            cancelled = cancelled or status_of(record.text(f"{prefix}eventStatus")) == "cancelled"
        return ImportSession(
            starts_at=start.value,
            ends_at=end if end is not None and end > start.value else None,
            all_day=start.all_day,
            state="cancelled" if cancelled else "confirmed",
            title=name if name != title else "",
            place_name=place_name,
            address=address,
        )

    def _schedules(
        self, prefixes: list[str], cancelled: bool
    ) -> tuple[list[ImportSession], str | None, tuple[datetime, ...]]:
        sessions: list[ImportSession] = []
        rrule: str | None = None
        exdates: tuple[datetime, ...] = ()
        for prefix in prefixes:
            schedule = read_schedule(self.record, prefix, self.zone, self.today, cancelled)
            if schedule.rrule and rrule:
                note = N_("The event repeats by more than one rule. Only the first was taken.")
                self.notes.append(RowNote(self.ref, Reason(note)))
                continue
            if schedule.rrule:
                rrule, exdates = schedule.rrule, schedule.exdates
                sessions.insert(0, schedule.session)
            else:
                sessions.append(schedule.session)
            self.record.take(*schedule.taken)
        self.record.take("startDate", "endDate")
        return sessions, rrule, exdates

    def _read(self, text: str) -> WrittenDate:
        return read_date(text, today=self.today, zone=self.zone)
