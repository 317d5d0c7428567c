"""The database's promises: one transaction, no guessed zones, versions that move with commits."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.errors import Unavailable
from culture_cloud.jobs.models import Job
from culture_cloud.jobs.queue import enqueue
from culture_cloud.network.models import Network
from tests import factories


def test_moments_come_back_in_utc(session: Session) -> None:
    nine_in_shanghai = datetime(2026, 5, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    session.add(Job(name="x", arguments={}, due_at=nine_in_shanghai, created_at=nine_in_shanghai))
    session.commit()
    session.expire_all()
    kept = session.scalar(select(Job.due_at))
    assert kept == datetime(2026, 5, 1, 1, 0, tzinfo=UTC)
    assert kept is not None
    assert kept.tzinfo is UTC


def test_a_moment_without_zone_is_refused(session: Session) -> None:
    naive = datetime(2026, 5, 1, 9, 0)  # noqa: DTZ001
    session.add(Job(name="x", arguments={}, due_at=naive, created_at=naive))
    with pytest.raises(StatementError, match="which zone"):
        session.flush()


def test_an_exception_leaves_nothing_behind(app_context: Flask) -> None:
    def half_done() -> None:
        with db.transaction() as writing:
            enqueue(writing, "x")
            writing.flush()
            raise RuntimeError("planted")

    with pytest.raises(RuntimeError):
        half_done()
    assert db.session().scalar(select(Job.id)) is None


def test_what_was_just_written_is_seen(app_context: Flask) -> None:
    assert db.session().scalar(select(Job.id)) is None
    with db.transaction() as writing:
        enqueue(writing, "x")
    assert db.session().scalar(select(Job.id)) is not None


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_refuses_a_sqlite_that_may_lose_writes(version: tuple[int, int, int], safe: bool) -> None:
    assert db.safe_sqlite(version) is safe


@pytest.mark.one_database
def test_sqlite_is_set_up_to_keep_what_it_confirmed(app_context: Flask) -> None:
    with db.database().write_engine.connect() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 2  # FULL
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def versions(app: Flask) -> dict[str, int]:
    return dict(app.extensions["database"].versions())


def test_a_topics_version_moves_with_the_commit_and_not_before(app_context: Flask) -> None:
    before = versions(app_context)
    with db.transaction() as writing:
        factories.make_network(writing)
        assert versions(app_context) == before
    assert versions(app_context).get("network", 0) == before.get("network", 0) + 1


def test_a_rolled_back_change_moves_nothing(app_context: Flask) -> None:
    before = versions(app_context)
    with pytest.raises(RuntimeError), db.transaction() as writing:
        writing.add(Network(region_code="1", name="县", site_name="云"))
        writing.flush()
        raise RuntimeError("planted")
    assert versions(app_context) == before


@pytest.mark.one_database
def test_a_database_that_stays_locked_is_said_to_be_unavailable(app: Flask) -> None:
    database = app.extensions["database"]
    with database.write_engine.connect() as holder:
        holder.execute(text("SELECT 1"))  # BEGIN IMMEDIATE: another program holds the lock
        with database.write_engine.connect() as waiting:
            waiting.connection.driver_connection.execute("PRAGMA busy_timeout = 50").close()
            waiting.rollback()
        began = time.monotonic()
        with pytest.raises(Unavailable), database.transaction() as writing:
            writing.execute(text("SELECT 1"))
        assert time.monotonic() - began < 8


@pytest.mark.one_database
def test_sqlites_writers_come_in_one_by_one(app: Flask) -> None:
    database = app.extensions["database"]
    inside, most = 0, 0

    def write() -> None:
        nonlocal inside, most
        with database.transaction() as writing:
            inside += 1
            most = max(most, inside)
            enqueue(writing, "x")
            writing.flush()
            time.sleep(0.01)
            inside -= 1

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    with app.app_context():
        assert len(db.session().scalars(select(Job.id)).all()) == 8
