"""schema.org events in the shapes in which sites publish them."""

from __future__ import annotations

from typing import Any

import pytest

from culture_cloud.activities.importing.feeds import read_feed
from culture_cloud.activities.importing.rows import ImportRow, ImportSession, Parsed

from .books import TODAY, ZONE, at, feed

EVENT: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "Event",
    "name": "诗会",
    "startDate": "2026-06-19T19:30:00+08:00",
}


def read(document: object) -> Parsed:
    return read_feed(feed(document), zone=ZONE, today=TODAY)


def only(**changes: Any) -> ImportRow:
    parsed = read(EVENT | changes)
    assert not parsed.problems
    (row,) = parsed.rows
    return row


@pytest.mark.parametrize(
    "document",
    [
        EVENT,
        [EVENT],
        {"@graph": [{"@type": "WebPage"}, EVENT]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": EVENT}]},
        {"@type": "WebPage", "mainEntity": EVENT},
        EVENT | {"@type": ["https://schema.org/MusicEvent", "Thing"]},
        EVENT | {"@type": "schema:Festival"},
    ],
)
def test_events_are_found_wherever_they_stand(document: object) -> None:
    assert [row.title for row in read(document).rows] == ["诗会"]


def test_an_event_is_read_with_all_its_fields() -> None:
    row = only(
        **{
            "@id": "https://a.cn/7#event",
            "@type": "MusicEvent",
            "endDate": "2026-06-19T21:00:00+08:00",
            "location": {
                "@type": "Place",
                "name": "小剧场",
                "address": {
                    "@type": "PostalAddress",
                    "addressRegion": "云南省",
                    "addressLocality": "元江县",
                    "streetAddress": "文化路1号",
                },
                "geo": {"latitude": 23.6, "longitude": 102.0},
            },
            "offers": [
                {"@type": "Offer", "name": "成人", "price": "20", "priceCurrency": "CNY"},
                {"@type": "Offer", "name": "儿童", "price": 0, "availability": "InStock"},
            ],
            "organizer": [{"name": "文化馆", "telephone": "0877-1"}, "诗社"],
            "image": ["https://a.cn/1.jpg", "https://a.cn/2.jpg"],
            "audience": {"audienceType": "老年人"},
            "maximumAttendeeCapacity": 60,
            "description": "<p>欢迎</p><p>上台</p>",
            "url": "https://a.cn/7",
            "dateModified": "2026-03-01",
            "performer": {"@type": "Person", "name": "李白"},
        }
    )
    assert row == ImportRow(
        source_ref="https://a.cn/7#event",
        uid="https://a.cn/7#event",
        title="诗会",
        kind="musicevent",
        sessions=(ImportSession(at("2026-06-19T19:30"), at("2026-06-19T21:00")),),
        place_name="小剧场",
        address="云南省元江县文化路1号",
        latitude=23.6,
        longitude=102.0,
        fee="成人 20 CNY；儿童 0",
        is_free=False,
        capacity=60,
        description="欢迎\n\n上台",
        audiences=("老年人",),
        organiser="文化馆",
        co_organisers=("诗社",),
        contact_phone="0877-1",
        url="https://a.cn/7",
        image_url="https://a.cn/1.jpg",
        source_modified_at=at("2026-03-01"),
        extra={
            "@type": "MusicEvent",
            "offers.1.availability": "InStock",
            "image.1": "https://a.cn/2.jpg",
            "performer.name": "李白",
        },
    )


@pytest.mark.parametrize(
    ("start", "end", "session"),
    [
        ("2026-06-19", None, ImportSession(at("2026-06-19"), None, all_day=True)),
        ("2026-06-19", "2026-06-21", ImportSession(at("2026-06-19"), at("2026-06-22"), True)),
        ("2026-06-19T19:30", None, ImportSession(at("2026-06-19T19:30"))),
        ("2026-06-19T11:30Z", None, ImportSession(at("2026-06-19T19:30"))),
    ],
)
def test_dates_may_be_days_or_moments(start: str, end: str | None, session: ImportSession) -> None:
    row = only(startDate=start, **({"endDate": end} if end else {}))
    assert row.sessions == (session,)


def test_a_duration_gives_the_end() -> None:
    row = only(duration="PT1H30M")
    assert row.sessions[0].ends_at == at("2026-06-19T21:00")
    assert "duration" not in row.extra


@pytest.mark.parametrize(
    ("location", "place_name", "address"),
    [
        ("小剧场", "小剧场", ""),
        ({"@type": "Place", "name": "甲", "address": "文化路1号"}, "甲", "文化路1号"),
        ({"@type": "PostalAddress", "streetAddress": "文化路1号"}, "", "文化路1号"),
        ([{"@type": "VirtualLocation", "url": "https://a.cn"}, {"name": "甲"}], "甲", ""),
        ({"@type": "VirtualLocation", "name": "直播间", "url": "https://a.cn"}, "直播间", ""),
        (
            {"address": {"streetAddress": "1 Main St", "addressLocality": "Town"}},
            "",
            "1 Main St, Town",
        ),
    ],
)
def test_places_come_in_many_forms(location: object, place_name: str, address: str) -> None:
    row = only(location=location)
    assert (row.place_name, row.address) == (place_name, address)
    assert ("https://a.cn" in row.extra.values()) == ("https://a.cn" in str(location))


@pytest.mark.parametrize(
    ("fields", "is_free"),
    [
        ({"isAccessibleForFree": True}, True),
        ({"isAccessibleForFree": "http://schema.org/False"}, False),
        ({"offers": {"price": 0}}, True),
        ({"offers": {"price": "0.00", "priceCurrency": "CNY"}}, True),
        ({"offers": {"lowPrice": 10, "highPrice": 30, "priceCurrency": "CNY"}}, False),
        ({}, None),
    ],
)
def test_what_is_free_is_known_if_it_is_said(fields: dict[str, Any], is_free: bool | None) -> None:
    assert only(**fields).is_free is is_free


@pytest.mark.parametrize(
    ("status", "expected", "state"),
    [
        ("https://schema.org/EventCancelled", "cancelled", "cancelled"),
        ("EventPostponed", "postponed", "confirmed"),
        ("https://schema.org/EventScheduled", "confirmed", "confirmed"),
    ],
)
def test_the_status_is_understood(status: str, expected: str, state: str) -> None:
    row = only(eventStatus=status)
    assert (row.status, row.sessions[0].state) == (expected, state)
    assert not row.extra


def test_sub_events_become_sessions() -> None:
    row = only(
        subEvent=[
            {"@type": "Event", "name": "第二场", "startDate": "2026-06-20T19:30", "location": "乙"},
            {"@type": "Event", "name": "诗会", "startDate": "2026-06-19T19:30"},
        ]
    )
    assert row.sessions == (
        ImportSession(at("2026-06-19T19:30")),
        ImportSession(at("2026-06-20T19:30"), title="第二场", place_name="乙"),
    )


@pytest.mark.parametrize(
    ("schedule", "rrule"),
    [
        (
            {"repeatFrequency": "P1W", "byDay": "https://schema.org/Wednesday", "repeatCount": 4},
            "FREQ=WEEKLY;BYDAY=WE;COUNT=4",
        ),
        ({"repeatFrequency": "P2D", "endDate": "2026-06-30"},
         "FREQ=DAILY;INTERVAL=2;UNTIL=20260630T155959Z"),
        ({"repeatFrequency": "Monthly", "byMonthDay": [1, 15], "repeatCount": 3},
         "FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=3"),
        ({}, None),
    ],
)  # fmt: skip
def test_a_schedule_becomes_a_rule(schedule: dict[str, Any], rrule: str | None) -> None:
    row = only(
        eventSchedule={
            "@type": "Schedule",
            "startDate": "2026-06-01",
            "startTime": "09:00",
            "endTime": "10:30:00",
        }
        | schedule
    )
    day = "2026-06-03" if "byDay" in schedule else "2026-06-01"
    assert row.sessions == (ImportSession(at(f"{day}T09:00"), at(f"{day}T10:30")),)
    assert row.rrule == rrule
    assert not row.extra


def test_dates_left_out_of_a_schedule_are_kept() -> None:
    row = only(
        eventSchedule={
            "startDate": "2026-06-01",
            "startTime": "09:00",
            "repeatFrequency": "Daily",
            "repeatCount": 5,
            "exceptDate": ["2026-06-03"],
        }
    )
    assert row.exdates == (at("2026-06-03T09:00"),)


def test_a_second_rule_is_noted_and_kept() -> None:
    schedule = {"startDate": "2026-06-01", "startTime": "09:00", "repeatFrequency": "P1D"}
    parsed = read(EVENT | {"eventSchedule": [schedule, schedule | {"startTime": "14:00"}]})
    assert len(parsed.notes) == 1
    assert parsed.rows[0].extra["eventSchedule.1.startTime"] == "14:00"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "title"),
        ({"startDate": None}, "starts_at"),
        ({"startDate": "2026-02-30"}, "starts_at"),
        ({"endDate": "2026-06-18T09:00"}, "ends_at"),
        ({"eventSchedule": {"startDate": "2026-06-01", "startTime": "25:00"}}, "starts_at"),
    ],
)
def test_a_broken_event_is_told_and_the_others_come_in(changes: dict[str, Any], field: str) -> None:
    parsed = read([EVENT | changes, EVENT])
    assert len(parsed.rows) == 1
    assert [(p.source_ref, p.field) for p in parsed.problems] == [("第 1 项", field)]
