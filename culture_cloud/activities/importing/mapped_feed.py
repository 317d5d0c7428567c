"""Records of a JSON feed → rows, by a mapping file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from culture_cloud.activities.importing.dates import DateNotUnderstood, read_date, read_end
from culture_cloud.activities.importing.mapping import FeedMapping, Source
from culture_cloud.activities.importing.plain import plain_text
from culture_cloud.activities.importing.records import Record, RecordProblem
from culture_cloud.activities.importing.rows import (
    MOST_SESSIONS,
    TOO_MANY_SESSIONS,
    ImportRow,
    ImportSession,
    Parsed,
    RowProblem,
    RowStatus,
)
from culture_cloud.activities.importing.values import (
    capacity_of,
    coordinates,
    fee_of,
    one_line,
    status_of,
    web_address,
    yes_or_no,
)
from culture_cloud.tabular.reasons import N_, FileNotReadable, Reason

_NO_LIST = N_("The feed has no list of activities at “%(text)s”.")


def read_records(document: Any, mapping: FeedMapping, *, zone: tzinfo, today: date) -> Parsed:
    """All records of the document. Raises FileNotReadable if they are not where they should be."""
    records = document
    if mapping.records:
        records = Record(document).at(mapping.records) if isinstance(document, dict) else None
    if not isinstance(records, list):
        raise FileNotReadable(Reason(_NO_LIST, {"text": mapping.records or "/"}))
    rows: list[ImportRow] = []
    problems: list[RowProblem] = []
    for number, data in enumerate(records, start=1):
        reader = _RecordReader(data, number, mapping, mapping.zone or zone, today)
        try:
            rows.append(reader.read())
        except RecordProblem as problem:
            problems.append(RowProblem(reader.ref, problem.field, problem.reason))
    return Parsed(tuple(rows), tuple(problems))


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    address: str
    fee: str
    point: tuple[float, float] | None


class _RecordReader:
    def __init__(
        self, data: Any, number: int, mapping: FeedMapping, zone: tzinfo, today: date
    ) -> None:
        self.record = Record(data if isinstance(data, dict) else {})
        self.mapping, self.zone, self.today = mapping, zone, today
        self.ref = self._first("uid") or f"第 {number} 项"

    def read(self) -> ImportRow:
        title = one_line(self._taken("title"))
        if not title:
            raise RecordProblem("title", Reason(N_("The name is missing.")))
        sessions, places = self._sessions()
        main = places[0]
        fee, is_free = self._fee([place.fee for place in places])
        point = main.point or self._point()
        organisers = self._all("organiser")
        return ImportRow(
            source_ref=self.ref,
            uid=self._taken("uid") or None,
            title=title,
            kind=self._kind(),
            sessions=tuple(sessions),
            place_name=main.name or one_line(self._taken("place_name")),
            address=main.address or one_line(self._taken("address")),
            latitude=point[0] if point else None,
            longitude=point[1] if point else None,
            fee=fee,
            is_free=is_free,
            capacity=self._capacity(),
            description=self._description(),
            audiences=tuple(self._all("audiences")),
            bring=one_line(self._taken("bring")),
            organiser="、".join(organisers),
            co_organisers=tuple(self._all("co_organisers")),
            contact_phone=one_line(self._taken("contact_phone")),
            url=self._address("url"),
            image_url=self._address("image_url"),
            source_name=one_line(self._taken("source_name")),
            source_modified_at=self._modified(),
            status=self._status(),
            extra=self.record.left_over(),
        )

    def _source(self, name: str) -> Source:
        return self.mapping.fields.get(name, Source())

    def _first(self, name: str) -> str:
        source = self._source(name)
        return next(
            (text for path in source.paths for text in self.record.texts(path)), source.constant
        )

    def _taken(self, name: str) -> str:
        """The field's text, which leaves the rest of its paths in `extra`."""
        source = self._source(name)
        for path in source.paths:
            if texts := self.record.texts(path):
                if len(texts) == 1:
                    self.record.take(path)
                return self._translated(source, texts[0])
        return source.constant

    def _all(self, name: str) -> list[str]:
        source = self._source(name)
        found: list[str] = []
        for path in source.paths:
            texts = self.record.texts(path)
            found += [one_line(self._translated(source, text)) for text in texts]
            value = self.record.at(path)
            if not isinstance(value, dict) and len(texts) == _count(value):
                self.record.take(path)
        return list(dict.fromkeys(found)) or ([source.constant] if source.constant else [])

    @staticmethod
    def _translated(source: Source, text: str) -> str:
        return source.values.get(text, text)

    def _kind(self) -> str | None:
        """The feed's own code stays in `extra`: ours is coarser."""
        source, text = self._source("kind"), self._first("kind")
        if source.values:
            return source.values.get(text)
        return self._taken("kind") or None

    def _description(self) -> str:
        return plain_text(self._taken("description"), html=self._source("description").html or None)

    def _address(self, name: str) -> str:
        """The first of the paths that holds a web address; other texts stay in `extra`."""
        source = self._source(name)
        for path in source.paths:
            address = web_address(self.record.text(path))
            if address:
                self.record.take(path)
                return address
        return web_address(source.constant)

    def _point(self) -> tuple[float, float] | None:
        point = coordinates(self._first("latitude"), self._first("longitude"))
        if point:
            self.record.take(*self._source("latitude").paths, *self._source("longitude").paths)
        return point

    def _fee(self, of_sessions: Sequence[str]) -> tuple[str | None, bool | None]:
        texts = list(dict.fromkeys(text for text in of_sessions if text))
        own = self._taken("fee")
        fee, is_free = fee_of("；".join(texts) or own)
        said = yes_or_no(self._first("is_free"))
        return fee, said if said is not None else is_free

    def _capacity(self) -> int | None:
        capacity = capacity_of(self._first("capacity"))
        if capacity is not None:
            self._taken("capacity")
        return capacity

    def _modified(self) -> datetime | None:
        text = self._first("source_modified_at")
        try:
            moment = read_date(text, today=self.today, zone=self.zone).value
        except DateNotUnderstood:
            return None
        self._taken("source_modified_at")
        return moment

    def _status(self) -> RowStatus:
        return status_of(self._translated(self._source("status"), self._first("status")))

    def _sessions(self) -> tuple[list[ImportSession], list[_Place]]:
        path = self.mapping.sessions_path
        items = self.record.at(path) if self.mapping.sessions else None
        entries = items if isinstance(items, list) else [items] if isinstance(items, dict) else []
        if len(entries) > MOST_SESSIONS:
            raise RecordProblem("starts_at", Reason(TOO_MANY_SESSIONS, {"text": MOST_SESSIONS}))
        prefixes = [f"{path}.{index}." for index in range(len(entries))]
        if isinstance(items, dict):
            prefixes = [f"{path}." if path else ""]
        found = [
            (self._session(prefix, self.mapping.sessions), self._place(prefix))
            for prefix in prefixes
            if self.record.text(prefix + self.mapping.sessions.get("starts_at", ""))
        ]
        if not found and self.mapping.dates:
            found = [(self._session("", self.mapping.dates), _Place("", "", "", None))]
        if not found:
            raise RecordProblem("starts_at", Reason(N_("The date is missing.")))
        main = found[0][1]
        status = self._status()
        sessions = [
            ImportSession(
                starts_at=session.starts_at,
                ends_at=session.ends_at,
                all_day=session.all_day,
                state="cancelled" if status == "cancelled" else "confirmed",
                place_name=place.name if place.name != main.name else "",
                address=place.address if place.address != main.address else "",
            )
            for session, place in found
        ]
        return sessions, [place for _, place in found]

    def _session(self, prefix: str, paths: Any) -> ImportSession:
        start_path, end_path = prefix + paths["starts_at"], prefix + paths.get("ends_at", "")
        text, end_text = self.record.text(start_path), ""
        if "ends_at" in paths:
            end_text = self.record.text(end_path)
        if not text:
            raise RecordProblem("starts_at", Reason(N_("The date is missing.")))
        try:
            start = read_date(text, today=self.today, zone=self.zone)
        except DateNotUnderstood as error:
            raise RecordProblem("starts_at", error.reason) from error
        end = start.end
        try:
            if end_text:
                end = read_end(end_text, start, zone=self.zone)
        except DateNotUnderstood as error:
            raise RecordProblem("ends_at", error.reason) from error
        self.record.take(start_path, *([end_path] if end_text and end is not None else []))
        return ImportSession(start.value, end if end != start.value else None, start.all_day)

    def _place(self, prefix: str) -> _Place:
        paths = self.mapping.sessions
        texts: dict[str, str] = {}
        for name in ("place_name", "address", "fee"):
            if name in paths:
                texts[name] = one_line(self.record.text(prefix + paths[name]))
                self.record.take(prefix + paths[name])
        point = None
        if "latitude" in paths and "longitude" in paths:
            where = prefix + paths["latitude"], prefix + paths["longitude"]
            point = coordinates(self.record.text(where[0]), self.record.text(where[1]))
            if point and prefix.endswith((".0.", self.mapping.sessions_path + ".")):
                self.record.take(*where)
        return _Place(
            texts.get("place_name", ""), texts.get("address", ""), texts.get("fee", ""), point
        )


def _count(value: Any) -> int:
    return len(value) if isinstance(value, list) else 1
