"""At the door, through pages: by number, name or phone, walk-ins, heads, paper, and merging."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.permissions import Role
from culture_cloud.activities.models import Activity
from culture_cloud.check_in.models import Arrival, ArrivalReport
from culture_cloud.sign_ups import places, services
from culture_cloud.sign_ups.models import Channel, SignUp, SignUpState
from tests import factories
from tests.client import Browser, Page
from tests.desk.makers import County, enter, make_county
from tests.sign_ups.wishes import wish


@pytest.fixture
def county(session: Session) -> County:
    return make_county(session)


@pytest.fixture
def activity(session: Session, county: County) -> Activity:
    found = factories.make_activity(session, node=county.branch, title="花灯", places=6)
    services.sign_up(session, wish(found, party_size=4, name="李秀兰"))
    services.sign_up(session, wish(found, name="王五"))
    session.commit()
    session.expunge_all()  # its session is asked for between requests, and must not be read anew
    return found


@pytest.fixture
def clerk(any_mode: Browser, session: Session, county: County) -> Browser:
    enter(any_mode, session, county.branch, Role.SERVICE_POINT_CLERK)
    return any_mode


def person(session: Session, name: str) -> SignUp:
    session.rollback()
    found = session.scalars(
        select(SignUp).where(SignUp.name == name).execution_options(populate_existing=True)
    ).one()
    session.expunge(found)
    session.rollback()
    return found


def door(activity: Activity, more: str = "") -> str:
    return f"/desk/check-in/{activity.sessions[0].id}{more}"


def press(client: Browser, page: Page, sign_up: SignUp, count: int) -> Page:
    """Press the button of a line that says so many."""
    form = next(
        f for f in page.forms()
        if f.action.endswith("/arrive") and f.values["sign_up_id"] == str(sign_up.id)
    )  # fmt: skip
    return client.post(form.action, {**form.values, "count": str(count)})


def test_a_party_is_found_by_number_and_three_of_four_come(
    clerk: Browser, session: Session, activity: Activity
) -> None:
    li = person(session, "李秀兰")
    page = clerk.get(door(activity, f"?q={li.code}"))
    assert "李秀兰" in page.main
    assert "王五" not in page.main
    after = press(clerk, page, li, 3)
    assert "4人来了3人" in after.main
    assert "3 / 5" in after.main
    assert person(session, "李秀兰").attended_count == 3
    assert "4人来了3人" not in press(clerk, after, li, 0).main


def test_a_second_press_of_the_same_button_counts_once(
    clerk: Browser, session: Session, activity: Activity
) -> None:
    li = person(session, "李秀兰")
    page = clerk.get(door(activity))
    press(clerk, page, li, 4)
    press(clerk, page, li, 4)
    assert len(session.scalars(select(ArrivalReport)).all()) == 1
    session.rollback()


def test_walk_ins_take_the_places_that_are_left_and_no_more(
    clerk: Browser, session: Session, activity: Activity
) -> None:
    page = clerk.get(door(activity))
    form = page.form("/walk-in")
    after = clerk.post(form.action, {**form.values, "party": "1"})
    assert "免预约" in after.main
    again = clerk.post(form.action, {**form.values, "party": "1"})
    full = clerk.submit(again, form="/walk-in", button=("party", "1"))
    assert "满" in full.main
    walked = session.scalars(select(SignUp).where(SignUp.channel == Channel.WALK_IN)).all()
    assert [(s.state, s.attended_count) for s in walked] == [(SignUpState.ATTENDED, 1)]
    assert places.differences(session) == []
    session.rollback()


def test_only_heads(clerk: Browser, activity: Activity) -> None:
    page = clerk.get(clerk.get(door(activity)).link("只数人头"))
    page = clerk.submit(page, button=("heads", "10"))
    page = clerk.submit(page, button=("heads", "-1"))
    assert "9" in page.main
    forms = [f for f in page.forms() if f.action.endswith("/heads") and "heads" in f.values]
    wrong = clerk.post(forms[-1].action, {**forms[-1].values, "heads": "很多"})
    assert "请填数字" in wrong.main
    assert "9" in wrong.main


def test_late_entry_from_the_paper_sheet_and_no_shows(
    clerk: Browser, session: Session, activity: Activity
) -> None:
    li, wang = person(session, "李秀兰"), person(session, "王五")
    starts_at, ends_at = activity.sessions[0].starts_at, activity.sessions[0].ends_at
    assert "标记没来的人" not in clerk.get(door(activity)).main
    with clock.frozen(ends_at):
        sheet = clerk.get(clerk.get(door(activity)).link("按纸质表补录"))
        page = clerk.submit(sheet, {f"came-{li.id}": "2"}, form=f"came-{li.id}")
        assert "改了1行" in page.main
        page = clerk.submit(page, form="/close")
        assert person(session, "王五").state == SignUpState.NO_SHOW
        found = person(session, "李秀兰")
        assert (found.attended_count, found.checked_in_at) == (2, ends_at)
        clerk.submit(page, form="/reopen")
    assert person(session, "王五").state == SignUpState.CONFIRMED
    assert starts_at < ends_at
    assert wang.id


def test_others_doors_are_not_found(client: Browser, session: Session, county: County) -> None:
    theirs = factories.make_activity(session, node=county.other)
    session.commit()
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    for more in ("", "/heads", "/sheet", "/list.json"):
        client.get(door(theirs, more), status=404)


# --- merging what a device kept ------------------------------------------------------------------


def merge(client: Browser, activity: Activity, sent: Any) -> tuple[int, dict[str, str]]:
    token = client.flask.get(door(activity, "/list.json")).get_json()["csrf_token"]
    answer = client.flask.post(door(activity, "/merge"), json=sent, headers={"X-CSRFToken": token})
    return answer.status_code, answer.get_json()


def kept(sign_up: SignUp, count: int, key: str) -> dict[str, object]:
    at = clock.now().isoformat()
    return {"key": key * 8, "sign_up_id": sign_up.id, "count": count, "at": at}


def test_what_was_kept_offline_is_merged_without_double_counting(
    clerk: Browser, session: Session, activity: Activity
) -> None:
    li, wang = person(session, "李秀兰"), person(session, "王五")
    first = [kept(li, 4, "a"), kept(wang, 1, "b")]
    assert merge(clerk, activity, first) == (200, {"a" * 8: "counted", "b" * 8: "counted"})
    assert merge(clerk, activity, first) == (200, {"a" * 8: "seen", "b" * 8: "seen"})
    assert merge(clerk, activity, [kept(li, 3, "c")]) == (200, {"c" * 8: "conflict"})
    assert sum(a.count for a in session.scalars(select(Arrival))) == 5
    session.rollback()
    page = clerk.get(door(activity))
    assert "另一台记的不一样" in page.main
    form = next(f for f in page.forms() if f.action.endswith("/arrive"))
    assert "另一台" not in clerk.post(form.action, {**form.values, "count": "3"}).main
    assert person(session, "李秀兰").attended_count == 3


def test_who_cancelled_meanwhile_is_shown_and_noted(
    clerk: Browser, session: Session, activity: Activity
) -> None:
    wang = person(session, "王五")
    services.cancel(session, wang.token)
    session.commit()
    assert merge(clerk, activity, [kept(wang, 1, "a")])[1] == {"a" * 8: "conflict"}
    page = clerk.get(door(activity))
    assert "报名已取消" in page.main
    assert "报名已取消" not in clerk.submit(page, form="/dismiss").main


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 422),
        ("x", 422),
        ([{"key": "k" * 9, "sign_up_id": "1", "count": 1, "at": "2026-05-01"}], 200),
        ([{"key": "k" * 9, "sign_up_id": 999, "count": 1, "at": "2026-05-01T01:00:00Z"}], 200),
        ([{"key": "k" * 9, "sign_up_id": 1, "count": True, "at": "2026-05-01T01:00:00Z"}], 200),
        ([1, None, {"key": 5}], 200),
    ],
)
def test_nonsense_is_answered_and_changes_nothing(
    client: Browser, session: Session, county: County, activity: Activity, sent: Any, status: int
) -> None:
    enter(client, session, county.branch, Role.SERVICE_POINT_CLERK)
    code, answer = merge(client, activity, sent)
    assert code == status
    assert set(answer.values()) <= {"refused", "a list of at most 500 reports"}
    assert session.scalars(select(ArrivalReport)).all() == []
    session.rollback()


def test_merging_needs_a_token(
    client: Browser, session: Session, county: County, activity: Activity
) -> None:
    enter(client, session, county.branch, Role.SERVICE_POINT_CLERK)
    assert client.flask.post(door(activity, "/merge"), json=[]).status_code == 400


def test_the_service_worker_reaches_the_pages_of_check_in_alone(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.branch, Role.SERVICE_POINT_CLERK)
    answer = client.flask.get("/desk/check-in/worker.js")
    assert answer.content_type.startswith("text/javascript")
    assert "Service-Worker-Allowed" not in answer.headers
