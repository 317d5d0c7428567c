"""Limits on guessing and flooding, kept in the database.

They hold over all processes, survive a restart and need no Redis. Keys are hashed with the site's
secret, so the table tells neither who nor from where. Only attempts are written, never page views.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, request
from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from culture_cloud import clock, db
from culture_cloud.errors import TooManyAttempts


class Attempt(db.Base):
    """One attempt at something that is limited."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_attempts_key_hash_at", "key_hash", "at"),
        Index("ix_attempts_at", "at"),
    )


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` attempts of an action by one subject within `within`."""

    action: str
    times: int
    within: timedelta


def check(session: Session, limit: Limit, subject: str) -> None:
    """Raise TooManyAttempts where the subject has used up the limit."""
    since = clock.now() - limit.within
    key = _hashed(limit, subject)
    count, oldest = session.execute(
        select(func.count(), func.min(Attempt.at)).where(
            Attempt.key_hash == key, Attempt.at > since
        )
    ).one()
    if count >= limit.times:
        wait = oldest + limit.within - clock.now()
        raise TooManyAttempts(max(1, int(wait.total_seconds())))


def record(session: Session, limit: Limit, subject: str) -> None:
    """Count an attempt."""
    session.add(Attempt(key_hash=_hashed(limit, subject), at=clock.now()))


def forgive(session: Session, limit: Limit, subject: str) -> None:
    """Forget the subject's attempts: it has shown who it is."""
    session.execute(delete(Attempt).where(Attempt.key_hash == _hashed(limit, subject)))


def forget_old() -> None:
    """Job: attempts older than a day limit nothing any more."""
    with db.transaction() as session:
        session.execute(delete(Attempt).where(Attempt.at < clock.ago(days=1)))


def caller_address() -> str:
    """The address a request comes from; used hashed, never stored or logged."""
    return request.remote_addr or "unknown"


def _hashed(limit: Limit, subject: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"{limit.action}\0{subject}".encode(), hashlib.sha256).hexdigest()[:32]
