"""Opening hours as people write them → spans: 周二至周日 9:00-12:00, 14:00-17:30；周一闭馆."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Any

from culture_cloud.tabular import N_, Reason
from culture_cloud.web.moments import NotATime, parse_clock

from .hours import Span

EARLIEST = time(5)
"""An opening before this is taken for a slip (2:00 for 14:00) unless 凌晨 or "am" is said."""

LATEST_GUESS = time(8)
"""Up to here a second opening after a morning is taken for the afternoon's."""

LAST_MINUTE = time(23, 59)
"""24:00 cannot be kept; the last minute of the day stands for it."""


class HoursNotUnderstood(ValueError):
    """The text does not say when the node is open; `reason` says what stands in the way."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


_DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_DAYS |= {str(number): number - 1 for number in range(1, 8)}
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TOKEN = re.compile(
    r"""
    (?P<every>每天|每日|天天|全周|daily|every\s*day)
  | (?P<workdays>工作日|平日|weekdays?\b)
  | (?P<weekend>周末|双休日|weekends?\b)
  | (?P<holiday>(?:法定)?(?:节假日|节日|假日)|public\s+holidays?|holidays?)
  | (?:周|星期|礼拜)\s*(?P<day>[一二三四五六日天1-7])
  | (?P<english>mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?
  | (?P<all_day>全天|24\s*小时|24\s*hours|around\s+the\s+clock)
  | (?P<closed>休息|休馆|闭馆|不开放|不开门|关门|关闭|closed)
  | (?P<clock>(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|早|晚)?\s*
      (?:\d{1,2}|[一二两三四五六七八九十]{1,2}(?=\s*[点时]))
      (?:\s*[:.点时]\s*(?:\d{1,2}\s*分?|半|一刻|三刻|整)?)?
      \s*(?:[ap]\.?m\b\.?)?)
  | (?P<bare>(?<=[、,和及至到~-])[一二三四五六日天](?![\d点时]|\s+[点时]))
  | (?P<range>至|到|-|~|to\b|until\b|through\b)
  | (?P<noise>[\s,;:、。()\[\]/|+&和及与每]
      |(?:开放|开馆)(?:时间)?|开门|营业|时间|and\b|from\b|on\b|open\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DASHES = re.compile("[‐‑–—―−─～〜]+")


@dataclass(frozen=True, slots=True)
class _Clock:
    minutes: int
    #: 上午, 下午, am, pm stood with it
    part_said: bool = False

    @property
    def sure(self) -> bool:
        """Whether the half of the day is known: said, or plain from 13:00 on."""
        return self.part_said or self.minutes >= 13 * 60


def parse_week(text: str) -> dict[int, tuple[Span, ...]]:
    """The weekly hours that a text gives: weekday (0 is Monday) → spans.

    Hours without days hold every day; a day named as closed is closed whatever else is said.
    Raises HoursNotUnderstood.
    """
    hours: dict[int, set[Span]] = {}
    closed: set[int] = set()
    days: list[int] = []
    group_ended = closed_follows = False
    for item in _items(text):
        if isinstance(item, list):
            days = item if group_ended else [*days, *item]
            group_ended = False
            if closed_follows:
                closed.update(days)
        elif item is None:
            # 周一闭馆 names the days before, "closed on Monday" after the word
            closed_follows = group_ended or not days
            closed.update([] if closed_follows else days)
            group_ended = True
        else:
            for day in days or range(7):
                hours.setdefault(day, set()).add(item)
            group_ended, closed_follows = True, False
    if not hours:
        raise HoursNotUnderstood(
            Reason(N_("“%(text)s” gives no opening hours."), {"text": text.strip()})
        )
    week = {day: tuple(sorted(spans)) for day, spans in sorted(hours.items()) if day not in closed}
    for spans in week.values():
        _refuse_overlaps(spans)
    return week


def parse_spans(text: str) -> tuple[Span, ...]:
    """The hours of one day: 8:30-12:00，14:00-17:30. Empty text or 休息 is a day of rest.

    Raises HoursNotUnderstood.
    """
    spans: list[Span] = []
    for item in _items(text):
        if isinstance(item, list):
            raise HoursNotUnderstood(
                Reason(N_("Write only the hours of this day here, such as 9:00-12:00."))
            )
        if item is not None:
            spans.append(item)
    _refuse_overlaps(tuple(sorted(spans)))
    return tuple(sorted(spans))


def spans_text(spans: tuple[Span, ...]) -> str:
    """The same as a clerk would type it again: 08:30-12:00, 14:00-17:30."""
    return ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans)


def _items(text: str) -> Iterator[list[int] | Span | None]:
    """Days, then their spans (None is "closed"), in the order in which they stand."""
    tokens = list(_tokens(text))
    position = 0
    previous: Span | None = None
    while position < len(tokens):
        kind, value = tokens[position]
        if kind == "days":
            days: list[int] = value
            if _is_range(tokens, position, "days"):
                days = _day_range(days[-1], tokens[position + 2][1][0])
                position += 2
            previous = None
            yield days
        elif kind == "clock":
            if not _is_range(tokens, position, "clock"):
                raise HoursNotUnderstood(
                    Reason(N_("“%(text)s”: an hour stands alone. Write from when until when, such"
                              " as 9:00-12:00."), {"text": text.strip()})
                )  # fmt: skip
            previous = _span(value, tokens[position + 2][1], previous, text)
            position += 2
            yield previous
        elif kind == "all_day":
            yield Span(time(0), LAST_MINUTE)
        elif kind == "closed":
            yield None
        position += 1


def _is_range(tokens: list[tuple[str, Any]], position: int, kind: str) -> bool:
    return [name for name, _ in tokens[position + 1 : position + 3]] == ["range", kind]


def _tokens(text: str) -> Iterator[tuple[str, Any]]:
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip()
    position = 0
    while position < len(plain):
        match = _TOKEN.match(plain, position)
        if match is None or match.end() == position:
            raise HoursNotUnderstood(
                Reason(
                    N_("“%(text)s” cannot be read from “%(rest)s” on. Write it such as 周二至周日"
                       " 9:00-12:00, 14:00-17:30."),
                    {"text": text.strip(), "rest": plain[position : position + 12]},
                )
            )  # fmt: skip
        token = _token(match, text)
        if token is not None:
            yield token
        position = match.end()


def _token(match: re.Match[str], text: str) -> tuple[str, Any] | None:
    found = match.groupdict()
    if found["every"]:
        return "days", list(range(7))
    if found["workdays"]:
        return "days", list(range(5))
    if found["weekend"]:
        return "days", [5, 6]
    if found["day"] or found["bare"]:
        return "days", [_DAYS[found["day"] or found["bare"]]]
    if found["english"]:
        return "days", [_ENGLISH.index(found["english"].lower())]
    if found["holiday"]:
        raise HoursNotUnderstood(
            Reason(N_("Holidays change with the year. Leave them out here and enter the days on"
                      " which you are closed."))
        )  # fmt: skip
    if found["clock"]:
        return "clock", _clock(found["clock"], text)
    return next(((kind, None) for kind in ("all_day", "closed", "range") if found[kind]), None)


def _clock(found: str, text: str) -> _Clock:
    plain = re.sub(r"[\s.](?=m\b|m\.)|\.$", "", found.lower()).replace("早晨", "早上")
    plain = re.sub("早(?!上)", "早上", re.sub("晚(?!上)", "晚上", plain))
    if re.fullmatch(r"24(?:[:.点时](?:00分?|整)?)?", plain):
        return _Clock(24 * 60)
    try:
        moment = parse_clock(plain)
    except NotATime:
        raise HoursNotUnderstood(
            Reason(N_("“%(text)s”: there is no such time of day."), {"text": text.strip()})
        ) from None
    return _Clock(_minutes(moment), part_said=plain[0] in "凌清早上中下傍晚" or plain[-1] == "m")


def _span(first: _Clock, last: _Clock, previous: Span | None, text: str) -> Span:
    opens, closes = first.minutes, last.minutes
    noon = 12 * 60
    # 8:30-12:00, 2:00-5:30: after a morning the small hours are the afternoon's
    if previous and not first.sure and opens <= _minutes(LATEST_GUESS) < _minutes(previous.closes):
        opens += noon
    # 下午2点至5点, 9-5; not 17:00-9:00
    if closes <= opens and not last.sure and (first.part_said or not first.sure):
        closes += noon
    if closes <= opens:
        raise HoursNotUnderstood(
            Reason(N_("“%(text)s”: it closes before it opens."), {"text": text.strip()})
        )
    span = Span(_time(opens), _time(closes))
    if span.opens < EARLIEST and not first.sure and opens:
        raise HoursNotUnderstood(
            Reason(
                N_("“%(text)s” begins at night. For the afternoon write 14:00 or 下午2点."),
                {"text": text.strip()},
            )
        )
    return span


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _time(minutes: int) -> time:
    return LAST_MINUTE if minutes >= 24 * 60 else time(minutes // 60, minutes % 60)


def _day_range(first: int, last: int) -> list[int]:
    """周五至周一 goes over the end of the week."""
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _refuse_overlaps(spans: tuple[Span, ...]) -> None:
    for earlier, later in pairwise(spans):
        if later.opens < earlier.closes:
            raise HoursNotUnderstood(
                Reason(
                    N_("%(first)s and %(second)s overlap."),
                    {"first": spans_text((earlier,)), "second": spans_text((later,))},
                )
            )
