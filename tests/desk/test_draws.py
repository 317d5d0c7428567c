"""Draws at the desk: set up, follow, write down who calls, call off; by role and scope."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.permissions import Role
from culture_cloud.activities.models import Activity, SignUpWay
from culture_cloud.audit.models import AuditEntry
from culture_cloud.draws.models import Application, Draw, DrawState
from tests import factories
from tests.client import Browser
from tests.desk.makers import County, enter, make_county
from tests.draws.making import apply, make_draw, wanted


@pytest.fixture
def county(session: Session) -> County:
    return make_county(session)


def in_a_day() -> dict[str, str]:
    return {"closes_day": f"{clock.ahead(days=1):%Y-%m-%d}", "closes_time": "00:30"}


def only_draw(session: Session) -> Draw:
    session.expire_all()
    found = session.scalars(select(Draw)).one()
    session.commit()
    return found


def test_a_draw_is_set_up_from_the_activity(
    any_mode: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.branch, title="龙舟体验")
    enter(any_mode, session, county.branch, Role.BRANCH_EDITOR)
    page = any_mode.get(f"/desk/activities/{activity.id}")
    page = any_mode.get(page.link("名额改为抽签"))
    page = any_mode.submit(page, {**in_a_day(), "elders": "2"}, form="closes_day")
    assert "龙舟体验" in page.main
    draw = only_draw(session)
    assert draw.weights == {"first_time": 0, "elders": 2, "township": 0}
    assert session.get_one(Activity, activity.id).sign_up == SignUpWay.DRAW
    session.commit()
    assert "龙舟体验" in any_mode.get("/desk/draws").main
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "draw")).one()
    assert entry.action == "created"
    session.commit()


def test_what_cannot_be_is_said_beside_the_field(
    client: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.branch)
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    page = client.get(f"/desk/activities/{activity.id}/draw")
    page = client.submit(page, {"closes_day": ""}, form="closes_day", status=422)
    late = {"closes_day": f"{clock.ahead(days=60):%Y-%m-%d}", "elders": "2"}
    page = client.submit(page, late, form="closes_day", status=422)
    assert page.form("closes_day").values["elders"] == "2"
    page = client.submit(page, {**in_a_day(), "elders": "9"}, form="closes_day", status=422)
    assert session.scalars(select(Draw)).all() == []
    session.commit()


def test_a_season_gathers_courses(client: Browser, session: Session, county: County) -> None:
    ids = [factories.make_activity(session, node=county.branch).id for _ in range(2)]
    other = factories.make_activity(session, node=county.other, title="别处的课")
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    page = client.get("/desk/seasons/new")
    assert "别处的课" not in page.main
    said = {"title": "秋季课程", **in_a_day()}
    page = client.submit(page, {**said, "courses": [str(ids[0])]}, form="title", status=422)
    page = client.submit(page, {**said, "courses": list(map(str, ids))}, form="title")
    draw = only_draw(session)
    assert {offer.activity_id for offer in draw.offers} == set(ids)
    session.commit()
    page = client.get(f"/desk/draws/{draw.id}/edit")
    page = client.submit(page, {"title": "秋季公益课程"}, form="title")
    assert "秋季公益课程" in page.main
    # another hall's course cannot be slipped in
    forged = client.get("/desk/seasons/new").form("title")
    sent = {**forged.values, **said, "courses": [str(other.id), str(ids[0])]}
    client.post(forged.action, sent, status=422)


def test_a_caller_is_written_down(client: Browser, session: Session, county: County) -> None:
    activity = factories.make_activity(session, node=county.branch)
    draw = make_draw(session, [activity])
    enter(client, session, county.branch, Role.SERVICE_POINT_CLERK)
    page = client.get(f"/desk/draws/{draw.id}/applications/new")
    page = client.submit(page, {"name": "王大爷"}, form="name", status=422)
    assert page.form("name").values["name"] == "王大爷"
    page = client.submit(page, {"phone": "0877-5550123"}, form="name")
    assert "0001" in page.main
    application = session.scalars(select(Application)).one()
    assert application.channel == "phone"
    session.commit()
    page = client.get(f"/desk/draws/{draw.id}/applications/new")
    page = client.submit(page, {"name": "王大爷", "phone": "08775550123"}, form="name", status=422)
    assert "08775550123" not in client.get(f"/desk/draws/{draw.id}").text


def test_the_rules_stay_and_it_can_be_called_off(
    client: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.branch)
    draw = make_draw(session, [activity])
    apply(session, wanted(draw, activity))
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    page = client.get(f"/desk/draws/{draw.id}/edit")
    assert "规则" in page.main
    page = client.get(f"/desk/draws/{draw.id}/call-off")
    page = client.submit(page, {"reason": ""}, form="reason", status=422)
    page = client.submit(page, {"reason": "名额够了"}, form="reason")
    assert "名额够了" in page.main
    assert only_draw(session).state == DrawState.CALLED_OFF


def test_others_do_not_see_it(client: Browser, session: Session, county: County) -> None:
    activity = factories.make_activity(session, node=county.branch)
    draw = make_draw(session, [activity])
    enter(client, session, county.other, Role.BRANCH_EDITOR)
    for path in ("", "/edit", "/call-off", "/applications/new"):
        client.get(f"/desk/draws/{draw.id}{path}", status=404)
    client.get(f"/desk/activities/{activity.id}/draw", status=404)


def test_editing_an_activity_keeps_its_draw(
    client: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.branch, places=7)
    draw = make_draw(session, [activity])
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    page = client.get(f"/desk/activities/{activity.id}/edit")
    client.submit(page, {"title": "改了名字"}, form="title", button=("do", "save"))
    session.expire_all()
    found = session.get_one(Activity, activity.id)
    assert (found.title, found.sign_up, found.capacity) == ("改了名字", SignUpWay.DRAW, 7)
    assert len(found.allotments) == 1
    assert only_draw(session).id == draw.id
