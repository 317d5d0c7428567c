"""Feeds of any form are read by a mapping file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from culture_cloud.activities.importing.feeds import read_feed
from culture_cloud.activities.importing.mapping import load_mapping, read_mapping, shipped_mappings
from culture_cloud.activities.importing.rows import ImportRow, ImportSession, Parsed
from culture_cloud.tabular import FileNotReadable

from .books import TODAY, ZONE, at, feed

SHOW: dict[str, Any] = {
    "time": "2026/06/19 19:30:00",
    "endTime": "2026/06/19 21:00:00",
    "location": "中正路1號",
    "locationName": "小劇場",
    "onSales": "Y",
    "price": "預售票:500",
    "latitude": "25.04",
    "longitude": "121.5",
}
TAIWAN: dict[str, Any] = {
    "version": "1.4",
    "UID": "5ab5",
    "title": "詩會",
    "category": "6",
    "showInfo": [SHOW],
    "descriptionFilterHtml": "歡迎<br>上台&amp;朗誦",
    "imageUrl": "https://a.tw/1.jpg",
    "masterUnit": ["文化局"],
    "subUnit": ["詩社"],
    "supportUnit": [],
    "otherUnit": ["書店"],
    "webSales": "兩廳院售票系統",
    "sourceWebPromote": "https://a.tw/7",
    "editModifyDate": "2026/03/01 09:00:00",
    "sourceWebName": "河岸",
    "startDate": "2026/06/19",
    "endDate": "2026/06/19",
    "hitRate": 0,
    "comment": "",
}
SMALL: dict[str, Any] = {
    "name": "small",
    "records": "data.items",
    "fields": {
        "title": "n",
        "fee": "f",
        "capacity": "c",
        "status": {"path": "s", "values": {"9": "cancelled"}},
        "source_name": {"constant": "某云"},
        "kind": "k",
        "is_free": "free",
    },
    "dates": {"starts_at": "when", "ends_at": "until"},
}


def read(document: object, mapping: Any = None) -> Parsed:
    return read_feed(feed(document), zone=ZONE, today=TODAY, mapping=mapping)


def test_the_taiwanese_feed_is_recognised_and_read_whole() -> None:
    (row,) = read([TAIWAN]).rows
    assert row == ImportRow(
        source_ref="5ab5",
        uid="5ab5",
        title="詩會",
        kind="exhibition",
        sessions=(ImportSession(at("2026-06-19T19:30"), at("2026-06-19T21:00")),),
        place_name="小劇場",
        address="中正路1號",
        latitude=25.04,
        longitude=121.5,
        fee="預售票:500",
        is_free=False,
        description="歡迎\n上台&朗誦",
        organiser="文化局",
        co_organisers=("詩社", "書店"),
        url="https://a.tw/7",
        image_url="https://a.tw/1.jpg",
        source_name="河岸",
        source_modified_at=at("2026-03-01T09:00"),
        extra={
            "version": "1.4",
            "category": "6",
            "showInfo.0.onSales": "Y",
            "webSales": "兩廳院售票系統",
            "startDate": "2026/06/19",
            "endDate": "2026/06/19",
            "hitRate": "0",
        },
    )


def test_several_shows_become_sessions_with_their_own_places() -> None:
    second = SHOW | {"time": "2026/06/20 14:00:00", "endTime": "", "locationName": "大劇場"}
    (row,) = read([TAIWAN | {"showInfo": [SHOW, second | {"price": "免費"}]}]).rows
    assert row.sessions[1] == ImportSession(at("2026-06-20T14:00"), place_name="大劇場")
    assert row.fee == "預售票:500；免費"
    assert row.extra["showInfo.1.latitude"] == "25.04"


def test_a_record_without_shows_takes_its_own_days() -> None:
    (row,) = read([TAIWAN | {"showInfo": []}]).rows
    assert row.sessions == (ImportSession(at("2026-06-19"), at("2026-06-20"), all_day=True),)


def test_the_zone_of_the_mapping_counts() -> None:
    mapping = read_mapping(SMALL | {"zone": "Asia/Tokyo"})
    (row,) = read({"data": {"items": [{"n": "甲", "when": "2026-06-19 09:00"}]}}, mapping).rows
    assert row.sessions[0].starts_at == at("2026-06-19T08:00")


def test_a_small_mapping_reads_paths_constants_and_values() -> None:
    record = {"n": "甲", "when": "2026-06-19", "until": "2026-06-20", "f": 20, "c": 30, "s": 9}
    document = {"data": {"items": [record | {"k": "讲座", "free": False, "more": {"x": [1, ""]}}]}}
    (row,) = read(document, read_mapping(SMALL)).rows
    assert row.source_ref == "第 1 项"
    assert (row.uid, row.kind, row.fee, row.capacity) == (None, "讲座", "20", 30)
    assert (row.status, row.sessions[0].state, row.is_free) == ("cancelled", "cancelled", False)
    assert row.source_name == "某云"
    assert row.sessions[0].ends_at == at("2026-06-21")
    assert row.extra == {"s": "9", "free": "false", "more.x.0": "1"}


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"when": "2026-06-19"}, "title"),
        ({"n": "甲"}, "starts_at"),
        ({"n": "甲", "when": "2月30日"}, "starts_at"),
        ({"n": "甲", "when": "2026-06-19", "until": "2026-06-01"}, "ends_at"),
        ("甲", "title"),
        (None, "title"),
    ],
)
def test_a_broken_record_is_told_and_the_others_come_in(record: Any, field: str) -> None:
    good = {"n": "乙", "when": "2026-06-19"}
    parsed = read({"data": {"items": [record, good]}}, read_mapping(SMALL))
    assert [row.title for row in parsed.rows] == ["乙"]
    assert [(p.source_ref, p.field) for p in parsed.problems] == [("第 1 项", field)]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"a": 1}, "form is not known"),
        ([], "form is not known"),
        (7, "form is not known"),
    ],
)
def test_an_unknown_form_is_refused_in_words(document: object, words: str) -> None:
    with pytest.raises(FileNotReadable, match=words):
        read(document)


def test_a_list_that_is_not_where_it_should_be_is_named() -> None:
    with pytest.raises(FileNotReadable, match=r"data\.items"):
        read({"data": []}, read_mapping(SMALL))
    with pytest.raises(FileNotReadable, match="no activity"):
        read({"data": {"items": []}}, read_mapping(SMALL))
    with pytest.raises(FileNotReadable, match="20000 activities"):
        read({"data": {"items": [0] * 20_001}}, read_mapping(SMALL))


def test_damaged_json_is_refused_in_words() -> None:
    for data in (b'{"a": ', b"[" * 100_000, b"[" + b"9" * 5_000 + b"]"):
        with pytest.raises(FileNotReadable):
            read_feed(data, zone=ZONE, today=TODAY)


def test_characters_that_no_database_holds_are_left_out() -> None:
    data = json.dumps([TAIWAN | {"title": "詩\x00\ud800會", "comment": "a\x00"}]).encode()
    (row,) = read_feed(data, zone=ZONE, today=TODAY).rows
    assert (row.title, row.extra["comment"]) == ("詩會", "a")


def test_shipped_mappings_are_whole() -> None:
    assert "moc-taiwan" in shipped_mappings()
    for name in shipped_mappings():
        assert load_mapping(name).name == name


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fields": {"title": "n", "colour": "c"}}, "colour"),
        ({"fields": {"kind": "n"}}, "title"),
        ({"dates": {}}, "starts_at"),
        ({"zone": "Mars/North"}, "Mars"),
        ({"fields": {"title": {}}}, "mapping"),
        ({"fields": 7}, "mapping"),
        ({"sessions": {"path": "x", "colour": "c"}}, "colour"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_in_words(change: dict[str, Any], words: str) -> None:
    with pytest.raises(FileNotReadable, match=words):
        read_mapping(SMALL | change)


def test_a_mapping_that_does_not_exist_is_refused() -> None:
    for name in ("nothing", "../../../etc/passwd", ""):
        with pytest.raises(FileNotReadable, match="mapping"):
            load_mapping(name)
