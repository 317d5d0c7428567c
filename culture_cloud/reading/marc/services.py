"""Records brought in: they fill in what is missing of known titles, and make drafts of others."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.reading.models import Publication, Rights, State, Subject
from culture_cloud.reading.publications.sorting import sort_key

from .reading import read_records

_FILLED = (
    *("subtitle", "authors", "contributors", "publisher", "published", "series", "summary"),
    *("keywords", "class_mark", "issn"),
)


@dataclass(slots=True)
class Outcome:
    """How many records made a new draft, filled in a known title, or could not be read."""

    new: int = 0
    filled: int = 0
    unreadable: int = 0


def bring_in(session: Session, data: bytes, *, node_id: int) -> Outcome:
    """Write the records of a file. Raises NotMarc."""
    subjects = set(session.scalars(select(Subject.code)))
    rows = session.execute(select(Publication.isbn, Publication.id).where(Publication.isbn != ""))
    known = {str(isbn): int(id_) for isbn, id_ in rows}
    outcome = Outcome()
    for facts in read_records(data):
        if facts is None:
            outcome.unreadable += 1
            continue
        mark = facts["class_mark"][:1]
        facts["subject_code"] = mark if mark in subjects else None
        id_ = known.get(facts["isbn"]) if facts["isbn"] else None
        if id_ is not None:
            _fill(session.get_one(Publication, id_), facts)
            outcome.filled += 1
            continue
        publication = _draft(facts, node_id)
        session.add(publication)
        session.flush()
        if facts["isbn"]:
            known[facts["isbn"]] = publication.id
        outcome.new += 1
    return outcome


def _fill(publication: Publication, facts: dict[str, Any]) -> None:
    """What somebody has written stays; only gaps are filled."""
    for name in (*_FILLED, "subject_code"):
        if not getattr(publication, name) and facts[name]:
            setattr(publication, name, facts[name])
    publication.updated_at = clock.now()


def _draft(facts: dict[str, Any], node_id: int) -> Publication:
    now = clock.now()
    return Publication(
        **facts,
        urn=f"urn:uuid:{uuid.uuid4()}",
        node_id=node_id,
        state=State.DRAFT,
        sort_key=sort_key(facts["title"]),
        audience_code="everyone",
        rights=Rights.LICENSED,
        access={},
        record={},
        created_at=now,
        updated_at=now,
    )
