"""Something to read for the browser: a book, a file that was refused, a shelf, a mark."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from culture_cloud import clock, db
from culture_cloud.access.models import RoleGrant
from culture_cloud.network.models import Node
from culture_cloud.reading.commands import bring_in
from culture_cloud.reading.intake.services import Wishes
from culture_cloud.reading.models import (
    Intake,
    Mark,
    OnSiteNetwork,
    Publication,
    Shelf,
    ShelfEntry,
)
from tests.reading import books

TEXT = "".join(f"<p>第{n}段。渡口的木棉花开了，老艄公撑船过河。</p>" for n in range(1, 300))


def fill(folder: Path) -> None:
    """Bring them into the demo county."""
    hall = db.session().scalar(select(Node.id).order_by(Node.id))
    assert hall is not None
    wishes = Wishes(publish=True, rights="public_domain")
    bad = folder / "bad.epub"
    bad.write_bytes(b"PK\x03\x04 broken")
    bring_in(bad, hall, wishes)
    sound = books.make_mp3(folder / "sound.mp3")
    bring_in(sound, hall, wishes)
    book = books.make_epub(
        folder / "book.epub",
        {"one": "<h1>第1章 one</h1><p>清晨的渡口。</p>", "two": f"<h1>第2章 two</h1>{TEXT}"},
    )
    bring_in(book, hall, wishes)
    with db.transaction() as session:
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


def examples() -> dict[str, object]:
    """Values for the parts of the reading room's addresses."""
    session = db.session()
    publication = session.scalar(select(Publication.id).where(Publication.form == "text"))
    return {
        "publication_id": publication,
        "chapter": 2,
        "page": 2,
        "number": 1,
        "shelf_id": session.scalar(select(Shelf.id)),
        "intake_id": session.scalar(select(Intake.id).where(Intake.state == "refused")),
        "mark_id": session.scalar(select(Mark.id)),
        "network_id": session.scalar(select(OnSiteNetwork.id)),
    }
