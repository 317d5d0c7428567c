"""Whatever is uploaded, it is read or refused in words."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from culture_cloud.activities.importing.sniff import read
from culture_cloud.tabular import FileNotReadable

from .books import TODAY, ZONE, calendar, feed, workbook

TABLE = "活动名称,开始时间,地点,票价\n诗会,2026年6月19日晚上7点,小剧场,免费\n"
XLSX = workbook({"活动": [["活动名称", "开始时间"], ["诗会", "2026-06-19 19:30"]]})
ICS = calendar(
    "UID:7\nSUMMARY:诗会\nDTSTART;TZID=Asia/Shanghai:20260619T193000\n"
    "RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Asia/Shanghai:20260626T193000\nGEO:23.6;102\n"
    "CATEGORIES:讲座\nORGANIZER;CN=馆:mailto:a@b.cn\nATTACH:https://a.cn/1.jpg"
)
JSON = feed(
    {
        "@type": "Event",
        "name": "诗会",
        "startDate": "2026-06-19",
        "location": {"name": "小剧场", "geo": {"latitude": 1, "longitude": 2}},
        "offers": [{"price": 1}],
        "eventSchedule": {"startDate": "2026-06-01", "repeatFrequency": "P1W", "byDay": "Monday"},
    }
)
FILES = {
    "xlsx": XLSX,
    "ics": ICS,
    "json": JSON,
    "csv": TABLE.encode(),
    "csv in GB 18030": TABLE.encode("gb18030"),
    "csv in UTF-16": TABLE.encode("utf-16"),
}


KEYS = (
    *("@type", "name", "startDate", "endDate", "location", "offers", "subEvent", "image"),
    *("eventSchedule", "organizer", "audience", "showInfo", "UID", "title"),
)


def read_or_refuse(data: bytes) -> None:
    """Any other exception fails the test."""
    try:
        read(data, "upload", zone=ZONE, today=TODAY)
    except FileNotReadable as refusal:
        assert str(refusal.reason)


@pytest.mark.parametrize("name", FILES)
def test_the_content_decides_and_not_the_name(name: str) -> None:
    for filename in ("a.xlsx", "a.csv", "a.ics", ""):
        (row,) = read(FILES[name], filename, zone=ZONE, today=TODAY).rows
        assert row.title == "诗会"


def test_marks_and_blank_lines_before_the_content_do_not_matter() -> None:
    for data in (b"\xef\xbb\xbf" + ICS, b"\r\n" + ICS, b"\xef\xbb\xbf\n " + JSON):
        assert len(read(data, zone=ZONE, today=TODAY).rows) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "no list of activities"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "old Excel"),
        (b"PK\x03\x04 broken", "damaged"),
        ("今天天气很好".encode(), "headings"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
    ],
)
def test_other_files_are_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(FileNotReadable, match=words):
        read(data, zone=ZONE, today=TODAY)


def test_a_picture_is_no_list() -> None:
    stream = BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG")
    with pytest.raises(FileNotReadable, match="no list of activities"):
        read(stream.getvalue(), zone=ZONE, today=TODAY)


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(data)


@given(
    st.sampled_from(["BEGIN:VCALENDAR\r\n", "[{", '{"@type":"Event",', "活动名称,开始时间\n"]),
    st.text(max_size=200),
)
@settings(max_examples=150, deadline=None)
def test_random_text_after_a_true_beginning_is_read_or_refused(start: str, rest: str) -> None:
    read_or_refuse((start + rest).encode("utf-8", "surrogatepass"))


@given(st.text(alphabet="0123456789年月日点半:-/.至上下午晚二三十周() T+Z", max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_in_a_cell_for_times_is_understood_or_told(text: str) -> None:
    cell = text.replace('"', "")
    read_or_refuse(f'活动名称,开始时间,结束时间\n甲,"{cell}","{cell}"\n'.encode())


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.just("2026-06-19"),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(KEYS),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
@settings(max_examples=150, deadline=None)
def test_any_json_in_the_place_of_an_event_is_read_or_refused(value: object) -> None:
    event = {"@type": "Event", "name": "甲", "startDate": "2026-06-19"}
    if isinstance(value, dict):
        event |= {key: item for key, item in value.items() if key != "@type"}
    read_or_refuse(feed([event, value]))
    read_or_refuse(feed([{"UID": "1", "title": "甲", "showInfo": value}]))


@pytest.mark.parametrize("name", FILES)
def test_changed_bytes_in_a_good_file_are_read_or_refused(name: str) -> None:
    chance = random.Random(7)
    for _ in range(120):
        data = bytearray(FILES[name])
        for _ in range(chance.randint(1, 8)):
            data = data or bytearray(b"x")
            kind, position = chance.randint(0, 3), chance.randrange(len(data))
            if kind == 0:
                data[position] = chance.randrange(256)
            elif kind == 1:
                del data[position : position + chance.randint(1, 20)]
            elif kind == 2:
                data[position:position] = data[: chance.randint(1, 40)]
            else:
                data = data[: max(position, 1)]
        read_or_refuse(bytes(data))
