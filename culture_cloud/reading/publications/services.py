"""Describing, publishing and withdrawing publications; every act is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from culture_cloud import audit, clock
from culture_cloud.db import touch
from culture_cloud.errors import Refusal
from culture_cloud.reading.lending import services as lending
from culture_cloud.reading.models import (
    TOPIC,
    Publication,
    ReadingPage,
    Shelf,
    ShelfEntry,
    State,
)
from culture_cloud.search import outbox

from .sorting import sort_key

FIELDS = (
    *("state", "kind", "title", "subtitle", "authors", "contributors", "publisher", "published"),
    *("series", "issue", "isbn", "issn", "language", "summary", "class_mark", "subject_code"),
    *("keywords", "audience_code", "rights", "rights_note", "downloadable", "readings"),
)


class NothingToRead(Refusal):
    """It has no file yet, so there is nothing to publish."""


class MoreAreLent(Refusal):
    """More copies are lent than there would be."""


def describe(
    session: Session,
    publication: Publication,
    facts: Mapping[str, Any],
    *,
    copies: int | None,
    loan_days: int,
    by: int | None,
) -> None:
    """Change the description: `facts` are values for FIELDS. Raises MoreAreLent."""
    before = audit.snapshot(publication, FIELDS)
    for name, value in facts.items():
        if name in FIELDS and getattr(publication, name) != value:
            setattr(publication, name, value)
    publication.sort_key = sort_key(publication.title)
    publication.updated_at = clock.now()
    session.flush()
    if not lending.set_licence(session, publication.id, number=copies, days=loan_days):
        raise MoreAreLent
    _record(session, publication, "changed", before, by)
    touch_pages(session, publication.id)


def publish(session: Session, publication: Publication, *, by: int | None) -> None:
    """Show it to readers. Raises NothingToRead."""
    if not publication.book_key:
        raise NothingToRead
    before = audit.snapshot(publication, FIELDS)
    publication.state = State.PUBLISHED
    publication.published_at = publication.published_at or clock.now()
    publication.updated_at = clock.now()
    _record(session, publication, "published", before, by)
    touch_pages(session, publication.id)


def withdraw(session: Session, publication: Publication, *, reason: str, by: int | None) -> None:
    """Take it out of the room; readers' places and notes stay, should it come back."""
    before = audit.snapshot(publication, FIELDS)
    publication.state = State.WITHDRAWN
    publication.updated_at = clock.now()
    _record(session, publication, "withdrawn", before, by, reason=reason)
    touch_pages(session, publication.id)


def touch_pages(session: Session, publication_id: int) -> None:
    """What is found of its pages follows the publication."""
    ids = session.scalars(
        select(ReadingPage.id).where(ReadingPage.publication_id == publication_id)
    )
    outbox.touch(session, "page", *ids)


def _record(
    session: Session,
    publication: Publication,
    action: str,
    before: Mapping[str, Any],
    by: int | None,
    *,
    reason: str = "",
) -> None:
    changes = audit.changed(before, audit.snapshot(publication, FIELDS))
    if changes or action != "changed":
        audit.record(
            session,
            actor=by,
            action=action,
            subject_kind="publication",
            subject_id=publication.id,
            node_id=publication.node_id,
            changes=changes,
            reason=reason,
        )


# --- shelves -------------------------------------------------------------------------------------


def save_shelf(
    session: Session,
    shelf: Shelf,
    *,
    title: str,
    note: str,
    first_day: date | None,
    last_day: date | None,
    position: int,
    publication_ids: list[int],
) -> None:
    """Write a shelf and what stands on it, in this order."""
    shelf.title, shelf.note, shelf.position = title, note, position
    shelf.first_day, shelf.last_day = first_day, last_day
    session.add(shelf)
    session.flush()
    session.execute(delete(ShelfEntry).where(ShelfEntry.shelf_id == shelf.id))
    session.expire(shelf, ["entries"])
    for place, publication_id in enumerate(dict.fromkeys(publication_ids)):
        session.add(ShelfEntry(shelf_id=shelf.id, publication_id=publication_id, position=place))
    touch(session, TOPIC)


def remove_shelf(session: Session, shelf: Shelf) -> None:
    """Take a shelf away; the titles stay."""
    session.delete(shelf)
    touch(session, TOPIC)
