"""How a person is told: by what reaches them and what they chose, not at night, within the day's
budget; and whom staff call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.scope import Scope
from culture_cloud.jobs.models import Job
from culture_cloud.network.models import Node
from culture_cloud.notifications import choices, jobs, kinds, queries, services, settings
from culture_cloud.notifications.choices import Choice
from culture_cloud.notifications.errors import NoticeNotFailed
from culture_cloud.notifications.gateway import NotSent, RecordingGateway
from culture_cloud.notifications.kinds import NoticeKind
from culture_cloud.notifications.models import Notice, NoticeChannel, NoticeState
from tests import factories

from .conftest import Tell

Run = Callable[[], int]
NOON = datetime(2026, 4, 20, 4, 0, tzinfo=UTC)
NIGHT = datetime(2026, 4, 20, 15, 0, tzinfo=UTC)  # 23:00 in China
MORNING = datetime(2026, 4, 21, 0, 0, tzinfo=UTC)  # 8:00
LANDLINE = "08775550101"


def channels(session: Session) -> set[str]:
    found = set(session.scalars(select(Notice.channel)))
    session.rollback()
    return found


@pytest.fixture
def node(session: Session) -> Node:
    return factories.make_node(session)


# --- what reaches whom ---------------------------------------------------------------------------


def test_an_account_has_a_copy_in_its_inbox_until_it_is_read(session: Session, tell: Tell) -> None:
    account, other = factories.make_account(session), factories.make_account(session)
    tell(account_id=account.id)
    assert channels(session) == {NoticeChannel.SMS, NoticeChannel.INBOX}
    assert queries.unread(session, account.id) == 1
    message = queries.inbox(session, account.id)[0]
    assert queries.in_inbox(session, other.id, message.id) is None
    services.read(session, other.id, message.id)
    assert queries.unread(session, account.id) == 1, "nobody else's reading counts"
    services.read(session, account.id, message.id)
    assert queries.unread(session, account.id) == 0


def test_a_code_that_opens_something_never_lies_in_an_inbox(session: Session, tell: Tell) -> None:
    account = factories.make_account(session)
    tell(template="accounts/reset", facts={"secret": {}}, account_id=account.id)
    assert channels(session) == {NoticeChannel.SMS}


def test_a_landline_gets_no_text_message_but_a_call_for_what_matters(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run, node: Node
) -> None:
    tell(phone=LANDLINE, node_id=node.id)
    assert channels(session) == set(), "staff were speaking with the person when it was confirmed"
    tell(key="m", template="sign_ups/session_moved", phone=LANDLINE, node_id=node.id)
    run_jobs()
    assert outbox.messages == []
    with clock.frozen(clock.now()):
        listed = queries.calls(session, Scope((node.path,)))
    assert [n.recipient for n in listed] == [LANDLINE]
    assert queries.calls(session, Scope(("/9999/",))) == []


def test_who_is_called_leaves_the_list_once(session: Session, tell: Tell, node: Node) -> None:
    account = factories.make_account(session)
    tell(template="sign_ups/session_moved", phone=LANDLINE, node_id=node.id)
    notice_id = queries.calls(session, Scope((node.path,)))[0].id
    services.called(session, notice_id, by=account.id)
    assert queries.calls(session, Scope((node.path,))) == []
    with pytest.raises(NoticeNotFailed):
        services.called(session, notice_id, by=account.id)


def test_a_text_message_that_failed_is_on_the_call_list_while_it_helps(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run, node: Node
) -> None:
    outbox.down = NotSent("SMS: HTTP 422", again=False)
    with clock.frozen(NOON):
        tell(node_id=node.id)
        run_jobs()
        session.rollback()
        assert len(queries.calls(session, Scope((node.path,)))) == 1
    with clock.frozen(NOON + timedelta(days=2)):
        assert queries.calls(session, Scope((node.path,))) == []


# --- what the person chose -----------------------------------------------------------------------


def test_what_was_switched_off_stays_in_the_inbox_alone(session: Session, tell: Tell) -> None:
    account = factories.make_account(session)
    choices.choose(session, account.id, {NoticeKind.REMINDER: Choice(sms=False, email=False)})
    session.commit()
    tell(
        template="sign_ups/reminder",
        account_id=account.id,
        email="li@example.org",
        phone="13800000000",
    )
    assert channels(session) == {NoticeChannel.INBOX}


def test_that_it_does_not_take_place_cannot_be_switched_off(session: Session, tell: Tell) -> None:
    account = factories.make_account(session)
    off = {kind: Choice(sms=False, email=False) for kind in NoticeKind}
    choices.choose(session, account.id, off)
    session.commit()
    tell(template="sign_ups/activity_cancelled", account_id=account.id)
    assert channels(session) == {NoticeChannel.SMS, NoticeChannel.INBOX}
    assert NoticeKind.CHANGE not in kinds.OPTIONAL


# --- quiet hours ---------------------------------------------------------------------------------


def test_no_phone_rings_at_night(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    with clock.frozen(NIGHT):
        tell(template="sign_ups/session_moved", email="li@example.org")
        run_jobs()
    assert {m.channel for m in outbox.messages} == {NoticeChannel.EMAIL}
    with clock.frozen(MORNING - timedelta(minutes=1)):
        run_jobs()
    assert len(outbox.messages) == 1
    with clock.frozen(MORNING):
        run_jobs()
    assert {m.channel for m in outbox.messages} == {NoticeChannel.EMAIL, NoticeChannel.SMS}


def test_the_answer_to_ones_own_deed_comes_at_once(
    tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    with clock.frozen(NIGHT):
        tell()
        run_jobs()
    assert len(outbox.messages) == 1


def test_what_would_come_too_late_in_the_morning_comes_at_night(
    tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    with clock.frozen(NIGHT):
        tell(template="sign_ups/session_cancelled", send_until=MORNING - timedelta(hours=1))
        run_jobs()
    assert len(outbox.messages) == 1


def test_a_retry_does_not_ring_at_night_either(
    tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    evening = NIGHT - timedelta(hours=2, seconds=10)  # ten seconds before nine
    outbox.down = NotSent("SMS: HTTP 503")
    with clock.frozen(evening):
        tell(template="sign_ups/session_moved")
        run_jobs()
    outbox.down = None
    with clock.frozen(evening + timedelta(minutes=5)):
        run_jobs()
    assert outbox.messages == []
    with clock.frozen(MORNING):
        run_jobs()
    assert len(outbox.messages) == 1


@pytest.mark.parametrize(
    ("quiet_from", "quiet_to", "hour", "until"),
    [
        (time(21), time(8), 12, 12),
        (time(21), time(8), 21, 32),
        (time(21), time(8), 7, 8),
        (time(21), time(8), 8, 8),
        (time(12), time(14), 13, 14),
        (time(12), time(14), 11, 11),
        (time(0), time(0), 3, 3),
    ],
)
def test_quiet_hours_end(
    app_context: Flask, quiet_from: time, quiet_to: time, hour: int, until: int
) -> None:
    midnight = datetime(2026, 4, 19, 16, tzinfo=UTC)  # in China
    found = settings.loud_again(
        settings.Settings(1, quiet_from, quiet_to), midnight + timedelta(hours=hour)
    )
    assert found == midnight + timedelta(hours=until)


def test_a_hall_without_settings_keeps_those_of_the_hall_above(
    session: Session, node: Node
) -> None:
    branch = factories.make_node(session, parent=node)
    assert settings.settings_of(session, branch.id).quiet_from == time(21)
    settings.keep(session, node.id, quiet_from=time(20), quiet_to=time(7), sms_per_day=100)
    session.flush()
    assert settings.settings_of(session, branch.id).node_id == node.id
    settings.keep(session, branch.id, quiet_from=time(22), quiet_to=time(7), sms_per_day=None)
    session.flush()
    assert settings.settings_of(session, branch.id).quiet_from == time(22)


# --- the day's budget ----------------------------------------------------------------------------


@pytest.fixture
def ten_a_day(session: Session, node: Node) -> Node:
    settings.keep(session, node.id, quiet_from=time(21), quiet_to=time(8), sms_per_day=10)
    session.commit()
    return node


def test_thanks_and_reminders_leave_room_for_what_is_urgent(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run, ten_a_day: Node
) -> None:
    later = NOON + timedelta(days=3)
    with clock.frozen(NOON):
        for template, count in (("thanks", 7), ("reminder", 7), ("session_moved", 7)):
            for number in range(count):
                tell(
                    key=f"{template}{number}",
                    template=f"sign_ups/{template}",
                    node_id=ten_a_day.id,
                    send_until=later,
                )
            run_jobs()
        session.rollback()
        assert len(outbox.messages) == 10
        sent = session.scalars(select(Notice).where(Notice.state == NoticeState.SENT)).all()
        by_kind = {n: sum(s.template == f"sign_ups/{n}" for s in sent) for n in
                   ("thanks", "reminder", "session_moved")}  # fmt: skip
        assert by_kind == {"thanks": 5, "reminder": 3, "session_moved": 2}
        to_call = queries.calls(session, Scope((ten_a_day.path,)))
        assert {n.template for n in to_call} == {"sign_ups/reminder", "sign_ups/session_moved"}
        assert len(to_call) == 9
        session.rollback()
    with clock.frozen(MORNING):
        run_jobs()
    assert len(outbox.messages) == 12, "the two thanks that were held back go out the day after"


def test_a_second_try_is_not_counted_twice(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run, ten_a_day: Node
) -> None:
    outbox.down = NotSent("SMS: HTTP 503")
    with clock.frozen(NOON):
        tell(node_id=ten_a_day.id)
        run_jobs()
    outbox.down = None
    with clock.frozen(NOON + timedelta(minutes=1)):
        run_jobs()
        session.rollback()
        assert settings.spent_today(session, settings.settings_of(session, ten_a_day.id)) == 1


# --- nothing lost, nothing twice -----------------------------------------------------------------


def test_a_gateway_down_for_an_hour_sends_everything_after_and_once(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run
) -> None:
    outbox.down = NotSent("SMTP: ConnectionRefusedError")
    for minute in range(60):
        with clock.frozen(NOON + timedelta(minutes=minute)):
            tell(
                key=f"k{minute}",
                template="sign_ups/session_moved",
                phone=f"138000000{minute:02d}",
                email=f"p{minute}@example.org",
            )
            run_jobs()
    assert outbox.messages == []
    outbox.down = None
    for minute in range(60, 180, 5):
        with clock.frozen(NOON + timedelta(minutes=minute)):
            run_jobs()
    assert len(outbox.messages) == 120
    assert len({message.id for message in outbox.messages}) == 120
    assert len({message.recipient for message in outbox.messages}) == 120
    session.rollback()
    assert set(session.scalars(select(Notice.state))) == {NoticeState.SENT}


@pytest.mark.parametrize("state", [NoticeState.QUEUED, NoticeState.SENDING])
def test_a_notice_whose_job_is_lost_is_taken_up_again(
    session: Session, tell: Tell, outbox: RecordingGateway, run_jobs: Run, state: NoticeState
) -> None:
    with clock.frozen(NOON):
        tell()
    session.query(Job).delete()
    session.query(Notice).update({"state": state})
    session.commit()
    with clock.frozen(NOON + timedelta(minutes=20)):
        jobs.sweep()
        run_jobs()
    assert outbox.messages == []
    for _twice in range(2):
        with clock.frozen(NOON + timedelta(minutes=40)):
            jobs.sweep()
            jobs.sweep()
            run_jobs()
    session.rollback()
    notice = session.scalars(select(Notice)).one()
    expected = NoticeState.SENT if state == NoticeState.QUEUED else NoticeState.FAILED
    assert notice.state == expected
    assert len(outbox.messages) == (1 if state == NoticeState.QUEUED else 0)
