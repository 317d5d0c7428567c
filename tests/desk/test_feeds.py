"""Feeds at the desk: entered, changed, paused, fetched now; one's own only."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.access.permissions import Role
from culture_cloud.activities.models import ActivityFeed
from culture_cloud.jobs.models import Job
from culture_cloud.network.models import Node
from tests import factories
from tests.client import Browser
from tests.signing_in import sign_in

URL = "https://feeds.example/a.ics"


@pytest.fixture
def hall(session: Session) -> Node:
    factories.make_network(session)
    made = factories.make_node(session)
    session.commit()
    return made


@pytest.fixture
def branch(session: Session, hall: Node, client: Browser) -> Node:
    """A branch whose editor is signed in."""
    made = factories.make_node(session, parent=hall)
    editor = factories.make_staff(session, node=made, role=Role.BRANCH_EDITOR)
    session.commit()
    sign_in(client, editor)
    return made


def make_feed(session: Session, node: Node, **facts: object) -> ActivityFeed:
    feed = ActivityFeed(**{"node_id": node.id, "url": URL, **facts})
    session.add(feed)
    session.commit()
    return feed


def jobs(session: Session) -> list[tuple[str, object]]:
    found = [(job.name, job.arguments.get("feed_id")) for job in session.scalars(select(Job))]
    session.rollback()
    return found


def test_a_feed_is_entered_and_fetched(session: Session, branch: Node, any_mode: Browser) -> None:
    page = any_mode.get("/desk/feeds/new")
    after = any_mode.submit(page, {"url": URL, "every_hours": "24", "publish": "y"})
    assert URL in after.main
    feed = session.scalars(select(ActivityFeed)).one()
    assert (feed.node_id, feed.every_hours, feed.publish, feed.active) == (
        branch.id, 24, True, True,
    )  # fmt: skip
    assert jobs(session) == [("activities.fetch_feed", feed.id)]


@pytest.mark.parametrize(
    "url", ["", "file:///etc/passwd", "feeds.example", "https://a:b@c.example/"]
)
def test_what_is_no_address_is_refused_and_kept_in_the_form(
    session: Session, branch: Node, client: Browser, url: str
) -> None:
    page = client.submit(client.get("/desk/feeds/new"), {"url": url}, status=422)
    assert page.form("url").values["url"] == url
    assert session.scalars(select(ActivityFeed)).all() == []


def test_the_same_feed_is_not_entered_twice(
    session: Session, branch: Node, client: Browser
) -> None:
    make_feed(session, branch)
    client.submit(client.get("/desk/feeds/new"), {"url": URL}, status=422)
    assert len(session.scalars(select(ActivityFeed)).all()) == 1


def test_a_feed_is_changed(session: Session, branch: Node, client: Browser) -> None:
    feed = make_feed(session, branch, etag='"1"')
    page = client.get(f"/desk/feeds/{feed.id}")
    assert page.form("url").values["url"] == URL
    client.submit(page, {"url": f"{URL}?all", "every_hours": "1"})
    session.expire_all()
    changed = session.get_one(ActivityFeed, feed.id)
    assert (changed.url, changed.every_hours, changed.etag) == (f"{URL}?all", 1, "")
    assert changed.node_id == branch.id


def test_a_feed_is_paused_fetched_now_and_resumed(
    session: Session, branch: Node, client: Browser
) -> None:
    feed = make_feed(session, branch, failures=10, outcome="没有找到")
    page = client.get("/desk/feeds")
    assert "没有找到" in page.main
    page = client.submit(page, form="/pause")
    session.expire_all()
    assert not session.get_one(ActivityFeed, feed.id).active
    session.rollback()
    page = client.submit(page, form="/resume")
    session.expire_all()
    assert (feed.active, feed.failures) == (True, 0)
    session.rollback()
    client.submit(page, form="/fetch")
    assert jobs(session) == [("activities.fetch_feed", feed.id)], "asked for once"


def test_another_branchs_feeds_are_as_if_they_were_not_there(
    session: Session, hall: Node, branch: Node, client: Browser, app: Flask
) -> None:
    other = factories.make_node(session, parent=hall)
    feed = make_feed(session, other)
    assert URL not in client.get("/desk/feeds").main
    client.get(f"/desk/feeds/{feed.id}", status=404)
    token = client.get("/desk/feeds/new").form("url").values["csrf_token"]
    for step in ("fetch", "pause", "resume"):
        client.post(f"/desk/feeds/{feed.id}/{step}", {"csrf_token": token}, status=404)
    values = {"csrf_token": token, "url": URL, "node": other.code, "every_hours": "6"}
    client.post("/desk/feeds/new", values, status=404)
    assert jobs(session) == []


def test_a_clerk_whose_hall_asks_for_review_enters_feeds_of_drafts(
    session: Session, hall: Node, client: Browser
) -> None:
    point = factories.make_node(session, parent=hall, review_required=True)
    clerk = factories.make_staff(session, node=point, role=Role.SERVICE_POINT_CLERK)
    session.commit()
    sign_in(client, clerk)
    client.submit(client.get("/desk/feeds/new"), {"url": URL, "publish": "y"})
    assert not session.scalars(select(ActivityFeed.publish)).one()
