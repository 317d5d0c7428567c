"""How long after its change a document is found: python -m benchmarks search --lag

A county of 2,000 activities, a worker as it runs beside the site, and 200 changed titles a second
for a while, ten in a transaction. A change is in the index when its note is struck off, which the
worker does after the index is on the disk.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from sqlalchemy import func, select

from .counties import ROOT, SQLiteStore, copy_of, environment_of, made

ACTIVITIES = 2_000
A_SECOND = 200
IN_A_TRANSACTION = 10
SECONDS = 20


@dataclass(frozen=True, slots=True)
class LagFigure:
    """Seconds from the commit of a change to its being in the index."""

    changes: int
    p50: float
    p95: float
    worst: float


def measure(data: Path, console: Console) -> LagFigure:
    store = SQLiteStore(data)
    county = copy_of(store, made(store, ACTIVITIES, console))
    environment = environment_of(county)
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "search", "rebuild", "--quiet"],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "worker"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(5)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.search_lag"],
            cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
    finally:
        worker.terminate()
        worker.wait()
    return LagFigure(**json.loads(done.stdout.splitlines()[-1]))


# --- the process that changes ---------------------------------------------------------------------


class Watch(threading.Thread):
    """Sees which notes are struck off, twenty times a second."""

    def __init__(self, app: object) -> None:
        super().__init__(daemon=True)
        self.app = app
        self.stopping = threading.Event()
        #: note → when it was committed
        self.committed: dict[int, float] = {}
        self.lags: list[float] = []
        self.lock = threading.Lock()

    def run(self) -> None:
        from culture_cloud import db
        from culture_cloud.search.models import SearchChange

        with self.app.app_context():  # type: ignore[attr-defined]
            while not self.stopping.is_set() or self.committed:
                db.release_reads()
                oldest = db.session().scalar(select(func.min(SearchChange.id)))
                now = time.monotonic()
                with self.lock:
                    gone = [n for n in self.committed if oldest is None or n < oldest]
                    self.lags += [now - self.committed.pop(number) for number in gone]
                time.sleep(0.05)


def _wait_for_the_worker() -> None:
    """It has its daily jobs to do first: wait until there are none and it is in step."""
    from culture_cloud import clock, db
    from culture_cloud.jobs.models import WAITING, Job
    from culture_cloud.search.models import SearchChange

    until = time.monotonic() + 180
    while time.monotonic() < until:
        db.release_reads()
        session = db.session()
        due = (Job.state == WAITING, Job.due_at <= clock.now())
        waiting = session.scalar(select(func.count(Job.id)).where(*due))
        if not waiting and not session.scalar(select(func.count(SearchChange.id))):
            return
        time.sleep(0.5)


def change() -> None:
    """Change titles at the pace; print the figures as JSON."""
    from culture_cloud import create_app, db
    from culture_cloud.activities.models import Activity
    from culture_cloud.config import Config
    from culture_cloud.search.models import SearchChange

    app = create_app(Config.from_env())
    watch = Watch(app)
    watch.start()
    with app.app_context():
        ids = list(db.session().scalars(select(Activity.id)))
        db.release_reads()
        _wait_for_the_worker()
        began, changed = time.monotonic(), 0
        while changed < A_SECOND * SECONDS:
            with db.transaction() as session:
                for _ in range(IN_A_TRANSACTION):
                    activity = session.get_one(Activity, ids[changed % len(ids)])
                    activity.title = f"{activity.title[:20]} {changed}"
                    changed += 1
                session.flush()
                newest = session.scalar(select(func.max(SearchChange.id))) or 0
            with watch.lock:
                watch.committed[newest] = time.monotonic()
            time.sleep(max(0.0, began + changed / A_SECOND - time.monotonic()))
    watch.stopping.set()
    watch.join()
    ordered = sorted(watch.lags)
    sys.stdout.write(
        json.dumps(
            {
                "changes": changed,
                "p50": ordered[len(ordered) // 2],
                "p95": ordered[int(len(ordered) * 0.95)],
                "worst": ordered[-1],
            }
        )
        + "\n"
    )


if __name__ == "__main__":
    change()
