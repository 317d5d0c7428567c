"""What a page shows becomes what a person would say."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from culture_cloud.speech.numerals import counted, of_things
from culture_cloud.speech.phones import in_groups
from culture_cloud.speech.text import MORE_ON_THE_PAGE, MOST_CHARACTERS, in_words, spoken


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("5月1日（星期四）上午9点30分", "五月一日，星期四，上午九点三十分"),
        ("2026年5月1日", "二零二六年五月一日"),
        ("二〇二六年", "二零二六年"),
        ("2026-05-01 09:30", "二零二六年五月一日九点三十分"),
        ("2026.5.1-5.3", "二零二六年五月一日到五月三日"),
        ("2026-2027年", "二零二六到二零二七年"),
        ("9点—11点", "九点到十一点"),
        ("9:00-11:30", "九点到十一点三十分"),
        ("8:30—12:00、14:00—17:30", "八点三十分到十二点，下午两点到下午五点三十分"),
        ("下午2:05", "下午两点零五分"),
        ("9点5分", "九点零五分"),
        ("晚上19:30", "晚上七点三十分"),
        ("２点３０分", "两点三十分"),
        ("5月1日-5月3日", "五月一日到五月三日"),
        ("周一-周五", "周一到周五"),
        ("60-75岁", "六十到七十五岁"),
        ("电话：0877-5550100", "电话，零八七七，五五五，零幺零零"),
        ("13800010002", "幺三八，零零零幺，零零零二"),
        ("138 0001 0002", "幺三八，零零零幺，零零零二"),
        ("400-810-8888", "四零零，八幺零，八八八八"),
        ("0877-5550100转8012", "零八七七，五五五，零幺零零，转八零幺二"),
        ("拨打120", "拨打幺二零"),
        ("120人", "一百二十人"),
        ("打12345热线", "打幺二三四五热线"),
        ("3.5元", "三点五元"),
        ("¥30.00", "三十元"),
        ("1,200元", "一千二百元"),
        ("10000人", "一万人"),
        ("100200元", "十万零二百元"),
        ("编号00123", "编号零零幺二三"),
        ("2个名额", "两个名额"),
        ("12个名额", "十二个名额"),
        ("第2层", "第二层"),
        ("2楼", "二楼"),
        ("2年级2班", "二年级二班"),
        ("2月2日2点", "二月二日两点"),
        ("50%", "百分之五十"),
        ("10%-20%", "百分之十到百分之二十"),
        ("1/2", "二分之一"),
        ("-3℃", "零下三度"),
        ("20㎡，5km", "二十平方米，五公里"),
        ("A301室", "诶三零幺室"),
        ("3-201室", "三杠二零幺室"),
        ("乘101路公交", "乘幺零幺路公交"),
        ("乘2路", "乘二路"),
        ("有WiFi，KTV", "有无线网，开梯微"),
        ("详见https://example.cn/a?b=1，欢迎", "详见，欢迎"),
        ("写信到a.b@example.cn吧", "写信到，吧"),
        ("★欢迎🎉参加★", "欢迎参加"),
        ("《茶馆》", "茶馆"),
        ("《赶街》《分家》", "赶街，分家"),
        ("云岭县文化馆 二楼", "云岭县文化馆，二楼"),
        ("7×24小时", "七乘二十四小时"),
    ],
)
def test_says_it_as_people_do(shown: str, said: str) -> None:
    assert in_words(shown) == said


def test_a_list_is_counted_and_each_line_is_a_sentence() -> None:
    assert spoken(["1. 请带水杯\n2. 请早到"]) == "第一，请带水杯。\n第二，请早到。"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0", "零"), ("10", "十"), ("11", "十一"), ("20", "二十"), ("105", "一百零五"),
        ("110", "一百一十"), ("1050", "一千零五十"), ("10001", "一万零一"),
        ("10100", "一万零一百"), ("100000000", "一亿"), ("0.50", "零点五"), ("12.0", "十二"),
    ],
)  # fmt: skip
def test_counts(number: str, said: str) -> None:
    assert counted(number) == said


def test_two_of_something_is_liang() -> None:
    assert [of_things(n) for n in ("2", "12", "200", "2000")] == ["两", "十二", "二百", "两千"]


def test_a_code_is_read_in_groups_that_can_be_written_down() -> None:
    assert in_groups("123456") == "幺二三，四五六"
    assert in_groups("5550100") == "五五五，零幺零零"


def test_ten_thousand_characters_end_at_a_sentence_with_advice() -> None:
    said = spoken(["欢迎大家来参加五月一日的活动。" * 700])
    assert len(said) <= MOST_CHARACTERS
    assert len(said) > MOST_CHARACTERS - 50
    assert said.endswith(MORE_ON_THE_PAGE)
    assert said.split("\n")[-2] == "欢迎大家来参加五月一日的活动。"


def test_a_text_without_any_end_is_cut_all_the_same() -> None:
    said = spoken(["长" * 10_000])
    assert len(said) <= MOST_CHARACTERS
    assert said.endswith("。\n" + MORE_ON_THE_PAGE)


def test_a_short_text_is_not_cut() -> None:
    assert spoken(["合唱团排练"]) == "合唱团排练。"


def test_nothing_to_say_is_nothing() -> None:
    assert spoken(["", "★★★", "https://example.cn/"]) == ""


@settings(deadline=None)
@given(st.text(max_size=300))
def test_never_leaves_a_figure_or_a_sign(text: str) -> None:
    assert not re.search(r"[0-9<>《》（）()\[\]{}%:/\\*#@]", spoken([text]))


@pytest.mark.parametrize("piece", ["1-", "1:", "(", "-", "1,", "a@", "9点", "www.", "0877-", "1 "])
def test_a_hostile_text_takes_no_longer_than_another(piece: str) -> None:
    began = time.monotonic()
    spoken([piece * (10_000 // len(piece))])
    assert time.monotonic() - began < 2
