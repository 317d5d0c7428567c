"""Importing into a site: what is new, the same or refused, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities import agenda, queries
from culture_cloud.activities import services as activities
from culture_cloud.activities.importing import services
from culture_cloud.activities.importing.plans import Showing, Step
from culture_cloud.activities.importing.rows import ImportRow, ImportSession, Parsed
from culture_cloud.activities.importing.sources import Origin
from culture_cloud.activities.models import Activity, ActivityState, AgendaEntry, SignUpWay
from culture_cloud.activities.services import ActivityFacts
from culture_cloud.jobs.models import Job
from culture_cloud.network.models import Node
from culture_cloud.tabular import FileNotReadable
from tests import factories

from .books import at, calendar, feed, workbook
from .sites import activity_count, counts, imported, only_activity, planned

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
HEADINGS = ["活动名称", "开始时间", "结束时间", "地点", "名额", "费用"]
POEMS = ["诗会", "2026-06-19 19:30", "2026-06-19 21:00", "小剧场", 60, "免费"]


@pytest.fixture(autouse=True)
def spring() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def node(session: Session) -> Node:
    made = factories.make_node(session)
    session.commit()
    return made


def sheet(*rows: list[Any], headings: list[str] = HEADINGS) -> bytes:
    return workbook({"活动": [headings, *rows]})


def row(**facts: Any) -> ImportRow:
    given = {
        "source_ref": "第 2 行",
        "title": "诗会",
        "place_name": "小剧场",
        "sessions": (ImportSession(at("2026-06-19T19:30"), at("2026-06-19T21:00")),),
        **facts,
    }
    return ImportRow(**given)


def event(uid: str = "7@a", **lines: str) -> str:
    given = {
        "UID": uid,
        "SUMMARY": "诗会",
        "DTSTART": "20260619T193000",
        "DTEND": "20260619T210000",
        "LOCATION": "小剧场",
        **lines,
    }
    return "\n".join(f"{name}:{value}" for name, value in given.items())


# --- the same and the new ------------------------------------------------------------------------


def test_a_list_imported_twice_changes_nothing_the_second_time(
    session: Session, node: Node
) -> None:
    second = ["读书会", "2026-06-20 9:00", None, None, None, None]
    assert counts(imported(session, node, sheet(POEMS, second))) == {"create": 2}
    versions = set(session.execute(select(Activity.uid, Activity.version, Activity.updated_at)))
    with clock.frozen(NOW + timedelta(days=1)):
        assert counts(imported(session, node, sheet(POEMS, second))) == {"unchanged": 2}
    after = set(session.execute(select(Activity.uid, Activity.version, Activity.updated_at)))
    assert after == versions


def test_planning_writes_nothing(session: Session, node: Node) -> None:
    planned(session, node, sheet(POEMS))
    session.commit()
    assert activity_count(session) == 0


def test_an_entry_with_a_known_uid_changes_its_activity_whatever_it_is_called(
    session: Session, node: Node
) -> None:
    imported(session, node, calendar(event()))
    moved = calendar(event(SUMMARY="端午诗会", DTSTART="20260620T193000", DTEND="20260620T210000"))
    done = imported(session, node, moved)
    assert counts(done) == {"change": 1}
    assert {change.name for change in done.rows[0].changes} == {"title", "sessions"}
    activity = only_activity(session)
    assert activity.title == "端午诗会"
    assert [s.starts_at for s in activity.sessions] == [at("2026-06-20T19:30")]


def test_an_entry_without_uid_is_known_by_name_and_start(session: Session, node: Node) -> None:
    imported(session, node, sheet(POEMS))
    done = imported(session, node, sheet([*POEMS[:3], "二楼展厅", *POEMS[4:]]))
    (change,) = done.rows[0].changes
    assert (change.name, change.before, change.after) == ("place_name", "小剧场", "二楼展厅")
    assert only_activity(session).place_name == "二楼展厅"


def test_the_same_name_at_another_time_is_another_activity(session: Session, node: Node) -> None:
    imported(session, node, sheet(POEMS))
    later = ["诗会", "2026-06-26 19:30", *POEMS[2:]]
    later[2] = "2026-06-26 21:00"
    assert counts(imported(session, node, sheet(later))) == {"create": 1}


def test_another_halls_activity_of_the_same_uid_is_left_alone(session: Session, node: Node) -> None:
    other = factories.make_node(session, parent=node)
    imported(session, node, calendar(event()))
    done = imported(session, other, calendar(event(SUMMARY="另一场")))
    assert counts(done) == {"create": 1}
    assert {a.title for a in session.scalars(select(Activity))} == {"诗会", "另一场"}
    assert counts(imported(session, other, calendar(event(SUMMARY="另一场")))) == {"unchanged": 1}


def test_two_halls_may_number_their_activities_alike(session: Session, node: Node) -> None:
    other = factories.make_node(session, parent=node)
    headings = [*HEADINGS, "编号"]
    imported(session, node, sheet([*POEMS, "A1"], headings=headings))
    changed = ["诗会", "2026-07-01 9:00", None, *POEMS[3:], "A1"]
    assert counts(imported(session, other, sheet(changed, headings=headings))) == {"create": 1}
    assert counts(imported(session, node, sheet(changed, headings=headings))) == {"change": 1}


def test_what_stands_twice_in_a_file_is_imported_once(session: Session, node: Node) -> None:
    done = imported(session, node, sheet(POEMS, POEMS))
    assert counts(done) == {"create": 1, "refused": 1}
    assert activity_count(session) == 1
    reason = done.rows[1].reason
    assert reason is not None
    assert "第 2 行" in str(reason)
    assert counts(imported(session, node, sheet(POEMS, POEMS))) == {"unchanged": 1, "refused": 1}


def test_two_numbers_for_the_same_event_in_a_file_are_one_activity(
    session: Session, node: Node
) -> None:
    done = imported(session, node, calendar(event("1@a"), event("2@a")))
    assert counts(done) == {"create": 1, "refused": 1}


def test_the_same_name_and_time_at_two_places_are_two_activities(
    session: Session, node: Node
) -> None:
    data = sheet(POEMS, [*POEMS[:3], "二楼展厅", *POEMS[4:]])
    assert counts(imported(session, node, data)) == {"create": 2}


def test_a_desk_activity_that_a_list_names_is_not_made_again(session: Session, node: Node) -> None:
    activity = factories.make_activity(
        session, node=node, title="诗会", starts_at=at("2026-06-19T19:30"), hours=1.5
    )
    session.commit()
    done = imported(session, node, sheet([*POEMS[:3], "一楼小剧场", 20, "免费"]))
    assert counts(done) == {"unchanged": 1}
    assert only_activity(session).id == activity.id


def test_silence_of_the_source_leaves_what_staff_wrote(session: Session, node: Node) -> None:
    imported(session, node, sheet(POEMS))
    only_activity(session).description = "欢迎上台。"
    session.commit()
    imported(session, node, sheet([*POEMS[:3], "二楼展厅", *POEMS[4:]]))
    assert only_activity(session).description == "欢迎上台。"


# --- nothing is lost -----------------------------------------------------------------------------


def test_every_field_of_a_row_survives(session: Session, node: Node) -> None:
    full = row(
        uid="A1",
        kind="讲座",
        place_name="小剧场",
        address="文化路1号",
        latitude=23.6,
        longitude=102.0,
        fee="每人5元",
        is_free=False,
        capacity=60,
        description="欢迎\n上台",
        audiences=("老人", "诗友"),
        bring="纸笔",
        organiser="文化馆",
        co_organisers=("图书馆", "诗社"),
        contact_phone="0877-6000000",
        url="https://a.cn/7",
        image_url="https://a.cn/7.jpg",
        source_name="诗社",
        source_modified_at=at("2026-03-01T08:00"),
        status="tentative",
        rrule="FREQ=WEEKLY;COUNT=3",
        exdates=(at("2026-06-26T19:30"),),
        rdates=(at("2026-07-08T19:30"),),
        extra={"音响": "自带", "status": "内部"},
    )
    unset = [f.name for f in fields(ImportRow) if getattr(full, f.name) in (None, "", (), {})]
    assert not unset, "the row of this test says nothing in some fields"
    imported(session, node, Parsed(rows=(full,)))
    activity = only_activity(session)
    assert activity.uid == f"A1@{node.code}"
    assert activity.title == "诗会"
    assert activity.kind_code == "lecture"
    assert (activity.place_name, activity.address) == ("小剧场", "文化路1号")
    assert (activity.latitude, activity.longitude) == (23.6, 102.0)
    assert (activity.is_free, activity.fee) == (False, "每人5元")
    assert (activity.sign_up, activity.capacity) == (SignUpWay.HERE, 60)
    assert activity.description == "欢迎\n上台"
    assert [a.code for a in activity.audiences] == ["elders"]
    assert activity.bring == "纸笔"
    assert (activity.organiser, activity.co_organisers) == ("文化馆", "图书馆、诗社")
    assert activity.contact_phone == "0877-6000000"
    assert (activity.source_name, activity.source_url) == ("诗社", "https://a.cn/7")
    assert activity.rrule == "FREQ=WEEKLY;COUNT=3"
    assert [s.starts_at for s in activity.sessions] == [
        at("2026-06-19T19:30"), at("2026-07-03T19:30"), at("2026-07-08T19:30"),
    ]  # fmt: skip
    assert {s.note for s in activity.sessions} == {"时间暂定"}
    assert activity.extra == {
        "音响": "自带",
        "status": "内部",
        "status (2)": "tentative",
        "kind": "讲座",
        "audiences": "诗友",
        "image_url": "https://a.cn/7.jpg",
        "source_modified_at": "2026-03-01T08:00:00+08:00",
        "uid": "A1",
    }
    assert counts(imported(session, node, Parsed(rows=(full,)))) == {"unchanged": 1}


def test_what_does_not_fit_into_a_field_is_kept_whole_beside_it(
    session: Session, node: Node
) -> None:
    long_title, long_bring = "诗" * 260, "笔" * 400
    given = row(title=long_title, bring=long_bring, url="https://a.cn/" + "x" * 1_200)
    imported(session, node, Parsed(rows=(given,)))
    activity = only_activity(session)
    assert activity.title == "诗" * 199 + "…"
    assert activity.extra["title"] == long_title
    assert activity.extra["bring"] == long_bring
    assert activity.extra["url"] == given.url
    assert counts(imported(session, node, Parsed(rows=(given,)))) == {"unchanged": 1}


def test_words_of_a_free_activity_are_kept(session: Session, node: Node) -> None:
    imported(session, node, Parsed(rows=(row(fee="免费领票", is_free=True),)))
    activity = only_activity(session)
    assert (activity.is_free, activity.fee) == (True, "")
    assert activity.extra["fee"] == "免费领票"


def test_a_changed_counter_of_the_source_is_no_change(session: Session, node: Node) -> None:
    imported(session, node, calendar(event(DTSTAMP="20260301T000000Z")))
    again = calendar(event(DTSTAMP="20260302T000000Z"))
    assert counts(imported(session, node, again)) == {"unchanged": 1}
    more = calendar(event(DTSTAMP="20260303T000000Z", CONTACT="老李"))
    assert counts(imported(session, node, more)) == {"change": 1}
    assert only_activity(session).extra["CONTACT"] == "老李"


# --- what is assumed -----------------------------------------------------------------------------


def test_a_number_of_places_in_the_halls_own_table_opens_the_sign_up_here(
    session: Session, node: Node
) -> None:
    imported(session, node, sheet(POEMS))
    activity = only_activity(session)
    assert activity.sign_up == SignUpWay.HERE
    assert [a.capacity for a in activity.allotments] == [60]


def test_without_a_number_of_places_people_just_come(session: Session, node: Node) -> None:
    imported(session, node, sheet([*POEMS[:4], None, "免费"]))
    assert only_activity(session).sign_up == SignUpWay.NONE
    assert only_activity(session).allotments == []


@pytest.mark.parametrize(
    ("facts", "way"),
    [
        ({"url": "https://a.cn/7", "is_free": False, "fee": "80元"}, SignUpWay.ELSEWHERE),
        ({"url": "https://a.cn/7", "capacity": 60}, SignUpWay.ELSEWHERE),
        ({"url": "https://a.cn/7", "description": "请在网上报名"}, SignUpWay.ELSEWHERE),
        ({"contact_phone": "0877-6000000", "capacity": 60}, SignUpWay.ELSEWHERE),
        ({"url": "https://a.cn/7"}, SignUpWay.NONE),
        ({"capacity": 60}, SignUpWay.NONE),
    ],
)
def test_places_of_others_are_never_given_here(
    session: Session, node: Node, facts: dict[str, Any], way: SignUpWay
) -> None:
    imported(session, node, Parsed(rows=(row(**facts),)), origin=Origin.LISTING)
    activity = only_activity(session)
    assert activity.sign_up == way
    assert activity.allotments == []
    assert activity.sign_up_url == (facts.get("url", "") if way == SignUpWay.ELSEWHERE else "")


def test_a_price_that_a_listing_does_not_name_is_not_called_free(
    session: Session, node: Node
) -> None:
    imported(session, node, Parsed(rows=(row(),)), origin=Origin.LISTING)
    assert (only_activity(session).is_free, only_activity(session).fee) == (
        False,
        "以主办方公布为准",
    )


def test_an_activity_without_a_place_takes_place_at_its_hall(session: Session, node: Node) -> None:
    imported(session, node, Parsed(rows=(row(place_name=""),)))
    assert only_activity(session).place_node_id == node.id
    assert only_activity(session).state == ActivityState.PUBLISHED
    imported(session, node, Parsed(rows=(row(place_name="村礼堂"),)))
    assert only_activity(session).place_node_id is None


def test_the_kind_is_guessed_from_the_name_only_for_what_is_new(
    session: Session, node: Node
) -> None:
    imported(session, node, Parsed(rows=(row(title="摄影展讲座"),)))
    assert only_activity(session).kind_code == "lecture"
    only_activity(session).kind_code = "training"
    session.commit()
    assert counts(imported(session, node, Parsed(rows=(row(title="摄影展讲座"),)))) == {
        "unchanged": 1
    }


# --- places that are taken -----------------------------------------------------------------------


def test_places_are_never_cut_below_those_taken(session: Session, node: Node) -> None:
    imported(session, node, sheet(POEMS))
    factories.first_allotment(session, only_activity(session)).taken = 12
    session.commit()
    done = imported(session, node, sheet([*POEMS[:4], 10, "免费"], ["读书会", *POEMS[1:]]))
    assert counts(done) == {"create": 1, "refused": 1}
    assert done.rows[0].reason is not None
    assert done.rows[0].reason.params == {"taken": 12, "capacity": 10}
    activity = session.scalars(select(Activity).where(Activity.title == "诗会")).one()
    assert activity.allotments[0].capacity == 60
    assert counts(imported(session, node, sheet([*POEMS[:4], 12, "免费"]))) == {"change": 1}


def test_a_sign_up_that_overtakes_the_plan_is_not_put_out(session: Session, node: Node) -> None:
    imported(session, node, sheet(POEMS))
    data = sheet([*POEMS[:4], 10, "免费"], ["读书会", *POEMS[1:]])
    plan = planned(session, node, data)
    factories.first_allotment(session, only_activity(session)).taken = 12
    session.flush()
    done = services.apply(session, plan, by_account_id=None)
    assert counts(done) == {"create": 1, "refused": 1}


# --- drafts, published, cancelled ----------------------------------------------------------------


def test_drafts_are_shown_when_the_list_is_imported_to_be_shown(
    session: Session, node: Node
) -> None:
    imported(session, node, sheet(POEMS), showing=Showing.DRAFT)
    assert only_activity(session).state == ActivityState.DRAFT
    assert queries.upcoming_cards(session, zone=at("2026-01-01T00:00").tzinfo) == []  # type: ignore[arg-type]
    assert counts(imported(session, node, sheet(POEMS), showing=Showing.DRAFT)) == {"unchanged": 1}
    assert counts(imported(session, node, sheet(POEMS))) == {"change": 1}
    assert only_activity(session).state == ActivityState.PUBLISHED
    assert session.scalars(select(AgendaEntry.activity_id)).first() == only_activity(session).id


def test_a_draft_of_the_desk_is_not_published_by_a_list(session: Session, node: Node) -> None:
    factories.make_activity(
        session, node=node, title="诗会", starts_at=at("2026-06-19T19:30"),
        state=ActivityState.DRAFT, published_at=None,
    )  # fmt: skip
    session.commit()
    imported(session, node, sheet(POEMS))
    assert only_activity(session).state == ActivityState.DRAFT


def test_a_list_may_go_to_review(session: Session, node: Node) -> None:
    imported(session, node, sheet(POEMS), showing=Showing.SUBMIT)
    assert only_activity(session).state == ActivityState.SUBMITTED


def test_a_cancelled_entry_cancels_its_activity_and_may_come_back(
    session: Session, node: Node
) -> None:
    imported(session, node, calendar(event()))
    session.query(Job).delete()
    imported(session, node, calendar(event(STATUS="CANCELLED")))
    assert only_activity(session).state == ActivityState.CANCELLED
    told = [job.name for job in session.scalars(select(Job))]
    assert told == ["sign_ups.activity_cancelled"], "people are told once"
    again = imported(session, node, calendar(event(STATUS="CANCELLED")))
    assert counts(again) == {"unchanged": 1}
    imported(session, node, calendar(event()))
    activity = only_activity(session)
    assert activity.state == ActivityState.PUBLISHED
    assert [(s.state, s.note) for s in activity.sessions] == [("scheduled", "")]


def test_what_staff_cancelled_stays_cancelled(session: Session, node: Node) -> None:
    imported(session, node, calendar(event()))
    activities.cancel(session, only_activity(session).id, "下雨")
    session.commit()
    assert counts(imported(session, node, calendar(event()))) == {"unchanged": 1}
    assert only_activity(session).state == ActivityState.CANCELLED


def test_what_staff_took_off_the_site_stays_off(session: Session, node: Node) -> None:
    imported(session, node, calendar(event()))
    activities.withdraw(session, only_activity(session).id)
    session.commit()
    done = imported(session, node, calendar(event(SUMMARY="新名")))
    assert counts(done) == {"refused": 1}
    assert only_activity(session).title == "诗会"


def test_what_lacks_a_fact_stays_a_draft_and_says_which(session: Session, node: Node) -> None:
    done = planned(session, node, Parsed(rows=(row(),)))
    assert done.rows[0].missing == ()
    imported(session, node, Parsed(rows=(row(),)))
    only_activity(session).poster = "poster.webp"
    only_activity(session).state = ActivityState.DRAFT
    session.commit()
    again = imported(session, node, Parsed(rows=(row(),)))
    assert again.rows[0].missing == ("poster_alt",)
    assert only_activity(session).state == ActivityState.DRAFT


# --- many at once --------------------------------------------------------------------------------


def test_many_at_once_are_made_as_one_is_made(session: Session, node: Node) -> None:
    factory = [
        row(source_ref="1", title="甲", capacity=5),
        row(source_ref="2", title="乙", status="cancelled"),
        row(source_ref="3", title="丙", rrule="FREQ=WEEKLY;COUNT=3", audiences=("老人",)),
    ]
    imported(session, node, Parsed(rows=tuple(factory)), showing=Showing.DRAFT)
    by_title = {a.title: a for a in session.scalars(select(Activity))}
    plan = planned(session, factories.make_node(session), Parsed(rows=tuple(factory)))
    for planned_row in plan.rows:
        facts = planned_row.facts
        assert facts is not None
        one = activities.create(session, facts, by_account_id=None)
        many = by_title[facts.title]
        assert _columns(one) == _columns(many), facts.title
        assert [_session_columns(s) for s in one.sessions] == [
            _session_columns(s) for s in many.sessions
        ]
        assert [(a.capacity, a.taken) for a in one.allotments] == [
            (a.capacity, a.taken) for a in many.allotments
        ]
        assert [a.code for a in one.audiences] == [a.code for a in many.audiences]


def _columns(activity: Activity) -> dict[str, Any]:
    own = {"id", "uid", "node_id", "version", "created_at", "updated_at"}
    names = [c.key for c in Activity.__table__.columns if c.key not in own]
    return {name: getattr(activity, name) for name in names}


def _session_columns(occurrence: Any) -> tuple[Any, ...]:
    return (
        occurrence.starts_at, occurrence.ends_at, occurrence.end_known, occurrence.all_day,
        occurrence.state, occurrence.recurrence_id,
    )  # fmt: skip


def test_the_agenda_of_many_is_the_agenda_of_each(session: Session, node: Node) -> None:
    below = factories.make_node(session, parent=node)
    rows = (
        row(),
        row(title="丙", rrule="FREQ=WEEKLY;COUNT=3"),
        row(title="乙", status="cancelled"),
    )
    imported(session, below, Parsed(rows=rows))
    entries = _entries(session)
    assert len(entries) == 5 * 3
    for activity in session.scalars(select(Activity)):
        agenda.refresh(session, activity)
    session.commit()
    assert _entries(session) == entries


def _entries(session: Session) -> set[tuple[Any, ...]]:
    columns = list(AgendaEntry.__table__.columns)
    return {tuple(entry) for entry in session.execute(select(*columns))}


@pytest.mark.slow
def test_ten_thousand_events_come_in_once(session: Session, node: Node) -> None:
    start = datetime(2026, 6, 1, 9)  # noqa: DTZ001
    events = [
        event(
            f"{number}@a",
            SUMMARY=f"活动{number}",
            DTSTART=f"{start + timedelta(hours=number % 2_000):%Y%m%dT%H%M%S}",
            DTEND=f"{start + timedelta(hours=number % 2_000 + 2):%Y%m%dT%H%M%S}",
        )
        for number in range(10_000)
    ]
    assert counts(imported(session, node, calendar(*events))) == {"create": 10_000}
    assert counts(planned(session, node, calendar(*events))) == {"unchanged": 10_000}


# --- files as they come --------------------------------------------------------------------------


def test_a_csv_of_an_old_office_program_is_read(session: Session, node: Node) -> None:
    text = "活动名称,开始时间,地点\r\n镕城诗会,2026-06-19 19:30,小剧场\r\n"
    assert counts(imported(session, node, text.encode("gb18030"))) == {"create": 1}
    assert only_activity(session).title == "镕城诗会"


def test_the_good_half_of_a_broken_calendar_comes_in(session: Session, node: Node) -> None:
    broken = event("8@a", DTSTART="someday")
    done = imported(session, node, calendar(event(), broken, event("9@a", SUMMARY="读书会")))
    assert counts(done) == {"create": 2, "refused": 1}
    assert done.rows[-1].source_ref == "8@a"


def test_a_file_of_fifty_megabytes_is_refused() -> None:
    with pytest.raises(FileNotReadable):
        services.read(b"a," * (25 * 1024 * 1024), zone=at("2026-01-01T00:00").tzinfo)  # type: ignore[arg-type]


def test_others_activities_come_in_from_schema_org(session: Session, node: Node) -> None:
    document = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": "https://a.cn/events/7",
        "name": "诗会",
        "startDate": "2026-06-19T19:30:00+08:00",
        "location": {"@type": "Place", "name": "小剧场"},
        "isAccessibleForFree": True,
        "maximumAttendeeCapacity": 60,
        "url": "https://a.cn/7",
    }
    imported(session, node, feed(document))
    activity = only_activity(session)
    assert (activity.is_free, activity.capacity) == (True, 60)
    assert (activity.sign_up, activity.sign_up_url) == (SignUpWay.ELSEWHERE, "https://a.cn/7")


def test_a_row_of_the_plan_tells_its_first_date(session: Session, node: Node) -> None:
    plan = planned(session, node, sheet(POEMS))
    assert plan.rows[0].step is Step.CREATE
    first = plan.rows[0].starts
    assert first is not None
    assert first.starts_at == at("2026-06-19T19:30")
    assert isinstance(plan.rows[0].facts, ActivityFacts)
    assert replace(plan.rows[0], step=Step.REFUSED).starts == first
