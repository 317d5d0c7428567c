"""The rules of signing up and cancelling, at their edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.activities.models import Activity, Allotment
from culture_cloud.errors import Gone, NotFound
from culture_cloud.jobs.models import Job
from culture_cloud.sign_ups import intake, offers, queries, services
from culture_cloud.sign_ups.errors import (
    AlreadySignedUp,
    NotOnline,
    SessionCancelled,
    SessionFull,
    SessionOver,
    SignUpClosed,
    SignUpNotOpenYet,
    TooLateToCancel,
    TooManyInParty,
)
from culture_cloud.sign_ups.models import Channel, SignUp
from tests import factories

from .wishes import fresh, wish

OPENS = datetime(2027, 5, 1, 1, tzinfo=UTC)
"""9 o'clock in the morning in China."""
STARTS = OPENS + timedelta(days=3)
SECOND = timedelta(seconds=1)


def make(session: Session, **facts: Any) -> Activity:
    activity = factories.make_activity(session, **{"starts_at": STARTS, "places": 5, **facts})
    session.commit()
    return activity


def taken(session: Session) -> int:
    return sum(a.taken for a in fresh(session, select(Allotment)))


def cancel(token: str) -> bool:
    with db.transaction() as session:
        return services.cancel(session, token)


# --- when it is open -----------------------------------------------------------------------------


@pytest.mark.parametrize("channel", list(Channel))
def test_opens_on_the_second_for_every_channel(session: Session, channel: Channel) -> None:
    activity = make(session, sign_up_opens_at=OPENS)
    with clock.frozen(OPENS - SECOND), pytest.raises(SignUpNotOpenYet) as refusal:
        intake.sign_up(wish(activity, channel=channel))
    assert refusal.value.opens_at == OPENS
    with clock.frozen(OPENS):
        assert intake.sign_up(wish(activity, channel=channel)).is_new


def test_closes_on_the_second(session: Session) -> None:
    closes = STARTS - timedelta(hours=5)
    activity = make(session, sign_up_closes_at=closes)
    with clock.frozen(closes - SECOND):
        intake.sign_up(wish(activity))
    with clock.frozen(closes), pytest.raises(SignUpClosed):
        intake.sign_up(wish(activity))


def test_closes_with_the_start_where_nothing_else_is_said(session: Session) -> None:
    activity = make(session)
    with clock.frozen(STARTS - SECOND):
        intake.sign_up(wish(activity))
    with clock.frozen(STARTS), pytest.raises(SignUpClosed):
        intake.sign_up(wish(activity))


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.COUNTER])
def test_staff_add_latecomers_until_it_is_over(session: Session, channel: Channel) -> None:
    activity = make(session, hours=2)
    ends = STARTS + timedelta(hours=2)
    with clock.frozen(ends - SECOND):
        intake.sign_up(wish(activity, channel=channel))
    with clock.frozen(ends), pytest.raises(SessionOver):
        intake.sign_up(wish(activity, channel=channel))


def test_a_course_closes_with_its_first_lesson(session: Session) -> None:
    course = make(session, enrolment="course", sessions=3)
    with clock.frozen(STARTS - SECOND):
        intake.sign_up(wish(course))
    with clock.frozen(STARTS), pytest.raises(SignUpClosed):
        intake.sign_up(wish(course))


def test_a_cancelled_first_lesson_does_not_close_the_course(session: Session) -> None:
    course = make(session, enrolment="course", sessions=3)
    course.sessions[0].state = "cancelled"
    session.commit()
    with clock.frozen(STARTS):
        assert intake.sign_up(wish(course)).is_new


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"sign_up": "none"}, NotOnline),
        ({"sign_up": "elsewhere"}, NotOnline),
        ({"state": "cancelled"}, SessionCancelled),
        ({"state": "draft"}, NotFound),
        ({"state": "submitted"}, NotFound),
        ({"state": "withdrawn"}, Gone),
        ({"starts_at": datetime(2020, 5, 1, tzinfo=UTC)}, SessionOver),
    ],
)
def test_each_state_has_its_refusal(
    session: Session, facts: dict[str, Any], refusal: type[Exception]
) -> None:
    activity = make(session, **facts)
    with clock.frozen(OPENS), pytest.raises(refusal):
        intake.sign_up(wish(activity))


def test_a_cancelled_session_takes_nobody(session: Session) -> None:
    activity = make(session)
    activity.sessions[0].state = "cancelled"
    session.commit()
    with clock.frozen(OPENS), pytest.raises(SessionCancelled):
        intake.sign_up(wish(activity))


def test_what_changes_after_reading_is_refused_by_the_statement(session: Session) -> None:
    activity = make(session)
    request = wish(activity)
    offer = services.examine(session, request)
    activity.sessions[0].state = "cancelled"
    session.commit()
    assert not isinstance(offer, services.SignUpResult)
    with pytest.raises(SessionCancelled), db.transaction() as writing:
        services.give_places(writing, request, offer)
    assert taken(session) == 0


# --- how many ------------------------------------------------------------------------------------


def test_refuses_more_places_than_are_left_and_says_how_many(session: Session) -> None:
    activity = make(session, places=5)
    intake.sign_up(wish(activity, party_size=3))
    with pytest.raises(SessionFull) as refusal:
        intake.sign_up(wish(activity, party_size=3))
    assert refusal.value.left == 2
    intake.sign_up(wish(activity, party_size=2))
    with pytest.raises(SessionFull) as refusal:
        intake.sign_up(wish(activity))
    assert refusal.value.left == 0
    assert taken(session) == 5


def test_a_sign_up_that_lost_its_place_meanwhile_leaves_no_trace(session: Session) -> None:
    activity = make(session, places=1)
    request = wish(activity)
    offer = services.examine(session, request)
    session.commit()
    assert not isinstance(offer, services.SignUpResult)
    intake.sign_up(wish(activity))
    with pytest.raises(SessionFull), db.transaction() as writing:
        services.give_places(writing, request, offer)
    assert len(fresh(session, select(SignUp))) == 1
    assert taken(session) == 1


@pytest.mark.parametrize(("max_party", "most"), [(1, 1), (3, 3), (9, 9)])
def test_a_party_is_at_most_ten_and_what_the_activity_says(
    session: Session, max_party: int, most: int
) -> None:
    activity = make(session, places=None, max_party=max_party)
    intake.sign_up(wish(activity, party_size=most))
    with pytest.raises(TooManyInParty) as refusal:
        intake.sign_up(wish(activity, party_size=most + 1))
    assert refusal.value.most == most


def test_more_names_than_people_is_a_mistake_of_the_caller(session: Session) -> None:
    with pytest.raises(ValueError, match="party"):
        wish(make(session), party_size=2, companions=("甲", "乙"))


# --- once ----------------------------------------------------------------------------------------


def test_the_same_key_is_the_same_sign_up_for_ever(session: Session) -> None:
    activity = make(session, places=1)
    request = wish(activity)
    first = intake.sign_up(request)
    again = intake.sign_up(request)
    with clock.frozen(STARTS + timedelta(days=30)):
        much_later = intake.sign_up(request)
    assert first.is_new
    assert not again.is_new
    assert (first.token, first.code) == (again.token, again.code) == (much_later.token, first.code)
    assert taken(session) == 1


def test_the_same_key_written_meanwhile_is_found_on_the_second_look(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reading saw nothing, the other request committed, then ours wrote."""
    activity = make(session)
    request = wish(activity)
    first = intake.sign_up(request)
    offer = offers.offer(session, activity.id, activity.sessions[0].id)
    session.commit()
    late = iter([services.Way(offer, offer.rooms)])
    real = services.examine
    monkeypatch.setattr(intake, "expect_places", lambda _s, _r: next(late))
    monkeypatch.setattr(intake, "examine", real)
    assert intake.sign_up(request).token == first.token
    assert taken(session) == 1


@pytest.mark.parametrize("places", [1, 5])
def test_a_twin_granted_between_two_looks_is_no_refusal(
    session: Session, monkeypatch: pytest.MonkeyPatch, places: int
) -> None:
    """The key was not there yet; then the twin took the last place, or signed the person up."""
    activity = make(session, places=places)
    request = wish(activity)
    first = intake.sign_up(request)
    looks = iter([None])
    real = queries.by_key
    monkeypatch.setattr(queries, "by_key", lambda s, key: next(looks, real(s, key)))
    again = intake.sign_up(request)
    assert (again.token, again.is_new) == (first.token, False)


def test_a_twin_that_takes_the_last_place_while_this_one_waits_is_no_refusal(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = make(session, places=1)
    request = wish(activity)
    offer = services.examine(session, request)
    session.commit()
    first = intake.sign_up(request)
    monkeypatch.setattr(intake, "examine", lambda _s, _r: offer)
    assert intake.sign_up(request).token == first.token


def test_the_constraint_itself_undoes_the_count(session: Session) -> None:
    activity = make(session)
    request = wish(activity)
    offer = services.examine(session, request)
    session.commit()
    assert not isinstance(offer, services.SignUpResult)
    intake.sign_up(request)
    with pytest.raises(IntegrityError), db.transaction() as writing:
        services.give_places(writing, request, offer)
    assert taken(session) == 1


def test_a_number_that_this_phone_has_already_is_drawn_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = make(session)
    first = intake.sign_up(wish(activity, phone="13800001111", name="甲"))
    drawn = iter([int(first.code), 7])
    monkeypatch.setattr("secrets.randbelow", lambda _: next(drawn))
    second = intake.sign_up(wish(activity, phone="13800001111", name="乙"))
    assert second.code == "000007"
    assert taken(session) == 2


def test_one_person_has_one_sign_up_here_and_a_stranger_learns_nothing(session: Session) -> None:
    activity = make(session)
    intake.sign_up(wish(activity, name="李秀兰", phone="13800000000"))
    with pytest.raises(AlreadySignedUp) as refusal:
        intake.sign_up(wish(activity, name=" 李秀兰 ", phone="13800000000"))
    assert refusal.value.token is None
    intake.sign_up(wish(activity, name="李秀英", phone="13800000000"))
    assert taken(session) == 2


def test_the_own_account_is_led_to_the_ticket(session: Session) -> None:
    activity = make(session)
    account = factories.make_account(session)
    other = factories.make_account(session)
    session.commit()
    facts = {"name": "李秀兰", "phone": "13800000000"}
    first = intake.sign_up(wish(activity, account_id=account.id, **facts))
    with pytest.raises(AlreadySignedUp) as mine:
        intake.sign_up(wish(activity, account_id=account.id, **facts))
    with pytest.raises(AlreadySignedUp) as strangers:
        intake.sign_up(wish(activity, account_id=other.id, **facts))
    assert mine.value.token == first.token
    assert strangers.value.token is None


def test_after_cancelling_one_may_sign_up_again(session: Session) -> None:
    activity = make(session)
    facts = {"name": "李秀兰", "phone": "13800000000"}
    cancel(intake.sign_up(wish(activity, **facts)).token)
    assert intake.sign_up(wish(activity, **facts)).is_new
    assert taken(session) == 1


# --- cancelling ----------------------------------------------------------------------------------


def test_can_be_cancelled_until_the_last_second_before_the_start(session: Session) -> None:
    activity = make(session)
    first = intake.sign_up(wish(activity, party_size=2))
    second = intake.sign_up(wish(activity))
    with clock.frozen(STARTS - SECOND):
        assert cancel(first.token)
    with clock.frozen(STARTS), pytest.raises(TooLateToCancel):
        cancel(second.token)
    assert taken(session) == 1


def test_a_course_can_be_cancelled_until_its_last_lesson_that_takes_place(
    session: Session,
) -> None:
    course = make(session, enrolment="course", sessions=3, every=timedelta(days=7))
    course.sessions[2].state = "cancelled"
    session.commit()
    tokens = [intake.sign_up(wish(course)).token for _ in range(2)]
    last = STARTS + timedelta(days=7)
    with clock.frozen(last - SECOND):
        assert cancel(tokens[0])
    with clock.frozen(last), pytest.raises(TooLateToCancel):
        cancel(tokens[1])
    assert taken(session) == 1


def test_cancelling_twice_gives_the_places_back_once(session: Session) -> None:
    activity = make(session)
    intake.sign_up(wish(activity, party_size=2))
    token = intake.sign_up(wish(activity, party_size=3)).token
    assert cancel(token)
    assert not cancel(token)
    with clock.frozen(STARTS + timedelta(days=1)):
        assert not cancel(token)
    assert taken(session) == 2


def test_an_unknown_ticket_cannot_be_cancelled(session: Session) -> None:
    with pytest.raises(NotFound):
        cancel("x" * 43)


def test_staff_cancel_with_a_reason_until_it_is_over(session: Session) -> None:
    activity = make(session, hours=2)
    ids = [intake.sign_up(wish(activity)).sign_up_id for _ in range(2)]
    with clock.frozen(STARTS + timedelta(hours=1)), db.transaction() as writing:
        assert services.cancel_by_staff(writing, ids[0], "重复报名")
    with (
        clock.frozen(STARTS + timedelta(hours=2)),
        pytest.raises(SessionOver),
        db.transaction() as writing,
    ):
        services.cancel_by_staff(writing, ids[1], "")
    row = fresh(session, select(SignUp).where(SignUp.id == ids[0]))[0]
    assert (row.state, row.state_reason) == ("cancelled", "重复报名")
    assert taken(session) == 1


# --- the hot path --------------------------------------------------------------------------------


def test_the_write_is_short_and_leaves_all_other_work_to_the_worker(session: Session) -> None:
    """Four statements: the count, the sign-up, the job that tells, the version of pages."""
    activity = make(session)
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement.split(maxsplit=1)[0])

    request = wish(activity)
    offer = services.examine(session, request)
    session.commit()
    assert not isinstance(offer, services.SignUpResult)
    engine = db.database().write_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        with db.transaction() as writing:
            services.give_places(writing, request, offer)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert seen == ["UPDATE", "INSERT", "INSERT", "INSERT"]


def test_who_is_refused_by_reading_never_opens_a_transaction(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = make(session, places=0)
    monkeypatch.setattr(db, "transaction", lambda: pytest.fail("a transaction was opened"))
    with pytest.raises(SessionFull):
        intake.sign_up(wish(activity))


def test_every_sign_up_and_every_cancel_leaves_exactly_one_job(session: Session) -> None:
    activity = make(session)
    request = wish(activity)
    result = intake.sign_up(request)
    intake.sign_up(request)
    cancel(result.token)
    cancel(result.token)
    names = session.execute(
        select(Job.name, func.count()).group_by(Job.name).order_by(Job.name)
    ).all()
    session.commit()
    assert [tuple(row) for row in names] == [("sign_ups.tell", 2)]
