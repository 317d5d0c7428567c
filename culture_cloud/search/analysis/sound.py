"""How names sound: pinyin in full, by initials, or half and half, and as people here speak.

`letters` are pinyin without tones in one string; `broad` folds the pairs that Yunnan speech does
not tell apart (n and l, z and zh, in and ing, yuan and yan), so that both a careful and a local
typist are understood. Both functions work on letters alone: no query has to be cut into syllables,
which is ambiguous (fang'an, fan'gan).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pypinyin import Style, lazy_pinyin, pinyin

from .folding import is_cjk

LONGEST_NAME = 40
"""Of a longer title only its beginning is kept by sound: nobody types more by ear."""

MOST_LETTERS = 60
"""Of a longer query by ear this much is listened to."""

_BROAD = (
    (re.compile("zh"), "z"),
    (re.compile("ch"), "c"),
    (re.compile("sh"), "s"),
    (re.compile("ng"), "n"),
    (re.compile("l"), "n"),
    (re.compile("[vü]"), "u"),
    (re.compile("yu(?=[ae])"), "y"),
    (re.compile("yu"), "yi"),
)


OTHER_READINGS = {
    entry[0]: tuple(entry[1:].split())
    for entry in (
        "重chong zhong", "长chang zhang", "乐le yue", "行xing hang", "朝chao zhao", "传chuan zhuan",
        "会hui kuai", "还huan hai", "都du dou", "藏cang zang", "参can shen", "调diao tiao",
        "校xiao jiao", "单dan shan", "盛sheng cheng", "觉jue jiao", "角jiao jue", "宿su xiu",
        "解jie xie", "查cha zha", "曾zeng ceng", "薄bo bao", "泊bo po", "堡bao pu", "巷xiang hang",
        "血xue xie", "露lu lou", "降jiang xiang", "弹dan tan", "奇qi ji", "卡ka qia", "车che ju",
        "系xi ji", "模mo mu", "省sheng xing", "率lv shuai", "六liu lu", "区qu ou", "尉wei yu",
        "叶ye xie", "折zhe she", "说shuo shui", "石shi dan", "种zhong chong", "仇qiu chou",
        "翟zhai di", "盖gai ge", "便bian pian", "屏ping bing", "落luo la", "塔ta da", "吓xia he",
    )
}  # fmt: skip
"""Characters that are commonly read in two ways: names with them are found by either (the clerk
types 乐作 as le or as yue)."""

MOST_READINGS = 4


@dataclass(frozen=True, slots=True)
class Sound:
    """One reading of a name: a syllable for each character, a word for each Latin word."""

    syllables: tuple[str, ...]

    @property
    def letters(self) -> str:
        return "".join(self.syllables)

    @property
    def initials(self) -> str:
        return "".join(syllable[0] for syllable in self.syllables)


def readings(name: str) -> list[Sound]:
    """The readings of a folded name, the likeliest first: as its words are read, character by
    character where that differs (人参, 长子: people type what they see), and with one of
    OTHER_READINGS in turn."""
    name = name.replace(" ", "")[:LONGEST_NAME]
    return [Sound(syllables) for syllables in _readings(name)]


def _each(letters: str) -> Any:
    """What is no Chinese character is a syllable each (pypinyin takes a list, its types do not)."""
    return list(letters)


@lru_cache(20_000)
def _readings(name: str) -> tuple[tuple[str, ...], ...]:
    if not name:
        return ()
    in_words = tuple(lazy_pinyin(name, style=Style.NORMAL, errors=_each))
    found = [in_words]
    if len(name) <= 8:
        single = tuple(pinyin(c, style=Style.NORMAL)[0][0] if is_cjk(c) else c for c in name)
        if single != in_words and len(single) == len(in_words):
            found.append(single)
    if len(in_words) == len(name):
        found += [
            (*in_words[:place], reading, *in_words[place + 1 :])
            for place, character in enumerate(name)
            for reading in OTHER_READINGS.get(character, ())
        ]
        found = list(dict.fromkeys(found))[:MOST_READINGS]
    return tuple(found)


@lru_cache(50_000)
def broad(letters: str) -> str:
    """Letters with what sounds alike here folded together."""
    for pattern, folded in _BROAD:
        letters = pattern.sub(folded, letters)
    return letters


def broad_initials(initials: str) -> str:
    """The same for initials, each of which is a letter of its own."""
    return initials.replace("l", "n")


def typed_letters(query: str) -> str | None:
    """The letters of a query typed by ear, Chinese characters in it read aloud (元jiang).

    None where it holds no Latin letter, or something that is neither.
    """
    text = query.replace(" ", "").replace("'", "").replace("’", "")
    if not re.search("[a-zü]", text) or not all(is_cjk(c) or c.isascii() for c in text):
        return None
    letters = "".join(lazy_pinyin(text, style=Style.NORMAL)).replace("ü", "v")[:MOST_LETTERS]
    return letters if re.fullmatch("[a-z0-9]+", letters) else None


def span_heard(sound: Sound, heard: str) -> tuple[int, int] | None:
    """Which syllables of the name the letters are: (first, end), or None.

    Every syllable may be typed in full, by its beginning, or by its initial alone (yuanjiang, yj,
    yjiang), in local speech too. The first place that fits is taken.
    """
    initials = broad_initials(heard)
    place = broad_initials(sound.initials).find(initials)
    wanted = broad(heard)
    for start in range(len(sound.syllables)):
        end = _heard_from(sound.syllables, start, wanted)
        if end is not None:
            return start, end
    return (place, place + len(initials)) if place >= 0 and len(initials) > 1 else None


def _heard_from(syllables: tuple[str, ...], start: int, wanted: str) -> int | None:
    """The end of the syllables from `start` on that `wanted` spells; short forms are tried after
    full ones, so that `yuan` is one syllable and not two beginnings."""
    if not wanted:
        return start
    if start == len(syllables):
        return None
    whole = broad(syllables[start])
    for length in range(min(len(whole), len(wanted)), 0, -1):
        if wanted.startswith(whole[:length]):
            end = _heard_from(syllables, start + 1, wanted[length:])
            if end is not None:
                return end
    return None
