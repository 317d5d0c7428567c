"""Dates as people say them, in EDTF, with the days they may mean."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from culture_cloud.heritage import edtf
from culture_cloud.heritage.edtf import NotADate, bounds, parse
from culture_cloud.heritage.edtf.numerals import number
from culture_cloud.heritage.periods import period_of

pytestmark = pytest.mark.one_database

SAID = [
    ("清光绪年间", "1875/1908", 18750101, 19081231),
    ("约1930年代", "193X~", 19300101, 19391231),
    ("民国二十三年", "1934", 19340101, 19341231),
    ("民國二十三年", "1934", 19340101, 19341231),
    ("1958年3月", "1958-03", 19580301, 19580331),
    ("一九五八年三月五日", "1958-03-05", 19580305, 19580305),
    ("1958年春", "1958-21", 19580301, 19580531),
    ("光绪三十年", "1904", 19040101, 19041231),
    ("光绪甲辰年", "1904", 19040101, 19041231),
    ("清乾隆四十二年", "1777", 17770101, 17771231),
    ("道光初年", "1821/1830", 18210101, 18301231),
    ("清末民初", "1900/1920", 19000101, 19201231),
    ("上世纪80年代", "198X", 19800101, 19891231),
    ("二十世纪三十年代初", "1930/1932", 19300101, 19321231),
    ("三十年代", "193X", 19300101, 19391231),
    ("解放前", "../1949", None, 19491231),
    ("1978年以来", "1978/..", 19780101, None),
    ("1950年至1958年", "1950/1958", 19500101, 19581231),
    ("1958-1962", "1958/1962", 19580101, 19621231),
    ("1958年3月至5月", "1958-03/1958-05", 19580301, 19580531),
    ("光绪二十年至三十年", "1894/1904", 18940101, 19041231),
    ("相传明洪武年间", "1368?/1398?", 13680101, 13981231),
    ("大约1940年前后", "1940~", 19400101, 19401231),
    ("文革时期", "1966/1976", 19660101, 19761231),
    ("1984-05", "1984-05", 19840501, 19840531),
    ("公元前109年", "-0108", -1079899, -1078769),
    ("193X", "193X", 19300101, 19391231),
]


@pytest.mark.parametrize(("text", "form", "first", "last"), SAID)
def test_what_is_said_becomes_edtf(text: str, form: str, first: int, last: int) -> None:
    date = parse(text)
    assert (date.edtf, date.first, date.last) == (form, first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "不知道",
        "昨天",
        "光绪五十年",
        "1958年13月",
        "1958年2月30日",
        "民国",
        "很久以前",
        "x" * 500,
    ],
)
def test_what_says_no_date_is_none(text: str) -> None:
    if text == "民国":
        assert parse(text).edtf == "1912/1949"
        return
    with pytest.raises(NotADate):
        parse(text)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        date = parse(text)
    except NotADate:
        return
    assert bounds(date.edtf) == (date.first, date.last)


@given(st.integers(min_value=1, max_value=99))
def test_chinese_figures_are_read(value: int) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(value, 10)
    said = (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (
        digits[ones] if ones else ""
    )
    assert number(said) == value


def test_a_period_is_that_of_the_beginning() -> None:
    assert period_of(18750101, 19081231) == "qing"
    assert period_of(None, 19491231) == "building"
    assert period_of(None, None) == ""


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("1875/1908", "1875年至1908年"),
        ("193X~", "约1930年代"),
        ("../1949", "1949年以前"),
        ("1978/..", "1978年以来"),
        ("1958-03-05", "1958年3月5日"),
        ("1958-21", "1958年春"),
        ("19XX", "20世纪"),
        ("-0108", "公元前109年"),
    ],
)
def test_edtf_is_said_in_words(app: Flask, form: str, words: str) -> None:
    with app.test_request_context():
        assert edtf.in_words(form) == words
