"""Arrivals: a press counts once, devices do not add up, what differs is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities.models import Activity, Enrolment
from culture_cloud.check_in import arriving, closing, queries
from culture_cloud.check_in.arriving import Report
from culture_cloud.check_in.errors import NotBegun, TooManyCame
from culture_cloud.check_in.models import Conflict, Source
from culture_cloud.errors import NotFound
from culture_cloud.sign_ups import places, services
from culture_cloud.sign_ups.models import SignUp, SignUpState
from culture_cloud.sign_ups.states import STAFF
from tests import factories
from tests.sign_ups.wishes import wish


@pytest.fixture
def activity(session: Session) -> Activity:
    found = factories.make_activity(session, places=20)
    session.commit()
    return found


@pytest.fixture
def party(session: Session, activity: Activity) -> SignUp:
    """Four who come together."""
    result = services.sign_up(session, wish(activity, party_size=4, name="李秀兰"))
    session.commit()
    return session.get_one(SignUp, result.sign_up_id)


def press(session: Session, sign_up: SignUp, count: int, key: str, **more: Any) -> arriving.Outcome:
    facts: dict[str, Any] = {
        "session_id": sign_up.session_id,
        "at": clock.now(),
        "source": Source.DOOR,
        "by_id": None,
        **more,
    }
    outcome = arriving.report(session, Report(key=key, sign_up_id=sign_up.id, count=count, **facts))
    session.commit()
    session.refresh(sign_up)
    return outcome


def offline(session: Session, sign_up: SignUp, count: int, key: str) -> arriving.Outcome:
    return press(session, sign_up, count, key, source=Source.OFFLINE)


def test_three_of_four_came(session: Session, activity: Activity, party: SignUp) -> None:
    press(session, party, 3, "k1")
    assert (party.state, party.attended_count) == (SignUpState.ATTENDED, 3)
    of = queries.entries(session, activity.sessions[0])
    assert [(e.came, e.party) for e in of] == [(3, 4)]
    numbers = queries.numbers(session, activity.sessions[0], of)
    assert (numbers.expected, numbers.came, numbers.present) == (4, 3, 3)
    assert places.differences(session) == []


def test_the_same_press_counts_once(session: Session, party: SignUp) -> None:
    press(session, party, 2, "k1")
    press(session, party, 4, "k2")
    again = press(session, party, 2, "k1")
    assert again.seen_before
    assert party.attended_count == 4


def test_it_can_be_taken_back(session: Session, party: SignUp) -> None:
    press(session, party, 4, "k1")
    press(session, party, 0, "k2")
    assert (party.state, party.attended_count, party.checked_in_at) == (
        SignUpState.CONFIRMED,
        0,
        None,
    )
    assert places.differences(session) == []


def test_no_more_come_than_the_party_has(session: Session, party: SignUp) -> None:
    with pytest.raises(TooManyCame):
        press(session, party, 5, "k1")


def test_a_strangers_session_is_not_found(session: Session, party: SignUp) -> None:
    other = factories.make_activity(session)
    with pytest.raises(NotFound):
        press(session, party, 1, "k1", session_id=other.sessions[0].id)


def test_two_devices_without_network_do_not_add_up(session: Session, party: SignUp) -> None:
    assert offline(session, party, 4, "a1").conflict is None
    assert offline(session, party, 4, "b1").conflict is None
    assert party.attended_count == 4


def test_where_two_devices_differ_the_larger_stands_and_somebody_is_asked(
    session: Session, activity: Activity, party: SignUp
) -> None:
    offline(session, party, 4, "a1")
    assert offline(session, party, 3, "b1").conflict == Conflict.COUNT
    assert party.attended_count == 4
    session_id = activity.sessions[0].id
    assert [r.count for r in queries.conflicts(session, session_id)] == [3]
    press(session, party, 3, "c1")
    assert party.attended_count == 3
    assert queries.conflicts(session, session_id) == []


def test_who_cancelled_meanwhile_is_not_counted_but_shown(
    session: Session, activity: Activity, party: SignUp
) -> None:
    services.cancel(session, party.token)
    session.commit()
    assert offline(session, party, 4, "a1").conflict == Conflict.NO_PLACE
    assert party.state == SignUpState.CANCELLED
    found = queries.conflicts(session, activity.sessions[0].id)
    assert len(found) == 1
    arriving.dismiss(session, activity.sessions[0].id, found[0].id)
    session.flush()
    assert queries.conflicts(session, activity.sessions[0].id) == []
    assert places.differences(session) == []


def test_a_device_with_a_fast_clock_does_not_come_from_the_future(
    session: Session, party: SignUp
) -> None:
    press(session, party, 1, "k1", at=clock.ahead(days=3))
    assert party.checked_in_at is not None
    assert party.checked_in_at <= clock.now()


def test_a_courses_people_are_checked_in_lesson_by_lesson(session: Session) -> None:
    course = factories.make_activity(session, enrolment=Enrolment.COURSE, sessions=2)
    result = services.sign_up(session, wish(course))
    session.commit()
    sign_up = session.get_one(SignUp, result.sign_up_id)
    first, second = course.sessions
    press(session, sign_up, 1, "k1", session_id=first.id)
    assert queries.entries(session, first)[0].came == 1
    assert queries.entries(session, second)[0].came == 0
    assert sign_up.state == SignUpState.ATTENDED
    press(session, sign_up, 1, "k2", session_id=second.id)
    press(session, sign_up, 0, "k3", session_id=second.id)
    assert sign_up.state == SignUpState.ATTENDED, "the first lesson still counts"


# --- finding -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["{code}", "{spaced}", "{last}", "李秀", "https://x/sign-ups/{token}", "{wide}"]
)
def test_is_found_by_number_phone_name_or_qr(
    session: Session, activity: Activity, party: SignUp, typed: str
) -> None:
    services.sign_up(session, wish(activity, name="王五", phone="13999990001"))
    session.flush()
    words = typed.format(
        code=party.code,
        spaced=f"{party.code[:3]} {party.code[3:]}",
        last=party.phone[-4:],
        token=party.token,
        wide=party.code.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
    )
    found = queries.fitting(queries.entries(session, activity.sessions[0]), words)
    assert [e.name for e in found] == ["李秀兰"]


def test_a_ticket_of_another_session_is_not_found(session: Session, activity: Activity) -> None:
    of = queries.entries(session, activity.sessions[0])
    assert queries.fitting(of, "https://x/sign-ups/" + "A" * 43) == []


# --- heads ---------------------------------------------------------------------------------------


def test_heads_are_counted_once_a_press_and_never_below_nothing(
    session: Session, activity: Activity
) -> None:
    session_id = activity.sessions[0].id
    for key, heads in (("a", 10), ("a", 10), ("b", 5), ("c", -3)):
        arriving.count_heads(session, session_id, heads, key=key, by_id=None)
    assert arriving.heads_of(session, session_id) == 12
    arriving.count_heads(session, session_id, -50, key="d", by_id=None)
    assert arriving.heads_of(session, session_id) == 0


# --- closing -------------------------------------------------------------------------------------


def test_who_did_not_come_is_marked_and_can_be_taken_back(
    session: Session, activity: Activity, party: SignUp
) -> None:
    came = session.get_one(SignUp, services.sign_up(session, wish(activity)).sign_up_id)
    session.commit()
    session_id = activity.sessions[0].id
    with pytest.raises(NotBegun):
        closing.close(session, session_id, STAFF)
    press(session, came, 1, "k1")
    with clock.frozen(activity.sessions[0].ends_at):
        assert closing.close(session, session_id, STAFF) == 1
        session.commit()
        session.refresh(party)
        assert party.state == SignUpState.NO_SHOW
        assert closing.is_closed(session, session_id)
        assert closing.reopen(session, session_id, STAFF) == 1
        session.commit()
    session.refresh(party)
    session.refresh(came)
    assert (party.state, came.state) == (SignUpState.CONFIRMED, SignUpState.ATTENDED)
    assert places.differences(session) == []


def test_who_was_marked_and_signed_on_paper_came_after_all(
    session: Session, activity: Activity, party: SignUp
) -> None:
    with clock.frozen(activity.sessions[0].ends_at):
        closing.close(session, activity.sessions[0].id, STAFF)
        session.commit()
        press(session, party, 2, "k1", source=Source.SHEET)
    assert (party.state, party.attended_count) == (SignUpState.ATTENDED, 2)


def test_the_clock_closes_only_lists_that_somebody_kept(
    session: Session, activity: Activity, party: SignUp
) -> None:
    unkept = factories.make_activity(session, places=5)
    lost = services.sign_up(session, wish(unkept)).sign_up_id
    came = session.get_one(SignUp, services.sign_up(session, wish(activity)).sign_up_id)
    session.commit()
    press(session, came, 1, "k1")
    over = max(activity.sessions[0].ends_at, unkept.sessions[0].ends_at)
    session.commit()
    with clock.frozen(over + closing.AFTER - timedelta(minutes=30)):
        closing.close_over()
    session.expire_all()
    assert set(session.scalars(select(SignUp.state))) == {"confirmed", "attended"}
    session.commit()
    with clock.frozen(over + closing.AFTER + timedelta(minutes=1)):
        closing.close_over()
        closing.close_over()
    session.expire_all()
    states = {s.id: s.state for s in session.scalars(select(SignUp))}
    assert states[party.id] == SignUpState.NO_SHOW
    assert states[lost] == SignUpState.CONFIRMED
