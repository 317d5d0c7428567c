"""Clerks' tables (XLSX, CSV) → rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, tzinfo
from pathlib import PurePath

from culture_cloud.activities.importing.dates import DEFAULT_ZONE
from culture_cloud.activities.importing.headings import Header, read_header
from culture_cloud.activities.importing.rows import Parsed, RowNote
from culture_cloud.activities.importing.table_rows import (
    RowReader,
    SkippedRow,
    UnusableRow,
)
from culture_cloud.tabular import (
    N_,
    FileNotReadable,
    Reason,
    Sheet,
    SheetRow,
    read_csv,
    read_workbook,
)

HEADER_WITHIN = 15

_NO_HEADER = N_(
    "No row of headings was found. The table needs the headings “活动名称” and “开始时间”."
)
_NO_DATE_COLUMN = N_("There is no column for the time. Add one with the heading “开始时间”.")
_NO_ROWS = N_("Below the headings there is no activity. Fill in the table and try again.")


def read_xlsx(data: bytes, *, zone: tzinfo = DEFAULT_ZONE, today: date) -> Parsed:
    """The activities of an Excel workbook. Raises FileNotReadable."""
    return read_sheets(read_workbook(data), zone=zone, today=today)


def read_csv_table(
    data: bytes, filename: str = "", *, zone: tzinfo = DEFAULT_ZONE, today: date
) -> Parsed:
    """The activities of a CSV file. Raises FileNotReadable."""
    sheet = read_csv(data, title=PurePath(filename).name)
    return read_sheets((sheet,), zone=zone, today=today)


def read_sheets(sheets: tuple[Sheet, ...], *, zone: tzinfo, today: date) -> Parsed:
    """The activities of all sheets that have a header; the others are noted."""
    usable: list[tuple[Sheet, Header]] = []
    notes: list[RowNote] = []
    for sheet in sheets:
        header = find_header(sheet)
        if sheet.hidden:
            notes.append(RowNote(sheet.title, Reason(N_("The sheet is hidden and was left out."))))
        elif header is not None and header.is_complete:
            usable.append((sheet, header))
        elif sheet.rows:
            notes.append(
                RowNote(sheet.title, Reason(N_("The sheet has no list of activities; left out.")))
            )
    if not usable:
        raise _no_table(sheets)
    read = [
        _read_sheet(sheet, header, zone, today, prefix=sheet.title if index else "")
        for index, (sheet, header) in enumerate(usable)
    ]
    if not any(part.rows or part.problems for part in read):
        raise FileNotReadable(Reason(_NO_ROWS))
    return Parsed(
        rows=tuple(row for part in read for row in part.rows),
        problems=tuple(problem for part in read for problem in part.problems),
        notes=tuple(notes) + tuple(note for part in read for note in part.notes),
        skipped=tuple(note for part in read for note in part.skipped),
    )


def find_header(sheet: Sheet) -> Header | None:
    """The row among the first 15 that names the most fields; in a heading of two rows the lower
    one, into which merged cells reach down. None if no row names the activity."""
    best: Header | None = None
    for row in _first_rows(sheet):
        header = read_header(row.number, row.cells)
        if "title" in header.fields.values() and len(header) > 1:
            is_more = best is None or len(header) > len(best)
            if is_more or (best and len(header) == len(best) and row.number == best.row_number + 1):
                best = header
    return best


def _first_rows(sheet: Sheet) -> Iterator[SheetRow]:
    for row in sheet.rows:
        if row.number > HEADER_WITHIN:
            return
        yield row


def _no_table(sheets: tuple[Sheet, ...]) -> FileNotReadable:
    if any(find_header(sheet) is not None for sheet in sheets if not sheet.hidden):
        return FileNotReadable(Reason(_NO_DATE_COLUMN))
    return FileNotReadable(Reason(_NO_HEADER))


def _read_sheet(sheet: Sheet, header: Header, zone: tzinfo, today: date, prefix: str) -> Parsed:
    reader = RowReader(header, zone=zone, today=today, epoch=sheet.epoch, prefix=prefix)
    rows, problems, skipped = [], [], []
    for row in sheet.rows:
        if row.number <= header.row_number:
            continue
        try:
            rows.append(reader.read(row))
        except SkippedRow as skip:
            skipped.append(skip.note)
        except UnusableRow as unusable:
            problems.extend(unusable.problems)
    return Parsed(tuple(rows), tuple(problems), tuple(reader.notes), tuple(skipped))
