"""Small workbooks, calendars and feeds for the tests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook

TODAY = date(2026, 3, 10)
ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """A moment on Shanghai's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def workbook(sheets: dict[str, Iterable[Sequence[object]]], merged: Iterable[str] = ()) -> bytes:
    """An .xlsx with these rows; `merged` are ranges of the first sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet: Any = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    for area in merged:
        book.worksheets[0].merge_cells(area)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def calendar(*events: str, before: str = "") -> bytes:
    """A calendar of events, each given by its inner lines."""
    blocks = [f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT" for event in events]
    text = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", before.strip(), *blocks, "END:VCALENDAR"])
    return text.replace("\n", "\r\n").encode()


def feed(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()
