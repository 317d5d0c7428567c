"""CSV files as office programs write them → one sheet."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO

from culture_cloud.tabular.archive import check_size
from culture_cloud.tabular.decoding import decode_text
from culture_cloud.tabular.export import undefused
from culture_cloud.tabular.reasons import N_, FileNotReadable, Reason
from culture_cloud.tabular.sheets import MAX_COLUMNS, MAX_ROWS, Cell, Sheet, SheetRow, tidy_cell
from culture_cloud.tabular.workbooks import too_many_columns, too_many_rows

_DELIMITERS = ",;\t"
_ROWS_TO_JUDGE = 40
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])\r?\n")
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')


def read_csv(data: bytes, title: str = "") -> Sheet:
    """The one sheet of a CSV file; all its cells are text. Raises FileNotReadable."""
    check_size(data)
    return read_csv_text(decode_text(data), title)


def read_csv_text(text: str, title: str = "") -> Sheet:
    """The same for text that is decoded already."""
    declared = _SEPARATOR_LINE.match(text)
    delimiter = declared.group(1) if declared else _delimiter(text)
    try:
        rows = tuple(_rows(text, delimiter, skip=1 if declared else 0))
    except csv.Error as error:
        raise FileNotReadable(
            Reason(N_("A cell of the table is too long. Shorten it and try again."))
        ) from error
    return Sheet(title=title, rows=rows)


def _rows(text: str, delimiter: str, skip: int) -> Iterator[SheetRow]:
    count = 0
    for number, values in enumerate(_records(text, delimiter), start=1):
        cells = [_cell(value) for value in values]
        while cells and cells[-1] is None:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise too_many_columns()
        if cells and number > skip:
            count += 1
            if count > MAX_ROWS:
                raise too_many_rows()
            yield SheetRow(number, tuple(cells))


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """CSV records. A stray quote that is never closed must not swallow the rest of the file, so
    such a file is read without quoting."""
    stream = StringIO(text, newline="")
    if _has_open_quote(text, delimiter):
        return csv.reader(stream, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(stream, delimiter=delimiter)


def _has_open_quote(text: str, delimiter: str) -> bool:
    try:
        for _ in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _delimiter(text: str) -> str:
    """The one that splits the first rows most evenly into the most columns."""

    def evenness(delimiter: str) -> tuple[int, int]:
        head = "".join(text.splitlines(keepends=True)[:_ROWS_TO_JUDGE])
        try:
            widths = Counter(len(record) for record in _records(head, delimiter) if len(record) > 1)
        except csv.Error:
            return (0, 0)
        width, times = widths.most_common(1)[0] if widths else (0, 0)
        return (times, width)

    return max(_DELIMITERS, key=evenness)


def _cell(value: str) -> Cell:
    """Undoes what programs do to keep text from becoming a number or a formula."""
    kept = _KEPT_AS_TEXT.fullmatch(value)
    return tidy_cell(kept.group(1) if kept else undefused(value))
