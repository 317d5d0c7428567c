"""The figures as tables."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from . import pages
from .aims import Aim
from .figures import PageFigure, SignUpFigures, WriteFigure
from .plan import Plan


def show(
    console: Console,
    surroundings: str,
    plan: Plan,
    read: list[PageFigure],
    written: list[SignUpFigures],
    judged: list[Aim],
) -> None:
    console.print(f"\n{surroundings}")
    console.print(f"Medians of {plan.rounds} rounds of {plan.seconds} s; CPU of site and database.")
    for database in dict.fromkeys(figure.database for figure in read):
        console.print(_pages(database, [f for f in read if f.database == database], plan))
    console.print(_sign_ups(written, plan))
    console.print(_aims(judged))


def surroundings(folder: Path) -> str:
    """What the figures depend on besides the project: machine, day, load before, cost of fsync."""
    load = os.getloadavg()[0]
    today = date.today().isoformat()  # noqa: DTZ011
    return f"{_machine()}, {today}; load before {load:.1f}, fsync {_fsync_ms(folder):.2f} ms"


def _fsync_ms(folder: Path) -> float:
    """What the disk takes to keep a small write: it bounds durable commits."""
    folder.mkdir(parents=True, exist_ok=True)
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(100):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return median(times)


def _machine() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{os.cpu_count()} × {model}, {platform.system()}, Python {platform.python_version()}"


def _pages(database: str, figures: list[PageFigure], plan: Plan) -> Table:
    small, large = plan.sizes
    table = Table(title=f"Pages, {database}", title_justify="left")
    table.add_column("page")
    table.add_column("how")
    for size in plan.sizes:
        table.add_column(f"CPU ms, {size:,}", justify="right")
    for heading in ("growth", "× static", "× bare", "per s", "p50 ms", "p99 ms", "KB", "SQL"):
        table.add_column(heading, justify="right")
    found = {(f.size, f.page, f.way): f for f in figures}
    static = found[large, pages.STATIC, pages.STATIC].cpu_ms
    bare = found[large, pages.BARE, pages.BARE].cpu_ms
    for figure in (f for f in figures if f.size == large):
        before = found[small, figure.page, figure.way]
        table.add_row(
            figure.page,
            figure.way if figure.way != figure.page else "",
            f"{before.cpu_ms:.2f}",
            f"{figure.cpu_ms:.2f}",
            f"{figure.cpu_ms / before.cpu_ms:.2f}",
            f"{figure.cpu_ms / static:.1f}",
            f"{figure.cpu_ms / bare:.2f}",
            f"{figure.per_second:,.0f}",
            f"{figure.p50:.1f}",
            f"{figure.p99:.1f}",
            f"{figure.bytes / 1000:.1f}",
            "" if figure.statements is None else str(figure.statements),
        )
    return table


def _sign_ups(written: list[SignUpFigures], plan: Plan) -> Table:
    title = f"Sign-ups for one session, {plan.writers} writers, {plan.server_processes} processes"
    table = Table(title=title, title_justify="left")
    table.add_column("database")
    table.add_column("way")
    for heading in ("per s", "to bare", "p50 ms", "p99 ms", "CPU ms", "oversold", "last 200"):
        table.add_column(heading, justify="right")
    for found in written:
        figures: tuple[WriteFigure, ...] = (found.bare, *found.others, found.site)
        for figure in figures:
            last = found.last_places if figure is found.site else ()
            table.add_row(
                found.database,
                figure.way,
                f"{figure.per_second:.0f}",
                f"{figure.per_second / found.bare.per_second:.2f}",
                f"{figure.p50:.1f}",
                f"{figure.p99:.1f}",
                "" if figure.cpu_ms is None else f"{figure.cpu_ms:.1f}",
                str(figure.oversold),
                " / ".join(map(str, last)),
            )
    return table


def _aims(judged: list[Aim]) -> Table:
    table = Table(title="Aims", title_justify="left")
    table.add_column("what")
    table.add_column("figure", justify="right")
    table.add_column("aim", justify="right")
    table.add_column("met")
    for aim in judged:
        limit = f"≤ {aim.most:g}" if aim.most is not None else f"≥ {aim.least:.2f}"
        table.add_row(
            aim.what,
            f"{aim.figure:.2f} {aim.unit}".strip(),
            f"{limit} {aim.unit}".strip(),
            "yes" if aim.met else "[bold]no[/bold]",
        )
    return table
