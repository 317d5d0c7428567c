"""Words for kinds of activity → the codes of the kinds, in simplified and traditional Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from culture_cloud.activities.importing.words import meanings

OTHER = "other"

KIND_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "performance": "演出",
        "lecture": "讲座",
        "exhibition": "展览",
        "training": "培训",
        "reading": "阅读推广",
        "contest": "赛事",
        "screening": "放映",
        "festival": "节庆",
        OTHER: "其他",
    }
)
"""Code → the word that the template offers."""

_CODES = meanings("kinds")

_TITLE_WORDS = sorted(
    (word for word, code in _CODES.items() if code != OTHER and not word.isascii()),
    key=len,
    reverse=True,
)
_IN_TITLE = re.compile("|".join(map(re.escape, _TITLE_WORDS)))
_LONGEST = 500
_BETWEEN = re.compile(r"[、,，/／;；|\s]+")


def match_kind(text: str | None) -> str | None:
    """The code of a kind as somebody wrote it (a word, a code or a list of which the first known
    one counts), or None."""
    if not text:
        return None
    normal = unicodedata.normalize("NFKC", text[:_LONGEST]).strip().lower()
    whole = _CODES.get(normal) or (normal if normal in KIND_NAMES else None)
    if whole:
        return whole
    for part in _BETWEEN.split(normal):
        if part in _CODES:
            return _CODES[part]
    return _last_word(normal)


def guess_kind(title: str) -> str | None:
    """The code that a title suggests. In Chinese the noun comes last: 摄影展讲座 is a lecture."""
    return _last_word(unicodedata.normalize("NFKC", title[:_LONGEST]).lower())


def kind_code(text: str | None, title: str) -> str:
    """The kind of a row: by its own word, else by its title, else other."""
    return match_kind(text) or guess_kind(title) or OTHER


def _last_word(text: str) -> str | None:
    words = _IN_TITLE.findall(text)
    return _CODES[words[-1]] if words else None
