"""The audit trail in words, for those whose halls it is about."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.access.permissions import Role
from culture_cloud.activities import services
from tests import factories
from tests.client import Browser
from tests.desk.makers import County, enter, make_county


@pytest.fixture
def county(session: Session) -> County:
    return make_county(session)


def test_says_who_changed_what_from_what_to_what(
    any_mode: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.branch, title="花灯")
    session.commit()
    account = enter(any_mode, session, county.branch, Role.BRANCH_EDITOR)
    page = any_mode.get(f"/desk/activities/{activity.id}")
    trail = any_mode.get(page.link("谁改了什么"))
    assert "新建" in trail.main
    assert "标题：花灯" in trail.main
    assert "类别：演出" in trail.main, "the name of a kind, not its code"
    assert "从“空”" not in trail.main, "what is new was nothing before; nobody needs to be told"
    cancel = any_mode.get(f"/desk/activities/{activity.id}/cancel")
    any_mode.submit(cancel, {"reason": "演员生病"}, form="reason")
    trail = any_mode.get(f"/desk/audit/activity/{activity.id}")
    assert "状态：从“已发布”改为“已取消”" in trail.main
    assert account.name in trail.main
    assert "演员生病" in trail.main


def test_strangers_halls_are_not_found(client: Browser, session: Session, county: County) -> None:
    theirs = factories.make_activity(session, node=county.other, title="别处的花灯")
    resident = factories.make_account(session)
    session.commit()
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    client.get(f"/desk/audit/activity/{theirs.id}", status=404)
    client.get(f"/desk/audit/account/{resident.id}", status=404)
    listed = client.get("/desk/audit")
    assert "别处的花灯" not in listed.main


def test_the_whole_trail_is_paged_and_narrowed(
    client: Browser, session: Session, county: County
) -> None:
    for number in range(60):
        factories.make_activity(session, node=county.branch, title=f"第{number}号")
    session.commit()
    enter(client, session, county.main, Role.SYSTEM_ADMINISTRATOR)
    page = client.get("/desk/audit?kind=activity")
    assert "第59号" in page.main
    assert "第0号" not in page.main
    assert "第0号" in client.get(client.get(page.link("更早的记录")).link("更早的记录")).main
    client.get("/desk/audit?before=x&kind=nothing")


def test_a_deleted_activity_stays_in_the_trail(
    client: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.branch)
    session.commit()
    with db.transaction() as writing:
        found = services.locked(writing, activity.id)
        services.withdraw(writing, found.id, "重复")
    enter(client, session, county.branch, Role.SERVICE_POINT_CLERK)
    assert "已撤下" in client.get(f"/desk/audit/activity/{activity.id}").main
