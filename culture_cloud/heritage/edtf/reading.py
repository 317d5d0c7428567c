"""Chinese phrases → EDTF. What is typed is tidied, then read from the whole to its parts:

a span (1950年至1958年), an open end (1958年以前, 1978年以来), and in each a single date, with what
is said of its certainty (约, 左右: ~; 相传, 可能: ?; both: %).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from .model import FuzzyDate, NotADate, bounds, is_edtf
from .numerals import FIGURES, number

_ERAS = json.loads((Path(__file__).parent / "eras.json").read_text(encoding="utf-8"))
REIGNS: dict[str, list[int]] = _ERAS["reigns"]
TIMES: dict[str, list[int]] = _ERAS["times"]
TURNS: dict[str, int] = {k: v for k, v in _ERAS["turning_points"].items() if v}

MOST = 120
"""Longer texts are no dates."""

_TRADITIONAL = str.maketrans("約間紀後傳戰緒慶曆啟順萬歷葉國", "约间纪后传战绪庆历启顺万历叶国")
_ABOUT = re.compile(r"大约|大概|大致|约莫|左右|前后|上下|约|近(?=\d)")
_UNSURE = re.compile(r"据传|相传|传说|据说|可能|估计|疑为|疑|似|[?？]")
_IDLE = re.compile(r"[\s,，。、()（）]|公元(?!前)|西元(?!前)|农历|阴历|旧历")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_REIGN_NAMES = "|".join(sorted(REIGNS, key=len, reverse=True))
_TIME_NAMES = "|".join(sorted(TIMES, key=len, reverse=True))
_N = f"[{FIGURES}]"

Years = tuple[int, int]


def parse(text: str) -> FuzzyDate:
    """The date a text says. Raises NotADate."""
    tidy = unicodedata.normalize("NFKC", text).strip().translate(_TRADITIONAL)
    if not tidy or len(tidy) > MOST:
        raise NotADate(text)
    edtf = tidy if is_edtf(tidy) else _whole(_IDLE.sub("", tidy))
    first, last = bounds(edtf)
    return FuzzyDate(edtf, first, last)


def _whole(text: str) -> str:
    if not text:
        raise NotADate(text)
    open_end = re.fullmatch(r"(.+?)(?:至今|到现在|到如今|以来|之后|以后|后|起)", text)
    if open_end and not text.endswith("前后"):
        return f"{_begin(_single(open_end[1]))}/.."
    before = re.fullmatch(r"(.+?)(?:以前|之前|前)", text)
    if before:
        return f"../{_year_before(before[1])}"
    span = re.fullmatch(r"(.+?)(?:至|到|—+|–|~|-)(.+)", text)
    if span and not re.fullmatch(r"\d{1,4}-\d{1,2}(-\d{1,2})?", text):
        begins = span[1] if re.search(r"[年月纪代间日]", span[1]) else span[1] + _unit(span[2])
        return f"{_begin(_single(begins))}/{_end(_single(_with_era(begins, span[2])))}"
    return _single(text)


def _unit(text: str) -> str:
    return "年代" if text.endswith("年代") else "年"


def _with_era(begins: str, ends: str) -> str:
    """光绪二十年至三十年: the second is of the same reign; 1958年3月至5月: of the same year."""
    reign = re.match(rf"[清明]?(?:代|朝)?({_REIGN_NAMES})", begins)
    if reign and re.fullmatch(rf"{_N}+年.*", ends) and not re.match(r"\d{4}", ends):
        return reign[1] + ends
    year = re.match(r"\d{4}年", begins)
    return year[0] + ends if year and re.fullmatch(rf"{_N}+月.*", ends) else ends


def _begin(edtf: str) -> str:
    return edtf.partition("/")[0]


def _end(edtf: str) -> str:
    return edtf.rpartition("/")[2]


def _year_before(text: str) -> str:
    for name, year in TURNS.items():
        if text == name:
            return f"{year:04d}"
    return _end(_single(text))


def _single(text: str) -> str:
    """One date with its qualifier."""
    plain = _UNSURE.sub("", _ABOUT.sub("", text))
    about, unsure = bool(_ABOUT.search(text)), bool(_UNSURE.search(text))
    mark = "%" if about and unsure else "~" if about else "?" if unsure else ""
    if is_edtf(plain) and not plain.endswith(("~", "?", "%")):
        found: str | None = plain
    else:
        found = next((edtf for read in _READERS if (edtf := read(plain)) is not None), None)
    if found is None:
        raise NotADate(text)
    return "/".join(part if part in {"", ".."} else part + mark for part in found.split("/"))


# --- what one date can look like -----------------------------------------------------------------


def _gregorian(text: str) -> str | None:
    """1958年3月5日, 一九五八年三月, 1958年春, 1958.3.5, 1958"""
    figures = r"(\d{3,4}|[〇○零一二三四五六七八九]{4})"
    found = re.fullmatch(
        rf"{figures}年?(?:([春夏秋冬])[天季]?)?(?:({_N}+)月(?:份|({_N}+)[日号]?)?)?", text
    ) or re.fullmatch(r"(\d{4})()[./-](\d{1,2})(?:[./-](\d{1,2}))?", text)
    if found is None:
        return None
    year, season, month, day = found.groups()
    if season:
        return f"{number(year):04d}-{21 + '春夏秋冬'.index(season)}"
    return _calendar_date(number(year), month, day)


def _calendar_date(year: int, month: str | None, day: str | None) -> str:
    edtf = f"{year:04d}"
    if month:
        edtf += f"-{number(month):02d}"
    if month and day:
        edtf += f"-{number(day):02d}"
    return edtf


def _before_our_era(text: str) -> str | None:
    found = re.fullmatch(rf"(?:公元|西元)前({_N}+)年", text)
    return f"-{number(found[1]) - 1:04d}" if found else None


def _decade(text: str) -> str | None:
    """1930年代, 二十世纪三十年代, 上世纪80年代初, 三十年代 (of the century that elders speak of)"""
    found = re.fullmatch(
        rf"(?:({_N}+)世纪|(上)个?世纪|(本)世纪)?({_N}+)年代(初期?|中期?|末期?|后期|前期)?", text
    )
    if found is None:
        return None
    century, last_one, this_one, tens, part = found.groups()
    decade = number(tens)
    if decade < 100:
        hundreds = number(century) - 1 if century else 20 if this_one else 19
        decade += hundreds * 100
    if decade % 10 or not (century or last_one or this_one or decade >= 1000):
        return None
    if part is None:
        return f"{decade // 10:03d}X"
    start, end = _part_of((decade, decade + 9), part)
    return f"{start:04d}/{end:04d}"


def _century(text: str) -> str | None:
    found = re.fullmatch(rf"({_N}+)世纪(初期?|中叶|中期|末期?|晚期|上半叶|下半叶|前期|后期)?", text)
    if found is None:
        return None
    hundreds = number(found[1]) - 1
    if found[2] is None:
        return f"{hundreds:02d}XX"
    start, end = _part_of((hundreds * 100, hundreds * 100 + 99), found[2])
    return f"{start:04d}/{end:04d}"


def _reign(text: str) -> str | None:
    """清光绪三十年, 光绪甲辰年, 光绪年间, 光绪初年, 民国二十三年五月"""
    found = re.fullmatch(rf"(?:大?[清明](?:代|朝)?)?({_REIGN_NAMES})(?:(皇帝)?(.*))?", text)
    if found is None:
        return None
    reign, rest = found[1], found[3] or ""
    first, last = REIGNS[reign]
    if rest in {"", "年间", "时期", "时", "期间", "时代", "间", "年代"}:
        return f"{first:04d}/{last:04d}"
    part = re.fullmatch(r"(初|中|末|晚|前|后)(?:年|期|叶|年间)?", rest)
    if part:
        start, end = _part_of((first, last), part[1])
        return f"{start:04d}/{end:04d}"
    cycle = re.fullmatch(rf"([{_STEMS}])([{_BRANCHES}])(?:年)?.*", rest)
    if cycle:
        return _cyclic(cycle[1], cycle[2], first, last)
    year = re.fullmatch(
        rf"({_N}+)年(?:[{_STEMS}][{_BRANCHES}])?(?:({_N}+)月(?:({_N}+)[日号]?)?)?.*", rest
    )
    if year is None:
        return None
    counted = first + number(year[1]) - 1
    if not first <= counted <= last + 1:
        return None
    # before 1912 months are those of the lunar calendar: only the year can be said
    return _calendar_date(counted, year[2], year[3]) if reign == "民国" else f"{counted:04d}"


def _cyclic(stem: str, branch: str, first: int, last: int) -> str | None:
    """The year of the sexagenary cycle inside a reign; 4 CE was 甲子."""
    for year in range(first, last + 1):
        if (year - 4) % 10 == _STEMS.index(stem) and (year - 4) % 12 == _BRANCHES.index(branch):
            return f"{year:04d}"
    return None


def _time(text: str) -> str | None:
    """明代, 清末, 清代中期, 文革时期, 解放初期, 改革开放初"""
    turn = re.fullmatch(rf"({'|'.join(TURNS)})(?:初期?|后不久)?", text)
    if turn:
        year = TURNS[turn[1]]
        return f"{year:04d}/{year + 5:04d}" if turn[0] != turn[1] else f"{year:04d}"
    found = re.fullmatch(
        rf"({_TIME_NAMES})(?:代|朝|时期|时代|期间|时|年间|运动)?(初|中|末|晚|早|前|后)?(?:年|期|叶)?",
        text,
    )
    if found is None:
        return None
    start, end = _part_of((TIMES[found[1]][0], TIMES[found[1]][1]), found[2] or "")
    return f"{start:04d}/{end:04d}"


def _part_of(years: Years, part: str) -> Years:
    """A beginning, middle or end is a third (a half where it says so)."""
    first, last = years
    length = last - first + 1
    third = max(1, round(length / 3))
    if part.startswith("上半"):
        return first, first + length // 2 - 1
    if part.startswith("下半"):
        return first + length // 2, last
    if part[:1] in {"初", "早", "前"}:
        return first, first + third - 1
    if part[:1] in {"末", "晚", "后"}:
        return last - third + 1, last
    if part[:1] == "中":
        return first + third, last - third
    return years


_READERS: tuple[Callable[[str], str | None], ...] = (
    _gregorian,
    _before_our_era,
    _decade,
    _century,
    _reign,
    _time,
)
