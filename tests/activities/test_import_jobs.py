"""Feeds from the first fetch to the hundredth: what comes, what goes, and what goes wrong."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities import feed_services, import_jobs
from culture_cloud.activities import services as activities
from culture_cloud.activities.feed_services import FeedFacts
from culture_cloud.activities.fetching import Fetcher
from culture_cloud.activities.importing.uploads import UploadStore
from culture_cloud.activities.models import Activity, ActivityFeed, ImportBatch
from culture_cloud.jobs.models import Job
from tests import factories

from .importing.books import calendar
from .web_server import WebServer, serving

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
RunJobs = Callable[[], int]


@pytest.fixture
def site() -> Iterator[WebServer]:
    with serving() as server:
        yield server


@pytest.fixture
def feed(app: Flask, session: Session, site: WebServer) -> Iterator[ActivityFeed]:
    """A feed that publishes, on a site that this test may reach."""
    allowed = (ipaddress.ip_network("127.0.0.0/8"),)
    import_jobs.init_app(app, Fetcher(allowed=allowed, seconds=1.0))
    node = factories.make_node(session)
    with clock.frozen(NOW):
        made = feed_services.add_feed(
            session, node.id, FeedFacts(url=site.url(), publish=True, every_hours=6)
        )
        session.commit()
        yield made


def events(*names: str) -> bytes:
    return calendar(
        *(f"UID:{name}@a\nSUMMARY:{name}\nDTSTART:20260619T193000\nLOCATION:广场" for name in names)
    )


def answer(site: WebServer, body: bytes, status: int = 200, **headers: str) -> None:
    site.answers["/feed"] = (status, headers, body)


def fetch(session: Session, feed: ActivityFeed, run_jobs: RunJobs) -> ActivityFeed:
    session.rollback()
    feed_services.fetch_soon(session, feed.id)
    session.commit()
    run_jobs()
    session.expire_all()
    return session.get_one(ActivityFeed, feed.id)


def states(session: Session) -> dict[str, str]:
    return {a.title: a.state for a in session.scalars(select(Activity))}


def test_a_feed_is_fetched_as_soon_as_it_is_entered(
    session: Session, feed: ActivityFeed, site: WebServer, run_jobs: RunJobs
) -> None:
    answer(site, events("诗会", "读书会"), ETag='"1"')
    run_jobs()
    session.expire_all()
    assert states(session) == {"诗会": "published", "读书会": "published"}
    assert {a.feed_id for a in session.scalars(select(Activity))} == {feed.id}
    assert {a.source for a in session.scalars(select(Activity))} == {"feed"}
    after = session.get_one(ActivityFeed, feed.id)
    assert (after.failures, after.etag, after.fetched_at, after.read_at) == (0, '"1"', NOW, NOW)
    assert "2" in after.outcome


def test_a_feed_that_does_not_publish_brings_drafts(
    session: Session, feed: ActivityFeed, site: WebServer, run_jobs: RunJobs
) -> None:
    feed.publish = False
    session.commit()
    answer(site, events("诗会"))
    fetch(session, feed, run_jobs)
    assert states(session) == {"诗会": "draft"}


def test_an_unchanged_feed_is_only_asked_whether_it_changed(
    session: Session, feed: ActivityFeed, site: WebServer, run_jobs: RunJobs
) -> None:
    answer(site, events("诗会"), ETag='"1"')
    fetch(session, feed, run_jobs)
    answer(site, b"", 304)
    after = fetch(session, feed, run_jobs)
    assert site.asked[-1]["if-none-match"] == '"1"'
    assert after.failures == 0
    assert states(session) == {"诗会": "published"}


def test_once_a_week_it_is_read_whole_for_series_without_end(
    session: Session, feed: ActivityFeed, site: WebServer, run_jobs: RunJobs
) -> None:
    answer(site, events("诗会"), ETag='"1"')
    fetch(session, feed, run_jobs)
    with clock.frozen(NOW + timedelta(days=8)):
        fetch(session, feed, run_jobs)
    assert "if-none-match" not in site.asked[-1]


def test_what_vanished_from_the_feed_is_withdrawn_and_may_come_back(
    session: Session, feed: ActivityFeed, site: WebServer, run_jobs: RunJobs
) -> None:
    answer(site, events("诗会", "读书会"))
    fetch(session, feed, run_jobs)
    answer(site, events("诗会"))
    fetch(session, feed, run_jobs)
    assert states(session) == {"诗会": "published", "读书会": "withdrawn"}
    answer(site, events("诗会", "读书会"))
    fetch(session, feed, run_jobs)
    assert states(session) == {"诗会": "published", "读书会": "published"}


def test_what_is_over_is_not_withdrawn(
    session: Session, feed: ActivityFeed, site: WebServer, run_jobs: RunJobs
) -> None:
    answer(site, events("诗会", "读书会"))
    fetch(session, feed, run_jobs)
    answer(site, events("诗会"))
    with clock.frozen(datetime(2026, 7, 1, tzinfo=UTC)):
        fetch(session, feed, run_jobs)
    assert states(session)["读书会"] == "published"


def test_what_another_source_brought_is_not_withdrawn(
    session: Session, feed: ActivityFeed, site: WebServer, run_jobs: RunJobs
) -> None:
    starts = datetime(2026, 6, 19, 11, 30, tzinfo=UTC)
    node = feed.node
    factories.make_activity(session, node=node, title="诗会", starts_at=starts)
    factories.make_activity(session, node=node, title="别的", starts_at=starts)
    session.commit()
    answer(site, events("诗会", "读书会"))
    fetch(session, feed, run_jobs)
    answer(site, events("读书会"))
    fetch(session, feed, run_jobs)
    assert states(session) == {"诗会": "published", "别的": "published", "读书会": "published"}


def test_after_a_reading_with_faults_nothing_is_withdrawn(
    session: Session, feed: ActivityFeed, site: WebServer, run_jobs: RunJobs
) -> None:
    answer(site, events("诗会", "读书会"))
    fetch(session, feed, run_jobs)
    broken = "UID:读书会@a\nSUMMARY:读书会\nDTSTART:someday"
    good = "UID:诗会@a\nSUMMARY:诗会\nDTSTART:20260619T193000\nLOCATION:广场"
    answer(site, calendar(good, broken))
    after = fetch(session, feed, run_jobs)
    assert states(session)["读书会"] == "published"
    assert "读书会@a" in after.outcome


def test_after_a_calendar_that_breaks_off_nothing_is_withdrawn(
    session: Session, feed: ActivityFeed, site: WebServer, run_jobs: RunJobs
) -> None:
    whole = events("诗会", "读书会")
    answer(site, whole)
    fetch(session, feed, run_jobs)
    cut = whole.index(b"BEGIN:VEVENT", whole.index(b"END:VEVENT"))
    site.answers["/feed"] = (
        lambda connection: (  # type: ignore[assignment]
            connection.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + whole[:cut])
        )
    )
    fetch(session, feed, run_jobs)
    assert states(session) == {"诗会": "published", "读书会": "published"}


def test_what_staff_withdrew_is_not_brought_back(
    session: Session, feed: ActivityFeed, site: WebServer, run_jobs: RunJobs
) -> None:
    answer(site, events("诗会", "读书会"))
    fetch(session, feed, run_jobs)
    chosen = session.scalars(select(Activity.id).where(Activity.title == "诗会")).one()
    activities.withdraw(session, chosen, "重复")
    session.commit()
    fetch(session, feed, run_jobs)
    assert states(session) == {"诗会": "withdrawn", "读书会": "published"}


@pytest.mark.parametrize(("status", "body"), [(404, b""), (500, b""), (200, b"<html>"), (200, b"")])
def test_a_failure_is_counted_and_said_and_changes_nothing(
    session: Session,
    feed: ActivityFeed,
    site: WebServer,
    run_jobs: RunJobs,
    status: int,
    body: bytes,
) -> None:
    answer(site, events("诗会"), ETag='"1"')
    fetch(session, feed, run_jobs)
    answer(site, body, status)
    after = fetch(session, feed, run_jobs)
    assert after.failures == 1
    assert after.outcome
    assert after.etag == '"1"'
    assert states(session) == {"诗会": "published"}
    assert session.scalars(select(Job)).all() == [], "it is not a fault of the worker"
    answer(site, events("诗会"))
    assert fetch(session, feed, run_jobs).failures == 0


def test_after_ten_failures_in_a_row_the_feed_is_paused(
    session: Session, feed: ActivityFeed, site: WebServer, run_jobs: RunJobs
) -> None:
    answer(site, b"", 500)
    for _time in range(9):
        after = fetch(session, feed, run_jobs)
    assert after.active
    after = fetch(session, feed, run_jobs)
    assert not after.active
    assert "10" in after.outcome
    assert "500" in after.outcome
    with clock.frozen(NOW + timedelta(days=1)):
        assert feed_services.enqueue_due(session) == 0
    feed_services.resume_feed(session, after)
    assert (after.active, after.failures) == (True, 0)


def test_a_feed_is_due_when_its_hours_have_passed(
    session: Session, feed: ActivityFeed, site: WebServer, run_jobs: RunJobs
) -> None:
    answer(site, events("诗会"))
    fetch(session, feed, run_jobs)
    session.rollback()
    with clock.frozen(NOW + timedelta(hours=5, minutes=59)):
        import_jobs.fetch_feeds()
        assert session.scalars(select(Job)).all() == []
        session.rollback()
    with clock.frozen(NOW + timedelta(hours=6)):
        import_jobs.fetch_feeds()
        import_jobs.fetch_feeds()
    jobs = session.scalars(select(Job)).all()
    assert [(job.name, job.arguments) for job in jobs] == [
        ("activities.fetch_feed", {"feed_id": feed.id})
    ]


def test_a_feed_that_is_gone_is_not_fetched(
    session: Session, feed: ActivityFeed, site: WebServer
) -> None:
    import_jobs.fetch_feed(feed.id + 99)
    assert site.asked == []


def test_a_changed_feed_is_asked_anew(session: Session, feed: ActivityFeed) -> None:
    feed.etag = '"1"'
    feed_services.change_feed(feed, FeedFacts(url=feed.url, publish=False))
    assert (feed.etag, feed.publish) == ("", False)


def test_uploads_are_forgotten_after_a_day(
    app: Flask, session: Session, feed: ActivityFeed
) -> None:
    account = factories.make_account(session)
    folder = Path(app.config["DATA_FOLDER"])
    store = UploadStore(folder)
    with clock.frozen(datetime.now(UTC)):
        key = store.keep(b"x")
        made = ImportBatch(
            key=key, node_id=feed.node_id, account_id=account.id, filename="a.csv",
            showing="draft", created_at=clock.now(),
        )  # fmt: skip
        session.add(made)
        session.commit()
        import_jobs.forget_uploads()
        assert store.read(key) == b"x"
    with clock.frozen(datetime.now(UTC) + timedelta(hours=25)):
        assert store.read(key) is None
        import_jobs.forget_uploads()
    session.expire_all()
    assert not list((folder / "imports").iterdir())
    assert session.scalars(select(ImportBatch)).all() == []
