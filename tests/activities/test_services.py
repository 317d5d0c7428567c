"""Writing activities: what is allowed, what is told, what is kept in step."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities import recurrence, services
from culture_cloud.activities.errors import (
    CapacityBelowTaken,
    ChangedMeanwhile,
    NotReady,
    SessionHasSignUps,
    WrongState,
)
from culture_cloud.activities.models import (
    EVERYWHERE,
    Activity,
    ActivityState,
    AgendaEntry,
    Enrolment,
    SessionState,
    SignUpWay,
)
from culture_cloud.activities.services import ActivityFacts, SessionFacts
from culture_cloud.jobs.models import Job
from culture_cloud.network.models import Node
from culture_cloud.web.words import zone
from tests import factories

SHANGHAI = zone("Asia/Shanghai")


@pytest.fixture
def node(session: Session) -> Node:
    return factories.make_node(session)


def facts(node: Node, **given: Any) -> ActivityFacts:
    return ActivityFacts(
        **{
            "title": "剪纸课",
            "kind_code": "training",
            "node_id": node.id,
            "place_name": "二楼",
            "sessions": (SessionFacts(starts_at=clock.ahead(days=3)),),
            "sign_up": SignUpWay.HERE,
            "capacity": 10,
            **given,
        }
    )


def created(session: Session, node: Node, **given: Any) -> Activity:
    return services.create(session, facts(node, **given), by_account_id=None)


def agenda(session: Session, activity: Activity) -> list[tuple[int, datetime]]:
    rows = session.execute(
        select(AgendaEntry.ancestor_id, AgendaEntry.starts_at).where(
            AgendaEntry.activity_id == activity.id
        )
    )
    return sorted((ancestor, starts) for ancestor, starts in rows)


def told(session: Session) -> list[str]:
    return [name for name in session.scalars(select(Job.name)) if name.startswith("sign_ups.")]


def test_a_draft_is_in_no_calendar_until_it_is_published(session: Session, node: Node) -> None:
    activity = created(session, node)
    assert activity.state == ActivityState.DRAFT
    assert agenda(session, activity) == []
    services.publish(session, activity.id)
    starts = activity.sessions[0].starts_at
    assert agenda(session, activity) == [(EVERYWHERE, starts), (node.id, starts)]


def test_the_agenda_holds_every_node_above(session: Session, node: Node) -> None:
    branch = factories.make_node(session, parent=node)
    point = factories.make_node(session, parent=branch)
    activity = created(session, point)
    services.publish(session, activity.id)
    assert {a for a, _ in agenda(session, activity)} == {EVERYWHERE, node.id, branch.id, point.id}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"sessions": ()}, "sessions"),
        ({"place_name": " "}, "place_name"),
        ({"title": " "}, "title"),
        ({"poster": "0" * 24}, "poster_alt"),
        ({"is_free": False}, "fee"),
        ({"sign_up": SignUpWay.ELSEWHERE}, "contact_phone"),
    ],
)
def test_refuses_to_publish_what_people_cannot_use(
    session: Session, node: Node, given: dict[str, Any], missing: str
) -> None:
    activity = created(session, node, **given)
    with pytest.raises(NotReady) as refused:
        services.publish(session, activity.id)
    assert missing in refused.value.missing


def test_every_session_has_its_places_and_a_course_has_one_lot(
    session: Session, node: Node
) -> None:
    dates = tuple(SessionFacts(starts_at=clock.ahead(days=d)) for d in (1, 2, 3))
    single = created(session, node, sessions=dates)
    assert sorted(a.session_id or 0 for a in single.allotments) == [s.id for s in single.sessions]
    course = created(session, node, sessions=dates, enrolment=Enrolment.COURSE)
    assert [(a.session_id, a.capacity) for a in course.allotments] == [(None, 10)]


def test_a_cut_below_what_is_taken_is_refused_with_the_number(session: Session, node: Node) -> None:
    activity = created(session, node)
    activity.allotments[0].taken = 7
    session.flush()
    with pytest.raises(CapacityBelowTaken) as refused:
        services.change(session, activity.id, facts(node, capacity=6))
    assert refused.value.taken == 7


@pytest.mark.parametrize("capacity", [7, 30, None])
def test_capacity_may_change_as_long_as_everybody_keeps_a_place(
    session: Session, node: Node, capacity: int | None
) -> None:
    activity = created(session, node)
    activity.allotments[0].taken = 7
    session.flush()
    services.change(session, activity.id, facts(node, capacity=capacity))
    session.refresh(activity.allotments[0])
    assert (activity.allotments[0].capacity, activity.allotments[0].taken) == (capacity, 7)


def test_sign_up_cannot_be_switched_off_under_people(session: Session, node: Node) -> None:
    activity = created(session, node)
    activity.allotments[0].taken = 1
    session.flush()
    with pytest.raises(SessionHasSignUps):
        services.change(session, activity.id, facts(node, sign_up=SignUpWay.NONE))


def test_the_second_of_two_editors_is_told(session: Session, node: Node) -> None:
    activity = created(session, node)
    seen = activity.version
    services.change(session, activity.id, facts(node, title="第一人改"), seen_version=seen)
    session.flush()
    with pytest.raises(ChangedMeanwhile):
        services.change(session, activity.id, facts(node, title="第二人改"), seen_version=seen)


def test_moving_a_published_session_tells_and_remembers(session: Session, node: Node) -> None:
    activity = created(session, node)
    services.publish(session, activity.id)
    occurrence = activity.sessions[0]
    before = occurrence.starts_at
    later = before + timedelta(days=1)
    services.move_session(session, occurrence.id, later, None, "老师有事")
    assert (occurrence.starts_at, occurrence.recurrence_id) == (later, before)
    assert agenda(session, activity)[0][1] == later
    assert told(session) == ["sign_ups.session_moved"]


def test_cancelling_a_session_keeps_it_to_be_seen(session: Session, node: Node) -> None:
    activity = created(session, node)
    services.publish(session, activity.id)
    services.cancel_session(session, activity.sessions[0].id, "下大雨")
    assert activity.sessions[0].state == SessionState.CANCELLED
    assert len(agenda(session, activity)) == 2
    assert told(session) == ["sign_ups.session_cancelled"]


def test_cancelling_and_withdrawing_tell_everybody(session: Session, node: Node) -> None:
    first, second = created(session, node), created(session, node)
    for activity in (first, second):
        services.publish(session, activity.id)
    services.cancel(session, first.id, "停电")
    services.withdraw(session, second.id)
    assert told(session) == ["sign_ups.activity_cancelled"] * 2
    assert len(agenda(session, first)) == 2
    assert agenda(session, second) == []


def test_a_session_that_was_public_is_cancelled_instead_of_deleted(
    session: Session, node: Node
) -> None:
    dates = tuple(SessionFacts(starts_at=clock.ahead(days=d)) for d in (1, 2))
    activity = created(session, node, sessions=dates)
    services.publish(session, activity.id)
    services.change(session, activity.id, facts(node, sessions=dates[:1]))
    assert [s.state for s in activity.sessions] == [SessionState.SCHEDULED, SessionState.CANCELLED]


def test_a_drafts_session_is_simply_gone(session: Session, node: Node) -> None:
    dates = tuple(SessionFacts(starts_at=clock.ahead(days=d)) for d in (1, 2))
    activity = created(session, node, sessions=dates)
    services.change(session, activity.id, facts(node, sessions=dates[1:]))
    assert [s.starts_at for s in activity.sessions] == [dates[1].starts_at]
    assert len(activity.allotments) == 1


def test_the_same_start_is_the_same_session(session: Session, node: Node) -> None:
    """Saving a form or importing a file again keeps the sessions and their sign-ups."""
    dates = (SessionFacts(starts_at=clock.ahead(days=3)),)
    activity = created(session, node, sessions=dates)
    before = activity.sessions[0].id
    services.change(session, activity.id, facts(node, title="换个名字", sessions=dates))
    assert [s.id for s in activity.sessions] == [before]


def test_review_goes_forth_and_back(session: Session, node: Node) -> None:
    activity = created(session, node)
    services.submit(session, activity.id)
    with pytest.raises(WrongState):
        services.submit(session, activity.id)
    services.send_back(session, activity.id, "请写明地点")
    assert (activity.state, activity.state_reason) == (ActivityState.DRAFT, "请写明地点")
    services.submit(session, activity.id)
    services.publish(session, activity.id)
    assert (activity.state, activity.state_reason) == (ActivityState.PUBLISHED, "")


# --- recurrence ----------------------------------------------------------------------------------

FIRST = datetime(2026, 11, 4, 19, 30, tzinfo=SHANGHAI)


def days(rule: str, **given: Any) -> list[date]:
    found = recurrence.instances(rule, FIRST, zone=SHANGHAI, **given)
    return [moment.astimezone(SHANGHAI).date() for moment in found]


def test_every_wednesday_four_times() -> None:
    assert days("FREQ=WEEKLY;COUNT=4") == [date(2026, 11, d) for d in (4, 11, 18, 25)]


def test_exceptions_are_left_out() -> None:
    assert days("FREQ=WEEKLY;COUNT=3", without=[date(2026, 11, 11)]) == [
        date(2026, 11, 4),
        date(2026, 11, 18),
    ]


def test_until_in_utc_means_that_moment() -> None:
    assert days("FREQ=DAILY;UNTIL=20261105T113000Z") == [date(2026, 11, 4), date(2026, 11, 5)]
    assert days("FREQ=DAILY;UNTIL=20261105T112959Z") == [date(2026, 11, 4)]


def test_the_wall_clock_holds_over_a_change_of_summer_time() -> None:
    berlin = zone("Europe/Berlin")
    first = datetime(2026, 10, 24, 19, 0, tzinfo=berlin)
    found = recurrence.instances("FREQ=DAILY;COUNT=3", first, zone=berlin)
    assert [m.astimezone(berlin).hour for m in found] == [19, 19, 19]
    assert [m.astimezone(UTC).hour for m in found] == [17, 18, 18]


def test_a_rule_without_end_is_followed_for_a_year() -> None:
    found = days("FREQ=WEEKLY")
    assert 52 <= len(found) <= 54


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every day",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=3",
        "FREQ=WEEKLY;COUNT=x",
        "FREQ=YEARLY;UNTIL=19990101",
        "X" * 600,
    ],
)
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(recurrence.BadRule):
        days(rule)
