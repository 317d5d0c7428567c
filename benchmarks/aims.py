"""The aims of docs/performance.md, and whether they were met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from . import pages
from .figures import PageFigure, SignUpFigures
from .plan import Plan


@dataclass(frozen=True, slots=True)
class Aim:
    """`figure` shall not be above `most` (or below `least`)."""

    what: str
    figure: float
    most: float | None = None
    least: float | None = None
    unit: str = ""

    @property
    def met(self) -> bool:
        above = self.most is not None and self.figure > self.most
        below = self.least is not None and self.figure < self.least
        return not (above or below)


def judge(read: list[PageFigure], written: list[SignUpFigures], plan: Plan) -> list[Aim]:
    return [*_of_pages(read, plan), *_of_sign_ups(written)]


def _of_pages(read: list[PageFigure], plan: Plan) -> Iterator[Aim]:
    found = {(f.database, f.size, f.page, f.way): f for f in read}
    small, large = plan.sizes
    for database in dict.fromkeys(f.database for f in read):
        drawn = found[database, large, pages.LIST, pages.DRAWN]
        kept = found[database, large, pages.LIST, pages.KEPT]
        yield Aim(f"{database}: list page, drawn, CPU", drawn.cpu_ms, most=13, unit="ms")
        yield Aim(f"{database}: list page, statements", drawn.statements or 0, most=12)
        yield Aim(f"{database}: list page, kept, CPU", kept.cpu_ms, most=0.5, unit="ms")
        worst = max(
            (
                f
                for f in read
                if f.database == database and f.size == large and f.way == pages.DRAWN
            ),
            key=lambda f: f.cpu_ms / found[database, small, f.page, f.way].cpu_ms,
        )
        growth = worst.cpu_ms / found[database, small, worst.page, worst.way].cpu_ms
        what = f"{database}: most growth {small:,} → {large:,} ({worst.page})"
        yield Aim(what, growth, most=1.5, unit="×")


def _of_sign_ups(written: list[SignUpFigures]) -> Iterator[Aim]:
    for found in written:
        yield Aim(f"{found.database}: sign-ups, site to bare", found.ratio, least=1 / 3)
        what = f"{found.database}: sign-ups, p99 with {found.writers} writers"
        yield Aim(what, found.site.p99, most=300, unit="ms")
        wrong = found.site.oversold + sum(abs(n - 200) for n in found.last_places)
        yield Aim(f"{found.database}: places oversold or lost", wrong, most=0)
