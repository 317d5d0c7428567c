"""The grammar of dates and times as people write them in Chinese; dates.py gives them meaning."""

from __future__ import annotations

import re
import unicodedata

_TRADITIONAL = str.maketrans("點時號週禮鐘鍾後淩間農曆閏裡裏", "点时号周礼钟钟后凌间农历闰里里")
_WEEKDAY = re.compile(
    r"\(?(?:星期|周|礼拜)(?P<long>[一二三四五六日天])\)?|\((?P<short>[一二三四五六日天])\)"
    r"|\(?\b(?P<english>mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\)?,?",
    re.IGNORECASE,
)
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE_DAYS = "一二三四五六日"

_NUMERAL = re.compile("[〇零○一二两三四五六七八九十廿卅]+")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
}

REPUBLIC_YEAR = re.compile(r"民[国國]")
LUNAR = re.compile(
    r"农历|阴历|旧历|正月|腊月|冬月|闰\S?月|月初[一二三四五六七八九十]|初[一二三四五六七八九十]|廿|除夕|大年"
)
RECURRING = re.compile(r"每(?:周|天|日|月|年|个|逢|星期|礼拜|双|单)|逢(?:周|星期|\d|单|双)")
RELATIVE = re.compile(r"今天|明天|后天|昨天|今晚|明晚|本周|下周|本月|下月|近期|待定|另行")

PERIODS = (
    "凌晨|半夜|清晨|早晨|早上|上午|中午|正午|午后|下午|傍晚|晚上|晚间|夜间|夜里|夜晚|早|晚|夜"
    r"|am|pm|a\.m\.|p\.m\."
)
_RANGE = r"(?:至|到|~|〜|-{1,3}|—{1,2}|–|−|―|─{1,2}|→|迄|to\b)"


def _date(n: int) -> str:
    return (
        rf"(?:(?P<year{n}>\d{{4}}|\d{{2,3}}(?=年))\s*[年/.\-]\s*(?P<month{n}>\d{{1,2}})\s*[月/.\-]"
        rf"\s*(?P<day{n}>\d{{1,2}})(?!\d)\s*[日号]?"
        rf"|(?P<packed{n}>\d{{8}})(?!\d)"
        rf"|(?P<month_only{n}>\d{{1,2}})\s*(?:月|[/.\-](?=\s*\d))\s*(?P<day_only{n}>\d{{1,2}})"
        rf"(?![\d点时:])\s*[日号]?"
        rf"|(?P<just_day{n}>\d{{1,2}})\s*[日号])"
    )


def _time(n: int) -> str:
    bare = r"(?=\s*(?:至|到|~|〜|-|—|–)\s*\d{1,2}\s*[点时])"
    return (
        rf"(?:(?P<period{n}>{PERIODS})?\s*(?P<hour{n}>\d{{1,2}})\s*"
        rf"(?:[点时](?:钟)?(?:整)?|:|{bare}|(?=\s*[ap]\.?m))"
        rf"\s*(?:(?P<minute{n}>\d{{1,2}})\s*分?钟?(?::?\s*(?P<second{n}>\d{{1,2}})(?:\.\d+)?\s*秒?)?"
        rf"|(?P<half{n}>半)|(?P<quarters{n}>[13])刻|整)?"
        rf"\s*(?P<after{n}>[ap]\.?m\.?)?)"
    )


def _part(n: int) -> str:
    return rf"{_date(n)}?[\s,T]*(?P<whole_day{n}>全天|整天|全日)?{_time(n)}?"


SPAN = re.compile(
    rf"\s*(?:从|自)?\s*{_part(1)}\s*(?:起|开始|开演|开场)?"
    rf"(?:\s*(?P<range>{_RANGE})\s*{_part(2)})?\s*(?:止|结束|为止)?\s*[.。;]?\s*",
    re.IGNORECASE,
)


def plain(text: str) -> tuple[str, int | None]:
    """The text in half-width signs and Arabic digits without its weekday, and that weekday
    (0 = Monday) or None. Brackets go as well."""
    normal = unicodedata.normalize("NFKC", text).translate(_TRADITIONAL).strip()
    weekday: int | None = None
    found = _WEEKDAY.search(normal)
    if found:
        if found["english"]:
            weekday = _ENGLISH_DAYS.index(found["english"].lower())
        else:
            weekday = _CHINESE_DAYS.index((found["long"] or found["short"]).replace("天", "日"))
    normal = _WEEKDAY.sub(" ", normal)
    normal = _NUMERAL.sub(lambda match: _arabic(match.group()), normal)
    return re.sub(r"[()\[\]【】《》\s]+", " ", normal).strip(" ,、。"), weekday


def _arabic(numeral: str) -> str:
    """二〇二六 → 2026, 三十一 → 31, 廿三 → 23."""
    tens = numeral.replace("廿", "二十").replace("卅", "三十")
    if "十" not in tens:
        return "".join(str(_DIGITS[sign]) for sign in tens)
    before, _, after = tens.partition("十")
    if "十" in after or len(before) > 1 or len(after) > 1:
        return numeral
    return str(10 * _DIGITS.get(before, 1) + _DIGITS.get(after, 0))
