"""Characters to syllables with tone numbers: 银行行长 yin2 hang2 hang2 zhang3.

pypinyin knows the readings of words; a table of our own, and one of the site, come first: local
names, and words that it or the voice reads wrongly. A single character in a table is its reading
where it stands alone, in no word: 教 jiao1 唱歌, but 教室 jiao4 shi4. Only the program that speaks
loads pypinyin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

READINGS_FILE = Path(__file__).with_name("readings.json")

_HAN = re.compile(r"[㐀-鿿𠀀-𲎯]+")
_PIECES = re.compile(r"[㐀-鿿𠀀-𲎯]+|[^㐀-鿿𠀀-𲎯]+")
_PAUSES = str.maketrans({"，": " , ", "。": " . ", "！": " ! ", "？": " ? "})
_SYLLABLE = re.compile(r"[a-zü]+[1-5]")

_FOR_THE_VOICE = {
    "xiong": "xong", "qiong": "qong", "jiong": "jong", "hng": "heng", "m": "mu",
    "n": "en", "ê": "ei",
}  # fmt: skip
"""Syllables that the voice takes for English; these spellings give the same sound."""

_COUNTED = "(?<=[一二两三四五六七八九十百千几])(?<![周期]一)[只行]"
_COUNTED_THINGS = {"只": "zhi1", "行": "hang2"}

_COUNTED_BEFORE = set("零一二三四五六七八九十百千万亿点第幺初周期统唯之")
_COUNTED_AFTER = set("零一二三四五六七八九十点月日号楼层级等班幺")


class BadReading(ValueError):
    """A reading is not one syllable with a tone number for each character."""


@lru_cache(maxsize=1)
def own_readings() -> dict[str, str]:
    """The table that comes with the program: word → syllables parted by spaces."""
    return checked(json.loads(READINGS_FILE.read_text(encoding="utf-8")))


def checked(readings: Mapping[str, str]) -> dict[str, str]:
    """The readings, where each is whole. Raises BadReading with the word."""
    for word, reading in readings.items():
        syllables = str(reading).split()
        fits = len(syllables) == len(word) and all(map(_SYLLABLE.fullmatch, syllables))
        if not fits or not _HAN.fullmatch(word):
            raise BadReading(word)
    return dict(readings)


def readings_of(text: str) -> dict[str, str]:
    """Lines as people write them, a word and its syllables: `重庆 chong2 qing4`, `重庆 chóng qìng`.

    Raises BadReading with the line.
    """
    from pypinyin.contrib.tone_convert import to_tone3

    found: dict[str, str] = {}
    for line in text.splitlines():
        word, _blank, said = " ".join(line.split()).partition(" ")
        if not word:
            continue
        plain = said.lower().replace("v", "ü").split()
        syllables = [
            part
            if _SYLLABLE.fullmatch(part)
            else to_tone3(part, v_to_u=True, neutral_tone_with_five=True)
            for part in plain
        ]
        try:
            found |= checked({word: " ".join(syllables)})
        except BadReading:
            raise BadReading(line.strip()) from None
    return found


def for_the_voice(text: str, readings: Mapping[str, str]) -> str:
    """Sentences as the voice takes them: syllables with tones as they are spoken, and pauses."""
    said = []
    for piece in _PIECES.findall(text):
        if _HAN.match(piece):
            syllables = as_spoken(syllables_of(piece, readings), piece)
            said.append(" ".join(map(_spelled_for_the_voice, syllables)))
        else:
            said.append(piece.translate(_PAUSES))
    return " ".join(said)


def syllables_of(characters: str, readings: Mapping[str, str]) -> list[str]:
    """One syllable for each character, in its dictionary tone; 5 is the neutral tone."""
    from pypinyin.contrib.mmseg import seg

    found: list[str] = []
    for piece, reading in _cut_at_known(characters, readings):
        if reading is not None:
            found += reading.split()
            continue
        for word in seg.cut(piece):
            alone = readings.get(word) if len(word) == 1 else None
            found += [alone] if alone else _in_dictionary(word)
    return found


def _in_dictionary(word: str) -> list[str]:
    """A character that even the dictionary does not know has no sound."""
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(
        [word],
        style=Style.TONE3,
        neutral_tone_with_five=True,
        errors=lambda unknown: [""] * len(unknown),  # type: ignore[arg-type,return-value]
    )


def _cut_at_known(text: str, readings: Mapping[str, str]) -> list[tuple[str, str | None]]:
    """The text in pieces; with a piece that the table knows comes its reading."""
    words = sorted((word for word in readings if len(word) > 1), key=len, reverse=True)
    known = re.compile("|".join([*map(re.escape, words), _COUNTED]))
    pieces: list[tuple[str, str | None]] = []
    end = 0
    for match in known.finditer(text):
        if match.start() > end:
            pieces.append((text[end : match.start()], None))
        pieces.append((match[0], _COUNTED_THINGS.get(match[0]) or readings[match[0]]))
        end = match.end()
    if end < len(text):
        pieces.append((text[end:], None))
    return pieces


def as_spoken(syllables: list[str], characters: str) -> list[str]:
    """Tones as they sound beside each other: 你好 ni2 hao3, 不去 bu2 qu4, 一样 yi2 yang4."""
    spoken = list(syllables)
    for place, (character, syllable) in enumerate(zip(characters, syllables, strict=True)):
        after = syllables[place + 1] if place + 1 < len(syllables) else ""
        if character == "一" and syllable.startswith("yi"):
            spoken[place] = _one(characters, place, after)
        elif character == "不" and syllable in {"bu2", "bu4"}:
            spoken[place] = "bu2" if after.endswith("4") else "bu4"
        elif syllable.endswith("3") and after.endswith("3"):
            spoken[place] = f"{syllable[:-1]}2"
    return spoken


def _one(characters: str, place: int, after: str) -> str:
    """一 keeps its tone in counting, in dates and at the end; else it follows what comes next."""
    before = characters[place - 1] if place else ""
    if not after or before in _COUNTED_BEFORE or characters[place + 1] in _COUNTED_AFTER:
        return "yi1"
    return "yi2" if after[-1] in "45" else "yi4"


def _spelled_for_the_voice(syllable: str) -> str:
    bare, tone = syllable[:-1], syllable[-1:]
    return _FOR_THE_VOICE.get(bare, bare).replace("ü", "v") + tone
