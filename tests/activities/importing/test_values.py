"""Small values as sources write them."""

from __future__ import annotations

import time

import pytest

from culture_cloud.activities.importing.plain import plain_text
from culture_cloud.activities.importing.values import (
    capacity_of,
    coordinates,
    fee_of,
    listed,
    status_of,
    web_address,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("免费", ("免费", True)),
        ("免費入場", ("免費入場", True)),
        ("０元", ("０元", True)),
        ("Free", ("Free", True)),
        ("20元", ("20元", False)),
        ("老人免费，其他20元", ("老人免费，其他20元", False)),
        ("部分免费", ("部分免费", None)),
        ("", (None, None)),
    ],
)
def test_fees(text: str, expected: tuple[str | None, bool | None]) -> None:
    assert fee_of(text) == expected


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("60", 60),
        ("６０人", 60),
        ("限30组", 30),
        ("60.0", 60),
        ("不限", None),
        ("0", None),
        ("30-60人", None),
        ("每场60人，共3场", None),
    ],
)
def test_numbers_of_places(text: str, places: int | None) -> None:
    assert capacity_of(text) == places


@pytest.mark.parametrize(
    ("latitude", "longitude", "point"),
    [
        ("23.6", "102", (23.6, 102.0)),
        (0, 0, None),
        (91, 0, None),
        (23.6, 181, None),
        ("", "", None),
        ("nan", "1", None),
    ],
)
def test_coordinates(
    latitude: object, longitude: object, point: tuple[float, float] | None
) -> None:
    assert coordinates(latitude, longitude) == point


def test_only_addresses_of_the_web_are_taken() -> None:
    assert web_address(" https://a.cn/报名?x=1 ") == "https://a.cn/报名?x=1"
    for text in (
        "javascript:alert(1)",
        "a.cn",
        "见 https://a.cn",
        "ftp://a.cn",
        "data:text/html,x",
    ):
        assert web_address(text) == ""


def test_lists_are_split_at_chinese_and_western_signs() -> None:
    assert listed("老人、儿童，学生/家长; 所有人\n农户") == (
        "老人",
        "儿童",
        "学生",
        "家长",
        "所有人",
        "农户",
    )


def test_markup_becomes_plain_text() -> None:
    html = "<style>x</style><h1>诗会</h1><p>欢迎&nbsp;<b>上台</b></p><script>alert(1)</script>"
    assert plain_text(html) == "诗会\n\n欢迎 上台"
    assert plain_text('<p><a href="https://a.cn/7">报名</a></p>') == "报名 https://a.cn/7"
    assert plain_text("一\r\n\r\n \r\n\r\n二") == "一\n\n二"


def test_plain_text_with_signs_of_its_own_stays_as_it_is() -> None:
    assert plain_text("3 < 5 且 <诗>") == "3 < 5 且 <诗>"
    assert plain_text("3 < 5", html=True) == "3 < 5"


def test_states() -> None:
    assert [status_of(text) for text in ("已取消", "延期", "待定", "", "正常")] == [
        "cancelled",
        "postponed",
        "tentative",
        "confirmed",
        "confirmed",
    ]


@pytest.mark.parametrize("crafted", ["<p ", "<!--", "<a href='", "</", "<![CDATA[", "&#9", "<<"])
def test_crafted_markup_takes_no_longer_than_any_other(crafted: str) -> None:
    started = time.process_time()
    plain_text(crafted * (300_000 // len(crafted)), html=True)
    assert time.process_time() - started < 1


def test_a_character_number_without_end_is_left_out() -> None:
    assert plain_text("甲&#" + "9" * 5_000 + ";乙", html=True) == "甲乙"
    assert plain_text("&#30002;&lt;乙&gt;", html=True) == "甲<乙>"
