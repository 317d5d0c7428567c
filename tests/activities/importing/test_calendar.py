"""Calendars as RFC 5545 has them, and as programs write them."""

from __future__ import annotations

import time

import pytest

from culture_cloud.activities.importing.calendar import read_calendar
from culture_cloud.activities.importing.rows import ImportRow, ImportSession
from culture_cloud.tabular import FileNotReadable

from .books import ZONE, at, calendar

OWN_ZONE = """
BEGIN:VTIMEZONE
TZID:Our Clock
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:{offset}
TZOFFSETTO:{offset}
END:STANDARD
END:VTIMEZONE
"""


def only(data: bytes) -> ImportRow:
    parsed = read_calendar(data, zone=ZONE)
    assert not parsed.problems
    (row,) = parsed.rows
    return row


def test_an_event_is_read_with_all_its_fields() -> None:
    row = only(
        calendar(
            "UID:7@a\nSUMMARY:诗会\\, 端午\nDTSTART;TZID=Asia/Shanghai:20260619T193000\n"
            "DTEND:20260619T130000Z\nLOCATION:小剧场\nDESCRIPTION:欢迎\\n上台\n"
            "CATEGORIES:讲座,亲子\nGEO:23.6;102.0\nORGANIZER;CN=文化馆:mailto:a@b.cn\n"
            "ATTACH;FMTTYPE=image/png:https://a.cn/p\nATTACH:https://a.cn/f.pdf\n"
            "URL:https://a.cn/7\nLAST-MODIFIED:20260301T000000Z\nX-CAPACITY:60\nSEQUENCE:2",
            before="X-WR-CALNAME:县文化馆",
        )
    )
    assert row == ImportRow(
        source_ref="7@a",
        uid="7@a",
        title="诗会, 端午",
        kind="讲座、亲子",
        sessions=(ImportSession(at("2026-06-19T19:30"), at("2026-06-19T21:00")),),
        place_name="小剧场",
        latitude=23.6,
        longitude=102.0,
        description="欢迎\n上台",
        organiser="文化馆",
        url="https://a.cn/7",
        image_url="https://a.cn/p",
        source_name="县文化馆",
        source_modified_at=at("2026-03-01T08:00"),
        extra={
            "X-CAPACITY": "60",
            "SEQUENCE": "2",
            "ATTACH": "https://a.cn/f.pdf",
            "ORGANIZER": "mailto:a@b.cn",
        },
    )


@pytest.mark.parametrize(
    ("lines", "start", "end", "all_day"),
    [
        ("DTSTART:20260501T080000", "2026-05-01T08:00", None, False),
        ("DTSTART:20260501T000000Z", "2026-05-01T08:00", None, False),
        (
            "DTSTART;TZID=/mozilla.org/20050126_1/Asia/Tokyo:20260501T090000",
            "2026-05-01T08:00",
            None,
            False,
        ),
        ("DTSTART;TZID=China Standard Time:20260501T080000", "2026-05-01T08:00", None, False),
        ("DTSTART;VALUE=DATE:20260501", "2026-05-01", None, True),
        ("DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260504", "2026-05-01", "2026-05-04",
         True),
        ("DTSTART:20260501T080000\nDURATION:PT1H30M", "2026-05-01T08:00", "2026-05-01T09:30",
         False),
    ],
)  # fmt: skip
def test_times_are_put_on_the_sites_clock(
    lines: str, start: str, end: str | None, all_day: bool
) -> None:
    (session,) = only(calendar(f"UID:a\nSUMMARY:x\n{lines}")).sessions
    assert session == ImportSession(at(start), at(end) if end else None, all_day)


def test_a_zone_of_the_files_own_is_used_and_does_not_reach_into_the_next_file() -> None:
    event = "UID:a\nSUMMARY:x\nDTSTART;TZID=Our Clock:20260501T080000"
    for offset, hour in (("+0900", 7), ("+0700", 9)):
        row = only(calendar(event, before=OWN_ZONE.format(offset=offset)))
        assert row.sessions[0].starts_at == at(f"2026-05-01T0{hour}:00")
    parsed = read_calendar(calendar(event), zone=ZONE)
    assert parsed.rows[0].sessions[0].starts_at == at("2026-05-01T08:00")
    assert "Our Clock" in str(parsed.notes[0].reason)


def test_a_zone_whose_rule_would_never_end_is_not_computed() -> None:
    zone = OWN_ZONE.format(offset="+0900").replace(
        "END:STANDARD", "RRULE:FREQ=SECONDLY\nEND:STANDARD"
    )
    started = time.process_time()
    read_calendar(
        calendar("UID:a\nSUMMARY:x\nDTSTART;TZID=Our Clock:20260501T080000", before=zone), zone=ZONE
    )
    assert time.process_time() - started < 1


def test_a_series_keeps_its_rule_its_gaps_and_its_changed_occurrences() -> None:
    row = only(
        calendar(
            "UID:s\nSUMMARY:课\nDTSTART;TZID=Asia/Shanghai:20260501T090000\n"
            "DTEND;TZID=Asia/Shanghai:20260501T100000\nRRULE:FREQ=WEEKLY;COUNT=9\n"
            "EXDATE;TZID=Asia/Shanghai:20260508T090000,20260515T090000\nEXDATE;VALUE=DATE:20260522\n"
            "RDATE;TZID=Asia/Shanghai:20260503T140000",
            "UID:s\nSUMMARY:课（换地方）\nRECURRENCE-ID;TZID=Asia/Shanghai:20260529T090000\n"
            "DTSTART;TZID=Asia/Shanghai:20260530T090000\nLOCATION:二楼",
            "UID:s\nSUMMARY:课\nRECURRENCE-ID;TZID=Asia/Shanghai:20260605T090000\n"
            "DTSTART;TZID=Asia/Shanghai:20260605T090000\nSTATUS:CANCELLED",
        )
    )
    assert row.rrule == "FREQ=WEEKLY;COUNT=9"
    assert row.exdates == tuple(at(f"2026-05-{day}T09:00") for day in ("08", "15", "22"))
    assert row.rdates == (at("2026-05-03T14:00"),)
    assert row.sessions == (
        ImportSession(at("2026-05-01T09:00"), at("2026-05-01T10:00")),
        ImportSession(
            at("2026-05-30T09:00"),
            recurrence_id=at("2026-05-29T09:00"),
            title="课（换地方）",
            place_name="二楼",
        ),
        ImportSession(
            at("2026-06-05T09:00"), state="cancelled", recurrence_id=at("2026-06-05T09:00")
        ),
    )


def test_a_series_that_repeats_by_another_clock_is_noted() -> None:
    data = calendar(
        "UID:s\nSUMMARY:x\nDTSTART;TZID=Europe/Berlin:20260501T010000\nRRULE:FREQ=DAILY"
    )
    parsed = read_calendar(data, zone=ZONE)
    assert parsed.rows[0].extra["TZID"] == "Europe/Berlin"
    assert "Europe/Berlin" in str(parsed.notes[0].reason)


def test_a_cancelled_event_cancels_its_sessions() -> None:
    row = only(calendar("UID:a\nSUMMARY:x\nDTSTART:20260501T080000\nSTATUS:CANCELLED"))
    assert (row.status, row.sessions[0].state) == ("cancelled", "cancelled")


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ("SUMMARY:x\nDTSTART:2026", "starts_at"),
        ("SUMMARY:x", "starts_at"),
        ("DTSTART:20260501T080000", "title"),
        ("SUMMARY:x\nDTSTART:20260501T080000\nDTEND:20260430T080000", "ends_at"),
        ("SUMMARY:x\nDTSTART:20260501T080000\nDURATION:P9999999999D", "ends_at"),
        ("SUMMARY:x\nDTSTART:00010101T080000", "starts_at"),
        ("SUMMARY:x\nDTSTART:20260501T080000\nRRULE:FREQ=OFTEN", "rrule"),
        ("SUMMARY:x\nDTSTART:20260501T080000\nRRULE:FREQ=SECONDLY", "rrule"),
        ("SUMMARY:x\nDTSTART:20260501T080000\nEXDATE:2026", "rrule"),
    ],
)
def test_a_broken_event_is_told_and_the_others_come_in(lines: str, field: str) -> None:
    good = "UID:good\nSUMMARY:y\nDTSTART:20260501T080000"
    parsed = read_calendar(calendar(f"UID:bad\n{lines}", good), zone=ZONE)
    assert [row.uid for row in parsed.rows] == ["good"]
    assert [(problem.source_ref, problem.field) for problem in parsed.problems] == [("bad", field)]


def test_a_broken_occurrence_does_not_take_the_series_with_it() -> None:
    parsed = read_calendar(
        calendar(
            "UID:s\nSUMMARY:x\nDTSTART:20260501T080000\nRRULE:FREQ=DAILY;COUNT=3",
            "UID:s\nSUMMARY:x\nRECURRENCE-ID:20260502T080000\nDTSTART:bad",
        ),
        zone=ZONE,
    )
    assert len(parsed.rows) == len(parsed.problems) == 1


def test_a_file_that_breaks_off_tells_which_event_is_lost() -> None:
    whole = calendar("UID:a\nSUMMARY:x\nDTSTART:20260501T080000", "UID:b\nSUMMARY:y")
    parsed = read_calendar(whole[: whole.index(b"SUMMARY:y") + 9], zone=ZONE)
    assert [row.uid for row in parsed.rows] == ["a"]
    assert [(p.source_ref, p.field) for p in parsed.problems] == [("b", "record")]


def test_lines_folded_inside_a_character_are_joined() -> None:
    data = calendar("UID:a\nSUMMARY:端午\nDTSTART:20260501T080000")
    position = data.index("午".encode()) + 1
    assert only(data[:position] + b"\r\n " + data[position:]).title == "端午"


def test_lines_that_cannot_be_read_and_older_versions_are_noted() -> None:
    parsed = read_calendar(
        calendar(
            "UID:a\nSUMMARY:old\nDTSTART:20260501T080000\nSEQUENCE:0",
            "UID:a\nSUMMARY:new\nDTSTART:20260501T080000\nSEQUENCE:1\nno property at all",
        ),
        zone=ZONE,
    )
    assert [row.title for row in parsed.rows] == ["new"]
    assert len(parsed.notes) == 2


def test_other_files_and_empty_calendars_are_refused_in_words() -> None:
    with pytest.raises(FileNotReadable, match="no event"):
        read_calendar(calendar(), zone=ZONE)
    with pytest.raises(FileNotReadable, match="not a calendar"):
        read_calendar(b"hello", zone=ZONE)
    events = ["UID:a\nDTSTART:20260501T080000"] * 20_001
    with pytest.raises(FileNotReadable, match="20000 events"):
        read_calendar(calendar(*events), zone=ZONE)


def test_a_thousand_events_take_less_than_two_seconds() -> None:
    events = [
        f"UID:{n}\nSUMMARY:{n}\nDTSTART;TZID=Our Clock:20260501T08{n % 60:02}00"
        for n in range(1_000)
    ]
    started = time.process_time()
    parsed = read_calendar(calendar(*events, before=OWN_ZONE.format(offset="+0900")), zone=ZONE)
    assert len(parsed.rows) == 1_000
    assert time.process_time() - started < 2
