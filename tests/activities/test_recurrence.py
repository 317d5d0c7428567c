"""Recurrence rules as sessions: where they begin, where they end, and that they end soon."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from culture_cloud.activities.recurrence import HORIZON, MOST_SESSIONS, BadRule, instances

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2020, 1, 1, 9, tzinfo=ZONE)
LATER = datetime(2026, 3, 1, tzinfo=ZONE)


def test_dates_before_a_day_are_left_out_but_counted() -> None:
    assert instances("FREQ=WEEKLY", FIRST, zone=ZONE, since=LATER)[0] == datetime(
        2026, 3, 4, 9, tzinfo=ZONE
    )
    counted = instances("FREQ=YEARLY;COUNT=8", FIRST, zone=ZONE, since=LATER)
    assert counted == [datetime(2027, 1, 1, 9, tzinfo=ZONE)]
    with pytest.raises(BadRule):
        instances("FREQ=YEARLY;COUNT=3", FIRST, zone=ZONE, since=LATER)


def test_a_rule_without_end_is_followed_for_a_year() -> None:
    found = instances("FREQ=WEEKLY", FIRST, zone=ZONE)
    assert found[-1] - found[0] <= HORIZON
    assert len(instances("FREQ=DAILY;BYHOUR=9,10,11", FIRST, zone=ZONE)) == MOST_SESSIONS


@pytest.mark.parametrize(
    "until", ["20200108", "20200108T090000", "20200108T010000Z", "20200108T235959Z"]
)
def test_the_day_named_as_the_last_is_included(until: str) -> None:
    found = instances(f"FREQ=DAILY;UNTIL={until}", FIRST, zone=ZONE)
    assert found[-1] == FIRST + timedelta(days=7)


def test_the_29th_of_february_is_found_in_leap_years() -> None:
    found = instances(
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", FIRST, zone=ZONE, horizon=timedelta(days=3_000)
    )
    assert [moment.year for moment in found] == [2020, 2024, 2028]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;COUNT=3;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=MINUTELY",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;UNTIL=someday",
        "every day",
    ],
)
def test_a_rule_that_yields_nothing_is_refused_soon(rule: str) -> None:
    begun = time.monotonic()
    with pytest.raises(BadRule):
        instances(rule, FIRST, zone=ZONE)
    assert time.monotonic() - begun < 5
