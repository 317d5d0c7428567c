"""A notice is written with its fact, sent once, tried for a day, and never lost from sight."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.scope import Scope
from culture_cloud.jobs import queue
from culture_cloud.jobs.models import Job
from culture_cloud.notifications import jobs, services
from culture_cloud.notifications.errors import NoticeNotFailed
from culture_cloud.notifications.gateway import Message, NotSent, RecordingGateway
from culture_cloud.notifications.models import Notice, NoticeChannel, NoticeState
from culture_cloud.notifications.queries import failed
from tests import factories

from .conftest import Tell
from .facts import SIGN_UP

NOON = datetime(2026, 4, 20, 4, 0, tzinfo=UTC)
Run = Callable[[], int]
DOWN = NotSent("SMS: HTTP 503")


def the_notice(session: Session) -> Notice:
    """As it stands now; the session lets go of the database, which is one writer's at a time."""
    session.rollback()
    notice = session.scalars(select(Notice)).one()
    session.expunge(notice)
    session.rollback()
    return notice


def test_sends_over_each_channel_that_has_an_address(
    tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    tell(email="li@example.org")
    run_jobs()
    assert {(m.channel, m.recipient) for m in outbox.messages} == {
        (NoticeChannel.SMS, "13800000000"),
        (NoticeChannel.EMAIL, "li@example.org"),
    }


def test_without_an_address_nothing_is_written(session: Session, tell: Tell) -> None:
    tell(phone=None)
    assert session.scalar(select(func.count()).select_from(Notice)) == 0


def test_the_same_event_tells_the_same_person_once(
    tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    tell()
    tell()
    run_jobs()
    tell(facts=SIGN_UP | {"title": "another"})
    run_jobs()
    assert len(outbox.messages) == 1


def test_nothing_is_sent_where_the_fact_was_not_kept(
    session: Session, outbox: RecordingGateway, run_jobs: Run
) -> None:
    services.notify(
        session, key="k", template="sign_ups/confirmed", facts=SIGN_UP, locale="en", phone="138"
    )
    session.rollback()
    run_jobs()
    assert outbox.messages == []


def test_notes_when_it_was_sent(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    with clock.frozen(NOON):
        tell()
        run_jobs()
    notice = the_notice(session)
    assert (notice.state, notice.sent_at, notice.attempts) == (NoticeState.SENT, NOON, 1)


def test_a_second_job_for_the_same_notice_sends_nothing(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    tell()
    run_jobs()
    queue.enqueue(session, "notices.send", {"notice_id": the_notice(session).id})
    session.commit()
    run_jobs()
    assert len(outbox.messages) == 1


def test_a_gateway_that_was_down_and_comes_back_delivers_once(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    outbox.down = DOWN
    with clock.frozen(NOON):
        tell()
        run_jobs()
    waiting = the_notice(session)
    assert (waiting.state, waiting.last_error) == (NoticeState.QUEUED, "SMS: HTTP 503")
    with clock.frozen(NOON + timedelta(seconds=19)):
        run_jobs()
        assert the_notice(session).attempts == 1, "waits before it tries again"
    outbox.down = None
    for minutes in (1, 10, 120):
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            run_jobs()
    assert len(outbox.messages) == 1
    assert the_notice(session).last_error == ""


def test_each_wait_is_longer_until_it_is_an_hour(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    outbox.down = DOWN
    now, waits = NOON, []
    with clock.frozen(now):
        tell()
    for _ in range(12):
        with clock.frozen(now):
            run_jobs()
        session.rollback()
        due_at = session.scalars(select(Job.due_at)).one()
        session.rollback()
        waits.append((due_at - now).total_seconds())
        now = due_at
    assert waits[:4] == [20, 40, 80, 160]
    assert waits[-1] == 3600
    assert waits == sorted(waits)


def test_after_a_day_it_has_failed_and_staff_can_see_it(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    outbox.down = DOWN
    with clock.frozen(NOON):
        tell()
    for hours in range(26):
        for _ in range(8):
            with clock.frozen(NOON + timedelta(hours=hours)):
                run_jobs()
    notice = the_notice(session)
    assert (notice.state, notice.last_error) == (NoticeState.FAILED, "SMS: HTTP 503")
    assert notice.attempts > 20
    assert session.scalar(select(func.count()).select_from(Job)) == 0
    assert [n.id for n in failed(session)] == [notice.id]


def test_a_notice_that_helps_nobody_any_more_is_not_sent(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    with clock.frozen(NOON):
        tell(send_until=NOON + timedelta(minutes=15))
    with clock.frozen(NOON + timedelta(minutes=16)):
        run_jobs()
    assert outbox.messages == []
    assert the_notice(session).state == NoticeState.FAILED


def test_a_recipient_that_is_refused_for_good_is_not_tried_again(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    outbox.down = NotSent("SMTP: recipient refused [550]", again=False)
    tell()
    run_jobs()
    assert the_notice(session).state == NoticeState.FAILED
    assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_a_crash_while_sending_does_not_send_twice_but_is_shown(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run, app: Flask
) -> None:
    class PowerCut(BaseException):
        """The process dies after the gateway has taken the message."""

    class Dying(RecordingGateway):
        def send(self, message: Message) -> None:
            outbox.send(message)
            raise PowerCut

    app.extensions["gateways"] = dict.fromkeys(NoticeChannel, Dying())
    with clock.frozen(NOON):
        tell()
        with pytest.raises(PowerCut):
            run_jobs()
    assert the_notice(session).state == NoticeState.SENDING
    app.extensions["gateways"] = dict.fromkeys(NoticeChannel, outbox)
    with clock.frozen(NOON + queue.LEASE + timedelta(seconds=1)):
        assert run_jobs() == 1
    notice = the_notice(session)
    assert notice.state == NoticeState.FAILED
    assert "may or may not have arrived" in notice.last_error
    assert len(outbox.messages) == 1


def test_staff_can_send_a_failed_notice_again(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    outbox.down = NotSent("no", again=False)
    tell()
    run_jobs()
    outbox.down = None
    notice_id = the_notice(session).id
    services.send_again(session, notice_id)
    session.commit()
    run_jobs()
    assert len(outbox.messages) == 1
    with pytest.raises(NoticeNotFailed):
        services.send_again(session, notice_id)


def test_every_try_carries_the_same_id(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run, app: Flask
) -> None:
    tried: list[str] = []

    class Unsure(RecordingGateway):
        def send(self, message: Message) -> None:
            tried.append(message.id)
            raise DOWN

    app.extensions["gateways"] = dict.fromkeys(NoticeChannel, Unsure())
    with clock.frozen(NOON):
        tell()
        run_jobs()
    with clock.frozen(NOON + timedelta(minutes=5)):
        run_jobs()
    assert len(tried) == 2
    assert len(set(tried)) == 1


def test_a_wrong_template_is_seen_and_not_tried_for_ever(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    tell(template="sign_ups/no_such_notice")
    run_jobs()
    notice = the_notice(session)
    assert (notice.state, notice.last_error) == (
        NoticeState.FAILED,
        "cannot be made: TemplateNotFound",
    )


def test_secrets_are_forgotten_once_sent_or_given_up(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    for number, down in enumerate((None, NotSent("no", again=False))):
        outbox.down = down
        facts = {"secret": {"code": "739204"}}
        tell(key=f"reset:{number}", template="accounts/reset", facts=facts)
        run_jobs()
    session.rollback()
    kept = session.scalars(select(Notice)).all()
    assert {notice.state for notice in kept} == {NoticeState.SENT, NoticeState.FAILED}
    assert all("739204" not in str(notice.facts) for notice in kept)


def test_staff_see_what_failed_in_their_own_part_of_the_tree(session: Session, tell: Tell) -> None:
    hall = factories.make_node(session)
    ours = factories.make_node(session, parent=hall)
    theirs = factories.make_node(session, parent=hall)
    for node in (ours, theirs, None):
        tell(key=f"k:{node and node.id}", node_id=node and node.id)
    for notice in session.scalars(select(Notice)):
        notice.state = NoticeState.FAILED
    session.flush()
    assert [n.node_id for n in failed(session, Scope((ours.path,)))] == [ours.id]
    assert {n.node_id for n in failed(session, Scope((hall.path,)))} == {ours.id, theirs.id}
    assert failed(session, Scope(())) == []
    assert len(failed(session)) == 3


def test_a_lower_layer_asks_by_job(
    session: Session, outbox: RecordingGateway, run_jobs: Run
) -> None:
    queue.enqueue(
        session,
        "notices.write",
        {
            "key": "password-changed:1",
            "template": "accounts/password_changed",
            "facts": {"changed_at": NOON.isoformat(), "link": "https://culture.example/r"},
            "locale": "en",
            "phone": None,
            "email": "li@example.org",
            "account_id": None,
            "send_until": None,
        },
    )
    session.commit()
    run_jobs()
    assert [m.recipient for m in outbox.messages] == ["li@example.org"]


def test_old_notices_are_forgotten(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    for days in (181, 179):
        with clock.frozen(NOON - timedelta(days=days)):
            tell(key=f"k:{days}")
            run_jobs()
    with clock.frozen(NOON):
        jobs.forget_old()
    assert the_notice(session).key.startswith("k:179")


def test_logs_say_that_a_notice_was_sent_but_not_what_or_to_whom(
    tell: Tell, run_jobs: Run, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tell(email="li@example.org")
    run_jobs()
    logged = "\n".join(f"{r.getMessage()} {vars(r)}" for r in caplog.records)
    assert "notice sent" in logged
    for personal in ("13800000000", "li@example.org", "花灯演出", "482915", "李秀兰"):
        assert personal not in logged


def test_the_operator_lists_and_sends_again(
    app: Flask, session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    outbox.down = NotSent("SMS: HTTP 422", again=False)
    tell()
    run_jobs()
    runner = app.test_cli_runner()
    listed = runner.invoke(args=["notices", "failed"]).output
    assert "sign_ups/confirmed\tSMS: HTTP 422" in listed
    assert "13800000000" not in listed
    outbox.down = None
    assert runner.invoke(args=["notices", "send-again", listed.split("\t")[0]]).exit_code == 0
    run_jobs()
    assert len(outbox.messages) == 1
    assert runner.invoke(args=["notices", "send-again", "1"]).exit_code == 1
