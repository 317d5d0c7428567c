"""How much is measured, and how long."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """`sizes` are activities, small and large; times in seconds."""

    sizes: tuple[int, int]
    rounds: int
    seconds: float
    write_seconds: float
    writers: int = 8
    server_processes: int = 2


FULL = Plan(sizes=(1_000, 100_000), rounds=5, seconds=1, write_seconds=10)
QUICK = Plan(sizes=(1_000, 10_000), rounds=2, seconds=0.5, write_seconds=3)
