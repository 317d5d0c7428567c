"""python -m benchmarks [--quick] [--data FOLDER] [--json FILE]; … search …; … reading; … race"""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from . import aims, counties, pages, report, sign_ups
from .plan import FULL, QUICK


def main() -> int:
    """Measure, print, and answer 1 where an aim was missed and `--strict` was asked for."""
    if sys.argv[1:2] == ["search"]:
        from . import search_run

        return search_run.main(sys.argv[2:])
    if sys.argv[1:2] == ["reading"]:
        from . import reading

        return reading.main(sys.argv[2:])
    if sys.argv[1:2] == ["race"]:
        from . import race

        return race.main(sys.argv[2:])
    asked = _arguments()
    plan = QUICK if asked.quick else FULL
    console = Console(width=None if sys.stdout.isatty() else 110)
    began = time.monotonic()
    surroundings = report.surroundings(asked.data)
    with ExitStack() as stack:
        stores: list[counties.Store] = [counties.SQLiteStore(asked.data)]
        if not asked.sqlite_only:
            stores.append(stack.enter_context(counties.PostgreSQLStore(asked.data)))
        read, written = [], []
        for store in stores:
            for size in plan.sizes:
                county = counties.made(store, size, console)
                console.print(f"Pages: {county.name} …", style="dim")
                read += pages.measure(county, plan)
        for store in stores:
            console.print(f"Sign-ups: {store.name} …", style="dim")
            written.append(
                sign_ups.measure(store, counties.made(store, plan.sizes[0], console), plan)
            )
    judged = aims.judge(read, written, plan)
    report.show(console, surroundings, plan, read, written, judged)
    console.print(f"{time.monotonic() - began:.0f} s in all.", style="dim")
    if asked.json:
        asked.json.write_text(_json(surroundings, read, written, judged), "utf-8")
    return 1 if asked.strict and not all(aim.met for aim in judged) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller and shorter, for CI")
    parser.add_argument("--strict", action="store_true", help="fail where an aim is missed")
    parser.add_argument("--sqlite-only", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--data", type=Path, default=Path(".tmp/bench"), help="keeps the counties")
    parser.add_argument("--json", type=Path, help="write all figures to this file too")
    return parser.parse_args()


def _json(surroundings: str, read: list[Any], written: list[Any], judged: list[Any]) -> str:
    figures = {
        "machine": surroundings,
        "pages": [asdict(figure) for figure in read],
        "sign_ups": [asdict(figure) for figure in written],
        "aims": [asdict(aim) for aim in judged],
    }
    return json.dumps(figures, ensure_ascii=False, indent=1)


sys.exit(main())
