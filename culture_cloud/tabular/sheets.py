"""What reading a table gives: sheets of rows of plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | datetime | date | time | timedelta | None

EXCEL_EPOCH = date(1899, 12, 30)

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200

# What neither XML 1.0 nor PostgreSQL stores: C0 controls except tab and line ends, lone
# surrogates, non-characters; and the marks that only turn the reading direction or join nothing.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row. `number` counts from 1 as the clerk sees it; `across` means that one cell of the
    row is merged over three columns or more, as titles and section headings are."""

    number: int
    cells: tuple[Cell, ...]
    across: bool = False

    @property
    def filled(self) -> list[Cell]:
        return [cell for cell in self.cells if cell is not None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows without the blank ones. `epoch` is day 0 of its date serial numbers."""

    title: str
    rows: tuple[SheetRow, ...]
    epoch: date = EXCEL_EPOCH
    hidden: bool = False


def storable(text: str) -> str:
    """The text without the characters that no database and no workbook can hold."""
    return _UNSTORABLE.sub("", text)


def tidy_cell(value: object) -> Cell:
    """A cell's value; text trimmed (full-width spaces too), blank text is None."""
    if value is None or isinstance(value, (bool, int, float, datetime, date, time, timedelta)):
        return value
    text = storable(str(value)).replace("\r\n", "\n").replace("\r", "\n").strip()
    return text or None
