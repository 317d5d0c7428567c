"""Numbers as people say them: 105 一百零五, 3.5 三点五, 13800 digit by digit 幺三八零零."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_SMALL = ("", "十", "百", "千")
_LARGE = ("", "万", "亿", "万亿", "亿亿")

LONGEST = 4 * len(_LARGE)
"""Numbers of more digits have no name here and are read digit by digit."""


def counted(number: str) -> str:
    """A whole or decimal number: "12" 十二, "3.50" 三点五. Digits only, at most one point."""
    whole, _, fraction = number.partition(".")
    said = _whole(whole)
    fraction = fraction.rstrip("0")
    return f"{said}点{plain_digits(fraction)}" if fraction else said


def _whole(digits: str) -> str:
    digits = digits.lstrip("0")
    if not digits:
        return "零"
    if len(digits) > LONGEST:
        return plain_digits(digits)
    groups: list[str] = []
    while digits:
        groups.insert(0, digits[-4:])
        digits = digits[:-4]
    said = ""
    skipped = False
    for position, group in enumerate(groups):
        if not int(group):
            skipped = True
            continue
        if said and (skipped or group.startswith("0")):
            said += "零"
        said += _group(group) + _LARGE[len(groups) - 1 - position]
        skipped = False
    return said.removeprefix("一") if said.startswith("一十") else said


def _group(digits: str) -> str:
    """Up to four digits: 1050 一千零五十."""
    said = ""
    digits = digits.lstrip("0")
    for position, digit in enumerate(digits):
        unit = _SMALL[len(digits) - 1 - position]
        if digit != "0":
            said += _DIGITS[int(digit)] + unit
        elif not said.endswith("零"):
            said += "零"
    return said.rstrip("零")


def of_things(number: str) -> str:
    """Before a measure word two is 两: 2 个 两个, 2000 人 两千人; 12 个 stays 十二个."""
    said = counted(number)
    if said == "二":
        return "两"
    return "两" + said[1:] if said.startswith(("二千", "二万", "二亿")) else said


def plain_digits(digits: str) -> str:
    """Digit by digit, as in years and after the point: 2026 二零二六."""
    return "".join(_DIGITS[int(digit)] for digit in digits)


def called_digits(digits: str) -> str:
    """Digit by digit as on the telephone, where one is yāo: 110 幺幺零."""
    return plain_digits(digits).replace("一", "幺")
