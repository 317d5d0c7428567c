"""Sign-ups for one session that everybody wants: bare, and through the whole site."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from culture_cloud import clock, models  # noqa: F401  (all tables are known by it)
from culture_cloud.activities.models import Activity, ActivitySession, Allotment, Enrolment
from culture_cloud.db import Database
from culture_cloud.sign_ups.models import SignUp, SignUpState

from .counties import ROOT, County, Store, copy_of
from .figures import SignUpFigures, WriteFigure, percentiles
from .plan import Plan
from .server import Server

LAST_PLACES = 200


@dataclass(frozen=True, slots=True)
class Hot:
    """The session that everybody wants."""

    activity_id: int
    session_id: int
    allotment_id: int


def measure(store: Store, county: County, plan: Plan) -> SignUpFigures:
    """All ways on one database; each begins with a fresh copy of the county."""
    queued = _bare(copy_of(store, county), plan, "bare", gate=True)
    others: tuple[WriteFigure, ...] = ()
    if county.database == "SQLite":
        others = (_bare(copy_of(store, county), plan, "bare, without the queue", gate=False),)
    copy = copy_of(store, county)
    hot = make_hot(copy)
    settings = {"CULTURE_CLOUD_PROCESSES": str(plan.server_processes)}
    with Server(copy, **settings) as server:
        site = _through_the_site(server, copy, hot, plan)
        last = _last_places(server, copy, hot, plan)
    return SignUpFigures(county.database, plan.writers, queued, others, site, last)


def _bare(county: County, plan: Plan, way: str, *, gate: bool) -> WriteFigure:
    hot = make_hot(county)
    job = {
        "url": county.url,
        "gate": gate,
        "activity_id": hot.activity_id,
        "session_id": hot.session_id,
        "allotment_id": hot.allotment_id,
        "begin": time.time() + 1.5,
        "seconds": plan.write_seconds,
    }
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.bare_writer"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(plan.writers)
    ]
    for number, writer in enumerate(writers):
        assert writer.stdin is not None
        writer.stdin.write(json.dumps(job | {"writer": number}))
        writer.stdin.close()
        writer.stdin = None
    answers = [json.loads(writer.communicate()[0]) for writer in writers]
    times = [ms for answer in answers for ms in answer["times"]]
    return WriteFigure(
        way=way,
        per_second=len(times) / plan.write_seconds,
        oversold=_oversold(county, hot),
        **percentiles(times),
    )


def _through_the_site(server: Server, county: County, hot: Hot, plan: Plan) -> WriteFigure:
    """POST of the confirmed form: session, CSRF token, rules, places, sign-up, job, redirect."""
    _load(server, hot, plan, seconds=1, run=0)
    before = server.cpu_seconds()
    found = _load(server, hot, plan, seconds=plan.write_seconds, run=1)
    cpu = server.cpu_seconds() - before
    if set(found["statuses"]) != {"303"}:
        raise RuntimeError(f"sign-ups were not taken: {found['statuses']}")
    return WriteFigure(
        way="through the site",
        per_second=found["confirmed"] / found["seconds"],
        p50=found["p50"],
        p99=found["p99"],
        oversold=_oversold(county, hot),
        cpu_ms=cpu * 1000 / found["requests"],
    )


def _last_places(server: Server, county: County, hot: Hot, plan: Plan) -> tuple[int, int]:
    """All writers race for the last places: (places given, sign-ups that hold them)."""
    taken, confirmed = _counts(county, hot)
    set_capacity(county, hot, taken + LAST_PLACES)
    _load(server, hot, plan, seconds=60, run=2)
    taken_after, confirmed_after = _counts(county, hot)
    return taken_after - taken, confirmed_after - confirmed


def _load(server: Server, hot: Hot, plan: Plan, *, seconds: float, run: int) -> dict[str, Any]:
    return server.load(
        "benchmarks.sign_up_load",
        activity_id=hot.activity_id,
        session_id=hot.session_id,
        writers=plan.writers,
        seconds=seconds,
        run=run,
    )


# --- the session itself --------------------------------------------------------------------------


def make_hot(county: County) -> Hot:
    """A coming session, the only one of its activity: its sign-up opened, made very large."""
    database = Database(county.url)
    with database.transaction() as session:
        allotment = session.scalar(
            select(Allotment)
            .join(Activity, Activity.id == Allotment.activity_id)
            .join(ActivitySession, ActivitySession.id == Allotment.session_id)
            .where(
                Activity.state == "published",
                Activity.enrolment == Enrolment.SESSION,
                ActivitySession.starts_at > clock.ahead(days=2),
                Activity.last_ends_at == ActivitySession.ends_at,
                Activity.first_starts_at == ActivitySession.starts_at,
            )
            .order_by(Allotment.id)
            .limit(1)
        )
        if allotment is None or allotment.session_id is None:
            raise RuntimeError("the county has nothing to sign up for")
        hot = Hot(allotment.activity_id, allotment.session_id, allotment.id)
        allotment.activity.sign_up_opens_at = None
        _give(session, hot, 10_000_000)
    database.dispose()
    return hot


def set_capacity(county: County, hot: Hot, capacity: int) -> None:
    database = Database(county.url)
    with database.transaction() as session:
        _give(session, hot, capacity)
    database.dispose()


def _give(session: Session, hot: Hot, capacity: int) -> None:
    """The activity has so many places, all of them open: what the counts are checked against."""
    session.execute(
        update(Allotment).where(Allotment.id == hot.allotment_id).values(capacity=capacity)
    )
    session.execute(
        update(Activity).where(Activity.id == hot.activity_id).values(capacity=capacity)
    )


def _counts(county: County, hot: Hot) -> tuple[int, int]:
    """(places taken, places that confirmed sign-ups hold)"""
    database = Database(county.url)
    with Session(database.read_engine) as session:
        taken = session.scalar(select(Allotment.taken).where(Allotment.id == hot.allotment_id))
        confirmed = session.scalar(
            select(func.sum(SignUp.party_size)).where(
                SignUp.allotment_id == hot.allotment_id, SignUp.state == SignUpState.CONFIRMED
            )
        )
    database.dispose()
    return taken or 0, confirmed or 0


def _oversold(county: County, hot: Hot) -> int:
    taken, confirmed = _counts(county, hot)
    return abs(taken - confirmed)
