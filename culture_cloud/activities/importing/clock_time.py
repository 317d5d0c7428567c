"""Times of day as they are said: 下午3点半, 晚上12点, 9:30 pm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from culture_cloud.tabular.reasons import N_

_SMALL_HOURS = ("凌晨", "半夜")
_MORNING = ("清晨", "早晨", "早上", "早", "上午")
_NOON = ("中午", "正午")
_AFTERNOON = ("午后", "下午", "傍晚")
_EVENING = ("晚上", "晚间", "晚", "夜间", "夜里", "夜晚", "夜")

_NO_SUCH_HOUR = N_("There is no hour like “%(text)s”. Check it.")
_UNCLEAR = N_("The hour in “%(text)s” is not clear. Write it from 0:00 to 23:59.")


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day; `days` is 1 if it falls on the next day (24:00, 晚上12点)."""

    time: time
    days: int = 0
    period: str | None = None


class NotATimeError(ValueError):
    """`msgid` says why, with %(text)s for the text."""

    def __init__(self, msgid: str) -> None:
        super().__init__(msgid)
        self.msgid = msgid


def time_of(found: re.Match[str], n: int, inherited: str | None = None) -> ClockTime:
    """The time in part `n` of a date_text.SPAN match; `inherited` is the part of the day that
    holds when this part names none. Raises NotATimeError."""
    period = found[f"period{n}"] or found[f"after{n}"] or inherited
    period = period.lower().replace(".", "") if period else None
    minute = int(found[f"minute{n}"] or 0)
    if found[f"half{n}"]:
        minute = 30
    elif found[f"quarters{n}"]:
        minute = 15 * int(found[f"quarters{n}"])
    second = int(found[f"second{n}"] or 0)
    hour = _hour(int(found[f"hour{n}"]), period)
    days = 0
    if hour == 24:
        if minute or second:
            raise NotATimeError(_NO_SUCH_HOUR)
        hour, days = 0, 1
    if hour > 23 or minute > 59 or second > 59:
        raise NotATimeError(_NO_SUCH_HOUR)
    return ClockTime(time(hour, minute, second), days, period)


def _hour(hour: int, period: str | None) -> int:
    """The hour of 0–24. An hour that its part of the day does not have is refused."""
    if hour > 24:
        raise NotATimeError(_NO_SUCH_HOUR)
    if period is None:
        return hour
    if period in _SMALL_HOURS and hour <= 12:
        return hour % 12
    if period == "am" and hour <= 12:
        return hour % 12
    if period in _MORNING and hour <= 12:
        return hour
    if period in _NOON and (hour in (11, 12, 13, 14) or 1 <= hour <= 2):
        return hour if hour > 2 else hour + 12
    if period in (*_AFTERNOON, "pm"):
        return hour if hour >= 12 else hour + 12
    if period in _EVENING and hour >= 5:
        # Twelve in the evening is the midnight that ends the day.
        return hour if hour > 12 else hour + 12
    raise NotATimeError(_UNCLEAR)
