"""The calendar with its clashes, the same for many, last month's once more, the live preview."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.permissions import Role
from culture_cloud.activities.models import Activity, ActivityState
from culture_cloud.desk import clashes
from culture_cloud.jobs.models import Job
from tests import factories
from tests.client import Browser
from tests.desk.makers import FIVE, County, enter, make_county, press


@pytest.fixture
def county(session: Session) -> County:
    return make_county(session)


def at(day: int, hour: int) -> datetime:
    """An hour of a day from now on, by the clock of Shanghai."""
    return (clock.now() + timedelta(days=day)).replace(
        hour=hour - 8, minute=0, second=0, microsecond=0
    )


def make(session: Session, county: County, **facts: Any) -> Activity:
    made = factories.make_activity(session, **{"node": county.branch, **facts})
    session.commit()
    return made


def held(session: Session, county: County) -> list[clashes.Clash]:
    start, end = clock.ago(days=1), clock.ahead(days=40)
    mine = clashes.of_node(session, county.branch, start, end)
    found = clashes.among(session, mine, start, end)
    session.commit()
    return found


def test_a_room_that_is_wanted_twice_clashes_also_with_a_draft(
    session: Session, county: County
) -> None:
    make(session, county, title="书法", starts_at=at(3, 9))
    make(session, county, title="剪纸", starts_at=at(3, 10), state=ActivityState.DRAFT)
    (clash,) = held(session, county)
    assert (clash.kind, clash.what) == ("venue", "一楼小剧场")
    assert {clash.first.title, clash.second.title} == {"书法", "剪纸"}


def test_one_after_the_other_in_one_room_is_none(session: Session, county: County) -> None:
    make(session, county, starts_at=at(3, 9), hours=1)
    make(session, county, starts_at=at(3, 10), hours=1)
    assert held(session, county) == []


def test_a_teacher_at_two_halls_clashes(session: Session, county: County) -> None:
    make(session, county, title="书法", starts_at=at(3, 9), teacher="张老师")
    make(
        session, county, title="国画", node=county.other, starts_at=at(3, 10), teacher="张老师",
        place_name="二楼教室", place_node_id=county.other.id,
    )  # fmt: skip
    (clash,) = held(session, county)
    assert (clash.kind, clash.what) == ("teacher", "张老师")


def test_exhibitions_unnamed_rooms_and_what_is_cancelled_hold_nothing(
    session: Session, county: County
) -> None:
    make(session, county, starts_at=at(3, 9))
    make(session, county, title="展览", starts_at=at(2, 9), hours=200)
    make(session, county, starts_at=at(3, 9), state=ActivityState.CANCELLED)
    make(session, county, starts_at=at(3, 9), place_name=county.branch.plate_name)
    make(session, county, starts_at=at(3, 9), place_name=county.branch.plate_name)
    assert held(session, county) == []


def test_the_calendar_shows_drafts_and_clashes_of_own_halls_alone(
    any_mode: Browser, session: Session, county: County
) -> None:
    day = at(1, 9)
    make(session, county, title="书法", starts_at=day)
    make(session, county, title="剪纸草稿", starts_at=day, state=ActivityState.DRAFT)
    make(session, county, title="别处的课", node=county.other, starts_at=day)
    enter(any_mode, session, county.branch, Role.BRANCH_EDITOR)
    page = any_mode.get(f"/desk/calendar?month={day + timedelta(hours=8):%Y-%m}")
    assert "剪纸草稿" in page.main
    assert "一楼小剧场" in page.main
    assert "别处的课" not in page.main
    any_mode.get(f"/desk/calendar?node={county.other.code}", status=404)
    assert any_mode.get("/desk/calendar?month=nonsense&node=").status == 200


def test_many_are_published_and_what_is_not_ready_is_left_out(
    any_mode: Browser, session: Session, county: County
) -> None:
    ready = [make(session, county, state=ActivityState.DRAFT) for _ in range(2)]
    bare = make(
        session,
        county,
        state=ActivityState.DRAFT,
        place_name="",
        place_node_id=None,
        title="没地点",
    )
    enter(any_mode, session, county.branch, Role.BRANCH_EDITOR)
    page = any_mode.get("/desk/activities?state=draft")
    ids = [str(a.id) for a in (*ready, bare)]
    page = any_mode.submit(page, {"id": ids}, form="id", button=("do", "publish"))
    assert "没地点" in page.main
    any_mode.submit(page, form="confirm")
    session.expire_all()
    assert [session.get_one(Activity, int(n)).state for n in ids] == [
        "published", "published", "draft",
    ]  # fmt: skip
    session.commit()


def test_many_are_moved_and_people_are_told(
    client: Browser, session: Session, county: County
) -> None:
    moved = [make(session, county, starts_at=at(5, 9)) for _ in range(2)]
    before = moved[0].sessions[0].starts_at
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    ids = [str(a.id) for a in moved]
    page = client.get(f"/desk/activities/bulk?do=move&id={ids[0]}&id={ids[1]}")
    assert "一楼小剧场" in page.main  # they clash with each other
    page = client.submit(page, {"days": "", "reason": "停电"}, form="confirm", status=422)
    assert page.form("confirm").values["reason"] == "停电"
    client.submit(page, {"days": "7"}, form="confirm")
    session.expire_all()
    for number in ids:
        occurrence = session.get_one(Activity, int(number)).sessions[0]
        assert occurrence.starts_at == before + timedelta(days=7)
        assert occurrence.note == "停电"
    jobs = session.scalars(select(Job.name)).all()
    assert jobs.count("sign_ups.session_moved") == 2
    session.commit()


def test_many_are_cancelled_with_one_reason(
    client: Browser, session: Session, county: County
) -> None:
    mine = make(session, county)
    others = make(session, county, node=county.other)
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    page = client.get(f"/desk/activities/bulk?do=cancel&id={mine.id}&id={others.id}")
    page = client.submit(page, {"reason": ""}, form="confirm", status=422)
    client.submit(page, {"reason": "台风"}, form="confirm")
    session.expire_all()
    assert session.get_one(Activity, mine.id).state == "cancelled"
    assert session.get_one(Activity, others.id).state == "published"
    session.commit()
    # nothing chosen, nonsense chosen
    assert "勾选" in client.get("/desk/activities/bulk?do=cancel").main
    assert "勾选" in client.get("/desk/activities/bulk?do=burn&id=x").main


def test_what_is_published_is_moved_by_whoever_may_publish(
    client: Browser, session: Session
) -> None:
    county = make_county(session, review_required=True)
    public = make(session, county, node=county.point)
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    page = client.get(f"/desk/activities/bulk?do=cancel&id={public.id}")
    assert "没有一个" in page.main or "一个也" in page.main


def test_last_months_are_held_once_more(
    any_mode: Browser, session: Session, county: County
) -> None:
    last = clock.now().replace(day=1) - timedelta(days=3)
    old = make(
        session, county, title="广场舞", starts_at=last, teacher="李老师", capacity=33, places=33
    )
    number = str(old.id)
    make(session, county, title="别处的课", node=county.other, starts_at=last)
    enter(any_mode, session, county.branch, Role.BRANCH_EDITOR)
    month = f"{last + timedelta(hours=8):%Y-%m}"
    page = any_mode.get(f"/desk/activities/again?month={month}")
    assert "别处的课" not in page.main
    page = any_mode.submit(page, {}, form="chosen", button=("do", "save"), status=422)
    any_mode.submit(page, {"chosen": [number]}, form="chosen", button=("do", "save"))
    session.expire_all()
    copy = session.scalars(select(Activity).where(Activity.state == "draft")).one()
    assert (copy.title, copy.teacher, copy.capacity) == ("广场舞", "李老师", 33)
    assert copy.sessions[0].starts_at > clock.now()
    assert (copy.sessions[0].starts_at - last) % timedelta(days=7) == timedelta()
    session.commit()
    page = any_mode.get(f"/desk/activities/again?month={month}")
    any_mode.submit(page, {"chosen": [number]}, form="chosen", button=("do", "publish"))
    session.expire_all()
    states = session.scalars(select(Activity.state).where(Activity.title == "广场舞")).all()
    assert sorted(states) == ["draft", "published", "published"]
    session.commit()


def test_the_preview_shows_what_is_typed_and_saves_nothing(
    any_mode: Browser, session: Session, county: County
) -> None:
    enter(any_mode, session, county.branch, Role.BRANCH_EDITOR)
    page = any_mode.get("/desk/activities/new")
    page = press(any_mode, page, "preview", {"title": "中秋花灯晚会", "day": "2099-09-20"})
    assert "中秋花灯晚会" in page.main
    assert page.all("div", id="error-summary") == []
    assert page.form("title").values["title"] == "中秋花灯晚会"
    page = press(any_mode, page, "preview", FIVE)
    assert "9月20日" in page.main
    assert session.scalars(select(Activity)).all() == []
    session.commit()


def test_the_preview_alone_is_for_staff(client: Browser, session: Session, county: County) -> None:
    assert client.flask.post("/desk/activities/live-preview", data={}).status_code in {302, 400}
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    values = client.get("/desk/activities/new").form("title").values
    sent = {name: value for name, value in {**values, "title": "<b>粗</b>"}.items() if value}
    answer = client.flask.post("/desk/activities/live-preview", data=sent)
    assert answer.status_code == 200
    assert "&lt;b&gt;粗" in answer.get_data(as_text=True)
