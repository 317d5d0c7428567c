"""Titles in the order in which Chinese readers look them up: by pinyin."""

from __future__ import annotations

import unicodedata


def sort_key(title: str) -> str:
    """Pinyin with tones for characters, lower case for the rest; signs do not count."""
    from pypinyin import Style, lazy_pinyin

    plain = "".join(c for c in title[:60] if unicodedata.category(c)[0] in "LN")
    return " ".join(lazy_pinyin(plain, style=Style.TONE3, neutral_tone_with_five=True)).lower()[
        :120
    ]
