"""Search on the desk: in step or not, what was looked for in vain, words that mean the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from culture_cloud.access.permissions import Role
from culture_cloud.search.models import SearchSynonym
from tests import factories
from tests.client import Browser
from tests.desk.makers import County, enter, make_county


@pytest.fixture
def county(session: Session) -> County:
    return make_county(session)


def open_desk(client: Browser, session: Session, county: County) -> None:
    enter(client, session, county.main, Role.MAIN_HALL_MANAGER)


def test_shows_that_search_is_in_step(
    client: Browser, session: Session, county: County, run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    open_desk(client, session, county)
    page = client.get("/desk/search")
    assert "都能搜到" in page.main or "没有等着的" in page.main


def test_what_was_not_found_becomes_a_word_that_is(
    client: Browser, session: Session, county: County, app: Flask, run_jobs: Callable[[], int]
) -> None:
    factories.make_activity(session, title="滇剧清唱会")
    session.commit()
    run_jobs()
    assert "没有找到" in client.get("/search?q=老戏曲").main
    open_desk(client, session, county)
    page = client.get("/desk/search")
    page = client.get(page.link("老戏曲"))
    assert page.form("words").values["words"].strip() == "老戏曲"
    page = client.submit(page, {"words": "老戏曲"}, form="words", status=422)
    assert "至少" in page.main
    page = client.submit(page, {"words": "老戏曲\n滇剧"}, form="words")
    assert "老戏曲、滇剧" in page.main
    assert "滇剧清唱会" in client.get("/search?q=老戏曲").main


def test_a_set_is_changed_and_taken_away(client: Browser, session: Session, county: County) -> None:
    open_desk(client, session, county)
    page = client.get("/desk/search")
    page = client.get(page.link("非遗"))
    page = client.submit(page, {"words": "非遗，非物质文化遗产、遗产"}, form="words")
    assert "非遗、非物质文化遗产、遗产" in page.main
    page = client.get(page.link("非遗"))
    page = client.submit(page, form="remove")
    assert "非遗、非物质文化遗产" not in page.main


def test_a_clerk_may_not(client: Browser, session: Session, county: County) -> None:
    enter(client, session, county.main, Role.SERVICE_POINT_CLERK)
    client.get("/desk/search", status=403)
    assert session.query(SearchSynonym).count() > 0


def test_the_button_builds_anew(
    client: Browser, session: Session, county: County, run_jobs: Callable[[], int]
) -> None:
    open_desk(client, session, county)
    client.submit(client.get("/desk/search"), form="rebuild")
    run_jobs()
    assert "重新建" in client.get("/desk/search").main
