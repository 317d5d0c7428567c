"""Lists for the office: the same columns and rows as a workbook or as CSV.

Every value is written as what it is. Text never becomes a formula, whatever a resident typed
(CSV injection, CWE-1236), and telephone numbers keep their zeros.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any, Literal
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter

from culture_cloud.tabular.sheets import storable

Kind = Literal["text", "integer", "datetime", "date", "money"]
Row = Mapping[str, object]

DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")
_LONGEST_CELL = 32_767  # characters that an Excel cell holds
_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_FORMATS: dict[Kind, str] = {
    "text": "@",
    "integer": "0",
    "datetime": "yyyy-mm-dd hh:mm",
    "date": "yyyy-mm-dd",
    "money": "0.00",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading (translated already), key in each row, kind of value, width in
    characters. `money` is a Decimal or number in yuan; datetimes are aware."""

    title: str
    key: str
    kind: Kind = "text"
    width: int = 16


def export_xlsx(
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    zone: tzinfo = DEFAULT_ZONE,
    sheet_title: str = "Sheet1",
) -> bytes:
    """A workbook with one sheet: bold frozen heading, filter, typed cells; moments as wall time
    in `zone`. Each row holds a value (or None) for every column's key. Rows are streamed, so the
    input may be a generator."""
    workbook = Workbook(write_only=True)
    sheet: Any = workbook.create_sheet(_sheet_title(sheet_title))
    # Panes and widths must be set before the first row is written.
    sheet.freeze_panes = "A2"
    for index, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    try:
        count = _fill(sheet, columns, rows, zone)
    except BaseException:
        sheet.close()  # the half-written part is a file on disk
        raise
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(columns), 1))}{count}"
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def export_csv(
    columns: Sequence[Column], rows: Iterable[Row], *, zone: tzinfo = DEFAULT_ZONE
) -> bytes:
    """RFC 4180 CSV with a byte order mark, by which Excel knows that it is UTF-8."""
    stream = StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([defused(storable(column.title)) for column in columns])
    for row in rows:
        writer.writerow([_csv_text(row[column.key], column.kind, zone) for column in columns])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def defused(text: str) -> str:
    """Text that no spreadsheet program takes for a formula: an apostrophe goes before what starts
    with a sign of one, full-width or not, or with a tab or line end."""
    if text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_FORMULA_SIGNS):
        return "'" + text
    return text


def undefused(text: str) -> str:
    """What `defused` was given."""
    return text[1:] if text[:1] == "'" and defused(text[1:]) == text else text


def _fill(sheet: Any, columns: Sequence[Column], rows: Iterable[Row], zone: tzinfo) -> int:
    """Writes heading and rows; gives their number."""
    heading = _style(sheet, "text", bold=True)
    sheet.append([_text_cell(sheet, column.title, heading, heading) for column in columns])
    cells = [_CellWriter(sheet, column.kind, zone) for column in columns]
    count = 1
    for row in rows:
        sheet.append([cell(row[column.key]) for cell, column in zip(cells, columns, strict=True)])
        count += 1
    return count


class _CellWriter:
    """Makes the cells of one column. Styles are made once per column: making them per cell costs
    more than all the rest."""

    def __init__(self, sheet: Any, kind: Kind, zone: tzinfo) -> None:
        self.sheet, self.kind, self.zone = sheet, kind, zone
        self.style = _style(sheet, kind)
        self.quoted = _style(sheet, kind, quoted=True)

    def __call__(self, value: object) -> Cell | None:
        if value is None:
            return None
        if self.kind == "text":
            return _text_cell(self.sheet, value, self.style, self.quoted)
        typed = _wall_time(value, self.kind, self.zone)
        if not isinstance(typed, (int, float, Decimal, datetime, date)):
            raise TypeError(f"{value!r} is not of the kind {self.kind}")
        return _styled(self.sheet, typed, self.style)


def _text_cell(sheet: Any, value: object, plain: StyleArray, quoted: StyleArray) -> Cell:
    text = storable(str(value))[:_LONGEST_CELL]
    cell = _styled(sheet, text, plain if defused(text) == text else quoted)
    # openpyxl makes a formula of a leading "=" and an error of "#N/A"; here it is all text.
    cell.data_type = "s"
    return cell


def _styled(sheet: Any, value: Any, style: StyleArray) -> Cell:
    cell: Any = WriteOnlyCell(sheet, value=value)
    cell._style = style  # noqa: SLF001 - setting it through openpyxl costs per cell
    made: Cell = cell
    return made


def _style(sheet: Any, kind: Kind, *, bold: bool = False, quoted: bool = False) -> StyleArray:
    cell: Any = WriteOnlyCell(sheet)
    cell.number_format = _FORMATS[kind]
    cell.alignment = Alignment(wrap_text=kind == "text", vertical="top")
    if bold:
        cell.font = Font(bold=True)
    style: StyleArray = cell._style  # noqa: SLF001
    style.quotePrefix = int(quoted)
    return style


def _csv_text(value: object, kind: Kind, zone: tzinfo) -> str:
    if value is None:
        return ""
    if kind == "text":
        return defused(storable(str(value)))
    typed = _wall_time(value, kind, zone)
    if isinstance(typed, datetime):
        return typed.strftime("%Y-%m-%d %H:%M")
    if kind == "money":
        return f"{Decimal(str(typed)):.2f}"
    return str(typed)


def _wall_time(value: object, kind: Kind, zone: tzinfo) -> object:
    """Moments as the clock on the wall shows them; other values as they are."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("moments must be aware")
        wall = value.astimezone(zone).replace(tzinfo=None, microsecond=0)
        return wall.date() if kind == "date" else wall
    return value


def _sheet_title(title: str) -> str:
    """Excel allows 31 characters and none of []:*?/\\ in a sheet's name."""
    return "".join(c for c in storable(title) if c not in "[]:*?/\\")[:31] or "Sheet1"
