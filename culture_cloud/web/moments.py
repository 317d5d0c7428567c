"""Days and times as people type them (ST-18), read in the site's zone."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta

from .words import site_zone, today


class NotADay(ValueError):
    """The text names no day of the calendar."""


class NotATime(ValueError):
    """The text names no time of the day."""


_NEAR = {"今天": 0, "明天": 1, "后天": 2}
_DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?$")

_CLOCK = re.compile(
    r"(凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上)?"
    r"(\d{1,2})(?:[:.点时](?:(\d{1,2})分?|(半|一刻|三刻|整))?)?"
    r"(am|pm)?"
)
_COMPACT_CLOCK = re.compile(r"(\d{1,2})(\d{2})")
_SPOKEN_MINUTES = {"半": 30, "一刻": 15, "三刻": 45, "整": 0}
_AFTER_NOON = {"下午", "傍晚", "晚上", "pm"}
_NUMERALS = {"十二": "12", "十一": "11", "十": "10", "两": "2"} | {
    numeral: str(number) for number, numeral in enumerate("一二三四五六七八九", start=1)
}
_NUMERAL_HOUR = re.compile("(" + "|".join(_NUMERALS) + ")(?=[点时])")


def parse_day(text: str) -> date:
    """The day of 2026-05-01, 2026/5/1, 2026年5月1日, 20260501, 5月1日, 明天. Raises NotADay.

    Without a year the next such day is meant, today included.
    """
    plain = _WEEKDAY.sub("", _compact(text))
    if plain in _NEAR:
        return today() + timedelta(days=_NEAR[plain])
    found = _DAY.fullmatch(plain) or _COMPACT_DAY.fullmatch(plain)
    if found is None:
        raise NotADay(text)
    year, month, day = found.groups()
    try:
        if year is not None:
            return date(int(year), int(month), int(day))
        this_year = date(today().year, int(month), int(day))
        return this_year if this_year >= today() else this_year.replace(year=this_year.year + 1)
    except ValueError:
        raise NotADay(text) from None


def parse_clock(text: str) -> time:
    """The time of 9:30, 09.30, 930, 9, 2pm, 上午9点半, 下午两点一刻. Raises NotATime."""
    plain = _NUMERAL_HOUR.sub(lambda m: _NUMERALS[m[1]], _compact(text).lower())
    compact = _COMPACT_CLOCK.fullmatch(plain) if len(plain) >= 3 else None
    if compact is not None:
        return _time(text, int(compact[1]), int(compact[2]))
    found = _CLOCK.fullmatch(plain)
    if found is None:
        raise NotATime(text)
    part, hours, minutes, spoken, half = found.groups()
    hour = _hour_of_day(int(hours), half or part or "")
    return _time(text, hour, _SPOKEN_MINUTES[spoken] if spoken else int(minutes or 0))


def _hour_of_day(hour: int, part: str) -> int:
    if (part in _AFTER_NOON and hour < 12) or (part == "中午" and hour < 3):
        return hour + 12
    if hour == 12 and part in {"am", "凌晨"}:
        return 0
    # midnight said as "12 at night" belongs to the next day: better asked again than guessed
    return 24 if hour == 12 and part == "晚上" else hour


def _time(text: str, hour: int, minute: int) -> time:
    try:
        return time(hour, minute)
    except ValueError:
        raise NotATime(text) from None


def at(day: date, clock_time: time) -> datetime:
    """The moment (aware, UTC) at which it is that day and time at the site."""
    return datetime.combine(day, clock_time, site_zone()).astimezone(UTC)


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
