"""Where rows come from, which decides what is assumed where they are silent."""

from __future__ import annotations

from enum import StrEnum


class Source(StrEnum):
    """The way in, kept with each activity."""

    FILE = "file"
    FEED = "feed"


class Origin(StrEnum):
    """Who keeps the list."""

    #: the hall's own table: its clerk wrote it for this site
    SHEET = "sheet"
    #: a calendar of the hall
    CALENDAR = "calendar"
    #: JSON of a site that also lists others' activities
    LISTING = "listing"


def origin_of(data: bytes) -> Origin:
    """Of a file that `sniff.read` can read."""
    head = data[:4_096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").upper()
    if head.startswith(b"BEGIN:VCALENDAR"):
        return Origin.CALENDAR
    return Origin.LISTING if head.startswith((b"{", b"[")) else Origin.SHEET
