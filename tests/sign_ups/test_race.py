"""Sixty people, four processes, twenty-five places, one moment (reliability: overselling)."""

from __future__ import annotations

import multiprocessing
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from culture_cloud import db, migrations
from culture_cloud.activities.models import Activity, Allotment
from culture_cloud.config import Config
from culture_cloud.sign_ups import places
from culture_cloud.sign_ups.models import SignUp
from culture_cloud.sign_ups.requests import SignUpRequest
from tests import factories
from tests.conftest import _fresh_database

from .racing import CONFIRMED, REFUSED, Outcome, race
from .wishes import wish

PROCESSES, THREADS, PLACES = 4, 15, 25


@pytest.fixture
def database(
    database_kind: str, migrated: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[db.Database]:
    """A database of the race's own: the proof takes a constraint away."""
    if database_kind == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        database = db.Database(_fresh_database(server, "culture_cloud_race"))
        migrations.upgrade(database)
    else:
        path = tmp_path / "race.db"
        shutil.copy(migrated.removeprefix("sqlite:///"), path)
        database = db.Database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture
def activity(database: db.Database) -> Activity:
    with database.transaction() as session:
        return factories.make_activity(session, places=PLACES)


def run_race(
    database: db.Database,
    tmp_path: Path,
    requests: list[SignUpRequest],
    *,
    condition: bool = True,
) -> list[Outcome]:
    """Send all requests at one moment from four processes; the outcomes in any order."""
    context = multiprocessing.get_context("forkserver")
    # all of the site is imported once, not once a process
    context.set_forkserver_preload(["culture_cloud.application", "tests.sign_ups.racing"])
    barrier, queue = context.Barrier(len(requests)), context.Queue()
    config = Config(
        data_folder=tmp_path,
        database_url=database.url,
        secret_key="a secret for tests only",
        testing=True,
    )
    share = len(requests) // PROCESSES
    processes = [
        context.Process(
            target=race,
            args=(config, requests[n * share : (n + 1) * share], barrier, queue, condition),
        )
        for n in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    outcomes = [queue.get(timeout=90) for _ in requests]
    for process in processes:
        process.join(30)
        assert process.exitcode == 0
    return outcomes


def counted(session: Session) -> tuple[int, int]:
    """Places counted, and sign-ups confirmed."""
    taken = session.scalars(select(Allotment.taken)).one()
    confirmed = select(func.count()).where(SignUp.state == "confirmed")
    return taken, session.scalar(confirmed) or 0


def test_exactly_as_many_are_confirmed_as_there_are_places(
    database: db.Database, tmp_path: Path, activity: Activity
) -> None:
    requests = [wish(activity) for _ in range(PROCESSES * THREADS)]
    outcomes = run_race(database, tmp_path, requests)
    assert Counter(o.first[0] for o in outcomes) == {CONFIRMED: PLACES, REFUSED: 35}
    assert {o.first[1] for o in outcomes if o.first[0] == REFUSED} == {"SessionFull"}
    assert [o for o in outcomes if o.first != o.second] == []
    with database.read_session() as session:
        assert counted(session) == (PLACES, PLACES)
        assert places.differences(session) == []


def test_the_same_key_from_three_sides_at_once_is_one_sign_up(
    database: db.Database, tmp_path: Path, activity: Activity
) -> None:
    wishes = [wish(activity) for _ in range(20)]
    outcomes = run_race(database, tmp_path, wishes * 3)
    answers: dict[str, set[tuple[str, str]]] = {}
    for outcome in outcomes:
        answers.setdefault(outcome.key, set()).update((outcome.first, outcome.second))
    assert len(answers) == 20
    assert all(len(a) == 1 for a in answers.values()), answers
    assert {answer[0] for a in answers.values() for answer in a} == {CONFIRMED}
    with database.read_session() as session:
        assert counted(session) == (20, 20)


def test_one_person_from_many_sides_at_once_has_one_sign_up(
    database: db.Database, tmp_path: Path, activity: Activity
) -> None:
    requests = [wish(activity, name="李秀兰", phone="13800000000") for _ in range(20)]
    outcomes = run_race(database, tmp_path, requests)
    assert Counter(o.first[0] for o in outcomes) == {CONFIRMED: 1, REFUSED: 19}
    assert {o.first[1] for o in outcomes if o.first[0] == REFUSED} == {"AlreadySignedUp"}
    with database.read_session() as session:
        assert counted(session) == (1, 1)


def test_the_race_oversells_where_the_condition_is_switched_off(
    database: db.Database, tmp_path: Path, activity: Activity
) -> None:
    """The proof of the first test: the same race finds the fault it is there to find."""
    if not database.is_sqlite:
        with database.transaction() as session:
            session.execute(
                text("ALTER TABLE allotments DROP CONSTRAINT ck_allotments_never_oversold")
            )
    requests = [wish(activity) for _ in range(PROCESSES * THREADS)]
    outcomes = run_race(database, tmp_path, requests, condition=False)
    assert sum(o.first[0] == CONFIRMED for o in outcomes) > PLACES
    with database.read_session() as session:
        assert counted(session)[1] > PLACES
