"""Feeds of nodes: entered, changed, paused, due, and what came of fetching them (R32)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.jobs.queue import enqueue

from .models import ActivityFeed

MOST_FAILURES = 10
"""After so many in a row a feed is paused, for somebody to look at."""
FETCH_JOB = "activities.fetch_feed"
READ_WHOLE_AFTER = timedelta(days=7)
"""A series without end yields new dates as time goes by, though its feed stays the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFacts:
    """What staff say of a feed."""

    url: str
    mapping: str = ""
    every_hours: int = 6
    publish: bool = False


def add_feed(session: Session, node_id: int, facts: FeedFacts) -> ActivityFeed:
    """A new feed, to be fetched at once."""
    feed = ActivityFeed(node_id=node_id)
    session.add(feed)
    _write(feed, facts)
    session.flush()
    fetch_soon(session, feed.id)
    return feed


def change_feed(feed: ActivityFeed, facts: FeedFacts) -> None:
    """What was answered before may be read otherwise now: it is asked for anew."""
    _write(feed, facts)
    feed.etag = feed.last_modified = ""


def _write(feed: ActivityFeed, facts: FeedFacts) -> None:
    feed.url, feed.mapping = facts.url, facts.mapping
    feed.every_hours, feed.publish = facts.every_hours, facts.publish


def pause_feed(feed: ActivityFeed) -> None:
    """Its activities stay as they are."""
    feed.active = False


def resume_feed(session: Session, feed: ActivityFeed) -> None:
    feed.active, feed.failures = True, 0
    fetch_soon(session, feed.id)


def fetch_soon(session: Session, feed_id: int) -> None:
    """Let the worker fetch it now, once, however often this is asked."""
    enqueue(session, FETCH_JOB, {"feed_id": feed_id}, key=f"{FETCH_JOB}:{feed_id}")


def enqueue_due(session: Session) -> int:
    """Ask for every feed whose hours have passed. Returns how many."""
    now = clock.now()
    due = [
        feed
        for feed in session.scalars(select(ActivityFeed).where(ActivityFeed.active))
        if feed.fetched_at is None or feed.fetched_at + timedelta(hours=feed.every_hours) <= now
    ]
    for feed in due:
        fetch_soon(session, feed.id)
    return len(due)


def may_be_unchanged(feed: ActivityFeed) -> bool:
    """Whether it is enough to be told that nothing changed."""
    return feed.read_at is not None and feed.read_at > clock.now() - READ_WHOLE_AFTER


def fetched(feed: ActivityFeed, outcome: str) -> None:
    """It was fetched, or has not changed."""
    feed.fetched_at, feed.failures, feed.outcome = clock.now(), 0, outcome[:500]


def read_whole(feed: ActivityFeed, *, etag: str, last_modified: str) -> None:
    """It was imported; next time only what is new since is asked for."""
    feed.etag, feed.last_modified, feed.read_at = etag, last_modified, clock.now()


def failed(feed: ActivityFeed, outcome: str) -> None:
    """It could not be fetched or read; too often in a row, and it is paused."""
    feed.fetched_at, feed.outcome = clock.now(), outcome[:500]
    feed.failures += 1
    if feed.failures >= MOST_FAILURES:
        feed.active = False
