"""When a node is open, at the edges of the day and of the exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, g

from culture_cloud import clock
from culture_cloud.network import hours, hours_words
from culture_cloud.network.hours import Standing, Timetable

ZONE = ZoneInfo("Asia/Shanghai")
MORNING, AFTERNOON = (time(8, 30), time(12)), (time(14), time(17, 30))
TUESDAY = date(2026, 5, 5)
SUNDAY = date(2026, 5, 10)
MONDAY = date(2026, 5, 11)


def table(*closings: tuple[date, date, time | None, time | None, str]) -> Timetable:
    """Tuesday to Sunday with a lunch break; Monday is a day of rest."""
    return hours.timetable(
        [(day, *span) for day in range(1, 7) for span in (MORNING, AFTERNOON)], closings
    )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


@pytest.fixture
def english(app_context: Flask) -> Iterator[None]:
    g.locale = "en"
    yield
    g.pop("locale")


def said(timetable: Timetable, moment: datetime) -> str:
    with clock.frozen(moment.astimezone(UTC)):
        return hours_words.now_words(hours.state(timetable, moment))


@pytest.mark.parametrize(
    ("moment", "standing"),
    [
        (at(TUESDAY, 8, 29), Standing.OPENS_LATER),
        (at(TUESDAY, 8, 30), Standing.OPEN),
        (at(TUESDAY, 11, 59), Standing.OPEN),
        (at(TUESDAY, 12), Standing.OPENS_LATER),
        (at(TUESDAY, 13, 59), Standing.OPENS_LATER),
        (at(TUESDAY, 14), Standing.OPEN),
        (at(TUESDAY, 17, 29), Standing.OPEN),
        (at(TUESDAY, 17, 30), Standing.OVER),
        (at(MONDAY, 10), Standing.CLOSED_TODAY),
        (at(SUNDAY, 10), Standing.OPEN),
    ],
)
def test_stands_open_from_the_opening_minute_until_before_the_closing_one(
    moment: datetime, standing: Standing
) -> None:
    assert hours.state(table(), moment).standing is standing


def test_an_aware_moment_keeps_its_zone_in_the_next_opening() -> None:
    assert table().next_opening(at(SUNDAY, 18)) == at(SUNDAY + timedelta(days=2), 8, 30)


def test_one_minute_before_opening_the_opening_is_still_to_come() -> None:
    assert table().next_opening(at(TUESDAY, 8, 29)) == at(TUESDAY, 8, 30)
    assert table().next_opening(at(TUESDAY, 8, 30)) == at(TUESDAY, 14)


def test_a_closing_that_spans_today_closes_the_whole_day_and_names_the_reason(
    english: None,
) -> None:
    closed = table((date(2026, 5, 1), date(2026, 5, 5), None, None, "stocktaking"))
    state = hours.state(closed, at(TUESDAY, 10))
    assert state.standing is Standing.CLOSED_TODAY
    words = said(closed, at(TUESDAY, 10))
    assert words.startswith("Closed today: stocktaking. ")
    assert "Tomorrow" in words
    assert "8:30 am" in words


def test_the_day_after_a_closing_is_open_again() -> None:
    closed = table((date(2026, 5, 1), date(2026, 5, 5), None, None, ""))
    assert hours.state(closed, at(date(2026, 5, 6), 10)).standing is Standing.OPEN


def test_special_hours_hold_instead_of_the_usual_ones() -> None:
    special = table((MONDAY, MONDAY, time(19), time(21), "灯会"))
    assert hours.state(special, at(MONDAY, 18, 59)).standing is Standing.OPENS_LATER
    assert hours.state(special, at(MONDAY, 19)).standing is Standing.OPEN
    usual_is_off = table((TUESDAY, TUESDAY, time(19), time(21), ""))
    assert hours.state(usual_is_off, at(TUESDAY, 10)).standing is Standing.OPENS_LATER


def test_two_rows_for_the_same_day_make_its_lunch_break() -> None:
    special = table(
        (MONDAY, MONDAY, time(9), time(11), "灯会"), (MONDAY, MONDAY, time(15), time(17), "灯会")
    )
    assert [s.opens.hour for s in special.spans_on(MONDAY)] == [9, 15]
    assert len(special.exceptional) == 1
    assert special.exceptional[0].reason == "灯会"


def test_special_hours_of_one_day_stand_against_a_closing_around_it() -> None:
    both = table(
        (date(2026, 5, 1), date(2026, 5, 7), None, None, "放假"),
        (TUESDAY, TUESDAY, time(9), time(12), ""),
    )
    assert hours.state(both, at(TUESDAY, 10)).standing is Standing.OPEN
    assert hours.state(both, at(date(2026, 5, 6), 10)).standing is Standing.CLOSED_TODAY


def test_tells_of_days_that_differ_two_weeks_ahead_and_no_earlier() -> None:
    day = TUESDAY + timedelta(days=14)
    closed = table((day, day, None, None, ""))
    assert closed.coming_exceptions(TUESDAY) == list(closed.exceptional)
    assert closed.coming_exceptions(TUESDAY - timedelta(days=1)) == []
    assert closed.coming_exceptions(day) == list(closed.exceptional)
    assert closed.coming_exceptions(day + timedelta(days=1)) == []


def test_without_hours_nothing_is_claimed(app_context: Flask) -> None:
    assert hours.state(Timetable(), at(TUESDAY, 10)).standing is Standing.UNKNOWN
    assert said(Timetable(), at(TUESDAY, 10)) == ""


def test_a_hall_closed_for_years_names_no_next_opening(english: None) -> None:
    closed = table((date(2026, 1, 1), date(2030, 1, 1), None, None, "rebuilding"))
    assert said(closed, at(TUESDAY, 10)) == "Closed today: rebuilding"


def test_hours_are_said_as_people_say_them_in_chinese(app_context: Flask) -> None:
    spans = table().spans_on(TUESDAY)
    assert hours_words.spans_words(spans) == "上午8点30分至12点、下午2点至5点30分"
    noon = (hours.Span(time(12), time(14)),)
    assert hours_words.spans_words(noon) == "中午12点至下午2点"


def test_hours_are_said_in_english(english: None) -> None:
    spans = table().spans_on(TUESDAY)
    assert hours_words.spans_words(spans) == "8:30 am to 12:00 pm and 2:00 pm to 5:30 pm"


def test_names_the_next_opening_by_how_far_it_is(english: None) -> None:
    weekly = hours.timetable([(2, time(9), time(12))])  # Wednesdays
    assert "Today at 9:00 am" in said(weekly, at(date(2026, 5, 6), 8))
    assert "Tomorrow at 9:00 am" in said(weekly, at(TUESDAY, 10))
    assert "on Wednesday at" in said(weekly, at(date(2026, 5, 7), 10))
    far = hours.timetable([(2, time(9), time(12))], [(TUESDAY, date(2026, 5, 13), None, None, "")])
    assert "on Wednesday 20 May at" in said(far, at(date(2026, 5, 7), 10))


def test_the_week_table_begins_on_monday_and_marks_today(english: None) -> None:
    rows = hours_words.week_rows(table().week, SUNDAY)
    assert rows[0] == ("Monday", "Closed", False)
    assert rows[6][0] == "Sunday"
    assert [is_today for *_, is_today in rows] == [False] * 6 + [True]


def test_says_from_when_until_when_it_is_closed_and_why(english: None) -> None:
    closed = table((date(2026, 5, 12), date(2026, 5, 14), None, None, "repairs"))
    with clock.frozen(at(TUESDAY, 10).astimezone(UTC)):
        assert hours_words.coming_words(closed, TUESDAY) == ["12 May to 14 May: closed (repairs)"]
