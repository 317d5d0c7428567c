"""What is measured, and the little arithmetic on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class PageFigure:
    """One page of one county. CPU, p50 and p99 in ms, medians over the rounds."""

    database: str
    size: int
    page: str
    way: str
    cpu_ms: float
    per_second: float
    p50: float
    p99: float
    bytes: int
    statements: int | None = None


@dataclass(frozen=True, slots=True)
class WriteFigure:
    """Sign-ups for one session by several writers; times in ms."""

    way: str
    per_second: float
    p50: float
    p99: float
    #: places given beyond the capacity or without a sign-up; 0 or the site is broken
    oversold: int
    cpu_ms: float | None = None


@dataclass(frozen=True, slots=True)
class SignUpFigures:
    """All ways on one database."""

    database: str
    writers: int
    bare: WriteFigure
    others: tuple[WriteFigure, ...]
    site: WriteFigure
    #: places given for the last 200 places, and sign-ups that hold them: both are 200
    last_places: tuple[int, int]

    @property
    def ratio(self) -> float:
        return self.site.per_second / self.bare.per_second


def percentiles(times: Sequence[float]) -> dict[str, float]:
    if len(times) < 2:
        return {"p50": times[0] if times else 0.0, "p99": times[0] if times else 0.0}
    cut = quantiles(times, n=100, method="inclusive")
    return {"p50": cut[49], "p99": cut[98]}
