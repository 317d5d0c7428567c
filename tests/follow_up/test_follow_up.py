"""The day before and after: reminded once, thanked once, asked two questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.activities import services as activities
from culture_cloud.activities.models import Activity
from culture_cloud.follow_up import jobs, ratings
from culture_cloud.notifications.gateway import RecordingGateway
from culture_cloud.notifications.models import NoticeChannel
from culture_cloud.sign_ups import services
from culture_cloud.sign_ups.models import SignUp, SignUpState
from tests import factories
from tests.client import Browser
from tests.sign_ups.wishes import wish

NOW = datetime(2026, 5, 1, 1, 0, tzinfo=UTC)  # 9 in the morning in China
STARTS = NOW + timedelta(days=3)
DAY_BEFORE = STARTS - timedelta(days=1)
Run = Callable[[], int]


@pytest.fixture
def outbox(app: Flask) -> RecordingGateway:
    recording = RecordingGateway()
    app.extensions["gateways"] = dict.fromkeys(NoticeChannel, recording)
    return recording


@pytest.fixture
def activity(session: Session) -> Activity:
    with clock.frozen(NOW):
        found = factories.make_activity(session, title="花灯", starts_at=STARTS)
        for number in range(3):
            services.sign_up(session, wish(found, name=f"李{number}"))
        session.commit()
    return found


def at(moment: datetime, run_jobs: Run, job: Callable[[], None]) -> None:
    with clock.frozen(moment):
        job()
        run_jobs()


def about(outbox: RecordingGateway, word: str) -> list[str]:
    return [m.recipient for m in outbox.messages if word in m.text]


def test_reminds_on_the_day_before_once(
    activity: Activity, outbox: RecordingGateway, run_jobs: Run
) -> None:
    at(DAY_BEFORE, run_jobs, jobs.remind)
    assert about(outbox, "明天") == [], "not before ten"
    at(DAY_BEFORE + timedelta(hours=1), run_jobs, jobs.remind)
    assert len(set(about(outbox, "明天"))) == 3
    at(DAY_BEFORE + timedelta(hours=2), run_jobs, jobs.remind)
    assert len(about(outbox, "明天")) == 3


def test_who_has_just_signed_up_or_cancelled_is_not_reminded(
    session: Session, activity: Activity, outbox: RecordingGateway, run_jobs: Run
) -> None:
    with clock.frozen(DAY_BEFORE):
        services.sign_up(session, wish(activity, name="新来的"))
        gone = session.scalars(select(SignUp).where(SignUp.name == "李0")).one()
        services.cancel(session, gone.token)
        session.commit()
    at(DAY_BEFORE + timedelta(hours=1), run_jobs, jobs.remind)
    assert len(about(outbox, "明天")) == 2


def test_a_moved_session_is_reminded_of_anew(
    session: Session, activity: Activity, outbox: RecordingGateway, run_jobs: Run
) -> None:
    at(DAY_BEFORE + timedelta(hours=1), run_jobs, jobs.remind)
    with clock.frozen(DAY_BEFORE + timedelta(hours=2)):
        moved = STARTS + timedelta(days=5)
        activities.move_session(session, activity.sessions[0].id, moved, None, "下雨")
        session.commit()
    at(DAY_BEFORE + timedelta(days=5, hours=1), run_jobs, jobs.remind)
    assert len(about(outbox, "明天")) == 6


def test_what_does_not_take_place_is_not_reminded_of(
    session: Session, activity: Activity, outbox: RecordingGateway, run_jobs: Run
) -> None:
    with clock.frozen(NOW):
        activities.cancel(session, activity.id, "停电")
        session.commit()
    at(DAY_BEFORE + timedelta(hours=1), run_jobs, jobs.remind)
    assert about(outbox, "明天") == []


def test_a_crash_in_the_middle_reminds_nobody_twice(
    activity: Activity, outbox: RecordingGateway, run_jobs: Run, monkeypatch: Any
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 1)
    real, calls = jobs._write, []

    def dying(*given: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("power cut")
        real(*given)

    monkeypatch.setattr(jobs, "_write", dying)
    with pytest.raises(RuntimeError), clock.frozen(DAY_BEFORE + timedelta(hours=1)):
        jobs.remind()
    monkeypatch.setattr(jobs, "_write", real)
    at(DAY_BEFORE + timedelta(hours=1), run_jobs, jobs.remind)
    assert len(about(outbox, "明天")) == 3
    assert len(set(about(outbox, "明天"))) == 3


def came(session: Session, activity: Activity) -> list[SignUp]:
    session.execute(
        update(SignUp)
        .where(SignUp.activity_id == activity.id, SignUp.name != "李0")
        .values(state=SignUpState.ATTENDED, attended_count=1)
    )
    session.commit()
    found = list(session.scalars(select(SignUp).where(SignUp.state == SignUpState.ATTENDED)))
    session.expunge_all()
    session.rollback()
    return found


def test_who_came_is_thanked_once_and_asked_two_questions(
    any_mode: Browser,
    session: Session,
    activity: Activity,
    outbox: RecordingGateway,
    run_jobs: Run,
) -> None:
    guests = came(session, activity)
    over = activity.sessions[0].ends_at + timedelta(hours=2)
    for hours in (0, 1):
        at(over + timedelta(hours=hours), run_jobs, jobs.thank)
    assert sorted(about(outbox, "谢谢")) == sorted(guest.phone for guest in guests)
    token = guests[0].token
    assert any(f"/sign-ups/{token}/rating" in m.text for m in outbox.messages)
    page = any_mode.get(f"/sign-ups/{token}/rating")
    wrong = any_mode.submit(page, {"liked": "5"}, form="liked", status=422)
    done = any_mode.submit(wrong, {"liked": "5", "easy": "3"}, form="liked")
    assert "谢谢" in done.heading
    any_mode.submit(any_mode.get(f"/sign-ups/{token}/rating"), {"liked": "4"}, form="liked")
    with any_mode.app.app_context():
        assert ratings.summary(db.session(), activity.id) is None, "one answer is somebody's"


def test_who_did_not_come_is_not_asked(
    client: Browser, session: Session, activity: Activity
) -> None:
    came(session, activity)
    token = session.scalars(select(SignUp.token).where(SignUp.name == "李0")).one()
    session.rollback()
    client.get(f"/sign-ups/{token}/rating", status=404)


def test_staff_see_means_from_three_answers_on(session: Session, activity: Activity) -> None:
    for number, sign_up in enumerate(session.scalars(select(SignUp)).all()):
        ratings.rate(session, sign_up, liked=5 - number, easy=3)
    session.flush()
    found = ratings.summary(session, activity.id)
    assert found is not None
    assert (found.answers, found.liked, found.easy) == (3, 4.0, 3.0)
