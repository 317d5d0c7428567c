"""Dates as clerks write them. Today is Tuesday, 10 March 2026, in Shanghai."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from culture_cloud.activities.importing.dates import (
    DateNotUnderstood,
    WrittenDate,
    read_date,
    read_end,
    with_hours,
)

TODAY = date(2026, 3, 10)
ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def read(value: object, day: date | None = None) -> WrittenDate:
    return read_date(value, today=TODAY, zone=ZONE, day=day)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026年5月1日上午9:30", "2026-05-01T09:30"),
        ("2026年5月1日 晚上8点", "2026-05-01T20:00"),
        ("2026年5月1日下午3点半", "2026-05-01T15:30"),
        ("2026年5月1日中午12点", "2026-05-01T12:00"),
        ("2026年5月1日中午1点", "2026-05-01T13:00"),
        ("2026年5月1日凌晨2点", "2026-05-01T02:00"),
        ("2026年5月1日凌晨12点", "2026-05-01T00:00"),
        ("2026年5月1日上午12点", "2026-05-01T12:00"),
        ("2026年5月1日晚上12点", "2026-05-02T00:00"),
        ("2026年12月31日24:00", "2027-01-01T00:00"),
        ("2026年5月1日下午15:00", "2026-05-01T15:00"),
        ("2026年5月1日三点一刻", "2026-05-01T03:15"),
        ("2026年5月1日下午三點三刻", "2026-05-01T15:45"),
        ("2026/5/1 9:30", "2026-05-01T09:30"),
        ("2026.5.1  19点", "2026-05-01T19:00"),
        ("2026-05-01 09:30:45", "2026-05-01T09:30:45"),
        ("2026-05-01T09:30:00.000", "2026-05-01T09:30"),
        ("２０２６-０５-０１ ２１：３０", "2026-05-01T21:30"),
        ("2026年5月1日（星期五）21时30分", "2026-05-01T21:30"),
        ("2026年5月1日【周五】21时", "2026-05-01T21:00"),
        ("Fri 2026-05-01 9:30 PM", "2026-05-01T21:30"),
        ("2026-05-01 12:00 AM", "2026-05-01T00:00"),
        ("2026-05-01T21:00:00+08:00", "2026-05-01T21:00"),
        ("2026-05-01T13:00:00Z", "2026-05-01T21:00"),
        ("20260501T130000Z", "2026-05-01T21:00"),
        ("二〇二六年五月一日上午九点三十分", "2026-05-01T09:30"),
        ("二零二六年十二月三十一日晚七点整", "2026-12-31T19:00"),
        ("5月1日9:00开始", "2026-05-01T09:00"),
        ("26年5月1日9:00", "2026-05-01T09:00"),
    ],
)
def test_reads_a_moment(text: str, moment: str) -> None:
    assert read(text) == WrittenDate(at(moment), all_day=False)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20260501", "2026-05-01"),
        ("2026年5月1日", "2026-05-01"),
        ("2026年5月1号 全天", "2026-05-01"),
        ("二〇二六年五月一日", "2026-05-01"),
        ("5月1日", "2026-05-01"),
        ("3月10日", "2026-03-10"),
        ("3月9日", "2027-03-09"),
        ("2月29日", "2028-02-29"),
        ("5/1", "2026-05-01"),
        ("46143", "2026-05-01"),
    ],
)
def test_reads_a_day_of_which_the_hour_is_not_told(text: str, day: str) -> None:
    written = read(text)
    assert written == WrittenDate(at(day), all_day=True)
    assert not written.has_time


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026年5月1日 9:00-11:30", "2026-05-01T09:00", "2026-05-01T11:30"),
        ("2026年5月1日 9:00—11:00", "2026-05-01T09:00", "2026-05-01T11:00"),
        ("2026年5月1日 9-11点", "2026-05-01T09:00", "2026-05-01T11:00"),
        ("2026年5月1日下午2:30-4:30", "2026-05-01T14:30", "2026-05-01T16:30"),
        ("2026年5月1日上午9点半到十一点", "2026-05-01T09:30", "2026-05-01T11:00"),
        ("2026年5月1日上午9:00至下午4:00", "2026-05-01T09:00", "2026-05-01T16:00"),
        ("2026年5月1日晚上10点-1点", "2026-05-01T22:00", "2026-05-02T01:00"),
        ("2026-05-01 09:00 ~ 2026-05-07 17:00", "2026-05-01T09:00", "2026-05-07T17:00"),
        ("5月1日9:00至5月2日17:00", "2026-05-01T09:00", "2026-05-02T17:00"),
    ],
)
def test_reads_a_span_of_hours(text: str, start: str, end: str) -> None:
    assert read(text) == WrittenDate(at(start), all_day=False, end=at(end))


@pytest.mark.parametrize(
    ("text", "first", "midnight_after"),
    [
        ("5月1日至5月7日", "2026-05-01", "2026-05-08"),
        ("5月1日-7日", "2026-05-01", "2026-05-08"),
        ("5月1-7日", "2026-05-01", "2026-05-08"),
        ("2026.5.1-5.7", "2026-05-01", "2026-05-08"),
        ("2026-05-01 - 2026-05-07", "2026-05-01", "2026-05-08"),
        ("12月30日至1月2日", "2026-12-30", "2027-01-03"),
        ("5月1日至2027年5月7日", "2027-05-01", "2027-05-08"),
        ("3月1日至3月20日", "2026-03-01", "2026-03-21"),
        ("2月1日至3月9日", "2027-02-01", "2027-03-10"),
    ],
)
def test_reads_a_span_of_days_that_may_have_begun(
    text: str, first: str, midnight_after: str
) -> None:
    assert read(text) == WrittenDate(at(first), all_day=True, end=at(midnight_after))


@pytest.mark.parametrize(
    "text",
    [
        "5月1日至5月7日 9:00-17:00",
        "5月1日—5月7日9:00—17:00",
        "2026年5月1日至7日 每天上午9点至下午5点",
    ],
)
def test_hours_that_hold_on_several_days_stay_hours(text: str) -> None:
    expected = WrittenDate(
        at("2026-05-01T09:00"), all_day=False, end=at("2026-05-01T17:00"), days=7
    )
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2月30日", "no day"),
        ("2026年2月30日", "no day"),
        ("2026年13月1日", "no day"),
        ("2026-5-1 25点", "no hour"),
        ("2026-5-1 9:75", "no hour"),
        ("2026-5-1 24:30", "no hour"),
        ("2026-5-1 上午14:00", "not clear"),
        ("2026年5月1日晚上1点", "not clear"),
        ("民国115年5月1日", "Republic"),
        ("115年5月1日", "Republic"),
        ("115/5/1", "Republic"),
        ("5/1/2026", "which number is the year"),
        ("26.5.1", "which number is the year"),
        ("农历五月初五", "farmer's calendar"),
        ("正月十五", "farmer's calendar"),
        ("每周六上午9:00", "repeats"),
        ("今天", "changes its meaning"),
        ("明天9:00", "changes its meaning"),
        ("9:00—11:00", "no date"),
        ("8日9:00", "no month"),
        ("2026年5月10日至5月7日", "before it starts"),
        ("2026年5月1日 11:00-11:00", "before it starts"),
        ("2026年5月1日上午10:00-1:00", "before it starts"),
        ("9999-12-31", "year"),
        ("2026年5月", "not a date"),
        ("2026年5月1日凌晨", "not a date"),
        ("端午", "not a date"),
        ("", "not a date"),
        ("5" * 5000, "not a date"),
    ],
)
def test_refuses_what_is_not_sure_and_names_the_text(text: str, words: str) -> None:
    with pytest.raises(DateNotUnderstood) as refusal:
        read(text)
    assert words in str(refusal.value.reason)
    assert text[:100] in str(refusal.value.reason)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 5, 1, 9, 30), WrittenDate(at("2026-05-01T09:30"), False)),  # noqa: DTZ001
        (datetime(2026, 5, 1), WrittenDate(at("2026-05-01"), True)),  # noqa: DTZ001
        (
            datetime(2026, 5, 1, 9, 29, 59, 999_997),  # noqa: DTZ001
            WrittenDate(at("2026-05-01T09:30"), False),
        ),
        (datetime(2026, 5, 1, 1, tzinfo=UTC), WrittenDate(at("2026-05-01T09:00"), False)),
        (date(2026, 5, 1), WrittenDate(at("2026-05-01"), True)),
        (46143, WrittenDate(at("2026-05-01"), True)),
        (46143.395833333336, WrittenDate(at("2026-05-01T09:30"), False)),
        (20260501, WrittenDate(at("2026-05-01"), True)),
    ],
)
def test_reads_what_excel_holds(value: object, expected: WrittenDate) -> None:
    assert read(value) == expected


def test_serial_numbers_count_from_the_workbooks_own_day() -> None:
    written = read_date(44681, today=TODAY, zone=ZONE, epoch=date(1904, 1, 1))
    assert written.value == at("2026-05-01")


@pytest.mark.parametrize("value", [time(9, 30), timedelta(hours=9, minutes=30), 0.3958333, "9:30"])
def test_a_time_alone_belongs_to_the_day_beside_it(value: object) -> None:
    assert read(value, day=date(2026, 5, 1)).value == at("2026-05-01T09:30")
    with pytest.raises(DateNotUnderstood, match="no date"):
        read(value)


@pytest.mark.parametrize("value", [True, None, 7, 1e300, float("nan"), timedelta(days=3)])
def test_refuses_other_values(value: object) -> None:
    with pytest.raises(DateNotUnderstood):
        read(value, day=date(2026, 5, 1))


def test_a_weekday_that_does_not_fit_is_told() -> None:
    assert not read("2018/7/21(六)").weekday_differs
    assert read("2018/7/29(五) 9:00").weekday_differs
    assert read("2026年5月1日星期日").weekday_differs


@pytest.mark.parametrize(
    ("start", "end", "moment"),
    [
        ("2026年5月1日9:00", "11:30", "2026-05-01T11:30"),
        ("2026年5月1日9:00", "下午5点", "2026-05-01T17:00"),
        ("2026年5月1日9:00", time(11, 30), "2026-05-01T11:30"),
        ("2026年12月31日22:00", "1:00", "2027-01-01T01:00"),
        ("2026年12月31日9:00", "1月2日17:00", "2027-01-02T17:00"),
        ("2026年5月1日", "5月7日", "2026-05-08T00:00"),
        ("2026年5月1日9:00", "2026-05-03", "2026-05-04T00:00"),
        ("2026年5月1日9:00", "2026-05-01", None),
    ],
)
def test_reads_an_end_in_a_cell_of_its_own(start: str, end: object, moment: str | None) -> None:
    assert read_end(end, read(start), zone=ZONE) == (at(moment) if moment else None)


def test_an_end_before_the_start_is_refused() -> None:
    for end in ("2026年4月30日", "2026-05-01 8:00"):
        with pytest.raises(DateNotUnderstood, match="before the start"):
            read_end(end, read("2026年5月1日9:00"), zone=ZONE)


def test_days_and_hours_of_two_cells_are_joined_and_two_times_are_refused() -> None:
    days, hours = read("5月1日至5月3日"), read("9:00-11:00", day=date(2026, 5, 1))
    assert with_hours(days, hours, "9:00-11:00").days == 3
    with pytest.raises(DateNotUnderstood, match="second time"):
        with_hours(read("5月1日 8:00"), hours, "9:00-11:00")
    with pytest.raises(DateNotUnderstood, match="too long"):
        with_hours(read("2026年5月1日至2029年5月1日"), hours, "9:00-11:00")


def test_other_zones_are_respected() -> None:
    written = read_date("2026-05-01T09:00:00+08:00", today=TODAY, zone=ZoneInfo("Asia/Urumqi"))
    assert written.value.isoformat() == "2026-05-01T07:00:00+06:00"
