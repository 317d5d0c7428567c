"""What somebody typed into a sign-up is there again later, on the server (ST-22, EL-18)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities.models import Activity
from culture_cloud.web.drafts import Draft
from tests import factories
from tests.client import Browser, Page

from .test_journeys import ANSWERS, answered, confirm, is_check, start


@pytest.fixture
def activity(session: Session) -> Activity:
    factories.make_network(session)
    found = factories.make_activity(session, places=20)
    session.commit()
    return found


def drafts(session: Session) -> int:
    found = session.scalar(select(func.count()).select_from(Draft))
    session.commit()
    return found or 0


def half_way(client: Browser, activity: Activity) -> Page:
    client.set_cookie("mode", "elder")
    page = start(client, activity)
    page = client.submit(page, {"party": "3"}, form="next", button=("next", "1"))
    return client.submit(page, {"name": "李秀兰"}, form="next", button=("next", "1"))


def test_twenty_hours_later_one_goes_on_where_one_was(client: Browser, activity: Activity) -> None:
    half_way(client, activity)
    with clock.frozen(clock.now() + timedelta(hours=19, minutes=59)):
        page = start(client, activity)
        assert "上次写的还在" in page.main
        resumed = client.submit(page, form="party", button=("next", "1"))
        values = resumed.form("next").values
        assert values["name"] == "李秀兰"
        assert values["party"] == "3"
        check = client.submit(resumed, {"phone": "13800000000"}, form="next", button=("next", "1"))
        assert is_check(check)


def test_it_ends_with_the_sign_up(client: Browser, activity: Activity, session: Session) -> None:
    client.set_cookie("mode", "elder")
    check = answered(client, start(client, activity), ANSWERS)
    assert drafts(session) == 1
    confirm(client, check)
    assert drafts(session) == 0
    assert "上次写的还在" not in start(client, activity).main


def test_it_can_be_thrown_away_and_is_nobody_else_s(
    client: Browser, app: Flask, activity: Activity, session: Session
) -> None:
    half_way(client, activity)
    other = Browser(app)
    other.set_cookie("mode", "elder")
    assert "上次写的还在" not in start(other, activity).main
    page = client.submit(start(client, activity), form="/drafts/forget")
    assert "上次写的还在" not in page.main
    assert drafts(session) == 0


def test_a_rush_for_places_writes_no_drafts(
    client: Browser, activity: Activity, session: Session
) -> None:
    answered(client, start(client, activity), ANSWERS)
    assert drafts(session) == 0


def test_where_to_go_on_after_throwing_away_is_a_page_of_ours(client: Browser) -> None:
    page = client.get("/feedback").form("next")
    answer = client.flask.post(
        "/drafts/forget",
        data={"csrf_token": page.values["csrf_token"], "next": "https://evil.example/"},
    )
    assert answer.headers["Location"] == "/"
