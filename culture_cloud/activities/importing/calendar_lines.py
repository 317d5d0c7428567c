"""A calendar file cut into its events and time zones, so that a broken one harms no other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from culture_cloud.activities.importing.values import one_line
from culture_cloud.tabular.archive import check_size
from culture_cloud.tabular.decoding import decode_text
from culture_cloud.tabular.reasons import N_, FileNotReadable, Reason

_FOLD = re.compile(rb"\r?\n[ \t]")
_NAME = re.compile(r"(?:X-WR-CALNAME|NAME)(?:;[^:]*)?:(.*)", re.IGNORECASE)
# Names of zones that look like file paths; icalendar looks for them in folders.
_PATH_LIKE_ZONE = re.compile(
    r"^((?:DTSTART|DTEND|EXDATE|RDATE|RECURRENCE-ID);[^:]*TZID=\"?|TZID[^:]*:)[/.]+", re.IGNORECASE
)
_MOST_ZONES = 200
_EVENT, _ZONE = "VEVENT", "VTIMEZONE"


@dataclass(slots=True)
class CalendarParts:
    """The lines of each event and, by TZID, of each time zone; the calendar's own name; and the
    lines of events that break off."""

    events: list[list[str]] = field(default_factory=list)
    zones: dict[str, list[str]] = field(default_factory=dict)
    name: str = ""
    broken: list[list[str]] = field(default_factory=list)


def split_calendar(data: bytes) -> CalendarParts:
    """Raises FileNotReadable if the file is no calendar or holds no event."""
    check_size(data)
    # Lines are folded by bytes, so a fold may stand inside a character (RFC 5545 3.1).
    text = decode_text(_FOLD.sub(b"", data)).replace("\r\n ", "").replace("\r\n\t", "")
    if "BEGIN:VCALENDAR" not in text.upper():
        raise FileNotReadable(Reason(N_("This is not a calendar file (.ics).")))
    splitter = _Splitter()
    for line in text.split("\n"):
        splitter.take(line.strip())
    splitter.break_off()
    parts = splitter.parts
    if not parts.events and not parts.broken:
        raise FileNotReadable(Reason(N_("The calendar holds no event.")))
    return parts


def property_value(lines: list[str], name: str) -> str:
    """The raw value of the first property of that name, "" if there is none."""
    for line in lines:
        head, _, value = line.partition(":")
        if head.partition(";")[0].upper() == name:
            return value.strip()
    return ""


class _Splitter:
    def __init__(self) -> None:
        self.parts = CalendarParts()
        self._open: list[str] = []
        self._lines: list[str] = []

    def take(self, line: str) -> None:
        keyword, _, kind = line.upper().partition(":")
        if keyword == "BEGIN" and kind in (_EVENT, _ZONE):
            self.break_off()
            self._open = [kind]
        elif keyword == "BEGIN" and self._open:
            self._open.append(kind)
        elif keyword == "END" and kind == "VCALENDAR":
            self.break_off()
        if not self._open:
            named = _NAME.fullmatch(line)
            if named and not self.parts.name:
                self.parts.name = one_line(named.group(1))
            return
        # An alarm inside an event is its owner's reminder; a zone's parts are all needed.
        if line and (len(self._open) == 1 or self._open[0] == _ZONE):
            self._lines.append(_PATH_LIKE_ZONE.sub(r"\1", line))
        if keyword == "END" and self._open[-1] == kind:
            self._open.pop()
            if not self._open:
                self._close(kind)

    def break_off(self) -> None:
        """What is open ends here without having been closed."""
        if self._open and self._open[0] == _EVENT:
            self.parts.broken.append(self._lines)
        self._open, self._lines = [], []

    def _close(self, kind: str) -> None:
        if kind == _EVENT:
            self.parts.events.append(self._lines)
        else:
            tzid = property_value(self._lines, "TZID")
            if tzid and len(self.parts.zones) < _MOST_ZONES:
                self.parts.zones[tzid] = self._lines
        self._lines = []
