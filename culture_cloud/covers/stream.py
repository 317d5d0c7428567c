"""Choices drawn from a text: the same text makes the same choices on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Stream:
    """An endless row of choices that follows from `key` alone.

    Python's own `hash()` differs from one process to the next and `random` may change between
    versions, so the numbers are read from BLAKE2 digests.
    """

    def __init__(self, key: str) -> None:
        # A title may hold half of a surrogate pair, which plain UTF-8 refuses.
        self._root = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=32).digest()
        self._count = 0

    def unit(self) -> float:
        """A number from 0 up to, but not including, 1."""
        self._count += 1
        block = self._root + self._count.to_bytes(8, "big")
        return int.from_bytes(hashlib.blake2b(block, digest_size=4).digest(), "big") / 2**32

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.unit() * (high - low + 1))

    def choice(self, options: Sequence[T]) -> T:
        return options[int(self.unit() * len(options))]

    def chance(self, share: float) -> bool:
        return self.unit() < share
