"""make race: everybody wants one session while processes are killed; nothing may be lost by it.

N processes of M threads sign people up over HTTP, twice as many as there are places. Meanwhile
web workers and the job worker are ended by kill -9 at random, on PostgreSQL a server process too
(the server then ends all others and recovers from its log). Everybody sends the same form until it
is answered. Afterwards every answer is held against the database.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.activities.models import Allotment
from culture_cloud.db import Database
from culture_cloud.sign_ups.models import SignUp, SignUpState

from . import counties
from .counties import ROOT, County
from .figures import percentiles
from .server import Server
from .sign_ups import Hot, make_hot, set_capacity

SIZE = 1_000
SETTLED_WITHIN = 60
"""Seconds in which the worker has done what the killed ones left."""


@dataclass(frozen=True, slots=True)
class Plan:
    people: int
    processes: int
    threads: int
    kills: int
    seed: int


@dataclass(slots=True)
class Found:
    """What a race led to; `oversold`, `lost` and `doubled` are to be 0."""

    database: str
    per_second: float = 0
    p50: float = 0
    p99: float = 0
    given: int = 0
    refused: int = 0
    unanswered: int = 0
    #: forms that had to be sent again
    broken: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    #: confirmed beyond the places
    oversold: int = 0
    #: people with a ticket that the database does not hold, and places without a sign-up
    lost: int = 0
    #: people with two sign-ups, or with two tickets
    doubled: int = 0
    verified: bool = False

    @property
    def is_sound(self) -> bool:
        return self.verified and not (self.oversold or self.lost or self.doubled or self.unanswered)


def main(words: Sequence[str]) -> int:
    plan, data = _arguments(words)
    console = Console(width=None if sys.stdout.isatty() else 110)
    found: list[Found] = []
    with ExitStack() as stack:
        stores: list[counties.Store] = [counties.SQLiteStore(data)]
        stores.append(stack.enter_context(counties.PostgreSQLStore(data)))
        for store in stores:
            county = counties.copy_of(store, counties.made(store, SIZE, console))
            console.print(f"Race: {store.name} …", style="dim")
            found.append(_race(county, plan))
    _show(console, plan, found)
    return 0 if all(one.is_sound for one in found) else 1


def _arguments(words: Sequence[str]) -> tuple[Plan, Path]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks race", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000, help="half of them get a place")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--data", type=Path, default=Path(".tmp/bench"))
    said = parser.parse_args(words)
    return Plan(said.people, said.processes, said.threads, said.kills, said.seed), said.data


def _race(county: County, plan: Plan) -> Found:
    hot, places = make_hot(county), plan.people // 2
    set_capacity(county, hot, places)
    found = Found(county.database)
    with Server(county, CULTURE_CLOUD_PROCESSES="2") as server:
        over = threading.Event()
        killer = threading.Thread(target=_kill, args=(server, county, plan, found, over))
        killer.start()
        began = time.perf_counter()
        people = _people(server, hot, plan)
        took = time.perf_counter() - began
        over.set()
        killer.join()
        _judge(county, hot, places, people, found)
        found.verified = _settles(county)
    times = [ms for person in people for ms in person["times"]]
    found.per_second = len(times) / took
    shown = percentiles(times)
    found.p50, found.p99 = shown["p50"], shown["p99"]
    return found


def _people(server: Server, hot: Hot, plan: Plan) -> list[dict[str, Any]]:
    """What came of each, from several processes at once."""
    share = plan.people // plan.processes
    running = []
    for number in range(plan.processes):
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.race_load"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        job = {
            "port": server.port, "activity_id": hot.activity_id, "session_id": hot.session_id,
            "people": share, "threads": plan.threads, "first": number * share, "seconds": 240,
        }  # fmt: skip
        process.stdin.write(json.dumps(job))
        process.stdin.close()
        process.stdin = None
        running.append(process)
    return [person for process in running for person in json.loads(process.communicate()[0])]


# --- killing -------------------------------------------------------------------------------------


def _kill(server: Server, county: County, plan: Plan, found: Found, over: threading.Event) -> None:
    """Now and then end something that just works, as a power cut or the kernel would."""
    chance = random.Random(plan.seed)
    for number in range(plan.kills):
        if over.wait(0.4 + chance.random()):
            return
        what, victims = _victims(server, county, of_database=number % 3 == 2)
        if victims:
            try:
                chance.choice(victims).kill()
            except psutil.NoSuchProcess:
                continue
            found.killed[what] += 1


def _victims(
    server: Server, county: County, *, of_database: bool
) -> tuple[str, list[psutil.Process]]:
    """The processes of one sort: web workers and the job worker, or the database's own."""
    if of_database and county.server_pid is not None:
        backends = psutil.Process(county.server_pid).children()
        busy = [p for p in backends if "copy" in " ".join(p.cmdline())]
        return "database", busy
    return "site", server.process.children(recursive=True)


# --- judging -------------------------------------------------------------------------------------


def _judge(
    county: County, hot: Hot, places: int, people: Sequence[dict[str, Any]], found: Found
) -> None:
    """Hold what people were told against what is written."""
    database = Database(county.url)
    with Session(database.read_engine) as session:
        taken = session.scalar(select(Allotment.taken).where(Allotment.id == hot.allotment_id)) or 0
        rows = session.execute(
            select(SignUp.token, SignUp.name).where(
                SignUp.allotment_id == hot.allotment_id, SignUp.state == SignUpState.CONFIRMED
            )
        ).all()
    database.dispose()
    written = {row.token for row in rows}
    told = [set(person["tickets"]) for person in people]
    found.given = sum(bool(tickets) for tickets in told)
    found.refused = sum(person["refused"] for person in people)
    found.unanswered = len(people) - found.given - found.refused
    found.broken = sum(person["broken"] for person in people)
    found.oversold = max(0, len(rows) - places, taken - places)
    found.lost = sum(not tickets <= written for tickets in told) + abs(taken - len(rows))
    twice = sum(count > 1 for count in Counter(row.name for row in rows).values())
    found.doubled = twice + sum(len(tickets) > 1 for tickets in told)


def _settles(county: County) -> bool:
    """Whether `flask places verify` finds nothing once the new worker has done what was left."""
    until = time.monotonic() + SETTLED_WITHIN
    command = [sys.executable, "-m", "flask", "--app", "app", "places", "verify"]
    while time.monotonic() < until:
        environment = counties.environment_of(county)
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
        if done.returncode == 0:
            return True
        time.sleep(1)
    return False


def _show(console: Console, plan: Plan, found: Sequence[Found]) -> None:
    table = Table(
        title=f"{plan.people:,} people, {plan.people // 2:,} places, {plan.processes} processes "
        f"of {plan.threads} threads, seed {plan.seed}"
    )
    for name in ("", *(one.database for one in found)):
        table.add_column(name, justify="left" if not name else "right")
    rows = {
        "sign-ups a second": [f"{one.per_second:.0f}" for one in found],
        "p50, ms": [f"{one.p50:.0f}" for one in found],
        "p99, ms": [f"{one.p99:.0f}" for one in found],
        "killed": [", ".join(f"{n} {what}" for what, n in one.killed.items()) for one in found],
        "forms sent again": [f"{one.broken:,}" for one in found],
        "got a ticket": [f"{one.given:,}" for one in found],
        "were told it is full": [f"{one.refused:,}" for one in found],
        "without an answer": [str(one.unanswered) for one in found],
        "oversold": [str(one.oversold) for one in found],
        "lost": [str(one.lost) for one in found],
        "doubled": [str(one.doubled) for one in found],
        "flask places verify": ["agrees" if one.verified else "DIFFERS" for one in found],
    }
    for name, values in rows.items():
        table.add_row(name, *values)
    console.print(table)
