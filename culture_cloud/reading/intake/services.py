"""Files received, and what comes of them: written in the transaction of the caller."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.jobs import queue
from culture_cloud.reading.isbn import find_isbn
from culture_cloud.reading.models import (
    Form,
    Intake,
    Kind,
    Publication,
    PublicationForm,
    ReadingPage,
    Rights,
    State,
)
from culture_cloud.reading.publications.sorting import sort_key
from culture_cloud.search import outbox

from .making import Result
from .sniffing import AUDIO, EPUB, PICTURES, VIDEO
from .store import Received

JOB = "reading.take_in"
DRAW_JOB = "reading.draw_pages"
SCAN_JOB = "reading.read_scan"
DRAWN_IN_A_JOB = 40
_KINDS = {EPUB: Kind.BOOK, PICTURES: Kind.PICTURE_BOOK, AUDIO: Kind.AUDIO_BOOK, VIDEO: Kind.VIDEO}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What becomes of a file: shown at once or not, in whose place, with which facts of its own."""

    publish: bool = False
    publication_id: int | None = None
    rights: str = Rights.LICENSED
    facts: Mapping[str, Any] = field(default_factory=dict)


def receive(
    session: Session,
    received: Received,
    *,
    filename: str,
    node_id: int,
    account_id: int | None,
    wishes: Wishes | None = None,
    ask_worker: bool = True,
) -> Intake:
    """Note a file that arrived and ask the worker to look at it."""
    wishes = wishes or Wishes()
    intake = Intake(
        key=received.key,
        node_id=node_id,
        account_id=account_id,
        filename=filename[-255:],
        size=received.size,
        sha256=received.sha256,
        findings={},
        wishes={
            "publish": wishes.publish,
            "publication_id": wishes.publication_id,
            "rights": str(wishes.rights),
            "facts": dict(wishes.facts),
        },
        created_at=clock.now(),
    )
    session.add(intake)
    session.flush()
    if ask_worker:
        queue.enqueue(session, JOB, {"intake_id": intake.id}, key=f"{JOB}:{intake.id}")
    return intake


def twin_of(session: Session, sha256: str) -> Publication | None:
    """A publication that was made of the very same file."""
    return session.scalar(
        select(Publication)
        .where(Publication.original == sha256, Publication.state != State.WITHDRAWN)
        .order_by(Publication.id)
        .limit(1)
    )


def refuse(session: Session, intake_id: int, result: Result) -> None:
    """Note why there is no book; the file is kept aside."""
    intake = session.get_one(Intake, intake_id)
    intake.state = "refused"
    intake.finished_at = clock.now()
    refused = [result.refused.as_json()] if result.refused else []
    intake.findings = {"list": refused + [f.as_json() for f in result.findings]}


def ask_again(session: Session, intake_id: int) -> None:
    """Have a refused file looked at once more."""
    intake = session.get_one(Intake, intake_id)
    intake.state, intake.finished_at, intake.findings = "waiting", None, {}
    queue.enqueue(session, JOB, {"intake_id": intake_id}, key=f"{JOB}:{intake_id}")


def accept(session: Session, intake_id: int, result: Result) -> Publication:
    """Make the publication of a file that was taken in, or give one its new file."""
    intake = session.get_one(Intake, intake_id)
    wishes, facts = dict(intake.wishes), result.facts
    wanted = wishes.get("publication_id")
    publication = session.get(Publication, wanted) if wanted else None
    if publication is None:
        publication = _new_publication(session, intake, facts)
    _describe(publication, intake, facts)
    session.flush()
    session.execute(delete(PublicationForm).where(PublicationForm.publication_id == publication.id))
    session.expire(publication, ["forms"])
    for form in forms_of(facts):
        session.add(PublicationForm(publication_id=publication.id, form=form))
    write_pages(session, publication.id, facts["pages"])
    intake.state, intake.finished_at = "done", clock.now()
    intake.findings = {"list": [f.as_json() for f in result.findings]}
    intake.publication_id = publication.id
    if wishes.get("publish") and publication.state == State.DRAFT:
        publication.state, publication.published_at = State.PUBLISHED, clock.now()
    if facts["characters"]:  # the job looks whether there is a tool for it
        queue.enqueue(
            session,
            "reading.make_braille",
            {"publication_id": publication.id, "key": intake.key},
            key=f"braille:{intake.key}",
        )
    if facts["kind"] == "pdf":
        for first in range(1, facts["chapters"] + 1, DRAWN_IN_A_JOB):
            arguments = {"publication_id": publication.id, "key": intake.key, "first": first}
            queue.enqueue(session, DRAW_JOB, arguments)
    if facts["only_pictures"]:
        have_read(session, publication)
    return publication


def have_read(session: Session, publication: Publication) -> None:
    """Ask the worker to read a scan; its job looks whether there is a tool for it."""
    arguments = {"publication_id": publication.id, "key": publication.book_key}
    queue.enqueue(session, SCAN_JOB, arguments, key=f"scan:{publication.book_key}")


def forms_of(facts: Mapping[str, Any]) -> list[str]:
    """In which forms a made book can be had."""
    forms = [facts["form"]]
    if facts["form"] == Form.PAGES and facts["characters"]:
        forms.append(Form.TEXT)
    return forms


def _new_publication(session: Session, intake: Intake, facts: Mapping[str, Any]) -> Publication:
    told = facts["metadata"]
    given = dict(intake.wishes).get("facts") or {}
    bare = intake.filename.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    title = str(given.get("title") or told.get("title") or bare or intake.key)[:300]
    publication = Publication(
        urn=f"urn:uuid:{uuid.uuid4()}",
        node_id=intake.node_id,
        state=State.DRAFT,
        kind=given.get("kind") or _KINDS.get(facts["kind"], Kind.BOOK),
        title=title,
        subtitle=str(told.get("subtitle") or "")[:300],
        sort_key=sort_key(title),
        authors=given.get("authors") or _texts(told.get("authors")),
        contributors=_texts(told.get("contributors")),
        publisher=str(told.get("publisher") or "")[:200],
        published=_year(str(told.get("published") or "")),
        series=str(told.get("series") or "")[:200],
        isbn=find_isbn(_texts(told.get("identifiers"))),
        language=str(facts.get("language") or "zh")[:35],
        summary=_plain(str(given.get("summary") or told.get("description") or "")),
        subject_code=given.get("subject_code"),
        keywords=_texts(told.get("subjects"))[:20],
        audience_code=given.get("audience_code") or "everyone",
        rights=dict(intake.wishes).get("rights") or Rights.LICENSED,
        rights_note=str(told.get("rights") or "")[:500],
        access=dict(told.get("access") or {}),
        record={},
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    session.add(publication)
    return publication


def _describe(publication: Publication, intake: Intake, facts: Mapping[str, Any]) -> None:
    publication.book_key = intake.key
    publication.form = facts["form"]
    publication.has_cover = bool(facts["has_cover"])
    publication.chapters = int(facts["chapters"])
    publication.characters = int(facts["characters"])
    publication.seconds = int(facts["seconds"])
    publication.only_pictures = bool(facts["only_pictures"])
    publication.machine_read = False
    publication.original = intake.sha256
    publication.original_name = intake.filename
    publication.original_type = facts["media_type"]
    publication.original_bytes = intake.size
    publication.updated_at = clock.now()


def write_pages(session: Session, publication_id: int, pages: list[list[Any]]) -> None:
    """Note the pages that have words, [chapter, page, title], for the search over all books."""
    old = list(
        session.scalars(select(ReadingPage.id).where(ReadingPage.publication_id == publication_id))
    )
    session.execute(delete(ReadingPage).where(ReadingPage.publication_id == publication_id))
    outbox.touch(session, "page", *old)
    if not pages:
        return
    rows = [
        {"publication_id": publication_id, "chapter": c, "page": p, "title": title}
        for c, p, title in pages
    ]
    made = session.scalars(insert(ReadingPage).returning(ReadingPage.id), rows)
    outbox.touch(session, "page", *made)


def _texts(value: Any) -> list[str]:
    return [str(text)[:300] for text in value or [] if str(text).strip()]


def _year(text: str) -> str:
    return text[:10].removesuffix("T00:00:00")


def _plain(text: str) -> str:
    """A description may be HTML: its words are kept."""
    import re
    from html import unescape

    bare = re.sub(r"</(p|div|li)>|<br\s*/?>", "\n\n", text, flags=re.IGNORECASE)
    return unescape(re.sub(r"<[^>]{0,500}>", "", bare)).strip()[:5000]
