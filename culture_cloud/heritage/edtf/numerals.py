"""Whole numbers in Chinese figures: 二十三, 廿三, 一九五八, 元 (the first year of a reign)."""

from __future__ import annotations

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "元": 1}
_TENS = {"廿": 20, "卅": 30}

FIGURES = "0-9" + "".join(_DIGITS) + "".join(_TENS) + "十百"
"""For a character class that matches what `number` reads."""


def number(text: str) -> int:
    """The value. Raises ValueError where the text is no number."""
    if text.isascii():
        return int(text)
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in _TENS:
            total += _TENS[c]
        elif c == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif c == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif c in _DIGITS:
            digit = _DIGITS[c]
        else:
            raise ValueError(text)
    return total + digit
