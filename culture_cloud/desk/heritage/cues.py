"""Sentences of a recording with their times, as staff write them: one a line, 1:05 他说……"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_LINE = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)\s+(.+)")
_LAST = 8.0
"""How long the last sentence lasts, in seconds, as nothing says when it ends."""


class NoTime(ValueError):
    """A line does not begin with its time; the line is the argument."""


def read_cues(text: str) -> list[list[Any]]:
    """[[starts, ends, words], …] in seconds, in the order of time. Raises NoTime."""
    found: list[tuple[float, str]] = []
    for line in text.splitlines():
        plain = line.strip()
        if not plain:
            continue
        folded = unicodedata.normalize("NFKC", plain[:12]) + plain[12:]
        matched = _LINE.fullmatch(folded)
        if matched is None:
            raise NoTime(plain[:40])
        hours, minutes, seconds, words = matched.groups()
        found.append((int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds), words.strip()))
    if not found:
        return []
    found.sort(key=lambda cue: cue[0])
    ends = [starts for starts, _words in found[1:]] + [found[-1][0] + _LAST]
    return [[starts, end, words] for (starts, words), end in zip(found, ends, strict=True)]


def cues_text(cues: list[Any]) -> str:
    """The cues as staff write them."""
    return "\n".join(
        f"{int(starts) // 60}:{starts % 60:04.1f} {words}"
        if starts % 1
        else f"{int(starts) // 60}:{int(starts) % 60:02d} {words}"
        for starts, _ends, words in cues
    )
