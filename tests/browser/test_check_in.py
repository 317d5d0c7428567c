"""The journey at the door: the network goes, people keep coming, and all is merged afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.access.permissions import Role
from culture_cloud.check_in.models import Arrival, ArrivalReport
from culture_cloud.sign_ups import services
from tests import factories
from tests.browser.conftest import Site, served
from tests.sign_ups.wishes import wish

PHONE = "19911112222"


@pytest.fixture
def evening(tmp_path: Path) -> object:
    """A site with one evening and its clerk."""
    with served(tmp_path, None) as site:
        with site.app.app_context(), db.transaction() as session:
            session_id = fill(session)
        yield site, session_id


def fill(session: Session) -> int:
    factories.make_network(session)
    node = factories.make_node(session)
    factories.make_staff(session, node=node, role=Role.SERVICE_POINT_CLERK, phone=PHONE)
    activity = factories.make_activity(session, node=node, title="花灯", places=20)
    services.sign_up(session, wish(activity, party_size=4, name="李秀兰"))
    services.sign_up(session, wish(activity, name="王五"))
    return activity.sessions[0].id


def sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/sign-in")
    page.locator("main input[name=login]").fill(PHONE)
    send = page.locator("#questions .button-main")
    if not page.locator("main input[name=password]").count():  # one question a page
        send.click()
    page.locator("main input[name=password]").fill(factories.PASSWORD)
    send.click()
    page.wait_for_load_state()


def until(page: Page, true: str) -> None:
    """Ask again and again from outside: the page itself may not run text as a script."""
    for _ in range(100):
        if page.evaluate(true):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never: {true}")


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_check_in_goes_on_without_network_and_is_merged_afterwards(
    chromium: Browser, evening: tuple[Site, int], mode: str
) -> None:
    site, session_id = evening
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    context.add_cookies([{"name": "mode", "value": mode, "url": site.base}])
    page = context.new_page()
    sign_in(page, site)
    door = f"{site.base}/desk/check-in/{session_id}"
    page.goto(door)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()  # from now on the worker stands between the page and the network
    until(page, "navigator.serviceWorker.controller !== null")
    until(page, "caches.open('check-in').then((s) => s.keys()).then((k) => k.length > 3)")
    assert not page.locator("#offline").is_visible()

    context.set_offline(True)
    page.reload()
    assert "花灯" in page.locator("h1").inner_text()
    page.locator("#offline").wait_for(state="visible")
    assert "没有网络" in page.locator("#offline").inner_text()
    page.locator("[data-sign-up]", has_text="李秀兰").locator("button").first.click()
    page.locator("[data-sign-up]", has_text="王五").locator("button").first.click()
    page.locator("main input[name=q]").fill("王")
    page.locator("main form[role=search] button").click()
    assert not page.locator("[data-sign-up]", has_text="李秀兰").is_visible()
    page.reload()
    assert "2" in page.locator("#offline").inner_text(), "what was pressed outlives a reload"
    with site.app.app_context():
        assert db.session().scalars(select(ArrivalReport)).all() == []

    context.set_offline(False)
    page.locator(".tile-value", has_text="5 / 5").wait_for()
    with site.app.app_context():
        came = {a.sign_up.name: a.count for a in db.session().scalars(select(Arrival))}
        assert came == {"李秀兰": 4, "王五": 1}
        assert len(db.session().scalars(select(ArrivalReport)).all()) == 2
    assert page.evaluate("Object.keys(localStorage).every((k) => localStorage[k] === '[]')")
    page.goto(f"{site.base}/my")
    assert page.evaluate("navigator.serviceWorker.controller === null"), "only at the door"
    context.close()
