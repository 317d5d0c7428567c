"""One row of a clerk's table → one ImportRow, or why not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, tzinfo

from culture_cloud.activities.importing.extra import Extra
from culture_cloud.activities.importing.headings import (
    LONGEST_HEADING,
    Header,
    normal_heading,
)
from culture_cloud.activities.importing.plain import plain_text
from culture_cloud.activities.importing.rows import (
    ImportRow,
    RowNote,
    RowProblem,
)
from culture_cloud.activities.importing.table_times import (
    CellProblem,
    Times,
    TimesReader,
    as_text,
)
from culture_cloud.activities.importing.values import (
    capacity_of,
    coordinates,
    fee_of,
    listed,
    one_line,
    status_of,
    web_address,
    yes_or_no,
)
from culture_cloud.tabular import N_, Cell, Reason, SheetRow

_TOTALS = re.compile(r"(?:[合总總小][\s]*[计計]|累计|共计|共計|总共|total)\W*", re.IGNORECASE)
_REMARK = re.compile(
    r"[合总總小]\s*[计計]|共[计計]|共\s*\d|总共|[备備][注註]|注意|[说說]明\s*[:：]|注\s*[\d:：]|填表|填[报報]|制表|[审審]核"
    r"|[负負][责責]人|[联聯][系絡繫]|[单單]位(?:盖章|负责人|公章)|盖章|[报報]送|领导签字|日期\s*[:：]"
)
_WEEKDAY_DIFFERS = N_("The weekday does not fit the date. The date was taken; check it.")
EXAMPLE_MARK = "（例子）"
_DATE_SIGN = re.compile("[0-9０-９一二三四五六七八九十]")


class SkippedRow(Exception):
    """A row that is no activity."""

    def __init__(self, source_ref: str, reason: Reason) -> None:
        super().__init__(source_ref)
        self.note = RowNote(source_ref, reason)


class UnusableRow(Exception):
    """A row that cannot be imported."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__(problems[0].source_ref)
        self.problems = problems


@dataclass(slots=True)
class _Fields:
    """The cells of a row by field, and the others by heading."""

    cells: dict[str, Cell]
    extra: Extra

    def text(self, name: str) -> str:
        return as_text(self.cells.get(name))


class RowReader:
    """Reads the rows below one header; what is to be looked at gathers in `notes`."""

    def __init__(
        self, header: Header, *, zone: tzinfo, today: date, epoch: date, prefix: str
    ) -> None:
        self.header = header
        self._times = TimesReader(zone, today, epoch)
        self.prefix = f"{prefix} " if prefix else ""
        self.notes: list[RowNote] = []
        self._heading_texts = {normal_heading(text) for text in header.headings.values()}

    def read(self, row: SheetRow) -> ImportRow:
        """Raises SkippedRow or UnusableRow."""
        ref = f"{self.prefix}第 {row.number} 行"
        fields = self._fields(row)
        self._skip_what_is_no_activity(row, fields, ref)
        problems: list[RowProblem] = []
        title = one_line(fields.text("title"))
        if not title:
            problems.append(RowProblem(ref, "title", Reason(N_("The name is missing."))))
        try:
            times = self._times.read(
                fields.cells, cancelled=status_of(fields.text("status")) == "cancelled"
            )
        except CellProblem as problem:
            problems.append(RowProblem(ref, problem.field, problem.reason))
        if problems:
            raise UnusableRow(problems)
        if times.weekday_differs:
            self.notes.append(RowNote(ref, Reason(_WEEKDAY_DIFFERS)))
        return self._row(ref, title, times, fields)

    def _fields(self, row: SheetRow) -> _Fields:
        fields = _Fields({}, Extra())
        for index, cell in enumerate(row.cells):
            if cell is None:
                continue
            name = self.header.fields.get(index)
            if name:
                fields.cells[name] = cell
            else:
                heading = self.header.headings.get(index) or f"第 {index + 1} 列"
                fields.extra.add(heading, as_text(cell))
        return fields

    def _skip_what_is_no_activity(self, row: SheetRow, fields: _Fields, ref: str) -> None:
        first = as_text(row.filled[0])
        undated = not any(_DATE_SIGN.search(fields.text(name)) for name in ("start", "start_day"))
        if len(row.filled) > 1 and self._repeats_headings(row):
            raise SkippedRow(ref, Reason(N_("The headings are repeated here.")))
        if _TOTALS.fullmatch(first) or _TOTALS.fullmatch(fields.text("title")):
            raise SkippedRow(ref, Reason(N_("This row holds totals: %(text)s"), _shown(row)))
        if as_text(fields.cells.get("title")).startswith(EXAMPLE_MARK):
            raise SkippedRow(ref, Reason(N_("This row is the template's example.")))
        alone = len(row.filled) == 1
        is_remark = _REMARK.match(first) is not None
        if (undated and (is_remark or row.across or (alone and "title" not in fields.cells))) or (
            alone and is_remark
        ):
            raise SkippedRow(ref, Reason(N_("This row is a remark: %(text)s"), _shown(row)))

    def _row(
        self,
        ref: str,
        title: str,
        times: Times,
        fields: _Fields,
    ) -> ImportRow:
        fee, is_free = self._fee(fields)
        capacity = capacity_of(fields.text("capacity"))
        url, image_url = web_address(fields.text("url")), web_address(fields.text("image_url"))
        point = coordinates(fields.text("latitude"), fields.text("longitude"))
        status = status_of(fields.text("status"))
        self._keep_what_has_no_field(
            fields,
            {
                "capacity": capacity is not None and as_text(capacity) == fields.text("capacity"),
                "url": bool(url),
                "image_url": bool(image_url),
                "latitude": point is not None,
                "longitude": point is not None,
                "status": False,
                "is_free": False,
                "is_charged": False,
                "end": not times.end_rounded,
            },
        )
        return ImportRow(
            source_ref=ref,
            uid=fields.text("uid") or None,
            title=title,
            kind=fields.text("kind") or None,
            sessions=times.sessions,
            rrule=times.rrule,
            place_name=one_line(fields.text("place_name")),
            address=one_line(fields.text("address")),
            latitude=point[0] if point else None,
            longitude=point[1] if point else None,
            fee=fee,
            is_free=is_free,
            capacity=capacity,
            description=plain_text(fields.text("description")),
            audiences=listed(fields.text("audiences")),
            bring=one_line(fields.text("bring")),
            organiser=one_line(fields.text("organiser")),
            co_organisers=listed(fields.text("co_organisers")),
            contact_phone=one_line(fields.text("contact_phone")),
            url=url,
            image_url=image_url,
            source_name=one_line(fields.text("source_name")),
            status=status,
            extra=fields.extra.values,
        )

    def _repeats_headings(self, row: SheetRow) -> bool:
        texts = [as_text(cell) for cell in row.filled]
        return all(
            len(text) <= LONGEST_HEADING and normal_heading(text) in self._heading_texts
            for text in texts
        )

    def _fee(self, fields: _Fields) -> tuple[str | None, bool | None]:
        fee, is_free = fee_of(fields.text("fee"))
        for name, when_yes in (("is_free", True), ("is_charged", False)):
            said = yes_or_no(fields.text(name))
            if is_free is None and said is not None:
                is_free = said is when_yes
        return fee, is_free

    def _keep_what_has_no_field(self, fields: _Fields, taken: dict[str, bool]) -> None:
        """A cell whose field could not hold its text goes to `extra` under its heading."""
        for index, name in self.header.fields.items():
            if name in fields.cells and not taken.get(name, True):
                fields.extra.add(self.header.headings[index], fields.text(name))


def _shown(row: SheetRow) -> dict[str, str]:
    return {"text": " ".join(as_text(cell) for cell in row.filled)[:200]}
