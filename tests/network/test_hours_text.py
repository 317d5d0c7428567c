"""Opening hours as clerks type them."""

from __future__ import annotations

import pytest

from culture_cloud.network.hours_text import (
    HoursNotUnderstood,
    parse_spans,
    parse_week,
    spans_text,
)

WHOLE_WEEK = range(7)


def week_text(text: str) -> dict[int, str]:
    return {day: spans_text(spans) for day, spans in parse_week(text).items()}


def every(days: range | list[int], hours: str) -> dict[int, str]:
    return dict.fromkeys(days, hours)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "周二至周日 9:00-12:00, 14:00-17:30",
            every(range(1, 7), "09:00-12:00, 14:00-17:30"),
        ),
        (
            "周二至周日9：00—12：00，14：00～17：30（周一闭馆）",
            every(range(1, 7), "09:00-12:00, 14:00-17:30"),
        ),
        ("每天 8:30-17:30，周一闭馆", every(range(1, 7), "08:30-17:30")),
        (
            "周一、三、五 上午9点至11点半；周六 下午2点到5点",
            every([0, 2, 4], "09:00-11:30") | {5: "14:00-17:00"},
        ),
        ("周一至五 8:30-12:00，2:30-5:30", every(range(5), "08:30-12:00, 14:30-17:30")),
        (
            "Mon-Fri 9am-5pm; Sat, Sun 10:00 to 16:00",
            every(range(5), "09:00-17:00") | every([5, 6], "10:00-16:00"),
        ),
        ("Tuesday to Sunday 9:00-17:00, closed on Monday", every(range(1, 7), "09:00-17:00")),
        ("开放时间：9:00-17:00", every(WHOLE_WEEK, "09:00-17:00")),
        ("周五到周一 9-12", every([4, 5, 6, 0], "09:00-12:00")),
        ("周六、周日 8.30-11.30", every([5, 6], "08:30-11:30")),
        ("工作日 上午九点到下午五点，周末 10:00-16:00", every(range(5), "09:00-17:00")
         | every([5, 6], "10:00-16:00")),
        ("早8:30-晚9点", every(WHOLE_WEEK, "08:30-21:00")),
        ("全天开放", every(WHOLE_WEEK, "00:00-23:59")),
        ("周一至周日 8:00-24:00", every(WHOLE_WEEK, "08:00-23:59")),
    ],
)  # fmt: skip
def test_reads_a_week_in_words(text: str, expected: dict[int, str]) -> None:
    assert week_text(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("看情况", "cannot be read from"),
        ("周一", "gives no opening hours"),
        ("周一休息", "gives no opening hours"),
        ("周三 9点", "stands alone"),
        ("9:00-25:00", "no such time"),
        ("17:00-9:00", "closes before it opens"),
        ("2:00-5:30", "begins at night"),
        ("9:00-12:00, 11:00-13:00", "overlap"),
        ("周一至周五 9:00-17:00，节假日照常", "Holidays"),
    ],
)
def test_says_why_it_cannot_read_the_hours(text: str, reason: str) -> None:
    with pytest.raises(HoursNotUnderstood, match=reason):
        parse_week(text)


def test_a_day_without_text_is_a_day_of_rest() -> None:
    assert parse_spans("") == parse_spans("休息") == ()


def test_one_day_may_hold_three_spans() -> None:
    text = "08:30-11:30, 14:00-17:30, 19:00-21:00"
    assert spans_text(parse_spans(text)) == text


def test_other_days_do_not_belong_into_the_line_of_one_day() -> None:
    with pytest.raises(HoursNotUnderstood, match="only the hours of this day"):
        parse_spans("周二 9:00-12:00")
