"""Marks: small fingerprints by which names are looked up in other ways than by their words.

A mark is a 32-bit number made of what it stands for: the document itself, its exact title, what it
lies inside, how its names begin and sound, and its names with one character missing. Whoever looks
a mark up checks what it finds, so that two things with the same number do no harm. Marks are many,
and a number costs an index a fraction of a string.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from zlib import crc32

from .folding import is_cjk
from .sound import broad, broad_initials, readings

LONGEST_NEAR = 10
"""Names up to this length are found with one character wrong."""


def of_document(key: str) -> int:
    return crc32(b"k" + key.encode())


def of_parent(parent: str) -> int:
    return crc32(b"p" + parent.encode())


def of_title(folded: str) -> int:
    """The exact title."""
    return crc32(b"=" + folded.encode())


def _of(prefix: bytes, text: str) -> int:
    return crc32(prefix + text.encode())


def for_names(names: Iterable[str]) -> Iterator[int]:
    """Every mark of folded names except those of the exact title."""
    for name in names:
        if not name:
            continue
        yield _of(b"^", name[0])
        yield from (_of(b"t", a + b) for a, b in pairwise(name))
        yield from _for_sound(name)
        if len(name) <= LONGEST_NEAR:
            yield from _near(name)


def _for_sound(name: str) -> Iterator[int]:
    for sound in readings(name):
        syllables = sound.syllables
        initials = broad_initials(sound.initials)
        for start in range(len(syllables)):
            heard = broad("".join(syllables[start : start + 12]))
            yield _of(b"2", heard[:2])
            yield _of(b"4", heard[:4])
            if len(heard) >= 8:
                yield _of(b"8", heard[:8])
            yield _of(b"i", initials[start : start + 2])
            if len(initials) - start >= 4:
                yield _of(b"I", initials[start : start + 4])
            # the first in full or by its beginning, the next by its initial: yuanj, yjiang
            if start + 1 < len(syllables):
                first, second = broad(syllables[start]), broad(syllables[start + 1])
                yield _of(b"m", first[0] + second[:3])


def _near(name: str) -> Iterator[int]:
    yield _of(b"-", name)
    if len(name) > 1:
        yield from (_of(b"-", name[:i] + name[i + 1 :]) for i in range(len(name)))


# --- what to ask for -----------------------------------------------------------------------------


def asked_by_name(typed: str) -> list[int]:
    """All of these are on a name that holds the typed characters."""
    if len(typed) == 1:
        return [_of(b"^", typed)]
    return [_of(b"t", a + b) for a, b in pairwise(typed)][:12]


def asked_by_sound(letters: str) -> list[int]:
    """Any of these is on a name that holds the typed letters."""
    heard = broad(letters)
    if not heard:
        return []
    initials = broad_initials(letters)
    if len(heard) >= 8:
        asked = [_of(b"8", heard[:8])]
    else:
        asked = [_of(b"4", heard[:4]) if len(heard) >= 4 else _of(b"2", heard[:2])]
    asked.append(_of(b"I", initials[:4]) if len(initials) >= 4 else _of(b"i", initials[:2]))
    if len(heard) >= 3:
        asked.append(_of(b"m", heard[:4]))
    return asked


def asked_by_one_edit(name: str) -> list[int]:
    """Any of these is on a name that is one character away."""
    if not 2 <= len(name) <= LONGEST_NEAR + 1 or not any(is_cjk(c) or c.isalnum() for c in name):
        return []
    return list(dict.fromkeys(_near(name)))
