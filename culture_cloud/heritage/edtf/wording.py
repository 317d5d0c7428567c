"""EDTF in words, in the language of the page."""

from __future__ import annotations

import re

from flask_babel import gettext as _

from culture_cloud.i18n import is_chinese

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SEASONS = {
    "21": ("春", "spring"),
    "22": ("夏", "summer"),
    "23": ("秋", "autumn"),
    "24": ("冬", "winter"),
}


def in_words(edtf: str) -> str:
    """1875年至1908年; 约1934年; 1930年代; 1949年以前. Empty for an empty text."""
    if not edtf:
        return ""
    if "/" not in edtf:
        return _one(edtf)
    begins, _slash, ends = edtf.partition("/")
    if begins in {"", ".."}:
        return _("until %(date)s", date=_one(ends))
    if ends in {"", ".."}:
        return _("since %(date)s", date=_one(begins))
    if begins == ends:
        return _one(begins)
    return _("%(first)s to %(last)s", first=_one(begins), last=_one(ends))


def _one(text: str) -> str:
    mark = text[-1] if text[-1] in "~?%" else ""
    date = _plain(text.rstrip("~?%"))
    if mark == "~":
        return _("about %(date)s", date=date)
    if mark == "?":
        return _("perhaps %(date)s", date=date)
    return _("perhaps about %(date)s", date=date) if mark else date


def _plain(text: str) -> str:
    year, *rest = re.findall(r"-?\d[\dX]{3}|(?<=-)[\dX]{2}", text)
    chinese = is_chinese()
    if "X" in year:
        return _vague(year, chinese=chinese)
    shown = _year(int(year), chinese=chinese)
    rest = [part for part in rest if part != "XX"]
    if not rest:
        return shown
    if rest[0] in _SEASONS:
        zh, en = _SEASONS[rest[0]]
        return f"{shown}{zh}" if chinese else f"{en} {shown}"
    month = int(rest[0])
    if chinese:
        return f"{shown}{month}月" + (f"{int(rest[1])}日" if len(rest) > 1 else "")
    day = f"{int(rest[1])} " if len(rest) > 1 else ""
    return f"{day}{_MONTHS[month - 1]} {shown}"


def _year(year: int, *, chinese: bool) -> str:
    if year > 0:
        return f"{year}年" if chinese else str(year)
    return f"公元前{1 - year}年" if chinese else f"{1 - year} BCE"


def _vague(year: str, *, chinese: bool) -> str:
    if year.endswith("XX"):
        century = int(year[:-2]) + 1
        return f"{century}世纪" if chinese else _("%(number)sth century", number=century)
    return f"{year[:-1]}0年代" if chinese else f"{year[:-1]}0s"
