"""How many slips somebody has in the box: one, and more by rules that an activity may set.

The rules are few and public, so that everybody can count their own slips beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FIRST_TIME, ELDERS, TOWNSHIP = "first_time", "elders", "township"
RULES = (FIRST_TIME, ELDERS, TOWNSHIP)
"""Never came to an activity of this house; 60 and over; lives in the township of the activity."""

MOST_FURTHER = 5
"""Further slips by one rule."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Further slips by rule, each 0 to MOST_FURTHER."""

    first_time: int = 0
    elders: int = 0
    township: int = 0

    @classmethod
    def of(cls, kept: Mapping[str, object]) -> Weights:
        return cls(**{rule: int(str(kept.get(rule, 0))) for rule in RULES})

    def kept(self) -> dict[str, int]:
        return {rule: getattr(self, rule) for rule in RULES}

    def slips(self, *, first_time: bool, elder: bool, local: bool) -> tuple[int, list[str]]:
        """The slips of somebody, and the rules that gave more than the one."""
        met = {FIRST_TIME: first_time, ELDERS: elder, TOWNSHIP: local}
        rules = [rule for rule in RULES if met[rule] and getattr(self, rule)]
        return 1 + sum(getattr(self, rule) for rule in rules), rules


EVEN = Weights()
"""One slip for everybody."""
