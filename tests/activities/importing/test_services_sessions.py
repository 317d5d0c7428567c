"""The sessions of an import: series, exceptions, changes, and what staff did meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities import services as activities
from culture_cloud.activities.importing.plans import Showing
from culture_cloud.activities.models import Activity, ActivitySession
from culture_cloud.jobs.models import Job
from culture_cloud.network.models import Node
from tests import factories

from .books import at, calendar, feed
from .sites import counts, imported, only_activity

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def spring() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def node(session: Session) -> Node:
    made = factories.make_node(session)
    session.commit()
    return made


def event(*lines: str, start: str = "20260401T190000", end: str = "20260401T210000") -> str:
    return "\n".join(
        ("UID:7@a", "SUMMARY:广场舞", f"DTSTART:{start}", f"DTEND:{end}", "LOCATION:广场", *lines)
    )


def starts(activity: Activity, state: str = "scheduled") -> list[datetime]:
    return [s.starts_at for s in activity.sessions if s.state == state]


def weekly(*days: str) -> list[datetime]:
    return [at(f"2026-{day}T19:00") for day in days]


def test_a_series_becomes_its_sessions(session: Session, node: Node) -> None:
    imported(session, node, calendar(event("RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20260408T190000")))
    activity = only_activity(session)
    assert starts(activity) == weekly("04-01", "04-15", "04-22")
    assert {s.ends_at - s.starts_at for s in activity.sessions} == {timedelta(hours=2)}
    assert {s.end_known for s in activity.sessions} == {True}


def test_a_moved_date_of_a_series_stands_where_it_was_moved_to(
    session: Session, node: Node
) -> None:
    moved = (
        "UID:7@a\nSUMMARY:广场舞\nRECURRENCE-ID:20260408T190000\n"
        "DTSTART:20260409T183000\nDTEND:20260409T200000\nLOCATION:村礼堂"
    )
    data = calendar(event("RRULE:FREQ=WEEKLY;COUNT=3"), moved)
    imported(session, node, data)
    activity = only_activity(session)
    assert starts(activity) == [*weekly("04-01"), at("2026-04-09T18:30"), *weekly("04-15")]
    second = activity.sessions[1]
    assert second.recurrence_id == at("2026-04-08T19:00")
    assert second.note == "村礼堂"
    assert counts(imported(session, node, data)) == {"unchanged": 1}


def test_a_series_without_end_goes_on_as_time_does(session: Session, node: Node) -> None:
    endless = calendar(event("RRULE:FREQ=WEEKLY", start="20200101T190000", end="20200101T210000"))
    imported(session, node, endless)
    first = only_activity(session)
    assert min(starts(first)) >= NOW - timedelta(days=30)
    assert len(starts(first)) > 50
    kept = starts(first)
    with clock.frozen(NOW + timedelta(days=70)):
        assert counts(imported(session, node, endless)) == {"change": 1}
        assert counts(imported(session, node, endless)) == {"unchanged": 1}
    after = starts(only_activity(session))
    assert kept == after[: len(kept)], "what is over stays"
    assert len(after) == len(kept) + 10


def test_a_series_without_end_and_uid_is_known_by_any_date(session: Session, node: Node) -> None:
    endless = "SUMMARY:广场舞\nDTSTART:20200101T190000\nRRULE:FREQ=WEEKLY\nLOCATION:广场"
    imported(session, node, calendar(endless))
    with clock.frozen(NOW + timedelta(days=70)):
        assert counts(imported(session, node, calendar(endless))) == {"change": 1}


def test_a_whole_day_ends_on_that_day(session: Session, node: Node) -> None:
    day = "UID:7@a\nSUMMARY:开放日\nDTSTART;VALUE=DATE:20260619\nDTEND;VALUE=DATE:20260620"
    imported(session, node, calendar(day))
    (occurrence,) = only_activity(session).sessions
    assert occurrence.all_day
    assert occurrence.starts_at == at("2026-06-19T00:00")
    assert occurrence.ends_at == at("2026-06-19T23:59")
    assert counts(imported(session, node, calendar(day))) == {"unchanged": 1}


def test_an_event_without_an_end_says_so(session: Session, node: Node) -> None:
    open_end = "UID:7@a\nSUMMARY:诗会\nDTSTART:20260619T193000\nLOCATION:广场"
    imported(session, node, calendar(open_end))
    (occurrence,) = only_activity(session).sessions
    assert not occurrence.end_known
    assert occurrence.ends_at > occurrence.starts_at
    assert counts(imported(session, node, calendar(open_end))) == {"unchanged": 1}


def test_a_rule_that_names_no_day_is_refused(session: Session, node: Node) -> None:
    never = calendar(event("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "EXDATE:20260401T190000"))
    done = imported(session, node, never)
    assert counts(done) == {"refused": 1}
    assert done.rows[0].field == "rrule"


def test_whoever_signed_up_keeps_the_place_when_the_date_moves(
    session: Session, node: Node
) -> None:
    imported(session, node, calendar(event("RRULE:FREQ=WEEKLY;COUNT=3")))
    before = {s.id: s.starts_at for s in only_activity(session).sessions}
    session.query(Job).delete()
    session.commit()
    thursdays = event("RRULE:FREQ=WEEKLY;COUNT=3", start="20260402T190000", end="20260402T210000")
    imported(session, node, calendar(thursdays))
    after = {s.id: s.starts_at for s in only_activity(session).sessions}
    assert {number: moment + timedelta(days=1) for number, moment in before.items()} == after
    jobs = [job.name for job in session.scalars(select(Job))]
    assert jobs == ["sign_ups.session_moved"] * 3
    assert counts(imported(session, node, calendar(thursdays))) == {"unchanged": 1}


def test_a_date_that_its_source_dropped_is_cancelled_in_public(
    session: Session, node: Node
) -> None:
    imported(session, node, calendar(event("RRULE:FREQ=WEEKLY;COUNT=3")))
    shorter = calendar(event("RRULE:FREQ=WEEKLY;COUNT=2"))
    imported(session, node, shorter)
    activity = only_activity(session)
    assert starts(activity) == weekly("04-01", "04-08")
    assert starts(activity, "cancelled") == weekly("04-15")
    assert counts(imported(session, node, shorter)) == {"unchanged": 1}
    imported(session, node, calendar(event("RRULE:FREQ=WEEKLY;COUNT=3")))
    assert starts(only_activity(session)) == weekly("04-01", "04-08", "04-15")


def test_a_date_that_its_source_dropped_goes_from_a_draft(session: Session, node: Node) -> None:
    data = calendar(event("RRULE:FREQ=WEEKLY;COUNT=3"))
    imported(session, node, data, showing=Showing.DRAFT)
    imported(session, node, calendar(event("RRULE:FREQ=WEEKLY;COUNT=2")), showing=Showing.DRAFT)
    assert len(only_activity(session).sessions) == 2


def test_dates_that_are_over_are_not_taken_back(session: Session, node: Node) -> None:
    imported(session, node, calendar(event("RDATE:20260408T190000")))
    with clock.frozen(NOW + timedelta(days=25)):
        later = calendar(event(start="20260408T190000", end="20260408T210000"))
        assert counts(imported(session, node, later)) == {"unchanged": 1}
    assert starts(only_activity(session)) == weekly("04-01", "04-08")


def test_a_date_that_staff_cancelled_stays_cancelled(session: Session, node: Node) -> None:
    data = calendar(event("RRULE:FREQ=WEEKLY;COUNT=3"))
    imported(session, node, data)
    activities.cancel_session(session, only_activity(session).sessions[1].id, "下雨")
    session.commit()
    assert counts(imported(session, node, data)) == {"unchanged": 1}
    second = only_activity(session).sessions[1]
    assert (second.state, second.note) == ("cancelled", "下雨")


def test_a_note_of_staff_stays_beside_its_date(session: Session, node: Node) -> None:
    imported(session, node, calendar(event()))
    only_activity(session).sessions[0].note = "请走侧门"
    session.commit()
    imported(session, node, calendar(event("DESCRIPTION:跳舞")))
    assert only_activity(session).sessions[0].note == "请走侧门"


def test_a_list_that_names_one_date_leaves_the_others_of_the_desk(
    session: Session, node: Node
) -> None:
    factories.make_activity(
        session, node=node, title="广场舞", sessions=3, starts_at=at("2026-04-01T19:00")
    )
    session.commit()
    one = "SUMMARY:广场舞\nDTSTART:20260401T190000\nDTEND:20260401T210000\nLOCATION:广场"
    imported(session, node, calendar(one))
    assert len(starts(only_activity(session))) == 3


def test_a_postponed_entry_does_not_take_place_for_now(session: Session, node: Node) -> None:
    imported(session, node, calendar(event()))
    document = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": "7@a",
        "identifier": "7@a",
        "name": "广场舞",
        "startDate": "2026-04-01T19:00:00+08:00",
        "eventStatus": "https://schema.org/EventPostponed",
        "location": {"@type": "Place", "name": "广场"},
    }
    imported(session, node, feed(document))
    (occurrence,) = session.scalars(select(ActivitySession))
    assert (occurrence.state, occurrence.note) == ("cancelled", "延期，新的时间另行通知")
