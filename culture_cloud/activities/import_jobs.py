"""What the worker does with feeds and uploads."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import and_, delete, or_

from culture_cloud import clock, db
from culture_cloud.tabular import FileNotReadable, Reason
from culture_cloud.web.words import site_zone

from . import feed_services
from .fetching import Fetched, Fetcher, NotFetched
from .importing import services as importing
from .importing.planning import Terms, plan
from .importing.plans import Showing, Step
from .importing.sources import Source
from .importing.uploads import KEPT, UploadStore
from .importing.wording import reason_words, refusal_words
from .models import ActivityFeed, ImportBatch

log = logging.getLogger(__name__)

EXTENSION = "feed_fetcher"
RESULTS_KEPT = timedelta(days=90)


def init_app(app: Flask, fetcher: Fetcher | None = None) -> None:
    """Feeds are fetched by `fetcher`; by default from the public internet only."""
    app.extensions[EXTENSION] = fetcher or Fetcher()


def fetch_feeds() -> None:
    """Ask for the feeds that are due."""
    with db.transaction() as session:
        feed_services.enqueue_due(session)


def fetch_feed(feed_id: int) -> None:
    """Fetch a feed and import what it holds. What goes wrong is said with the feed."""
    feed = db.session().get(ActivityFeed, feed_id)
    if feed is None:
        return
    url, mapping, zone = feed.url, feed.mapping or None, site_zone()
    since = {"etag": feed.etag, "last_modified": feed.last_modified}
    conditions: Mapping[str, str] = since if feed_services.may_be_unchanged(feed) else {}
    db.release_reads()
    fetcher: Fetcher = current_app.extensions[EXTENSION]
    try:
        answer = fetcher.fetch(url, **conditions)
        read = importing.read(answer.body, zone=zone, mapping=mapping) if answer.body else None
    except (NotFetched, FileNotReadable) as error:
        _note_failure(feed_id, error.reason)
        return
    if read is None:
        _note_unchanged(feed_id, answer)
    else:
        _import(feed_id, answer, read)


def _note_failure(feed_id: int, reason: Reason) -> None:
    with db.transaction() as session:
        feed = session.get(ActivityFeed, feed_id)
        if feed is None:
            return
        feed_services.failed(feed, reason_words(reason))
        if not feed.active:
            feed.outcome = _(
                "Paused after %(num)d failures. The last one: %(what)s",
                num=feed.failures,
                what=feed.outcome,
            )[:500]
    log.warning("feed not imported", extra={"feed": feed_id, "why": str(reason)})


def _note_unchanged(feed_id: int, answer: Fetched) -> None:
    with db.transaction() as session:
        feed = session.get(ActivityFeed, feed_id)
        if feed is None:
            return
        if answer.body is None:
            feed_services.fetched(feed, _("Nothing has changed."))
        else:
            feed_services.failed(feed, _("The answer was empty."))


def _import(feed_id: int, answer: Fetched, read: importing.Read) -> None:
    with db.transaction() as session:
        feed = session.get(ActivityFeed, feed_id)
        if feed is None:
            return
        terms = Terms(
            source=Source.FEED,
            origin=read.origin,
            showing=Showing.PUBLISH if feed.publish else Showing.DRAFT,
            feed_id=feed_id,
        )
        planned = plan(session, read.parsed, node_id=feed.node_id, zone=site_zone(), terms=terms)
        done = importing.apply(session, planned, by_account_id=None)
        withdrawn = (
            importing.withdraw_missing(session, planned, done, feed_id=feed_id)
            if read.is_whole
            else 0
        )
        feed_services.fetched(feed, _outcome_words(done, withdrawn))
        feed_services.read_whole(feed, etag=answer.etag, last_modified=answer.last_modified)
    log.info("feed imported", extra={"feed": feed_id, "new": done.count(Step.CREATE)})


def _outcome_words(done: importing.Imported, withdrawn: int) -> str:
    said = _(
        "%(created)d new, %(changed)d changed, %(unchanged)d unchanged, %(refused)d left out, "
        "%(withdrawn)d taken off the site.",
        created=done.count(Step.CREATE),
        changed=done.count(Step.CHANGE),
        unchanged=done.count(Step.UNCHANGED),
        refused=done.count(Step.REFUSED),
        withdrawn=withdrawn,
    )
    first = next((row for row in done.rows if row.step is Step.REFUSED), None)
    if first is None:
        return said
    return f"{said} {first.title or first.source_ref}: {refusal_words(first)}"


def forget_uploads() -> None:
    """Uploaded files that nobody imported go after a day, results after three months."""
    UploadStore(Path(str(current_app.config["DATA_FOLDER"]))).forget_old()
    now = clock.now()
    looked_at = and_(ImportBatch.imported_at.is_(None), ImportBatch.created_at < now - KEPT)
    with db.transaction() as session:
        session.execute(
            delete(ImportBatch).where(or_(looked_at, ImportBatch.created_at < now - RESULTS_KEPT))
        )
