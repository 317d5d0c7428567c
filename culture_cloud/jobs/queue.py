"""Putting work into the table, taking it out, and saying how it went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from culture_cloud import clock

from .models import FAILED, WAITING, Job, WorkerHeartbeat

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
HEARTBEAT_SECONDS = 15
SILENT_AFTER = timedelta(seconds=60)


def enqueue(
    session: Session,
    name: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    due_at: datetime | None = None,
    key: str | None = None,
) -> None:
    """Ask for a piece of work in the caller's transaction.

    With a `key`, a job of that key which still waits unclaimed serves for this request too.
    """
    if key is not None and session.scalar(_unclaimed(key)) is not None:
        return
    session.add(
        Job(
            name=name,
            arguments=dict(arguments or {}),
            key=key,
            due_at=due_at or clock.now(),
            created_at=clock.now(),
        )
    )


def _unclaimed(key: str) -> Any:
    return select(Job.id).where(Job.key == key, Job.state == WAITING, Job.claimed_until.is_(None))


def claim(session: Session) -> Job | None:
    """Take the next due job for LEASE; None where nothing is due.

    SKIP LOCKED lets many workers on PostgreSQL take different rows; on SQLite the write
    transaction itself keeps them apart.
    """
    now = clock.now()
    job = session.scalar(
        select(Job)
        .where(
            Job.state == WAITING,
            Job.due_at <= now,
            or_(Job.claimed_until.is_(None), Job.claimed_until < now),
        )
        .order_by(Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if job is not None:
        job.claimed_until = now + LEASE
        job.attempts += 1
    return job


def finish(session: Session, job_id: int) -> None:
    session.execute(delete(Job).where(Job.id == job_id))


def fail(session: Session, job_id: int, error: str) -> None:
    """Try again later, waiting longer each time; after MAX_ATTEMPTS leave it for staff to see."""
    job = session.get(Job, job_id)
    if job is None:
        return
    job.last_error = error[:2000]
    if job.attempts >= MAX_ATTEMPTS:
        job.state = FAILED
        job.claimed_until = None
        return
    job.due_at = clock.now() + retry_delay(job.attempts)
    # A job of the same key may have been asked for meanwhile; the claim keeps this one apart.
    job.claimed_until = job.due_at


def retry_delay(attempts: int) -> timedelta:
    """20 s, 40 s, 80 s … at most an hour."""
    return min(timedelta(seconds=10 * 2**attempts), timedelta(hours=1))


def retry(session: Session, job_id: int) -> None:
    """Staff let a failed job run again."""
    job = session.get(Job, job_id)
    if job is not None and job.state == FAILED:
        job.state, job.attempts, job.claimed_until = WAITING, 0, clock.now()
        job.due_at = clock.now()


def beat(session: Session, worker: str) -> None:
    session.merge(WorkerHeartbeat(worker=worker, beat_at=clock.now()))


def last_beat(session: Session) -> datetime | None:
    return session.scalar(select(func.max(WorkerHeartbeat.beat_at)))


def worker_alive(session: Session) -> bool:
    beat_at = last_beat(session)
    return beat_at is not None and clock.now() - beat_at < SILENT_AFTER


def failed_jobs(session: Session) -> list[Job]:
    return list(session.scalars(select(Job).where(Job.state == FAILED).order_by(Job.id)))


def waiting_count(session: Session) -> int:
    return session.scalar(select(func.count()).where(Job.state == WAITING)) or 0
