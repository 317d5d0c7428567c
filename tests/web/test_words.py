"""Dates, times and numbers as people say them (ST-32)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, g

from culture_cloud import clock
from culture_cloud.web import words
from culture_cloud.web.words import zone

pytestmark = pytest.mark.one_database  # what is judged here never asks a database

SHANGHAI = zone("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _now(app_context: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (0, 0, "凌晨0点"),
        (4, 59, "凌晨4点59分"),
        (7, 30, "早上7点30分"),
        (9, 30, "上午9点30分"),
        (12, 0, "中午12点"),
        (13, 0, "下午1点"),
        (17, 59, "下午5点59分"),
        (18, 0, "晚上6点"),
        (23, 5, "晚上11点5分"),
    ],
)
def test_hours_have_their_part_of_the_day(hour: int, minute: int, said: str) -> None:
    assert words.time_words(at(5, 1, hour, minute)) == said


@pytest.mark.parametrize(
    ("starts", "ends", "all_day", "said"),
    [
        (at(11, 28, 9, 30), at(11, 28, 11), False, "11月28日（星期六）上午9点30分至11点"),
        (at(11, 28, 9), at(11, 28, 15), False, "11月28日（星期六）上午9点至下午3点"),
        (at(11, 28, 19), at(11, 29, 1), False, "11月28日（星期六）晚上7点至凌晨1点"),
        (at(11, 1, 9), at(12, 20, 17), False, "11月1日至12月20日"),
        (at(11, 28), at(11, 29), True, "11月28日（星期六）"),
        (at(11, 28), at(11, 30), True, "11月28日至11月29日"),
        (at(12, 30, 9), at(1, 3, 17, year=2027), False, "12月30日至2027年1月3日"),
    ],
)
def test_when_it_is_whole(starts: datetime, ends: datetime, all_day: bool, said: str) -> None:
    assert words.when_words(starts, ends, all_day=all_day) == said


def test_an_end_that_nobody_named_is_not_invented() -> None:
    starts = at(11, 28, 9)
    said = words.when_words(starts, starts + timedelta(hours=2), end_known=False)
    assert said == "11月28日（星期六）上午9点"


def test_moments_are_told_in_the_sites_zone() -> None:
    assert words.date_words(datetime(2026, 11, 24, 16, 30, tzinfo=UTC)) == "11月25日（星期三）"


@pytest.mark.parametrize(("days", "said"), [(0, "今天"), (1, "明天"), (2, "后天"), (3, "")])
def test_near_days_have_their_names(days: int, said: str) -> None:
    assert words.near_day_words(NOW + timedelta(days=days)) == said


def test_english_is_complete_too() -> None:
    g.locale = "en"
    said = words.when_words(at(11, 28, 9, 30), at(11, 28, 15))
    assert said == "Saturday 28 November, 9:30 am to 3:00 pm"
    assert words.when_words(at(11, 1, 9), at(12, 20, 17)) == "1 November to 20 December"


def test_paragraphs_are_parted_by_blank_lines() -> None:
    assert words.paragraphs("一\r\n二\r\n\r\n\r\n三\n") == ["一\n二", "三"]
