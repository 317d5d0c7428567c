"""Engines to hold against each other, and small collections to fill them with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from culture_cloud.db import Database
from culture_cloud.search.analysis.entries import Entry, entry_of
from culture_cloud.search.documents import Document
from culture_cloud.search.engines.base import Engine, Found, Narrowing, Plan
from culture_cloud.search.engines.postgresql.engine import PostgreSQLEngine
from culture_cloud.search.engines.whoosh.engine import WhooshEngine
from culture_cloud.search.understanding import Query, understand


def nothing(_keys: Sequence[str]) -> tuple[list[Entry], list[str]]:
    return [], []


def fill(engine: Engine, documents: Sequence[Document]) -> None:
    """Build the engine's index of these documents."""
    entries = [entry_of(document) for document in documents]
    with engine.rebuilding():
        building = engine.begin()
        part = building.part([entries[:7], entries[7:]], lambda _done: None)
        engine.complete(building, [part], nothing)


def write(engine: Engine, documents: Sequence[Document], gone: Sequence[str] = ()) -> None:
    with engine.writing():
        engine.write([entry_of(document) for document in documents], gone)


def plan_for(query: str | Query, minimum: int | None = None, **more: object) -> Plan:
    asked = understand(query) if isinstance(query, str) else query
    wanted = len(asked.groups) if minimum is None else minimum
    plan = Plan(groups=asked.groups, minimum=wanted, phrases=asked.phrases)
    return replace(plan, **more)  # type: ignore[arg-type]


def search(engine: Engine, query: str, minimum: int | None = None, **more: object) -> Found:
    return engine.find(plan_for(query, minimum, **more))


def narrowed(**more: object) -> Narrowing:
    return Narrowing(**more)  # type: ignore[arg-type]


@pytest.fixture
def whoosh(tmp_path: Path) -> WhooshEngine:
    return WhooshEngine(tmp_path / "search")


@pytest.fixture(params=["whoosh", "whoosh-stock", "postgresql"])
def engine(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[Engine]:
    """Each engine in turn; PostgreSQL where the suite runs on it, the embedded one elsewhere."""
    if (request.param == "postgresql") != (database_kind == "postgresql"):
        pytest.skip("belongs to the run on the other database")
    if request.param != "postgresql":
        yield WhooshEngine(tmp_path / "search", by_stock=request.param == "whoosh-stock")
        return
    database = Database(request.getfixturevalue("migrated"))
    yield PostgreSQLEngine(database)
    database.dispose()


@pytest.fixture
def filled(engine: Engine) -> Callable[..., Engine]:
    """Call it with documents to get the engine with an index of them."""

    def make(*documents: Document) -> Engine:
        fill(engine, documents)
        return engine

    return make
