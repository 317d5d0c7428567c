"""What else people type: questions made from the texts that no rule of the search was tuned on.

Titles as they are said with an accent of Yunnan, with the other reading of a character, half in
characters and half in pinyin, by three initials; words with one traditional character among
simplified ones, in full width, with two characters swapped, with spaces put in; and three words of
a text side by side, as one remembers what it was about.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

import opencc
import rjieba
from pypinyin import lazy_pinyin

from culture_cloud.search.analysis.sound import OTHER_READINGS
from culture_cloud.search.documents import Document

EACH = 500
"""Of each sort."""

Tries = list[tuple[str, int]]
"""What is typed, and the id of the document that is meant."""


def sorts(documents: Sequence[Document], titles: Tries) -> Iterator[tuple[str, Tries]]:
    """`titles`: those that one document alone has, Chinese throughout."""
    chance = random.Random(17)
    some = titles if len(titles) <= EACH else chance.sample(titles, EACH)
    spelled = [(lazy_pinyin(title), title, number) for title, number in some]
    yield (
        "title by three initials",
        [("".join(s[0] for s in said), n) for said, title, n in spelled if len(title) == 3],
    )
    yield (
        "title in pinyin with an accent (n/l, z/zh, in/ing)",
        [("".join(map(with_accent, said)), number) for said, _, number in spelled],
    )
    yield (
        "title in pinyin, another reading of one character",
        [(other, number) for _, title, number in spelled if (other := other_reading(title))],
    )
    yield (
        "title half in characters, half in pinyin",
        [
            (title[: len(title) // 2] + "".join(said[len(title) // 2 :]), number)
            for said, title, number in spelled
        ],
    )
    yield (
        "title in pinyin with spaces",
        [(" ".join(said), number) for said, _, number in spelled],
    )
    pieces = list(_pieces(documents, chance))
    traditional = opencc.OpenCC("s2t")
    yield (
        "one traditional character among simplified ones",
        [
            (other, number)
            for words, number in pieces
            if (other := _one_converted(words, traditional, chance)) != words
        ],
    )
    yield (
        "two neighbours swapped",
        [(_swapped(words, chance), number) for words, number in pieces if len(words) >= 5],
    )
    yield (
        "a space in the middle",
        [(f"{w[: len(w) // 2]} {w[len(w) // 2 :]}", n) for w, n in pieces if len(w) >= 4],
    )
    yield "figures and letters in full width", list(_full_width(documents, chance))


def keywords(documents: Sequence[Document]) -> Tries:
    """Three words of a text in any order, run together or parted by spaces."""
    chance = random.Random(23)
    found: Tries = []
    for document in chance.sample(list(documents), min(EACH, len(documents))):
        words = [w for w in rjieba.cut(document.body) if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", w)]
        distinct = list(dict.fromkeys(words))
        if len(distinct) >= 3:
            said = chance.sample(distinct, 3)
            found.append((chance.choice(("", " ")).join(said), document.id))
    return found


def with_accent(syllable: str) -> str:
    """As it is typed by who speaks so."""
    said = re.sub(r"^n(?=[aeiou])", "l", syllable)
    said = re.sub(r"^([zcs])h", r"\1", said)
    return re.sub(r"ing$", "in", said)


def other_reading(title: str) -> str:
    """The title in pinyin with the first character that is commonly read in two ways read
    otherwise; "" where there is none."""
    usual = lazy_pinyin(title)
    for place, character in enumerate(title):
        for reading in OTHER_READINGS.get(character, ()):
            if reading != usual[place]:
                return "".join([*usual[:place], reading, *usual[place + 1 :]])
    return ""


def _pieces(documents: Sequence[Document], chance: random.Random) -> Iterator[tuple[str, int]]:
    """Fragments of 4 to 8 characters that one document alone has."""
    bodies = [document.body for document in documents]
    found = 0
    for _ in range(EACH * 6):
        document = chance.choice(documents)
        clauses = re.findall(r"[\u4e00-\u9fff]{4,}", document.body)
        if not clauses or found == EACH:
            continue
        clause, length = chance.choice(clauses), chance.randint(4, 8)
        start = chance.randint(0, max(0, len(clause) - length))
        words = clause[start : start + length]
        if sum(words in body for body in bodies) == 1:
            found += 1
            yield words, document.id


def _one_converted(words: str, converter: opencc.OpenCC, chance: random.Random) -> str:
    places = [n for n, c in enumerate(words) if len(d := converter.convert(c)) == 1 and d != c]
    if not places:
        return words
    place = chance.choice(places)
    return f"{words[:place]}{converter.convert(words[place])}{words[place + 1 :]}"


def _swapped(words: str, chance: random.Random) -> str:
    place = chance.randrange(len(words) - 1)
    return words[:place] + words[place + 1] + words[place] + words[place + 2 :]


def _full_width(documents: Sequence[Document], chance: random.Random) -> Iterator[tuple[str, int]]:
    found: dict[str, set[int]] = {}
    for document in documents:
        for word in re.findall(r"(?<![A-Za-z0-9])[A-Za-z0-9]{3,12}(?![A-Za-z0-9])", document.body):
            found.setdefault(word.lower(), set()).add(document.id)
    alone = sorted((word, min(ids)) for word, ids in found.items() if len(ids) == 1)
    for word, number in alone if len(alone) <= EACH else chance.sample(alone, EACH):
        yield "".join(chr(ord(c) + 0xFEE0) for c in word.upper()), number
