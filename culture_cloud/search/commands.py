"""flask search …: building, comparing, how it is doing."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from queue import Empty
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from culture_cloud import db
from culture_cloud.config import Config

from . import keeping
from .engines.base import Building, Busy, Damaged

group = AppGroup("search", help="The index of the site's search.")

MakeApp = Callable[[Config], Flask]


@group.command("rebuild")
@click.option("--processes", default=0, help="How many build; 0: as many as there are cores.")
@click.option("--quiet", is_flag=True, help="Without the progress bar.")
def rebuild(processes: int, quiet: bool) -> None:
    """Build the index anew beside the one that serves, then let it take its place."""
    count = sum(keeping.row_counts().values())
    cores = len(os.sched_getaffinity(0))
    processes = max(1, min(processes or cores, 1 + count // 5_000))
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    try:
        with Progress(*columns, disable=quiet) as shown:
            task = shown.add_task("Documents", total=count)
            done = (
                keeping.rebuild(lambda more: shown.advance(task, more))
                if processes == 1
                else _by_several(processes, lambda more: shown.advance(task, more))
            )
            shown.update(task, completed=count)
    except Busy:
        raise click.ClickException("The index is being built already.") from None
    click.echo(f"The index holds {done} documents.")


@group.command("reconcile")
def reconcile() -> None:
    """Compare every document with the index; what differs is written anew by the worker."""
    found = keeping.reconcile()
    click.echo(", ".join(f"{name}: {count}" for name, count in found.items()))


@group.command("status")
def status() -> None:
    """What the index holds, and whether it is in step."""
    waiting, age = keeping.lag(db.session())
    try:
        found = keeping.engine().check()
        click.echo(
            f"{keeping.engine().name}: {found.documents} documents, {found.segments} segments,"
            f" analysis {found.version}"
        )
    except Damaged as error:
        click.echo(f"{keeping.engine().name}: cannot be read ({error})")
    click.echo(f"{waiting} changes wait, the oldest {int(age.total_seconds())} s")


# --- several processes ---------------------------------------------------------------------------


def _by_several(processes: int, advance: Callable[[int], None]) -> int:
    """Build with some processes, each making a part. Raises Busy, or what a process died of."""
    engine = keeping.engine()
    make_app: MakeApp = current_app.extensions["make_app"]
    config: Config = current_app.config["CULTURE_CLOUD"]
    spawn = multiprocessing.get_context("spawn")
    with engine.rebuilding():
        building = engine.begin()
        shares = list(keeping.ranges())
        told: Any = spawn.Queue()
        workers = [
            spawn.Process(
                target=_make_part,
                args=(make_app, config, building, shares[number::processes], told),
            )
            for number in range(processes)
        ]
        for worker in workers:
            worker.start()
        try:
            parts = _collect(told, workers, advance)
        finally:
            for worker in workers:
                worker.terminate()
                worker.join()
        count = engine.complete(building, parts, keeping.again)
    keeping.rebuilt(count)
    return count


def _collect(told: Any, workers: list[Any], advance: Callable[[int], None]) -> list[bytes]:
    parts: list[bytes] = []
    while len(parts) < len(workers):
        try:
            said = told.get(timeout=2)
        except Empty:
            dead = [worker.exitcode for worker in workers if worker.exitcode]
            if dead:
                raise click.ClickException(
                    f"A process ended with code {dead[0]}; the old index goes on serving."
                ) from None
            continue
        if isinstance(said, int):
            advance(said)
        else:
            parts.append(said)
    return parts


def _make_part(
    make_app: MakeApp, config: Config, building: Building, shares: list[Any], told: Any
) -> None:
    app = make_app(config)
    with app.app_context():
        told.put(keeping.write_part(building, shares, told.put))
