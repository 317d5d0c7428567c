"""XLSX workbooks as sheets of plain values. Formulas are never evaluated; the values that the
spreadsheet program stored are taken."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from culture_cloud.tabular.archive import damaged, open_workbook_archive
from culture_cloud.tabular.reasons import N_, FileNotReadable, Reason
from culture_cloud.tabular.sheets import (
    EXCEL_EPOCH,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Sheet,
    SheetRow,
    tidy_cell,
)

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_MOST_MERGES = 50_000
_CHUNK = 1 << 20
_LAST_ROW = 1_048_576  # a file that names a later one makes openpyxl count there


@dataclass(frozen=True, slots=True)
class _Merge:
    column: int
    last_column: int
    row: int
    last_row: int


def read_workbook(data: bytes) -> tuple[Sheet, ...]:
    """All sheets of an .xlsx file, in their order. A cell merged over several rows counts for
    each of them. Raises FileNotReadable."""
    archive = open_workbook_archive(data)
    try:
        _refuse_entities(archive)
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions it leaves out; values are not touched.
            warnings.simplefilter("ignore")
            return tuple(_sheets(data, archive))
    except (FileNotReadable, MemoryError):
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part makes it stumble over
        raise damaged() from error


def _refuse_entities(archive: zipfile.ZipFile) -> None:
    """A workbook has no document type; one that has wants to expand entities."""
    for part in archive.infolist():
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                if any(_DOCTYPE.search(chunk) for chunk in _chunks(stream, overlap=16)):
                    raise damaged()


def _sheets(data: bytes, archive: zipfile.ZipFile) -> Iterator[Sheet]:
    with closing(
        load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    ) as workbook:
        epoch = workbook.epoch.date()
        left = MAX_ROWS
        for worksheet in workbook.worksheets:
            # Programs write wrong dimensions ("A1" for a full sheet); without them all is read.
            worksheet.reset_dimensions()
            merges = _merges(archive, getattr(worksheet, "_worksheet_path", ""))
            rows = tuple(_rows(worksheet.iter_rows(values_only=True), merges, left))
            left -= len(rows)
            yield Sheet(
                title=str(worksheet.title),
                rows=rows,
                epoch=epoch if epoch.year == 1904 else EXCEL_EPOCH,
                hidden=worksheet.sheet_state != "visible",
            )


def _rows(raw: Iterable[tuple[object, ...]], merges: list[_Merge], most: int) -> Iterator[SheetRow]:
    """The rows that hold something, with vertically merged cells filled downwards."""
    waiting = iter(merges)
    upcoming = next(waiting, None)
    open_merges: dict[int, tuple[_Merge, Cell]] = {}
    count = 0
    for number, values in enumerate(raw, start=1):
        if number > _LAST_ROW:
            raise damaged()
        if not values and not open_merges:
            continue
        cells = [tidy_cell(value) for value in values]
        while cells and cells[-1] is None:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise too_many_columns()
        for column, (merge, value) in list(open_merges.items()):
            if merge.last_row < number:
                del open_merges[column]
            elif any(cell is not None for cell in cells):
                cells.extend([None] * (column - len(cells)))
                cells[column - 1] = value if cells[column - 1] is None else cells[column - 1]
        across = False
        while upcoming is not None and upcoming.row <= number:
            across = across or upcoming.last_column - upcoming.column >= 2
            if upcoming.last_row > number and upcoming.column <= len(cells):
                open_merges[upcoming.column] = (upcoming, cells[upcoming.column - 1])
            upcoming = next(waiting, None)
        if any(cell is not None for cell in cells):
            count += 1
            if count > most:
                raise too_many_rows()
            yield SheetRow(number, tuple(cells), across)


def _merges(archive: zipfile.ZipFile, path: str) -> list[_Merge]:
    """Merged ranges by their first row. openpyxl leaves them out when it streams a sheet."""
    found: set[bytes] = set()
    with archive.open(path.lstrip("/")) as stream:
        for chunk in _chunks(stream, overlap=200):
            found.update(_MERGED.findall(chunk))
            if len(found) > _MOST_MERGES:
                return []
    merges = []
    for reference in found:
        left, top, right, bottom = range_boundaries(reference.decode("ascii"))
        if None not in (left, top, right, bottom):
            merges.append(_Merge(int(left or 1), int(right or 1), int(top or 1), int(bottom or 1)))
    return sorted(merges, key=lambda merge: (merge.row, merge.column))


def _chunks(stream: IO[bytes], *, overlap: int) -> Iterator[bytes]:
    kept = b""
    while chunk := stream.read(_CHUNK):
        yield kept + chunk
        kept = chunk[-overlap:]


def too_many_rows() -> FileNotReadable:
    """The refusal for a table above the limit of rows."""
    return FileNotReadable(
        Reason(
            N_("The table has more than %(limit)d rows. Split it and upload the parts."),
            {"limit": MAX_ROWS},
        )
    )


def too_many_columns() -> FileNotReadable:
    """The refusal for a table above the limit of columns."""
    return FileNotReadable(
        Reason(
            N_("The table has more than %(limit)d columns. Delete the ones that are not needed."),
            {"limit": MAX_COLUMNS},
        )
    )
