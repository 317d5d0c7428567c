"""Where what was typed is nowhere: names that sound like it, names one character away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

import rjieba

from .analysis import marks
from .analysis.folding import folded_name, is_cjk
from .analysis.sound import broad, readings, span_heard, typed_letters
from .engines.base import Engine, Named, Narrowing
from .understanding import Query

LOOKED_AT = 400
"""Names a look-up may bring."""

MOST_WORDS = 5
"""Of the words found this many are searched for together."""


def by_sound(engine: Engine, query: Query, narrowed: Narrowing) -> list[str]:
    """Words of names that sound as typed, the likeliest first: pinyin in full, by initials, mixed,
    or other characters of the same sound."""
    typed = query.words.replace(" ", "")
    letters = typed_letters(query.words)
    if letters is not None:
        if len(letters) < 2:
            return []
        asked = marks.asked_by_sound(letters)
        return _scored(_heard(named, typed, letters) for named in _named(engine, asked, narrowed))
    if not 2 <= len(typed) <= marks.LONGEST_NEAR or not all(is_cjk(c) for c in typed):
        return []
    letters = readings(typed)[0].letters
    asked = marks.asked_by_sound(letters)
    return _scored(_same_sound(named, typed) for named in _named(engine, asked, narrowed))


def by_one_edit(engine: Engine, query: Query, narrowed: Narrowing) -> list[str]:
    """Names that differ from what was typed in one character: wrong, missing or too many."""
    typed = query.words.replace(" ", "")
    asked = marks.asked_by_one_edit(typed)
    if not asked:
        return []
    return _scored(_one_away(named, typed) for named in _named(engine, asked, narrowed))


def _named(engine: Engine, asked: list[int], narrowed: Narrowing) -> list[Named]:
    return engine.names_marked((), asked, narrowed, LOOKED_AT)


Weighed = Iterator[tuple[str, float]]


def _scored(found: Iterator[Weighed]) -> list[str]:
    """The words by the sum of what speaks for them."""
    weights: dict[str, float] = defaultdict(float)
    for weighed in found:
        for word, weight in weighed:
            # a word that many documents name is likelier, but no number of them beats a better fit
            weights[word] = max(weights[word], weight) + 0.001 * bool(weights[word])
    ordered = sorted(weights, key=lambda word: (-weights[word], len(word), word))
    return ordered[:MOST_WORDS]


def _heard(named: Named, typed: str, letters: str) -> Weighed:
    """Words of the names that spell the letters: the closer the spelling, the more weight."""
    characters = [c for c in typed if is_cjk(c)]
    for name in map(folded_name, named.names):
        plain = name.replace(" ", "")
        for less_likely, sound in enumerate(readings(name)):
            span = span_heard(sound, letters)
            if span is None:
                continue
            word = plain[span[0] : span[1]]
            if len(word) < 2 and len(sound.syllables) > 1:
                continue
            if not _is_whole_words(plain, *span):
                continue
            spelled = "".join(sound.syllables[span[0] : span[1]])
            weight = named.boost - 0.2 * less_likely
            weight += 4 * (spelled == letters) + 2 * (broad(spelled) == broad(letters))
            weight += 1.5 * (span == (0, len(sound.syllables))) + 0.5 * (span[0] == 0)
            weight += sum(1 for c in characters if c in word)
            yield word, weight


def _same_sound(named: Named, typed: str) -> Weighed:
    """Words of the names with other characters of the same sound; the more characters are the same
    ones, the more weight."""
    wanted = [broad(s) for s in readings(typed)[0].syllables]
    strict = list(readings(typed)[0].syllables)
    length = len(typed)
    for name in map(folded_name, named.names):
        plain = name.replace(" ", "")
        for sound in readings(name):
            heard = [broad(s) for s in sound.syllables]
            for start in range(len(heard) - length + 1):
                word = plain[start : start + length]
                fits = heard[start : start + length] == wanted and word != typed
                if fits and _is_whole_words(plain, start, start + length):
                    same = sum(a == b for a, b in zip(word, typed, strict=True))
                    exact = list(sound.syllables[start : start + length]) == strict
                    whole = length == len(heard)
                    yield word, named.boost + 3 * same / length + exact + 0.5 * whole


@lru_cache(5_000)
def _word_ends(name: str) -> frozenset[int]:
    """The places in a name at which a word begins or ends."""
    ends, place = {0}, 0
    for word in rjieba.cut(name):
        place += len(word)
        ends.add(place)
    return frozenset(ends)


def _is_whole_words(name: str, first: int, end: int) -> bool:
    """Whether the part is made of words of the name: 棕扇 of 棕扇舞, but not 种山 of 三种山."""
    ends = _word_ends(name)
    return (first in ends and end in ends) or (first == 0 and end >= 2)


def _one_away(named: Named, typed: str) -> Weighed:
    for name in map(folded_name, named.names):
        plain = name.replace(" ", "")
        if plain != typed and one_edit_apart(plain, typed):
            yield plain, named.boost + 1 - abs(len(plain) - len(typed)) * 0.5


def one_edit_apart(a: str, b: str) -> bool:
    """Whether one becomes the other by one character put in, left out, changed, or two swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    return (
        rest_a[1:] == rest_b[1:]
        or rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or (len(rest_a) > 1 and rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
    )


# --- while typing --------------------------------------------------------------------------------


def names_holding(engine: Engine, query: Query, narrowed: Narrowing) -> list[tuple[str, str]]:
    """(name, key) of names that hold what was typed; those that begin with it first."""
    typed = query.words.replace(" ", "")
    found = engine.names_marked(marks.asked_by_name(typed), (), narrowed, LOOKED_AT)
    ranked = []
    for named in found:
        for name in named.names:
            place = folded_name(name).replace(" ", "").find(typed)
            if place >= 0:
                ranked.append((place > 0, -named.boost, len(name), name, named.key))
    return [(name, key) for *_, name, key in sorted(ranked)]


def names_heard(engine: Engine, query: Query, narrowed: Narrowing) -> list[tuple[str, str]]:
    """(name, key) of names that sound as typed, from their beginning first."""
    letters = typed_letters(query.words)
    if letters is None or len(letters) < 2:
        return []
    ranked = []
    for named in _named(engine, marks.asked_by_sound(letters), narrowed):
        for name in named.names:
            spans = [span_heard(sound, letters) for sound in readings(folded_name(name))]
            starts = [span[0] for span in spans if span is not None]
            if starts:
                ranked.append((min(starts) > 0, -named.boost, len(name), name, named.key))
    return [(name, key) for *_, name, key in sorted(ranked)]
