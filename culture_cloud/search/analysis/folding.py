"""Text as search compares it: one form for all ways of writing the same.

Folding works character by character, so that a place in folded text leads back to the text as it
was written: NFKC and case (full-width, ligatures), accents off, and every Chinese character to one
representative of its variants: traditional to simplified by OpenCC, the variants of Taiwan and
Hong Kong, and those of VARIANTS that OpenCC leaves. Where one simplified character stands for two
(云 for 雲 and 云, 干 for 乾 and 幹, 里 for 裏 and 里) all of them fold together: query and document
meet however either was typed, which matters more than telling them apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
import opencc

FIRST_CJK = 0x2E80
"""Everything from here on is written without spaces (Han, kana, Yi, Hangul, their extensions)."""

VARIANTS = {
    pair[0]: pair[1]
    for pair in [
        "著着",
        "覆复",
        "劒剑",
        "劔剑",
        "廻回",
        "囘回",
        "砦寨",
        "菓果",
        "甎砖",
        "磗砖",
        "堃坤",
        "喆哲",
        "亊事",
        "仝同",
        "凃涂",
        "叄三",
        "弍二",
        "弎三",
        "弌一",
        "叁三",
        "壹一",
        "贰二",
        "貳二",
        "祇只",
        "衹只",
        "瞭了",
        "脩修",
        "菴庵",
        "谿溪",
        "鬰郁",
        "鬱郁",
        "朶朵",
        "槀稿",
        "槁稿",
        "濶阔",
        "滙汇",
        "彚汇",
        "墻墙",
        "牆墙",
        "牕窗",
        "窻窗",
        "窓窗",
        "葢盖",
        "蓋盖",
        "裵裴",
        "鉢钵",
        "鑑鉴",
        "鑒鉴",
        "麄粗",
        "麤粗",
        "麁粗",
        "埜野",
        "畧略",
        "畝亩",
        "畞亩",
        "峒洞",
        "峝洞",
        "垻坝",
        "堦阶",
        "疎疏",
        "踈疏",
        "橘桔",
        "甯宁",
        "寗宁",
        "寧宁",
        "甞尝",
        "嚐尝",
        "颺扬",
        "飏扬",
        "敍叙",
        "敘叙",
        "緜绵",
        "綿绵",
        "碁棋",
        "棊棋",
        "荅答",
    ]
}
"""Variant → representative, where OpenCC has none; read in the local records of Yunnan and in the
titles of old books. Figures written out (叁, 贰) fold to the plain ones."""

_TO_SIMPLIFIED = [opencc.OpenCC(name) for name in ("t2s", "tw2s", "hk2s")]
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}


class _Folding(dict[int, str]):
    """str.translate table that learns a character when it meets it."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        if len(folded) == 1 and code < len(_ONE_TO_ONE):
            _ONE_TO_ONE[code] = ord(folded)
        return folded


_UNKNOWN = 0xFFFF_FFFF
_ONE_TO_ONE = np.full(0x3_0000, _UNKNOWN, np.uint32)
"""Character → folded character, of those met so far that fold to exactly one."""


def _fold_character(character: str) -> str:
    if character in "\t\n\r\v\f\x85":
        return " "
    if unicodedata.category(character) in _DROPPED:
        return ""
    letters = unicodedata.normalize("NFKD", character).casefold()
    letters = "".join(c for c in letters if unicodedata.category(c) not in _DROPPED)
    # kana and Hangul came apart in NFKD: put together again what is left
    return "".join(_simplified(c) for c in unicodedata.normalize("NFC", letters))


def _simplified(character: str) -> str:
    if ord(character) < FIRST_CJK:
        return character
    character = VARIANTS.get(character, character)
    for converter in _TO_SIMPLIFIED:
        converted = converter.convert(character)
        if len(converted) == 1 and converted != character:
            character = converted
            break
    return VARIANTS.get(character, character)


_TABLE = _Folding()


def fold(text: str) -> str:
    """The text with every character folded; mostly as long as before (see `fold_with_places`)."""
    return _one_to_one(text) or text.translate(_TABLE)


def _one_to_one(text: str) -> str:
    """The folded text where every character is known to fold to exactly one, else "": five times
    faster than str.translate, which asks a dictionary for each."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    folded = _ONE_TO_ONE.take(codes, mode="clip")
    # the last place stands for all beyond the table, and is never known
    return "" if folded.max(initial=0) == _UNKNOWN else folded.tobytes().decode("utf-32-le")


@lru_cache(256)
def fold_with_places(text: str) -> tuple[str, list[int] | None]:
    """The folded text and for each of its characters the place it came from.

    None where each stands where it stood, which is nearly always.
    """
    folded = _one_to_one(text)
    if folded:
        return folded, None
    # the characters met for the first time are learned here
    pieces = [_TABLE[ord(character)] for character in text]
    if all(len(piece) == 1 for piece in pieces):
        return "".join(pieces), None
    places = [place for place, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), places


def clean(text: str) -> str:
    """What was typed without what neither a page nor a database takes: NUL and other controls, lone
    surrogates, marks that turn the direction of writing. White space becomes plain spaces."""
    kept = []
    for character in text:
        if character.isspace():
            kept.append(" ")
        elif unicodedata.category(character) not in _UNSHOWABLE:
            kept.append(character)
    return "".join(kept)


_UNSHOWABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}

_GAPS = re.compile(r"[\W_]+")
_BESIDE_CJK = re.compile(rf"(?<=[{chr(FIRST_CJK)}-\U0010FFFF]) | (?=[{chr(FIRST_CJK)}-\U0010FFFF])")


def squeeze(folded: str) -> str:
    """Folded text without punctuation, line breaks and spaces, one space between Latin words.

    A phrase is found in it wherever its line broke or a comma stood.
    """
    return _BESIDE_CJK.sub("", _GAPS.sub(" ", folded)).strip()


@lru_cache(4096)
def folded_name(text: str) -> str:
    """A title or name as names are compared."""
    return squeeze(fold(text))


def is_cjk(character: str) -> bool:
    return ord(character) >= FIRST_CJK


def in_scripts(text: str) -> list[str]:
    """The text as typed, in simplified and in traditional characters, without repeats."""
    traditional = _s2t().convert(text)
    return list(dict.fromkeys((text, _TO_SIMPLIFIED[0].convert(text), traditional)))


@lru_cache(1)
def _s2t() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")
