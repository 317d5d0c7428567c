"""Work after the answer: done once, retried, visible when it finally fails."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from culture_cloud import clock, db
from culture_cloud.jobs import queue
from culture_cloud.jobs.models import FAILED, WAITING, Job
from culture_cloud.jobs.worker import Handlers, drain, run_next

NOW = datetime(2026, 5, 1, 1, 0, tzinfo=UTC)


class Recorder:
    """A handler that notes its calls, and fails the first `failures` times."""

    def __init__(self, failures: int = 0) -> None:
        self.calls: list[dict[str, object]] = []
        self.failures = failures

    def __call__(self, **arguments: object) -> None:
        self.calls.append(arguments)
        if len(self.calls) <= self.failures:
            raise RuntimeError("planted")


def handlers(handler: Recorder) -> Handlers:
    return Handlers({"work": handler})


def ask(**given: object) -> None:
    with db.transaction() as session:
        queue.enqueue(session, "work", {"n": 1}, **given)  # type: ignore[arg-type]


def jobs() -> int:
    db.release_reads()
    return db.session().scalar(select(func.count()).select_from(Job)) or 0


def test_is_done_once_and_then_gone(app_context: Flask) -> None:
    recorder = Recorder()
    ask()
    assert drain(handlers(recorder)) == 1
    assert recorder.calls == [{"n": 1}]
    assert jobs() == 0


def test_is_not_done_before_it_is_due(app_context: Flask) -> None:
    recorder = Recorder()
    with clock.frozen(NOW):
        ask(due_at=NOW + timedelta(hours=1))
        assert drain(handlers(recorder)) == 0
    with clock.frozen(NOW + timedelta(hours=1)):
        assert drain(handlers(recorder)) == 1


def test_failed_work_is_tried_again_later_each_time(app_context: Flask) -> None:
    recorder = Recorder(failures=2)
    with clock.frozen(NOW):
        ask()
        drain(handlers(recorder))
        assert drain(handlers(recorder)) == 0
    with clock.frozen(NOW + queue.retry_delay(1) + timedelta(seconds=1)):
        drain(handlers(recorder))
    with clock.frozen(NOW + timedelta(minutes=5)):
        drain(handlers(recorder))
    assert len(recorder.calls) == 3
    assert jobs() == 0


def test_what_finally_fails_stays_to_be_seen_and_can_be_tried_again(app_context: Flask) -> None:
    recorder = Recorder(failures=queue.MAX_ATTEMPTS)
    ask()
    for hours in range(queue.MAX_ATTEMPTS + 2):
        with clock.frozen(clock.now() + timedelta(hours=2 * hours)):
            drain(handlers(recorder))
    assert len(recorder.calls) == queue.MAX_ATTEMPTS
    (failed,) = queue.failed_jobs(db.session())
    assert (failed.state, failed.last_error) == (FAILED, "RuntimeError: planted")
    with db.transaction() as session:
        queue.retry(session, failed.id)
    drain(handlers(recorder))
    assert jobs() == 0


def test_requests_for_the_same_work_join(app_context: Flask) -> None:
    recorder = Recorder()
    for _ in range(3):
        ask(key="one")
    assert drain(handlers(recorder)) == 1


def test_work_asked_for_while_it_runs_is_done_again(app_context: Flask) -> None:
    """What changed after the handler read must not be lost."""
    ran = []

    def handler(**_: object) -> None:
        ran.append(1)
        if len(ran) == 1:
            ask(key="one")

    ask(key="one")
    drain(Handlers({"work": handler}))
    assert len(ran) == 2


def test_a_dead_workers_job_is_taken_by_another(app_context: Flask) -> None:
    ask()
    with db.transaction() as session:
        assert queue.claim(session) is not None
    recorder = Recorder()
    assert drain(handlers(recorder)) == 0
    with clock.frozen(clock.now() + queue.LEASE + timedelta(seconds=1)):
        assert drain(handlers(recorder)) == 1


def test_many_workers_do_each_job_once(app: Flask) -> None:
    recorder = Recorder()
    with app.app_context():
        for _ in range(30):
            ask()

    def work() -> None:
        with app.app_context():
            while run_next(handlers(recorder)):
                pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(recorder.calls) == 30
    with app.app_context():
        assert jobs() == 0


def test_an_unknown_job_fails_instead_of_vanishing(app_context: Flask) -> None:
    ask()
    drain(Handlers())
    job = db.session().scalar(select(Job))
    assert job is not None
    assert (job.state, job.last_error) == (WAITING, "no handler for the job work")


def test_two_handlers_of_one_name_are_refused() -> None:
    found = handlers(Recorder())
    with pytest.raises(ValueError, match="two handlers"):
        found.add({"work": Recorder()})


def test_says_whether_a_worker_lives(app_context: Flask) -> None:
    assert not queue.worker_alive(db.session())
    with clock.frozen(NOW), db.transaction() as session:
        queue.beat(session, "one")
    with clock.frozen(NOW + timedelta(seconds=59)):
        assert queue.worker_alive(db.session())
    with clock.frozen(NOW + timedelta(seconds=61)):
        assert not queue.worker_alive(db.session())
