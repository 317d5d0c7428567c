"""When an activity is, from the one to four cells that a clerk's table gives to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from culture_cloud.activities.importing.dates import (
    DateNotUnderstood,
    WrittenDate,
    read_date,
    read_end,
    with_hours,
)
from culture_cloud.activities.importing.rows import ImportSession
from culture_cloud.tabular import N_, Cell, Reason

_SEVERAL = re.compile(r"[\n;；]+|(?<=[日号\d点分半整])\s*、\s*")
_MOST_SESSIONS = 60
_BACKWARDS = N_("The end “%(text)s” lies before the start. Check both.")


class CellProblem(Exception):
    """A cell cannot be used; `field` as in RowProblem."""

    def __init__(self, field: str, reason: Reason) -> None:
        super().__init__(str(reason))
        self.field, self.reason = field, reason


@dataclass(frozen=True, slots=True)
class Times:
    """The sessions of a row. `end_rounded`: the end's hour was given up for whole days."""

    sessions: tuple[ImportSession, ...]
    rrule: str | None = None
    weekday_differs: bool = False
    end_rounded: bool = False


@dataclass(frozen=True, slots=True)
class TimesReader:
    """Reads the cells `start_day`, `start`, `end_day`, `end` of rows."""

    zone: tzinfo
    today: date
    epoch: date

    def read(self, cells: Mapping[str, Cell], *, cancelled: bool) -> Times:
        """Raises CellProblem."""
        starts = self._starts(cells.get("start_day"), cells.get("start"))
        first, ends = starts[0], [one.end for one in starts]
        given = [cell for name in ("end_day", "end") if (cell := cells.get(name)) is not None]
        exact: datetime | None = None
        if len(starts) == 1 and given:
            exact = self._end(given, first)
            ends = [self._whole_days(exact) if first.all_day and exact else exact]
        sessions = tuple(
            ImportSession(
                starts_at=one.value,
                ends_at=end if end is not None and end > one.value else None,
                all_day=one.all_day,
                state="cancelled" if cancelled else "confirmed",
            )
            for one, end in zip(starts, ends, strict=True)
        )
        return Times(
            sessions,
            rrule=f"FREQ=DAILY;COUNT={first.days}" if first.days > 1 else None,
            weekday_differs=any(one.weekday_differs for one in starts),
            end_rounded=exact is not None and exact != ends[0],
        )

    def _starts(self, day_cell: Cell, start_cell: Cell) -> list[WrittenDate]:
        """From one cell, or from a day and an hour in two."""
        try:
            if day_cell is None or start_cell is None:
                only = day_cell if start_cell is None else start_cell
                if only is None:
                    raise CellProblem("starts_at", Reason(N_("The date is missing.")))
                return self._several(only)
            return [self._at_hours(days, start_cell) for days in self._several(day_cell)]
        except DateNotUnderstood as error:
            raise CellProblem("starts_at", error.reason) from error

    def _at_hours(self, days: WrittenDate, cell: Cell) -> WrittenDate:
        hours = self._read(cell, day=days.value.astimezone(self.zone).date())
        if hours.all_day and hours.value == days.value:
            return days
        return with_hours(days, hours, as_text(cell)) if _is_hours_alone(cell) else hours

    def _several(self, cell: Cell) -> list[WrittenDate]:
        """One date, or several in one cell, each whole in itself."""
        try:
            return [self._read(cell)]
        except DateNotUnderstood as whole:
            parts = [part for part in _SEVERAL.split(as_text(cell)) if part.strip()]
            if not isinstance(cell, str) or not 1 < len(parts) <= _MOST_SESSIONS:
                raise
            try:
                dates = [self._read(part) for part in parts]
            except DateNotUnderstood:
                raise whole from None
            if any(one.days > 1 for one in dates):
                raise
            return sorted(dates, key=lambda one: one.value)

    def _end(self, cells: Sequence[Cell], start: WrittenDate) -> datetime | None:
        try:
            end = self._read_end(cells, start)
        except DateNotUnderstood as error:
            raise CellProblem("ends_at", error.reason) from error
        if end is not None and end < start.value:
            raise CellProblem("ends_at", Reason(_BACKWARDS, {"text": as_text(cells[-1])}))
        return end

    def _read_end(self, cells: Sequence[Cell], start: WrittenDate) -> datetime | None:
        day = read_end(cells[0], start, zone=self.zone, epoch=self.epoch)
        if len(cells) == 1:
            return day
        # The day's own reading ends at the midnight after it.
        last = (day - timedelta(seconds=1) if day else start.value).astimezone(self.zone).date()
        hours = self._read(cells[1], day=last)
        return day if hours.all_day else hours.end or hours.value

    def _read(self, cell: Cell, day: date | None = None) -> WrittenDate:
        return read_date(cell, today=self.today, zone=self.zone, day=day, epoch=self.epoch)

    def _whole_days(self, end: datetime) -> datetime:
        """An activity without an hour of its start is counted in whole days."""
        midnight = datetime.combine(end.astimezone(self.zone).date(), time(), tzinfo=self.zone)
        return midnight if end == midnight else midnight + timedelta(days=1)


def as_text(cell: Cell) -> str:
    """A cell as one would type it: 3.0 → 3, midnight → the date."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == time() else "%Y-%m-%d %H:%M")
    return str(cell)


def _is_hours_alone(cell: Cell) -> bool:
    if isinstance(cell, (time, timedelta, float)):
        return True
    if isinstance(cell, datetime):
        return cell.year <= 1900
    return not isinstance(cell, (date, int)) and not _names_a_day(as_text(cell))


def _names_a_day(text: str) -> bool:
    return re.search(r"[日号月]|\d\s*[/.\-]\s*\d+\s*[/.\-]\s*\d|^\d{8}", text) is not None
