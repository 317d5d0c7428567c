"""Latin letters in a Chinese text: known words in Chinese, abbreviations letter by letter.

The names of the letters are written in characters, so that the same voice says them; other words
stay for the voice's English.
"""

from __future__ import annotations

import re

_NAMES = {
    "A": "诶", "B": "必", "C": "西", "D": "弟", "E": "衣", "F": "艾夫", "G": "寄", "H": "艾尺",
    "I": "爱", "J": "杰", "K": "开", "L": "艾欧", "M": "艾姆", "N": "恩", "O": "欧", "P": "批",
    "Q": "秋", "R": "阿儿", "S": "艾丝", "T": "梯", "U": "优", "V": "微", "W": "大不溜",
    "X": "艾克斯", "Y": "歪", "Z": "贼",
}  # fmt: skip
_WORDS = {
    "wifi": "无线网",
    "wi-fi": "无线网",
    "km": "公里",
    "kg": "公斤",
    "cm": "厘米",
    "vs": "对",
    "no.": "",
    "tel": "电话",
    "email": "电子邮箱",
    "e-mail": "电子邮箱",
}
_SPELLED = 5
"""Capitals up to this many are an abbreviation; more are a word that shouts."""

_LATIN = re.compile(r"[Ww]i-?[Ff]i|[Ee]-mail|[Nn]o\.(?=[一二三四五六七八九十])|[A-Za-z]+")


def said_latin(text: str) -> str:
    """KTV 开梯微, WiFi 无线网; Beatles stays."""
    return _LATIN.sub(_said, text)


def _said(found: re.Match[str]) -> str:
    word = found[0]
    known = _WORDS.get(word.lower())
    if known is not None:
        return known
    if len(word) == 1 or (word.isupper() and len(word) <= _SPELLED) or word.lower() == "app":
        return "".join(_NAMES[letter] for letter in word.upper())
    return f" {word.lower() if word.isupper() else word} "
