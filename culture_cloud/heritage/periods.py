"""Periods for browsing: the times by which people here tell the past."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from .edtf.model import year_of

PERIODS: Mapping[str, tuple[int, object]] = MappingProxyType(
    {
        "early": (-9999, _l("Before the Ming")),
        "ming": (1368, _l("Ming")),
        "qing": (1644, _l("Qing")),
        "republic": (1912, _l("Republic")),
        "building": (1949, _l("1949 to 1977")),
        "reform": (1978, _l("1978 to 1999")),
        "today": (2000, _l("Since 2000")),
    }
)
"""Code → (first year, words)."""


def period_of(first: int | None, last: int | None) -> str:
    """The period in which a date begins (in which it ends, where only that is known)."""
    day = first if first is not None else last
    if day is None:
        return ""
    year = year_of(day)
    return [code for code, (starts, _words) in PERIODS.items() if starts <= year][-1]


def period_words() -> dict[str, str]:
    return {code: str(words) for code, (_starts, words) in PERIODS.items()}
