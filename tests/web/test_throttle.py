"""Limits on guessing: exact, over time, and telling nothing about whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.errors import TooManyAttempts
from culture_cloud.web import throttle
from culture_cloud.web.throttle import Attempt, Limit

GUESS = Limit("guess", 3, timedelta(minutes=1))
NOON = datetime(2026, 5, 1, 4, 0, tzinfo=UTC)


def attempt(session: Session, subject: str = "li", *, limit: Limit = GUESS, at: int = 0) -> None:
    with clock.frozen(NOON + timedelta(seconds=at)):
        throttle.check(session, limit, subject)
        throttle.record(session, limit, subject)
        session.flush()


def test_lets_exactly_as_many_through_as_it_says(session: Session) -> None:
    for second in range(3):
        attempt(session, at=second)
    with pytest.raises(TooManyAttempts):
        attempt(session, at=3)


def test_says_after_how_many_seconds_the_next_try_is_free(session: Session) -> None:
    for second in (0, 10, 20):
        attempt(session, at=second)
    with pytest.raises(TooManyAttempts) as refused:
        attempt(session, at=25)
    assert refused.value.retry_after == 35
    attempt(session, at=60)


def test_never_locks_for_ever(session: Session) -> None:
    for second in range(3):
        attempt(session, at=second)
    for second in range(3, 60, 5):
        with pytest.raises(TooManyAttempts):
            attempt(session, at=second)
    attempt(session, at=61)


def test_subjects_and_actions_do_not_share_a_limit(session: Session) -> None:
    for second in range(3):
        attempt(session, at=second)
    attempt(session, "wang", at=3)
    attempt(session, limit=Limit("other", 3, timedelta(minutes=1)), at=3)


def test_forgives_who_has_shown_who_they_are(session: Session) -> None:
    for second in range(3):
        attempt(session, at=second)
        attempt(session, "wang", at=second)
    throttle.forgive(session, GUESS, "li")
    attempt(session, at=4)
    with pytest.raises(TooManyAttempts):
        attempt(session, "wang", at=4)


def test_the_table_tells_neither_who_nor_from_where(session: Session) -> None:
    attempt(session, "13800000000\x00192.0.2.7")
    kept = session.scalars(select(Attempt.key_hash)).one()
    assert "13800000000" not in kept
    assert "192.0.2.7" not in kept


def test_the_hash_depends_on_the_secret_of_the_site(session: Session, app_context: Flask) -> None:
    attempt(session, "li")
    app_context.config["SECRET_KEY"] = "another secret"
    attempt(session, "li")
    assert len(set(session.scalars(select(Attempt.key_hash)))) == 2


def test_forgets_attempts_after_a_day(session: Session) -> None:
    attempt(session, "old", at=-25 * 3600)
    attempt(session, "new", at=-3600)
    session.commit()
    with clock.frozen(NOON):
        throttle.forget_old()
    db.release_reads()
    assert session.scalar(select(Attempt.at)) == NOON - timedelta(hours=1)
