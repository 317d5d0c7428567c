"""Reading pages: CPU per request, rate, statements, from memory and drawn anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from culture_cloud import clock, create_app
from culture_cloud.activities.models import Activity, AgendaEntry, SignUpWay
from culture_cloud.config import Config
from culture_cloud.db import Database

from .counties import County
from .figures import PageFigure
from .plan import Plan
from .server import Server

STATIC, BARE, DRAWN, KEPT, UNCHANGED = "static file", "bare page", "drawn", "kept", "304"
HOME, LIST, FILTERED, UNASKED, UNASKED_OPEN, ACTIVITY = (
    "front page",
    "list",
    "list, filtered",
    "list, new days",
    "list, places left, new days",
    "activity",
)
HEADERS = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True, slots=True)
class Case:
    """A page to read; several addresses take turns."""

    page: str
    urls: tuple[str, ...]


def measure(county: County, plan: Plan) -> list[PageFigure]:
    """All figures of one county."""
    cases = list(_cases(county))
    statements = _statements(county, cases)
    found = []
    with Server(county, CULTURE_CLOUD_PAGE_CACHE="0") as server:
        static = Case(STATIC, ("/static/0/js/site.js",))
        for case in (static, *cases):
            server.load("benchmarks.load", urls=case.urls[:3], headers=HEADERS, seconds=0.3)
        found.append(_figure(server, county, plan, static, STATIC))
        for case in cases:
            figure = _figure(server, county, plan, case, DRAWN)
            found.append(replace(figure, statements=statements[case.page]))
    with Server(county, module="benchmarks.bare_app") as server:
        server.load("benchmarks.load", urls=["/"], headers=HEADERS, seconds=0.3)
        found.append(_figure(server, county, plan, Case(BARE, ("/",)), BARE))
    with Server(county) as server:
        for case in cases:
            if case.page in {LIST, ACTIVITY}:
                found.append(_figure(server, county, plan, case, KEPT))
                tag = server.get(case.urls[0]).headers["ETag"]
                found.append(
                    _figure(server, county, plan, case, UNCHANGED, **{"If-None-Match": tag})
                )
    return found


def _figure(
    server: Server, county: County, plan: Plan, case: Case, way: str, **headers: str
) -> PageFigure:
    """The medians over the rounds. Raises where an answer was not the one that is measured."""
    rounds: list[dict[str, Any]] = []
    for turn in range(plan.rounds):
        share = len(case.urls) // plan.rounds or 1
        urls = case.urls[turn * share : (turn + 1) * share] or case.urls
        before = server.cpu_seconds()
        found = server.load(
            "benchmarks.load", urls=urls, headers=HEADERS | headers, seconds=plan.seconds
        )
        found["cpu_ms"] = (server.cpu_seconds() - before) * 1000 / found["requests"]
        if set(found["statuses"]) != {"304" if way == UNCHANGED else "200"}:
            raise RuntimeError(f"{case.page}: {found['statuses']}")
        rounds.append(found)
    return PageFigure(
        database=county.database,
        size=county.size,
        page=case.page,
        way=way,
        cpu_ms=median(r["cpu_ms"] for r in rounds),
        per_second=median(r["requests"] / r["seconds"] for r in rounds),
        p50=median(r["p50"] for r in rounds),
        p99=median(r["p99"] for r in rounds),
        bytes=max(r["bytes"] for r in rounds),
    )


def _cases(county: County) -> Iterator[Case]:
    yield Case(HOME, ("/",))
    yield Case(LIST, ("/activities",))
    yield Case(FILTERED, ("/activities?kind=training&free=1",))
    yield Case(UNASKED, tuple(_unasked()))
    yield Case(UNASKED_OPEN, tuple(f"{url}&open=1" for url in _unasked()))
    yield Case(ACTIVITY, (f"/activities/{_an_activity(county)}",))


def _unasked() -> Iterator[str]:
    """Spans of days, each asked for once: no count beside the filters is known beforehand."""
    today = date.today()  # noqa: DTZ011  (any day will do)
    for first in range(40):
        for last in range(60, 200):
            days = (today + timedelta(days=first), today + timedelta(days=last))
            yield "/activities?from={}&to={}".format(*days)


def _an_activity(county: County) -> int:
    """One that people can sign up for, with the sign-up still open."""
    database = Database(county.url)
    query = (
        select(Activity.id)
        .join(AgendaEntry, AgendaEntry.activity_id == Activity.id)
        .where(
            Activity.sign_up == SignUpWay.HERE,
            Activity.state == "published",
            Activity.sign_up_opens_at < clock.now(),
            AgendaEntry.starts_at > clock.ahead(days=1),
        )
        .order_by(AgendaEntry.starts_at)
        .limit(1)
    )
    with Session(database.read_engine) as session:
        found = session.scalar(query)
    database.dispose()
    if found is None:
        raise RuntimeError("the county has nothing to sign up for")
    return found


def _statements(county: County, cases: list[Case]) -> dict[str, int]:
    """How many SQL statements the first drawing of a page takes, nothing being known yet."""
    app = create_app(
        Config(
            data_folder=county.folder,
            database_url=county.url,
            secret_key="for measuring only",
            trusted_hosts=("localhost",),
            page_cache=False,
        )
    )
    database: Database = app.extensions["database"]
    seen: list[str] = []

    @event.listens_for(database.read_engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement != "BEGIN":
            seen.append(statement)

    counts = {}
    for case in cases:
        seen.clear()
        answer = app.test_client().get(case.urls[0])
        if answer.status_code != 200:
            raise RuntimeError(f"{case.urls[0]}: {answer.status}")
        counts[case.page] = len(seen)
    database.dispose()
    return counts
