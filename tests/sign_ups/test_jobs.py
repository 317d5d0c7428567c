"""Everybody who signed up is told, each once, however often the work runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.activities import services as activities
from culture_cloud.activities.models import Activity
from culture_cloud.activities.rules import Rules
from culture_cloud.notifications.models import Notice
from culture_cloud.sign_ups import intake, jobs, services
from culture_cloud.sign_ups.models import SignUp
from culture_cloud.sign_ups.requests import ActingFor
from culture_cloud.sign_ups.states import NOBODY
from tests import factories

from .wishes import fresh, wish


@pytest.fixture
def activity(session: Session) -> Activity:
    factories.make_network(session)
    found = factories.make_activity(session, sessions=2, places=None)
    session.commit()
    return found


def notices(session: Session, template: str) -> list[Notice]:
    query = select(Notice).where(Notice.template == f"sign_ups/{template}").order_by(Notice.id)
    return fresh(session, query)


def test_who_signs_up_is_told_number_time_and_place(
    activity: Activity, session: Session, run_jobs: Any
) -> None:
    result = intake.sign_up(wish(activity, phone="13800000000", locale="en"))
    run_jobs()
    (notice,) = notices(session, "confirmed")
    assert (notice.recipient, notice.locale) == ("13800000000", "en")
    assert notice.node_id == activity.node_id
    facts = notice.facts
    assert facts["code"] == result.code
    assert facts["link"].endswith(f"/sign-ups/{result.token}")
    assert "一楼小剧场" in facts["place"]
    assert facts["starts_at"] == activity.sessions[0].starts_at.isoformat()
    assert notice.state == "sent"


def test_an_account_with_an_address_is_written_to_as_well(
    activity: Activity, session: Session, run_jobs: Any
) -> None:
    account = factories.make_account(session, email="li@example.org")
    session.commit()
    intake.sign_up(wish(activity, account_id=account.id))
    run_jobs()
    assert {n.recipient for n in notices(session, "confirmed")} >= {"li@example.org"}


def test_a_second_run_tells_nobody_twice(activity: Activity, session: Session) -> None:
    result = intake.sign_up(wish(activity))
    for _ in range(3):
        jobs.tell(sign_up_id=result.sign_up_id, what="confirmed")
        jobs.session_cancelled(
            activity_id=activity.id, session_id=activity.sessions[0].id, was=None
        )
    assert len(notices(session, "confirmed")) == 1
    assert len(notices(session, "session_cancelled")) == 1


def test_each_way_of_cancelling_has_its_words(
    activity: Activity, session: Session, run_jobs: Any
) -> None:
    one, two = intake.sign_up(wish(activity)), intake.sign_up(wish(activity))
    with db.transaction() as writing:
        services.cancel(writing, one.token)
        services.cancel_by_staff(writing, two.sign_up_id, "重复报名")
    run_jobs()
    assert [n.facts["code"] for n in notices(session, "cancelled_by_person")] == [one.code]
    (by_staff,) = notices(session, "cancelled_by_staff")
    assert (by_staff.facts["code"], by_staff.facts["reason"]) == (two.code, "重复报名")
    assert by_staff.state == "sent"


def test_every_change_of_the_party_is_told(
    activity: Activity, session: Session, run_jobs: Any
) -> None:
    result = intake.sign_up(wish(activity))
    for size in (2, 1, 2):  # the same number again is news too
        with db.transaction() as writing:
            services.change_party(writing, result.sign_up_id, size=size, companions=(), by=NOBODY)
        run_jobs()
    assert [n.facts["party_size"] for n in notices(session, "party_changed")] == [2, 1, 2]


def test_who_acts_for_somebody_is_told_too_and_one_phone_hears_it_once(
    activity: Activity, session: Session, run_jobs: Any
) -> None:
    daughter = ActingFor(name="王芳", phone="13700001111", relation="family", consent="同意")
    intake.sign_up(wish(activity, phone="13700002222", acting=daughter))
    run_jobs()
    told = notices(session, "confirmed")
    assert sorted(n.recipient for n in told) == ["13700001111", "13700002222"]
    intake.sign_up(wish(activity, phone=daughter.phone, acting=daughter))
    run_jobs()
    assert len(notices(session, "confirmed")) == 3


def test_only_those_of_the_cancelled_session_are_told(
    activity: Activity, session: Session, run_jobs: Any
) -> None:
    first, second = activity.sessions
    told = intake.sign_up(wish(activity, session_id=first.id))
    intake.sign_up(wish(activity, session_id=second.id))
    gone = intake.sign_up(wish(activity, session_id=first.id))
    with db.transaction() as writing:
        services.cancel(writing, gone.token)
        activities.cancel_session(writing, first.id, "停电")
    run_jobs()
    (notice,) = notices(session, "session_cancelled")
    assert (notice.facts["code"], notice.facts["reason"]) == (told.code, "停电")


def test_a_moved_session_is_told_with_the_old_and_the_new_time_for_every_move(
    activity: Activity, session: Session, run_jobs: Any
) -> None:
    occurrence = activity.sessions[0]
    was = occurrence.starts_at
    intake.sign_up(wish(activity))
    for hours in (1, 2):
        with db.transaction() as writing:
            activities.move_session(
                writing, occurrence.id, was + timedelta(hours=hours), None, "换场地"
            )
        run_jobs()
    first, second = notices(session, "session_moved")
    assert first.facts["old_starts_at"] == was.isoformat()
    assert first.facts["starts_at"] == (was + timedelta(hours=1)).isoformat()
    assert second.facts["starts_at"] == (was + timedelta(hours=2)).isoformat()


def test_a_cancelled_activity_is_told_to_all_once(
    activity: Activity, session: Session, run_jobs: Any
) -> None:
    for occurrence in activity.sessions:
        intake.sign_up(wish(activity, session_id=occurrence.id))
    with db.transaction() as writing:
        activities.cancel(writing, activity.id, "停电")
    run_jobs()
    found = notices(session, "activity_cancelled")
    assert len(found) == 2
    assert {n.facts["reason"] for n in found} == {"停电"}


def test_a_cancelled_lesson_is_told_to_the_whole_course(session: Session, run_jobs: Any) -> None:
    factories.make_network(session)
    course = factories.make_activity(session, enrolment="course", sessions=3, places=None)
    session.commit()
    intake.sign_up(wish(course))
    lesson = course.sessions[1]
    with db.transaction() as writing:
        activities.cancel_session(writing, lesson.id, "老师生病")
    run_jobs()
    (notice,) = notices(session, "session_cancelled")
    assert notice.facts["starts_at"] == lesson.starts_at.isoformat()


def test_more_people_than_a_batch_are_all_told(
    activity: Activity, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 3)
    for _ in range(7):
        intake.sign_up(wish(activity))
    jobs.activity_cancelled(activity_id=activity.id)
    assert len(notices(session, "activity_cancelled")) == 7


def test_an_id_number_is_forgotten_when_its_reason_is_over(session: Session) -> None:
    """PIPL art. 19: over is a date a day after its end, a course after its last; or given up."""
    factories.make_network(session)
    node = factories.make_node(session)
    dates = factories.make_activity(session, node=node, sessions=2, every=timedelta(days=7))
    course = factories.make_activity(
        session, node=node, sessions=2, every=timedelta(days=7), enrolment="course"
    )
    for activity in (dates, course):
        activities.set_rules(session, activity.id, Rules(id_law="考试办法第三条"))
    session.commit()
    first, later = (
        intake.sign_up(wish(dates, session_id=s.id, id_number="53012719600101123X"))
        for s in dates.sessions
    )
    gone, of_course = (
        intake.sign_up(wish(activity, id_number="53012719600101123X"))
        for activity in (dates, course)
    )
    with db.transaction() as writing:
        services.cancel(writing, gone.token)

    def kept_after(**spans: int) -> set[int]:
        with clock.frozen(dates.sessions[0].ends_at + timedelta(**spans)):
            jobs.forget_id_numbers()
        return {s.id for s in fresh(session, select(SignUp).where(SignUp.id_number != ""))}

    assert kept_after(hours=23) == {first.sign_up_id, later.sign_up_id, of_course.sign_up_id}
    assert kept_after(days=1, minutes=1) == {later.sign_up_id, of_course.sign_up_id}
    assert kept_after(days=8, minutes=1) == set()
