"""python -m benchmarks search [--quick] [--texts FOLDER] [--postgresql] [--json FILE] [--strict]"""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from culture_cloud.db import Database
from culture_cloud.search.analysis.entries import entry_of
from culture_cloud.search.engines.postgresql.engine import PostgreSQLEngine
from culture_cloud.search.engines.whoosh.engine import WhooshEngine

from . import search_lag
from . import search_quality as quality
from . import search_speed as speed
from .aims import Aim
from .counties import PostgreSQLStore
from .search_peers import Peer, StockWhoosh

SIZES = {10_000: 1.5, 100_000: 3.0, 300_000: 5.0}
"""Documents → p95 in ms that is aimed at."""

STOCK_UP_TO = 100_000
"""Whoosh as it comes takes too long to build beyond this."""


def main(arguments: list[str]) -> int:
    asked = _arguments(arguments)
    console = Console(width=110)
    qualities = []
    for collection in quality.collections(asked.texts) if asked.texts else ():
        console.print(f"Quality: {collection.name} …", style="dim")
        qualities += _quality(collection, asked.data)
    speeds: list[speed.SpeedFigure] = []
    builds: list[speed.BuildFigure] = []
    pool = speed.clauses(asked.texts)
    sizes = [10_000] if asked.quick else [size for size in SIZES if size <= asked.most]
    if asked.no_speed:
        sizes = []
    with ExitStack() as stack:
        store = stack.enter_context(PostgreSQLStore(asked.data)) if asked.postgresql else None
        for size in sizes:
            console.print(f"Speed: {size:,} documents …", style="dim")
            _speed(size, pool, asked, speeds, builds, store)
    aims = list(_aims(qualities, speeds, builds))
    if asked.lag:
        console.print("Lag …", style="dim")
        lag = search_lag.measure(asked.data, console)
        console.print(f"{lag.changes} changes found after {lag.p50:.1f} s (p50), {lag.worst:.1f} s")
        aims.append(Aim("a change is found, p95", lag.p95, most=5, unit="s"))
    _show(console, qualities, speeds, builds, aims)
    if asked.json:
        asked.json.write_text(
            json.dumps(
                {
                    "quality": [asdict(f) for f in qualities],
                    "speed": [asdict(f) for f in speeds],
                    "build": [asdict(f) for f in builds],
                    "aims": [asdict(a) for a in aims],
                },
                ensure_ascii=False,
                indent=1,
            ),
            "utf-8",
        )
    return 1 if asked.strict and not all(aim.met for aim in aims) else 0


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks search", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 documents only")
    parser.add_argument("--most", type=int, default=300_000, help="the largest size")
    parser.add_argument("--texts", type=Path, help="a folder of texts with questions")
    parser.add_argument("--postgresql", action="store_true", help="measure PostgreSQL too")
    parser.add_argument("--lag", action="store_true", help="measure how soon a change is found")
    parser.add_argument("--no-speed", action="store_true", help="measure quality alone")
    parser.add_argument("--no-stock", action="store_true", help="leave Whoosh as it comes out")
    parser.add_argument("--strict", action="store_true", help="fail where an aim is missed")
    parser.add_argument("--data", type=Path, default=Path(".tmp/bench"), help="keeps the indexes")
    parser.add_argument("--json", type=Path, help="write all figures to this file too")
    return parser.parse_args(arguments)


def _quality(collection: quality.Collection, data: Path) -> list[quality.QualityFigure]:
    folder = speed.fresh(data / "search-quality")
    engine, peer = WhooshEngine(folder / "whoosh"), Peer(folder / "fts5.db")
    entries = [entry_of(document) for document in collection.documents]
    with engine.rebuilding():
        building = engine.begin()
        engine.complete(building, [building.part([entries], lambda _: None)], lambda _: ([], []))
    peer.add(entries)
    peer.finish()
    return quality.measure(engine, collection, peer)


def _speed(
    size: int,
    pool: list[str],
    asked: argparse.Namespace,
    speeds: list[speed.SpeedFigure],
    builds: list[speed.BuildFigure],
    store: PostgreSQLStore | None,
) -> None:
    folder = speed.fresh(asked.data / "search-speed")
    engine, peer = WhooshEngine(folder / "whoosh"), Peer(folder / "fts5.db")
    builds.append(speed.build(engine, size, pool, folder / "whoosh"))
    builds.append(speed.build_peer(peer, size, pool, folder / "fts5.db"))
    acts = {"Whoosh, flat postings": speed.ours(engine), peer.name: speed.fts5(peer)}
    if size <= STOCK_UP_TO and not asked.no_stock:
        stock = StockWhoosh(folder / "stock")
        builds.append(speed.build_peer(stock, size, pool, folder / "stock"))
        acts[stock.name] = speed.stock(stock)
    if store is not None:
        database = Database(store.place())
        acts["PostgreSQL"] = speed.ours(_postgresql(database, size, pool))
    queries = speed.load(600, pool)
    speeds += speed.timed(acts, queries, size)
    speeds.append(speed.added_while_reading(engine, acts["Whoosh, flat postings"], queries[:400]))


def _postgresql(database: Database, size: int, pool: list[str]) -> PostgreSQLEngine:
    engine = PostgreSQLEngine(database)
    batches = ([entry_of(d) for d in some] for some in speed.batches(speed.documents(size, pool)))
    with engine.rebuilding():
        building = engine.begin()
        engine.complete(building, [building.part(batches, lambda _: None)], lambda _: ([], []))
    return engine


def _aims(
    qualities: list[quality.QualityFigure],
    speeds: list[speed.SpeedFigure],
    builds: list[speed.BuildFigure],
) -> Any:
    for figure in qualities:
        if figure.least is None:
            continue
        yield Aim(f"{figure.collection}: {figure.what}", figure.share, least=figure.least)
    found = {(f.engine, f.documents): f for f in speeds}
    for size, most in SIZES.items():
        own = found.get(("Whoosh, flat postings", size))
        if own is None:
            continue
        yield Aim(f"p95 at {size:,} documents", own.p95, most=most, unit="ms")
        if size >= 100_000:
            other = found["SQLite FTS5", size].p95
            yield Aim(f"p95 at {size:,}, ahead of FTS5", own.p95, most=other, unit="ms")
        if ("PostgreSQL", size) in found:
            yield Aim(
                f"PostgreSQL: p95 at {size:,}", found["PostgreSQL", size].p95, most=40, unit="ms"
            )
    by_size = {(b.engine, b.documents): b for b in builds}
    for (engine, size), built in by_size.items():
        if engine == "Whoosh as it comes":
            own_cpu = by_size["Whoosh, flat postings", size].cpu
            yield Aim(f"build of {size:,}: CPU to stock Whoosh", own_cpu / built.cpu, most=0.5)


def _figure(share: float | None) -> str:
    return "" if share is None else f"{share:.4f}"


def _show(
    console: Console,
    qualities: list[quality.QualityFigure],
    speeds: list[speed.SpeedFigure],
    builds: list[speed.BuildFigure],
    aims: list[Aim],
) -> None:
    table = Table("collection", "what is typed", "tried", "found in the first ten", "aim", "FTS5")
    for q in qualities:
        table.add_row(
            q.collection, q.what, str(q.tried), f"{q.share:.4f}", _figure(q.least), _figure(q.peer)
        )
    console.print(table)
    table = Table("engine", "documents", "p50 ms", "p95 ms", "p95 CPU ms", "worst", "searches/s")
    for s in speeds:
        table.add_row(
            s.engine, f"{s.documents:,}", f"{s.p50:.2f}", f"{s.p95:.2f}", f"{s.cpu95:.2f}",
            f"{s.worst:.1f}", f"{s.per_second:,.0f}",
        )  # fmt: skip
    console.print(table)
    table = Table("building", "documents", "CPU s", "wall s", "MB")
    for b in builds:
        table.add_row(
            b.engine, f"{b.documents:,}", f"{b.cpu:.1f}", f"{b.seconds:.1f}", f"{b.megabytes:.0f}"
        )
    console.print(table)
    for aim in aims:
        bound = f"≤ {aim.most:.3g}" if aim.most is not None else f"≥ {aim.least:.3g}"
        mark = "met" if aim.met else "MISSED"
        console.print(f"{mark:>7}  {aim.what}: {aim.figure:.4g} {aim.unit} (aim {bound})")
