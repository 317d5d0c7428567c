"""Which passwords are refused: short ones and those that everybody tries first (ASVS 6.2).

No rule about kinds of characters and no expiry: length and not being obvious are what helps.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import Enum
from functools import cache
from pathlib import Path

from .passwords import LEAST_LENGTH, MOST_LENGTH

_COMMON = Path(__file__).with_name("common_passwords.txt")
_RUNS = ("0123456789012345678901234567890", "9876543210987654321098765432109",
         "abcdefghijklmnopqrstuvwxyzabcdefghijklm", "qwertyuiopasdfghjklzxcvbnm")  # fmt: skip


class Weakness(Enum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    PERSONAL = "personal"


def weakness(password: str, personal: Iterable[str | None] = ()) -> Weakness | None:
    """What is wrong with a password; None where it will do.

    `personal` are texts that others know of the person: phone, e-mail, name.
    """
    if len(password) < LEAST_LENGTH:
        return Weakness.SHORT
    if len(password) > MOST_LENGTH:
        return Weakness.LONG
    plain = unicodedata.normalize("NFKC", password).lower()
    if plain in _common() or _is_pattern(plain):
        return Weakness.COMMON
    known = {part for text in personal if text for part in _parts(text.lower())}
    return Weakness.PERSONAL if plain in known else None


def _is_pattern(plain: str) -> bool:
    """One part over and over (aaaaaaaa, 12341234), or a run along the keys (23456789)."""
    part = plain[: (plain + plain).index(plain, 1)]
    repeated = part != plain and (len(part) < LEAST_LENGTH or part in _common())
    return repeated or any(plain in run for run in _RUNS)


def _parts(text: str) -> tuple[str, ...]:
    compact = "".join(text.split())
    return (text, compact, compact[::-1], compact.partition("@")[0])


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text(encoding="utf-8").split())
