"""Dates, times, ranges, amounts and other figures of a text, put into words."""

from __future__ import annotations

import re
from collections.abc import Callable

from .numerals import called_digits, counted, of_things, plain_digits

_Found = re.Match[str]
_Said = str | Callable[[_Found], str]

_N = r"\d{1,16}(?:\.\d{1,8})?"

_MEASURES = (
    "个|位|名|人|次|天|场|节|间|小时|分钟|秒|岁|年(?!级)|周|块|元|角|米|公里|千米|厘米|公斤|千克|斤|克|升|"
    "份|张|本|册|只|支|部|台|辆|套|件|家|户|对|双|种|项|条|期|届|步|点|里|万|亿|倍|平方米|遍|盒|瓶|杯|桌|"
    "枚|幅|首|堂|课时|多|余"
)
_UNITS = {
    "km": "公里", "kg": "公斤", "cm": "厘米", "mm": "毫米", "ml": "毫升", "min": "分钟",
    "㎡": "平方米", "m²": "平方米", "m2": "平方米", "℃": "度", "°C": "度",
    "m": "米", "g": "克", "L": "升", "h": "小时",
}  # fmt: skip
_UNIT_NAMES = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))

_PARTS_OF_DAY = "凌晨|早上|清晨|上午|中午|下午|傍晚|晚上"


def said_figures(text: str) -> str:
    """The text without a digit."""
    for pattern, said in _RULES:
        text = pattern.sub(said, text)
    return text


def _clock(found: _Found) -> str:
    """9:30 九点三十分, 14:00 下午两点: nobody says fourteen o'clock."""
    part, hour, minute = found[1] or "", int(found[2]), found[3]
    if not part and hour > 12:
        part = "下午" if hour < 18 else "晚上"
    said = f"{part}{of_things(str(hour - 12 if 12 < hour < 24 else hour))}点"
    if not int(minute):
        return said
    return f"{said}{_minutes(minute)}"


def _minutes(minute: str) -> str:
    return ("零" if int(minute) < 10 else "") + counted(minute) + "分"


def _hour_and_minute(found: _Found) -> str:
    minute = found[2]
    return f"{of_things(found[1])}点" + (_minutes(minute) if int(minute) else "整")


def _fraction(found: _Found) -> str:
    part, whole = found[1], found[2]
    if int(part) >= int(whole):
        return found[0]
    return f"{counted(whole)}分之{counted(part)}"


def _after_letter(found: _Found) -> str:
    """A301 is a room, read digit by digit; T2 a name."""
    digits = found[1]
    return called_digits(digits) if len(digits) > 2 else counted(digits)


def _bus(found: _Found) -> str:
    digits = found[2]
    return found[1] + (called_digits(digits) if len(digits) > 2 else counted(digits))


def _bare(found: _Found) -> str:
    """A number that nothing explains: long ones and those with a leading 0 are codes."""
    whole, _, fraction = found[0].partition(".")
    is_code = len(whole) > 4 and not whole.endswith("000")
    if is_code or len(whole) > 16 or (len(whole) > 1 and whole.startswith("0")):
        return called_digits(whole) + (f"点{plain_digits(fraction)}" if fraction else "")
    return counted(found[0])


_DASH = r"\s{0,3}[-—–―~〜]{1,3}\s{0,3}"

_RULES: tuple[tuple[re.Pattern[str], _Said], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), said)
    for pattern, said in (
        # 1,200
        (r"(?<=\d),(?=\d{3}(?!\d))", ""),
        # "1. …" of a list
        (r"^[ \t]*[(（]?(\d{1,2})(?:[.、](?!\d)|[)）])[ \t]*", lambda m: f"第{counted(m[1])}，"),
        # 2026-05-01, 2026/5/1
        (
            r"(?<![\d.])((?:19|20)\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?![\d.])",
            lambda m: f"{m[1]}年{int(m[3])}月{int(m[4])}日",
        ),
        (
            rf"(?<=日){_DASH}(\d{{1,2}})[./](\d{{1,2}})(?![\d./])",
            lambda m: f"到{int(m[1])}月{int(m[2])}日",
        ),
        # 3-201室
        (
            r"(?<!\d)(\d{1,4})-(\d{1,5})(?=室|房)",
            lambda m: f"{counted(m[1])}杠{called_digits(m[2])}",
        ),
        # -3℃
        (rf"(?<![\d一-鿿])-(?={_N}\s?(?:℃|°C|度))", "零下"),
        # 9点—11点, 60-75岁, 周一至周五
        (
            rf"(?<=[\d点分日号月年岁元人时半%周一二三四五六天]){_DASH}"
            rf"(?=\d|{_PARTS_OF_DAY}|周[一二三四五六日]|星期)",
            "到",
        ),
        (
            r"(?<!\d)(\d{4})到(\d{4})(?=年|学年)",
            lambda m: f"{plain_digits(m[1])}到{plain_digits(m[2])}",
        ),
        (r"(?<!\d)(\d{4})\s?(?=年)", lambda m: plain_digits(m[1])),
        (
            rf"({_PARTS_OF_DAY})?[ ]?(?<!\d)([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：][0-5]\d)?(?!\d)",
            _clock,
        ),
        (r"(?<!\d)(\d{1,2})[点时](\d{1,2})(?:分(?!之)|(?!\d|\.))", _hour_and_minute),
        (rf"({_N})\s?%", lambda m: f"百分之{counted(m[1])}"),
        (r"(?<![\d/])([1-9])/([1-9]\d?)(?![\d/])", _fraction),
        (rf"[¥￥]\s?({_N})(?:元)?", lambda m: f"{of_things(m[1])}元"),
        (r"第\s?(\d{1,8})", lambda m: f"第{counted(m[1])}"),
        (r"(?<!\d)(\d{3,4})(?=室|房|教室)", lambda m: called_digits(m[1])),
        (r"(公交车?|乘坐?|换乘|坐)(\d{1,4})(?=路)", _bus),
        (r"(?<=[A-Za-z])-?(\d{1,8})(?!\d)", _after_letter),
        (
            rf"({_N})\s?({_UNIT_NAMES})(?![A-Za-z])",
            lambda m: of_things(m[1]) + _UNITS[m[2]],
        ),
        (rf"(?<!\d)({_N})\s?(?={_MEASURES})", lambda m: of_things(m[1])),
        (r"\d+(?:\.\d+)?", _bare),
    )
)
