"""A table → rows of plain texts by the names of tables.COLUMNS, and what was not understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from culture_cloud.heritage.tables import COLUMNS, extra_headings
from culture_cloud.tabular import N_, FileNotReadable, Reason, Sheet, read_csv, read_workbook

MOST_ROWS = 2000
_BY_HEADING = {heading: name for name, heading, _width in COLUMNS} | {
    "标题": "title", "题名": "title", "简介": "summary", "年代": "date_text", "日期": "date_text",
    "村": "place", "村名": "place", "乡镇": "place", "照片": "files", "文件名": "files",
    "图说": "alts", "人物": "agents", "kind": "kind", "title": "title", "summary": "summary",
}  # fmt: skip
EXAMPLE_MARK = "（例子）"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as {name: text, "row": number}; headings that nobody knows."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read_table(data: bytes, filename: str) -> Table:
    """Raises FileNotReadable."""
    sheets = (
        [read_csv(data)] if filename.lower().endswith((".csv", ".txt")) else read_workbook(data)
    )
    for sheet in sheets:
        found = _from_sheet(sheet)
        if found is not None:
            return found
    raise FileNotReadable(
        Reason(N_("No row with headings was found. The table needs at least the column 名称."))
    )


def _from_sheet(sheet: Sheet) -> Table | None:
    extra = extra_headings()
    names: Mapping[int, str] = {}
    unknown: list[str] = []
    rows: list[dict[str, Any]] = []
    for row in sheet.rows:
        if not names:
            headings = {n: _plain(cell) for n, cell in enumerate(row.cells) if cell is not None}
            if "title" in {_BY_HEADING.get(h) for h in headings.values()}:
                names = {n: _name(h, extra) for n, h in headings.items() if _name(h, extra)}
                unknown = [h for h in headings.values() if not _name(h, extra)]
            continue
        texts = {
            names[n]: _text(c) for n, c in enumerate(row.cells) if n in names and c is not None
        }
        if not texts or texts.get("title", "").startswith(EXAMPLE_MARK):
            continue
        rows.append({**texts, "row": row.number})
        if len(rows) > MOST_ROWS:
            message = N_("The table has more than %(limit)d rows. Split it and upload the parts.")
            raise FileNotReadable(Reason(message, {"limit": MOST_ROWS}))
    return Table(rows, unknown) if names else None


def _plain(cell: Any) -> str:
    return re.sub(r"[（(]必填[）)]|[\s*]", "", str(cell))


def _name(heading: str, extra: Mapping[str, tuple[str, str]]) -> str:
    if heading in extra:
        return ".".join(extra[heading])
    return _BY_HEADING.get(heading, "")


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()
