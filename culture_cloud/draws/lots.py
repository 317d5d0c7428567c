"""The lot: in which order slips of paper leave the box. Pure and exact, told in docs/draw.md.

Whole numbers, SHA-256 and HMAC alone decide, so that any language comes to the same order. A lot
with several slips lies in the box several times; its first slip counts. That is drawing with
weights without putting back: with w of W slips somebody is first in w of W draws.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_SLIPS = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """An application in the box: its number, how many people it brings, its slips."""

    number: str
    party: int
    slips: int


@dataclass(frozen=True, slots=True)
class Result:
    """All numbers as they were drawn; those that get places, and those that wait, in that order."""

    order: tuple[str, ...]
    given: tuple[str, ...]
    waiting: tuple[str, ...]


def new_seed() -> str:
    """256 random bits as 64 hexadecimal digits, secret until everybody has applied."""
    return secrets.token_hex(32)


def commitment(seed: str) -> str:
    """What is published before: SHA-256 of the seed's 32 bytes. It fixes the seed and hides it."""
    return hashlib.sha256(bytes.fromhex(seed)).hexdigest()


def digest(lines: Iterable[str]) -> str:
    """SHA-256 of the list that is drawn from, each line with its line feed, in UTF-8.

    It goes into every slip: even whoever knew the seed could not pick a good number, since the
    last application changes all of them.
    """
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def slip(seed: str, list_digest: str, number: str, slips: int) -> str:
    """The smallest of the application's slips, 64 hexadecimal digits; the smaller the earlier."""
    key = bytes.fromhex(seed)
    return min(
        hmac.new(key, f"{list_digest}/{number}/{k}".encode(), hashlib.sha256).hexdigest()
        for k in range(1, slips + 1)
    )


def list_lines(name: str, places: int, entries: Sequence[Entry]) -> list[str]:
    """The list as it is hashed: what is drawn for and its places, then the entries by number."""
    by_number = sorted(entries, key=lambda entry: entry.number)
    return [f"{name}:{places}", *(f"{e.number}:{e.party}:{e.slips}" for e in by_number)]


def draw(seed: str, name: str, places: int, entries: Sequence[Entry]) -> Result:
    """Draw the places of `name` among the entries.

    An application whose party does not fit into what is left waits, and a smaller one further
    down may still fit. Raises ValueError where the same number stands there twice.
    """
    if len({entry.number for entry in entries}) < len(entries):
        raise ValueError("the same number twice")
    of_list = digest(list_lines(name, places, entries))
    drawn = sorted(entries, key=lambda e: (slip(seed, of_list, e.number, e.slips), e.number))
    given, waiting, left = [], [], places
    for entry in drawn:
        if entry.party <= left:
            left -= entry.party
            given.append(entry.number)
        else:
            waiting.append(entry.number)
    return Result(tuple(entry.number for entry in drawn), tuple(given), tuple(waiting))
