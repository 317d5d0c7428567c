"""Dates, times and numbers in words people use (ST-32): 5月1日 星期五 上午9点30分."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from flask_babel import gettext as _

from culture_cloud import clock
from culture_cloud.i18n import is_chinese

_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_PARTS = ((5, "凌晨"), (8, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))


def site_zone() -> ZoneInfo:
    """The zone in which the site's people live."""
    return zone(current_app.config["SITE_TIME_ZONE"])


@lru_cache
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local(moment: datetime) -> datetime:
    return moment.astimezone(site_zone())


def today() -> date:
    return local(clock.now()).date()


def weekday_words(day: date) -> str:
    if is_chinese():
        return "星期" + _WEEKDAYS[day.weekday()]
    return _WEEKDAYS_EN[day.weekday()]


def day_words(day: date) -> str:
    """5月1日, with the year where it is not this one."""
    this_year = day.year == today().year
    if is_chinese():
        text = f"{day.month}月{day.day}日"
        return text if this_year else f"{day.year}年{text}"
    text = f"{day.day} {_MONTHS_EN[day.month - 1]}"
    return text if this_year else f"{text} {day.year}"


def date_words(moment: datetime | date) -> str:
    """5月1日（星期五）"""
    day = local(moment).date() if isinstance(moment, datetime) else moment
    if is_chinese():
        return f"{day_words(day)}（{weekday_words(day)}）"
    return f"{weekday_words(day)} {day_words(day)}"


def near_day_words(moment: datetime | date) -> str:
    """今天, 明天, 后天 where it is so; else empty."""
    day = local(moment).date() if isinstance(moment, datetime) else moment
    distance = (day - today()).days
    names: dict[int, str] = {0: _("Today"), 1: _("Tomorrow"), 2: _("The day after tomorrow")}
    return names.get(distance, "")


def time_words(moment: datetime) -> str:
    """上午9点30分; 9:30 am."""
    return clock_words(local(moment).hour, local(moment).minute)


def clock_words(hour: int, minute: int, *, part: bool = True) -> str:
    if is_chinese():
        shown = hour if hour <= 12 else hour - 12
        prefix = next(name for end, name in _PARTS if hour < end) if part else ""
        return f"{prefix}{shown}点" + (f"{minute}分" if minute else "")
    half = "am" if hour < 12 else "pm"
    return f"{hour % 12 or 12}:{minute:02d} {half}"


def _part_of_day(hour: int) -> str:
    return next(name for end, name in _PARTS if hour < end)


def last_day(ends_at: datetime) -> date:
    """The last local day of a span that ends at `ends_at`; midnight counts to the day before."""
    return (local(ends_at) - timedelta(microseconds=1)).date()


def when_words(
    starts_at: datetime, ends_at: datetime, *, all_day: bool = False, end_known: bool = True
) -> str:
    """When it is, whole: 5月1日（星期五）上午9点30分至11点; 5月1日至6月3日."""
    starts, ends = local(starts_at), local(ends_at)
    final = max(starts.date(), last_day(ends_at))
    if starts.date() != final and ends - starts > timedelta(hours=12):
        span = day_words(starts.date()), day_words(final)
        return "至".join(span) if is_chinese() else " to ".join(span)
    if all_day:
        return date_words(starts_at)
    first = f"{date_words(starts_at)}{'' if is_chinese() else ', '}{time_words(starts_at)}"
    if not end_known or starts == ends:
        return first
    if not is_chinese():
        return f"{first} to {time_words(ends_at)}"
    same_part = _part_of_day(starts.hour) == _part_of_day(ends.hour)
    return f"{first}至{clock_words(ends.hour, ends.minute, part=not same_part)}"


def date_and_time_words(moment: datetime) -> str:
    """One moment, whole."""
    return f"{date_words(moment)}{'' if is_chinese() else ', '}{time_words(moment)}"


def paragraphs(text: str) -> list[str]:
    """Plain text cut where blank lines stand."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [block.strip() for block in blocks if block.strip()]


def init_app(app: Flask, time_zone: str) -> None:
    app.config["SITE_TIME_ZONE"] = time_zone
    filters: tuple[Callable[..., object], ...] = (
        date_words, day_words, weekday_words, near_day_words, time_words, when_words,
        date_and_time_words, paragraphs, local,
    )  # fmt: skip
    for words in filters:
        app.add_template_filter(words, words.__name__)
