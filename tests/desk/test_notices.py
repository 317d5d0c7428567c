"""Messages to people as staff see them."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.permissions import Role
from culture_cloud.network.models import Node
from culture_cloud.notifications import settings
from culture_cloud.notifications.gateway import NotSent, RecordingGateway
from culture_cloud.notifications.models import Notice, NoticeChannel, NoticeState
from culture_cloud.notifications.services import notify
from tests.client import Browser
from tests.desk.makers import County, enter, make_county
from tests.notifications.facts import SIGN_UP


@pytest.fixture
def county(session: Session) -> County:
    return make_county(session)


def tell(session: Session, node: Node, **more: Any) -> None:
    facts = {
        "key": f"k{node.id}",
        "template": "sign_ups/session_moved",
        "facts": SIGN_UP,
        "locale": "zh_Hans_CN",
        "phone": "13800000000",
        "node_id": node.id,
        "send_until": clock.ahead(days=1),
    }
    notify(session, **{**facts, **more})
    session.commit()


def test_staff_see_how_sending_went_and_try_again(
    any_mode: Browser, session: Session, county: County, app: Flask, run_jobs: Any
) -> None:
    gateway = RecordingGateway(down=NotSent("SMS: HTTP 422", again=False))
    app.extensions["gateways"] = dict.fromkeys(NoticeChannel, gateway)
    tell(session, county.branch)
    tell(session, county.other, facts=SIGN_UP | {"title": "别处的事"})
    with clock.frozen(clock.now().replace(hour=4)):
        run_jobs()
    run_jobs()
    enter(any_mode, session, county.branch, Role.SERVICE_POINT_CLERK)
    page = any_mode.get("/desk/notices?state=failed")
    assert "138****0000" in page.main
    assert "没有送到" in page.main
    assert "别处的事" not in page.main
    gateway.down = None
    any_mode.submit(page, form="/again")
    run_jobs()
    assert len(gateway.messages) == 1
    assert "已发出" in any_mode.get("/desk/notices?channel=sms").main


def test_whom_to_call_is_listed_printed_and_ticked_off(
    any_mode: Browser, session: Session, county: County
) -> None:
    tell(session, county.branch, phone="08775550101")
    account = enter(any_mode, session, county.branch, Role.SERVICE_POINT_CLERK)
    page = any_mode.get(any_mode.get("/desk/notices").link("要打电话的有1人"))
    assert "李秀兰" in page.main
    assert "08775550101" in page.main
    assert "时间有变" in page.main
    assert "08775550101" in any_mode.get("/desk/notices/calls/print").main
    done = any_mode.submit(page, form="/called")
    assert "没有要打电话的人" in done.main
    session.expire_all()
    notice = session.scalars(select(Notice)).one()
    assert (notice.state, notice.called_by_id) == (NoticeState.CALLED, account.id)


def test_others_calls_are_not_found(client: Browser, session: Session, county: County) -> None:
    tell(session, county.other, phone="08775550101")
    enter(client, session, county.branch, Role.SERVICE_POINT_CLERK)
    assert "李秀兰" not in client.get("/desk/notices/calls").main
    tell(session, county.branch, phone="08775550101")
    page = client.get("/desk/notices/calls")
    form = page.form("/called")
    foreign = session.scalars(select(Notice.id).where(Notice.node_id == county.other.id)).one()
    session.rollback()
    client.post(f"/desk/notices/{foreign}/called", form.values, status=404)


def test_quiet_hours_and_budget_are_set_for_a_hall(
    any_mode: Browser, session: Session, county: County
) -> None:
    enter(any_mode, session, county.branch, Role.BRANCH_EDITOR)
    page = any_mode.get(any_mode.get("/desk/notices").link("东升镇"))
    wrong = any_mode.submit(
        page, {"quiet_from": "25点", "sms_per_day": "-3"}, form="quiet_from", status=422
    )
    assert "请填时间" in wrong.main
    right = {"quiet_from": "晚上10点", "quiet_to": "7:30", "sms_per_day": "200"}
    any_mode.submit(wrong, right, form="quiet_from")
    session.expire_all()
    kept = settings.settings_of(session, county.point.id)
    assert (kept.quiet_from, kept.quiet_to, kept.sms_per_day) == (time(22), time(7, 30), 200)
    any_mode.get(f"/desk/notices/settings/{county.other.code}", status=404)
    any_mode.get("/desk/notices/settings/nowhere", status=404)


def test_a_clerk_does_not_set_rules(client: Browser, session: Session, county: County) -> None:
    enter(client, session, county.branch, Role.SERVICE_POINT_CLERK)
    client.get(f"/desk/notices/settings/{county.branch.code}", status=403)
