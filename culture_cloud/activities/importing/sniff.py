"""Any file with activities → rows. What a file is shows in its first bytes, not in its name."""

from __future__ import annotations

from datetime import date, tzinfo

from culture_cloud.activities.importing.calendar import read_calendar
from culture_cloud.activities.importing.dates import DEFAULT_ZONE
from culture_cloud.activities.importing.feeds import read_feed
from culture_cloud.activities.importing.mapping import FeedMapping
from culture_cloud.activities.importing.rows import Parsed
from culture_cloud.activities.importing.spreadsheet import read_csv_table, read_xlsx
from culture_cloud.tabular import N_, FileNotReadable, Reason
from culture_cloud.tabular.archive import check_size, is_ole

_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_NOT_A_LIST = N_(
    "This file is no list of activities. Choose a table (.xlsx, .csv), a calendar (.ics) or JSON."
)
_WEB_PAGE = N_("This is a web page, not a table. Save the list as .xlsx or .csv.")
_HEAD = 4_096


def read(
    data: bytes,
    filename: str = "",
    *,
    zone: tzinfo = DEFAULT_ZONE,
    today: date,
    mapping: FeedMapping | str | None = None,
) -> Parsed:
    """The activities of a workbook, CSV table, calendar or JSON feed of at most 10 MB.

    `today` is the day from which dates without a year are counted, in `zone`. Raises
    FileNotReadable with a reason in words, and nothing else.
    """
    check_size(data)
    if data.startswith(b"PK") or is_ole(data):
        return read_xlsx(data, zone=zone, today=today)
    if data.startswith(_OTHERS):
        raise FileNotReadable(Reason(_NOT_A_LIST))
    # Zero bytes and marks of UTF-16 and UTF-8 do not matter to the first ASCII word.
    head = data[:_HEAD].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").upper()
    if head.startswith(b"BEGIN:VCALENDAR"):
        return read_calendar(data, zone=zone)
    if mapping is not None or head.startswith((b"{", b"[{", b"[]")) or _is_list(head):
        return read_feed(data, zone=zone, today=today, mapping=mapping)
    if head.startswith((b"<!DOCTYPE HTML", b"<HTML", b"<?XML", b"<TABLE")):
        raise FileNotReadable(Reason(_WEB_PAGE))
    return read_csv_table(data, filename, zone=zone, today=today)


def _is_list(head: bytes) -> bool:
    return head.startswith(b"[") and head[1:].lstrip()[:1] in (b"{", b"[", b"]")
