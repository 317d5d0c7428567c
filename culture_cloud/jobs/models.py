"""The jobs table and the worker's heartbeat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from culture_cloud.db import Base

WAITING, FAILED = "waiting", "failed"


class Job(Base):
    """One piece of work. A row that is done is deleted; one that finally failed stays for staff."""

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: which handler does it
    name: Mapped[str] = mapped_column(String(64))
    arguments: Mapped[dict[str, Any]]
    #: where given, at most one waiting job carries it: later requests for the same work join it
    key: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    due_at: Mapped[datetime]
    #: a worker holds it until then; past that, another may take it (the first one died)
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'failed')", name="state"),
        Index("ix_jobs_state_due_at", "state", "due_at"),
        Index(
            "uq_jobs_waiting_key",
            "key",
            unique=True,
            sqlite_where=text("state = 'waiting' AND claimed_until IS NULL"),
            postgresql_where=text("state = 'waiting' AND claimed_until IS NULL"),
        ),
    )


class WorkerHeartbeat(Base):
    """When a worker last said that it lives. /readyz and the desk look at it."""

    __tablename__ = "worker_heartbeats"

    worker: Mapped[str] = mapped_column(String(64), primary_key=True)
    beat_at: Mapped[datetime]
