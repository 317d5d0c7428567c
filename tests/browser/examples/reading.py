"""Something to read: a book, a file that was refused, a shelf, a mark."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.models import RoleGrant
from culture_cloud.demo import readings
from culture_cloud.network.models import Node
from culture_cloud.reading.intake.at_once import take_in_at_once
from culture_cloud.reading.intake.services import Wishes
from culture_cloud.reading.models import (
    Intake,
    Mark,
    OnSiteNetwork,
    Publication,
    Shelf,
    ShelfEntry,
)
from culture_cloud.reading.staff.revising import with_captions
from tests.browser.places import Place
from tests.reading import books

TEXT = "".join(f"<p>第{n}段。渡口的木棉花开了，老艄公撑船过河。</p>" for n in range(1, 300))


def prepare(session: Session) -> None:
    """Bring them into the demo county."""
    hall = session.scalar(select(Node.id).order_by(Node.id))
    assert hall is not None
    wishes = Wishes(publish=True, rights="public_domain")
    with TemporaryDirectory() as name:
        folder = Path(name)
        bad = folder / "bad.epub"
        bad.write_bytes(b"PK\x03\x04 broken")
        book = books.make_epub(
            folder / "book.epub",
            {"one": "<h1>第1章 one</h1><p>清晨的渡口。</p>", "two": f"<h1>第2章 two</h1>{TEXT}"},
        )
        sound, pdf = books.make_mp3(folder / "s.mp3"), books.make_pdf(folder / "p.pdf", ["Ferry"])
        for path in (bad, book, sound, pdf):
            take_in_at_once(session, path, node_id=hall, wishes=wishes)
        film = readings.film(folder / "f.mp4")
        _intake, publication = take_in_at_once(session, film, node_id=hall, wishes=wishes)
        assert publication is not None
        with_captions(session, publication, readings.captions("boat.vtt"))
    _add_what_readers_made(session, hall)


def _add_what_readers_made(session: Session, hall: int) -> None:
    publication = session.scalar(select(Publication).where(Publication.form == "text"))
    manager = session.scalar(
        select(RoleGrant.account_id).where(RoleGrant.role == "main_hall_manager")
    )
    assert publication is not None
    assert manager is not None
    shelf = Shelf(node_id=hall, title="本月推荐", created_at=clock.now())
    shelf.entries.append(ShelfEntry(publication_id=publication.id))
    session.add(shelf)
    session.add(OnSiteNetwork(node_id=hall, network="10.9.0.0/16"))
    session.add(
        Mark(
            account_id=manager,
            publication_id=publication.id,
            kind="highlight",
            chapter=1,
            block=1,
            end=2,
            quote="清晨",
            created_at=clock.now(),
        )
    )


def values(session: Session) -> dict[str, object]:
    """Values for the parts of the reading room's addresses."""
    publication = session.scalar(select(Publication.id).where(Publication.form == "text"))
    film = session.scalar(select(Publication.id).where(Publication.form == "video"))
    return {
        "publication_id": publication,
        "chapter": 2,
        "page": 2,
        "number": 1,
        "shelf_id": session.scalar(select(Shelf.id)),
        "intake_id": session.scalar(select(Intake.id).where(Intake.state == "refused")),
        "mark_id": session.scalar(select(Mark.id)),
        "network_id": session.scalar(select(OnSiteNetwork.id)),
        # a text has neither chapters to be typed in nor captions
        "desk_reading.chapters.publication_id": film,
        "desk_reading.captions.publication_id": film,
    }


def states(session: Session) -> list[Place]:
    """Pages of a book in the states that only an address names, and the other forms."""
    rows = session.execute(select(Publication.form, Publication.id))
    found = {str(form): int(number) for form, number in rows}
    book, pdf, sound, film = (found[form] for form in ("text", "pages", "audio", "video"))
    return [
        Place("reading: marked words", f"/read/{book}/2?find=木棉花"),
        Place("reading: hits", f"/read/{book}/find?q=木棉花"),
        Place("reading: no hits", f"/read/{book}/find?q=火车"),
        Place("reading: a signed-in page", f"/read/{book}/2/2", "resident"),
        Place("reading: a page of a PDF", f"/read/{pdf}/1?find=Ferry"),
        Place("reading: a page enlarged", f"/read/{pdf}/1?zoom=200"),
        Place("reading: contents of a PDF", f"/read/{pdf}/contents"),
        Place("reading: an audio book", f"/read/{sound}/1", "resident"),
        Place("reading: a film with captions", f"/read/{film}/1"),
        Place("reading: nothing found", "/read?subject=Z"),
    ]


KEY = {"reading.chapter"}
