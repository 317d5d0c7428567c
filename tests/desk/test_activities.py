"""The list, the steps of an activity's life, and who may take them."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.permissions import Role
from culture_cloud.activities import rules, services
from culture_cloud.activities.models import Activity, ActivityState, AllotmentKind, SessionState
from culture_cloud.activities.rules import Rules
from culture_cloud.activities.shares import Share
from culture_cloud.jobs.models import Job
from culture_cloud.sign_ups.models import SignUp
from culture_cloud.web.words import local
from tests import factories
from tests.client import Browser, Page, words
from tests.desk.makers import (
    FIVE,
    County,
    count,
    enter,
    make_county,
    only,
    press,
    reread,
    sign_in_afresh,
)


@pytest.fixture
def county(session: Session) -> County:
    return make_county(session)


def sign_up(session: Session, activity: Activity, number: int, party_size: int) -> None:
    """Somebody holds places at the first session."""
    allotment = factories.first_allotment(session, activity)
    allotment.taken += party_size
    session.add(
        SignUp(
            activity_id=activity.id, session_id=allotment.session_id, allotment_id=allotment.id,
            name=f"居民{number}", phone=f"1990002000{number}", party_size=party_size,
            code=f"00000{number}", token=f"token-{number}", idempotency_key=f"key-{number}",
            created_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()


def jobs(session: Session) -> list[str]:
    names = list(session.scalars(select(Job.name).order_by(Job.id)))
    session.commit()
    return [name for name in names if name.startswith("sign_ups.")]


# --- who may do what, and where ------------------------------------------------------------------

ROLES = {
    Role.SERVICE_POINT_CLERK: False,
    Role.BRANCH_EDITOR: True,
    Role.MAIN_HALL_MANAGER: True,
    Role.SYSTEM_ADMINISTRATOR: True,
}
"""Role → whether it publishes where the hall asks for review."""


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("own", [True, False])
def test_each_role_sees_saves_and_publishes_in_its_own_halls_alone(
    client: Browser, session: Session, role: Role, own: bool
) -> None:
    county = make_county(session, review_required=True)
    county.other.review_required = True
    node = county.point if own else county.other
    draft = factories.make_activity(session, node=node, title="花灯试排", state=ActivityState.DRAFT)
    session.commit()
    enter(client, session, county.branch, role)
    base = f"/desk/activities/{draft.id}"
    seen = 200 if own else 404
    for view in ("", "/edit", "/preview", "/publish", "/withdraw"):
        client.get(base + view, status=seen)
    client.get(f"/desk/activities/new?copy={draft.id}", status=seen)
    assert ("花灯试排" in client.get("/desk/activities").main) == own
    token = client.get("/desk/activities/new").form("title").values["csrf_token"]
    sent: dict[str, Any] = {"csrf_token": token, "version": str(draft.version)}
    form = {**sent, **FIVE, "node": node.code, "title": "改名", "do": "save"}
    client.post(f"{base}/edit", form, status=seen)
    assert reread(session, draft.id).title == ("改名" if own else "花灯试排")
    sent["version"] = str(reread(session, draft.id).version)
    client.post(f"{base}/publish", sent, status=seen)
    expected = ActivityState.PUBLISHED if ROLES[role] else ActivityState.SUBMITTED
    assert reread(session, draft.id).state == (expected if own else ActivityState.DRAFT)


def test_others_sessions_answer_as_if_they_were_not_there(
    client: Browser, session: Session, county: County
) -> None:
    own = factories.make_activity(session, node=county.point)
    other = factories.make_activity(session, node=county.other)
    session.commit()
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    for step in ("move", "cancel"):
        theirs = f"/desk/activities/{other.id}/sessions/{other.sessions[0].id}/{step}"
        mixed = f"/desk/activities/{own.id}/sessions/{other.sessions[0].id}/{step}"
        client.get(theirs, status=404)
        client.get(mixed, status=404)


def test_a_clerk_publishes_at_once_where_nobody_asks_for_review(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    press(client, client.get("/desk/activities/new"), "publish", FIVE)
    assert only(session).state == ActivityState.PUBLISHED


def test_a_clerk_does_not_change_what_was_reviewed(client: Browser, session: Session) -> None:
    county = make_county(session, review_required=True)
    activity = factories.make_activity(session, node=county.point)
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    client.get(f"/desk/activities/{activity.id}/edit", status=403)
    page = client.get(f"/desk/activities/{activity.id}")
    assert f"/desk/activities/{activity.id}/edit" not in page.links.values()
    client.get(f"/desk/activities/{activity.id}/cancel")


# --- review --------------------------------------------------------------------------------------


def test_the_reviewer_sends_back_with_a_reason_then_publishes(
    any_mode: Browser, session: Session
) -> None:
    county = make_county(session, review_required=True)
    clerk = enter(any_mode, session, county.point, Role.SERVICE_POINT_CLERK)
    press(any_mode, any_mode.get("/desk/activities/new"), "publish", FIVE)
    activity = only(session)
    assert activity.state == ActivityState.SUBMITTED
    address = f"/desk/activities/{activity.id}"
    any_mode.get(f"{address}/send-back", status=403)

    enter(any_mode, session, county.branch, Role.BRANCH_EDITOR)
    assert FIVE["title"] in any_mode.get("/desk").main
    page = any_mode.submit(any_mode.get(f"{address}/send-back"), form="reason", status=422)
    any_mode.submit(page, {"reason": "请写清楚地点"}, form="reason")
    assert only(session).state == ActivityState.DRAFT

    sign_in_afresh(any_mode, clerk)
    page = any_mode.get(address)
    assert "请写清楚地点" in page.main
    press(any_mode, any_mode.get(f"{address}/edit"), "publish", {"place": "二楼"})
    assert only(session).state == ActivityState.SUBMITTED

    enter(any_mode, session, county.main, Role.MAIN_HALL_MANAGER)
    any_mode.submit(any_mode.get(f"{address}/publish"), form="version")
    assert only(session).state == ActivityState.PUBLISHED
    assert only(session).created_by_id == clerk.id


def test_the_reviewer_never_publishes_what_was_changed_unseen(
    client: Browser, session: Session
) -> None:
    county = make_county(session, review_required=True)
    activity = factories.make_activity(session, node=county.point, state=ActivityState.SUBMITTED)
    session.commit()
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    page = client.get(f"/desk/activities/{activity.id}/publish")
    activity.title = "换了内容"
    session.commit()
    page = client.submit(page, form="version", status=409)
    assert reread(session, activity.id).state == ActivityState.SUBMITTED
    client.submit(page, form="version")
    assert reread(session, activity.id).state == ActivityState.PUBLISHED


# --- preview -------------------------------------------------------------------------------------


def test_staff_see_the_page_of_a_draft_and_nobody_else_does(
    any_mode: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(
        session, node=county.point, title="未公开", state=ActivityState.DRAFT
    )
    session.commit()
    enter(any_mode, session, county.point, Role.SERVICE_POINT_CLERK)
    page = any_mode.get(f"/desk/activities/{activity.id}/preview")
    assert page.heading == "未公开"
    assert page.all("div", class_="notice-warning")
    any_mode.flask.delete_cookie("sign-in")
    any_mode.get(f"/activities/{activity.id}", status=404)
    assert "/sign-in" in any_mode.get(f"/desk/activities/{activity.id}/preview").url


# --- what does not take place --------------------------------------------------------------------


def test_cancelling_says_first_how_many_are_told_and_wants_a_reason(
    any_mode: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.point)
    sign_up(session, activity, 1, 2)
    sign_up(session, activity, 2, 3)
    session.commit()
    enter(any_mode, session, county.point, Role.SERVICE_POINT_CLERK)
    page = any_mode.get(f"/desk/activities/{activity.id}/cancel")
    told = words(page.all("div", class_="notice-warning")[0])
    assert "2" in told
    assert "5" in told
    page = any_mode.submit(page, form="reason", status=422)
    page.one("div", id="reason-error")
    assert jobs(session) == []
    any_mode.submit(page, {"reason": "台风"}, form="reason")
    found = reread(session, activity.id)
    assert (found.state, found.state_reason) == (ActivityState.CANCELLED, "台风")
    assert jobs(session) == ["sign_ups.activity_cancelled"]
    assert "台风" in any_mode.get(f"/activities/{activity.id}").main


def test_one_date_is_cancelled_and_the_others_stay(
    client: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.point, sessions=2)
    sign_up(session, activity, 1, 1)
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    page = client.get(f"/desk/activities/{activity.id}")
    step = next(h for h in page.links.values() if h.endswith("/cancel") and "/sessions/" in h)
    client.submit(client.get(step), {"reason": "停电"}, form="reason")
    first, second = reread(session, activity.id).sessions
    assert (first.state, first.note) == (SessionState.CANCELLED, "停电")
    assert second.state == SessionState.SCHEDULED
    assert jobs(session) == ["sign_ups.session_cancelled"]


def test_moving_a_date_tells_who_signed_up(
    any_mode: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.point)
    sign_up(session, activity, 1, 4)
    session.commit()
    enter(any_mode, session, county.point, Role.SERVICE_POINT_CLERK)
    before = activity.sessions[0].starts_at
    step = f"/desk/activities/{activity.id}/sessions/{activity.sessions[0].id}/move"
    page = any_mode.get(step)
    assert "4" in words(page.all("div", class_="notice-warning")[0])
    sent = {"day": "2099年3月1日", "starts": "下午2点", "ends": "13:00", "reason": "老师有事"}
    page = any_mode.submit(page, sent, form="reason", status=422)
    page.one("div", id="ends-error")
    assert page.form("reason").values["reason"] == "老师有事"
    past = any_mode.submit(page, {"day": "2001-03-01", "ends": ""}, form="reason", status=422)
    past.one("div", id="day-error")
    any_mode.submit(page, {"ends": "16:00"}, form="reason")
    moved = reread(session, activity.id).sessions[0]
    assert f"{local(moved.starts_at):%Y-%m-%d %H:%M}" == "2099-03-01 14:00"
    assert (moved.recurrence_id, moved.note) == (before, "老师有事")
    assert jobs(session) == ["sign_ups.session_moved"]


def test_what_was_a_mistake_is_taken_off_the_site(
    client: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.point)
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    page = client.get(f"/desk/activities/{activity.id}/withdraw")
    client.submit(page, {"reason": "发重了"}, form="reason")
    assert reread(session, activity.id).state == ActivityState.WITHDRAWN
    client.flask.delete_cookie("sign-in")
    client.get(f"/activities/{activity.id}", status=410)


@pytest.mark.parametrize("state", [ActivityState.CANCELLED, ActivityState.WITHDRAWN])
def test_what_is_over_and_done_with_is_not_changed(
    client: Browser, session: Session, county: County, state: ActivityState
) -> None:
    activity = factories.make_activity(session, node=county.point, state=state)
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    base = f"/desk/activities/{activity.id}"
    step = f"{base}/sessions/{activity.sessions[0].id}/move"
    for view in (f"{base}/edit", f"{base}/cancel", f"{base}/publish", step):
        assert client.get(view).url.endswith(base)


# --- once more -----------------------------------------------------------------------------------


def test_a_copy_is_the_same_on_the_next_free_weeks(
    client: Browser, session: Session, county: County
) -> None:
    last_month = clock.now() - timedelta(days=10)
    activity = factories.make_activity(
        session, node=county.point, starts_at=last_month, places=25, bring="剪刀", max_party=3,
        sign_up_opens_at=clock.now() - timedelta(days=20),
    )  # fmt: skip
    sign_up(session, activity, 1, 2)
    kept = Share(kind=AllotmentKind.ELDERS, places=6, release_hours=48)
    services.set_rules(session, activity.id, Rules(shares=(kept,), min_age=12, review=True))
    # the next possible week is taken by something else in the same room
    factories.make_activity(
        session, node=county.point, title="占用", starts_at=last_month + timedelta(days=14)
    )
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    page = client.get(f"/desk/activities/new?copy={activity.id}")
    press(client, page, "publish", {})
    newest = session.scalars(select(Activity.id).order_by(Activity.id.desc())).first()
    assert newest is not None
    copy = reread(session, newest)
    assert copy.id != activity.id
    assert copy.uid != activity.uid
    assert (copy.title, copy.bring, copy.capacity, copy.max_party) == (
        activity.title, "剪刀", 25, 3
    )  # fmt: skip
    assert copy.state == ActivityState.PUBLISHED
    assert copy.sign_up_opens_at is None
    expected = last_month + timedelta(days=21)
    assert abs(copy.sessions[0].starts_at - expected) < timedelta(minutes=1)
    assert [(a.kind, a.capacity, a.taken) for a in copy.allotments] == [
        ("open", 19, 0), ("elders", 6, 0)
    ]  # fmt: skip
    assert rules.of(session, copy.id) == rules.of(session, activity.id)


def test_a_weekly_series_is_copied_with_its_rule(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    weekly = {**FIVE, "day": "2099-09-01", "repeat": "weekly", "times": "4"}
    press(client, client.get("/desk/activities/new"), "save", weekly)
    first = only(session)
    values = client.get(f"/desk/activities/new?copy={first.id}").form("title").values
    assert (values["repeat"], values["day"], values["until"]) == (
        "weekly", "2099-09-29", "2099-10-20"
    )  # fmt: skip


# --- the list ------------------------------------------------------------------------------------


def titles(page: Page) -> list[str]:
    return [words(a) for a in page.one("main").iter() if "row-title" in a.get("class", "")]


def test_the_list_is_narrowed_by_state_time_hall_and_words(
    any_mode: Browser, session: Session, county: County
) -> None:
    make = factories.make_activity
    make(session, node=county.point, title="草稿", state=ActivityState.DRAFT)
    make(session, node=county.branch, title="将来的戏")
    make(session, node=county.point, title="过去的戏", starts_at=clock.ago(days=9))
    make(session, node=county.other, title="别人的戏")
    session.commit()
    enter(any_mode, session, county.branch, Role.BRANCH_EDITOR)
    base = "/desk/activities"
    assert titles(any_mode.get(base)) == ["过去的戏", "将来的戏", "草稿"]
    assert titles(any_mode.get(f"{base}?state=draft")) == ["草稿"]
    assert titles(any_mode.get(f"{base}?when=past")) == ["过去的戏"]
    assert titles(any_mode.get(f"{base}?when=coming&state=published")) == ["将来的戏"]
    assert titles(any_mode.get(f"{base}?node={county.branch.code}")) == ["将来的戏"]
    assert titles(any_mode.get(f"{base}?q=将来")) == ["将来的戏"]
    nothing = any_mode.get(f"{base}?q=%25")
    assert titles(nothing) != ["过去的戏", "将来的戏", "草稿"]
    any_mode.get(f"{base}?state=x&when=y&after=z")


def test_the_list_goes_on_where_the_page_ended(
    client: Browser, session: Session, county: County
) -> None:
    for number in range(23):
        factories.make_activity(session, node=county.point, title=f"活动{number:02d}")
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    first = client.get("/desk/activities")
    following = client.get(next(a.get("href", "") for a in first.all("a", rel="next")))
    assert titles(first) + titles(following) == [f"活动{n:02d}" for n in range(22, -1, -1)]


def test_each_row_tells_places_and_leads_on(
    client: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.point, sessions=2, places=30)
    allotments = sorted(activity.allotments, key=lambda a: a.id)
    allotments[0].taken, allotments[1].taken = 11, 3
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    page = client.get("/desk/activities")
    assert "11" in page.main
    assert {
        f"/desk/activities/{activity.id}/edit",
        f"/desk/activities/{activity.id}/sign-ups",
        f"/activities/{activity.id}",
        f"/desk/activities/new?copy={activity.id}",
    } <= set(page.links.values())


def test_the_list_as_csv_holds_the_same_and_runs_no_formula(
    client: Browser, session: Session, county: County
) -> None:
    factories.make_activity(session, node=county.point, title="=1+1")
    factories.make_activity(session, node=county.other, title="别馆的")
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    answer = client.flask.get("/desk/activities/list.csv")
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    text = answer.get_data().decode("utf-8-sig")
    assert "'=1+1" in text
    assert "别馆的" not in text


def test_the_list_as_a_workbook_holds_the_own_and_filtered_alone(
    client: Browser, session: Session, county: County
) -> None:
    factories.make_activity(session, node=county.point, title="=1+1", places=9)
    factories.make_activity(session, node=county.point, state=ActivityState.DRAFT)
    factories.make_activity(session, node=county.other)
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    answer = client.flask.get("/desk/activities/list.xlsx?state=published")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2))
    assert [row[0].value for row in rows] == ["=1+1"]
    assert rows[0][0].data_type == "s"
    assert 9 in [cell.value for cell in rows[0]]
    assert count(session, Activity) == 3
