"""EDTF levels 1 and 2 as far as heritage needs them, and the first and last day a date may mean.

Days are whole numbers of the form year × 10000 + month × 100 + day, which sort as dates do and
reach back before the year 1. Open and unknown ends are None.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

FIRST_YEAR, LAST_YEAR = -9999, 9999

_SIMPLE = re.compile(
    r"(?P<year>-?\d{4}|-?\d{3}X|-?\d{2}XX|-?\dXXX)"
    r"(?:-(?P<month>0[1-9]|1[0-2]|2[1-4]|XX)(?:-(?P<day>0[1-9]|[12]\d|3[01]|XX))?)?"
    r"(?P<qualifier>[~?%]?)"
)
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 12)}
"""Season of ISO 8601-2 → first and last month; winter is counted to the end of its year."""


class NotADate(ValueError):
    """The text says no date that can be understood; it is kept as it was typed."""


@dataclass(frozen=True, slots=True)
class FuzzyDate:
    """A date with the days it may mean."""

    edtf: str
    first: int | None
    last: int | None


def is_edtf(text: str) -> bool:
    try:
        bounds(text)
    except NotADate:
        return False
    return True


def bounds(edtf: str) -> tuple[int | None, int | None]:
    """First and last day. An approximate date (~, %) means what is written: how wide "about" is,
    nobody has said. Raises NotADate."""
    if "/" in edtf:
        begins, _, ends = edtf.partition("/")
        first = None if begins in {"", ".."} else _simple(begins)[0]
        last = None if ends in {"", ".."} else _simple(ends)[1]
        if first is None and last is None:
            raise NotADate(edtf)
        if first is not None and last is not None and first > last:
            raise NotADate(edtf)
        return first, last
    return _simple(edtf)


def _simple(text: str) -> tuple[int, int]:
    found = _SIMPLE.fullmatch(text)
    if found is None:
        raise NotADate(text)
    sign = -1 if found["year"].startswith("-") else 1
    digits = found["year"].lstrip("-")
    years = sorted(sign * int(digits.replace("X", fill)) for fill in "09")
    month, day = found["month"], found["day"]
    if month is None or month == "XX":
        return _day(years[0], 1, 1), _day(years[1], 12, 31)
    if "X" in digits:
        raise NotADate(text)
    months = _SEASONS.get(int(month), (int(month), int(month)))
    last_day = _last_day(years[0], months[1])
    if day is None or day == "XX":
        return _day(years[0], months[0], 1), _day(years[0], months[1], last_day)
    if int(month) > 12 or int(day) > last_day:
        raise NotADate(text)
    exact = _day(years[0], int(month), int(day))
    return exact, exact


def _last_day(year: int, month: int) -> int:
    # the calendar repeats after 400 years; EDTF counts it back before its beginning
    return monthrange(2000 + year % 400, month)[1]


def _day(year: int, month: int, day: int) -> int:
    return year * 10000 + month * 100 + day


def year_of(day: int) -> int:
    """The year of a day as `bounds` gives it."""
    return (day - 101) // 10000 if day < 0 else day // 10000
