"""Telephone numbers found in a text, said in groups and digit by digit."""

from __future__ import annotations

import re

from .numerals import called_digits

_GAP = r"[ \-－—–]?"
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_GAP})?(1[3-9]\d){_GAP}(\d{{4}}){_GAP}(\d{{4}})(?!\d)")
_LANDLINE = re.compile(
    r"(?<!\d)[(（]?(0(?:10|2\d|[3-9]\d{2}))[)）]?[ \-－—–]?(\d{3,4})[ \-]?(\d{4})"
    r"(?:\s?(?:转|分机|-|－)\s?(\d{1,5}))?(?!\d)"
)
_SERVICE = re.compile(r"(?<!\d)([48]00)[ \-－]?(\d{3,4})[ \-－]?(\d{3,4})(?!\d)")
_CALLED = re.compile(
    r"((?:电话|热线|手机|拨打|请拨|请打|拨|致电|短信)(?:号码|是|为)?[:：]?\s{0,3})(\d{3,8})(?!\d)"
    r"(?![年月日点元个人位])"
)
_LOCAL = re.compile(r"(?<![\d-])(?!(?:19|20)\d\d)([2-8]\d{2,3})[\-－](\d{4})(?![\d-])")


def said_phones(text: str) -> str:
    """The text with its telephone numbers in words: 0877-5550100 零八七七，五五五，零幺零零."""
    text = _MOBILE.sub(_groups, text)
    text = _LANDLINE.sub(_landline, text)
    text = _SERVICE.sub(_groups, text)
    text = _CALLED.sub(lambda found: found[1] + in_groups(found[2]), text)
    return _LOCAL.sub(_groups, text)


def in_groups(digits: str) -> str:
    """A number in groups that can be written down while it is heard: 6 digits 3 and 3, 7 digits
    3 and 4, 11 digits 3, 4 and 4; up to 5 stay together."""
    size = 3 if len(digits) == 6 else len(digits) if len(digits) <= 5 else 4
    head = len(digits) % size if digits else 0
    cut = [digits[:head]] if head else []
    cut += [digits[start : start + size] for start in range(head, len(digits), size)]
    return "，".join(called_digits(group) for group in cut)


def _groups(found: re.Match[str]) -> str:
    return "，".join(called_digits(group) for group in found.groups() if group)


def _landline(found: re.Match[str]) -> str:
    *number, extension = found.groups()
    said = "，".join(called_digits(group) for group in number)
    return f"{said}，转{called_digits(extension)}" if extension else said
