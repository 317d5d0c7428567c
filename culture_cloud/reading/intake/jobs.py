"""The worker's part: looking at files, drawing pages, clearing up."""

from __future__ import annotations

import shutil
import subprocess
import sys

from flask import current_app
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.config import PROJECT_ROOT
from culture_cloud.errors import NotFound
from culture_cloud.media import services as media_services
from culture_cloud.media import serving
from culture_cloud.media.originals import Kept
from culture_cloud.media.sniffing import BY_MEDIA_TYPE
from culture_cloud.reading.books import folder_of
from culture_cloud.reading.models import Intake, Publication

from . import services
from .process import make_apart
from .store import IntakeStore


def store() -> IntakeStore:
    """The store of the running app."""
    return IntakeStore(str(current_app.config["DATA_FOLDER"]))


def take_in(intake_id: int) -> None:
    """Job: look at a file that came in; make a book of it, or keep it aside and say why.

    May run again after a crash: everything is written beside and moved, the row last.
    """
    with db.transaction() as session:
        intake = session.get(Intake, intake_id)
        if intake is None or intake.state != "waiting":
            return
        key, sha256, size = intake.key, intake.sha256, intake.size
    kept = store()
    source = kept.waiting(key)
    if not source.exists():  # a run before this one moved it and died
        source = serving.store().path(sha256)
    growing = kept.making(key)
    shutil.rmtree(growing, ignore_errors=True)
    growing.parent.mkdir(parents=True, exist_ok=True)
    result = make_apart(source, growing)
    if result.refused is not None:
        kept.keep_aside(key)
        with db.transaction() as session:
            services.refuse(session, intake_id, result)
        return
    if kept.waiting(key).exists():
        serving.store().adopt(kept.waiting(key), BY_MEDIA_TYPE[result.facts["media_type"]])
    original = Kept(sha256, size, BY_MEDIA_TYPE[result.facts["media_type"]])
    with db.transaction() as session:
        media_services.record(session, original)
        publication = services.accept(session, intake_id, result)
        # inside the transaction: whoever sees the row finds the folder
        kept.settle(key, publication.id)


def draw_pages(publication_id: int, key: str, first: int) -> None:
    """Job: draw the pages of a PDF that were not drawn when it was taken in."""
    publication = db.session().get(Publication, publication_id)
    if publication is None or publication.book_key != key:
        return
    try:
        folder = folder_of(current_app.config["DATA_FOLDER"], publication_id, key).folder
    except NotFound:
        return
    last = first + services.DRAWN_IN_A_JOB - 1
    source = serving.store().path(publication.original)
    db.release_reads()
    subprocess.run(  # noqa: S603  (a fixed command of ours, no shell)
        (
            *(sys.executable, "-m", "culture_cloud.reading.pdf.draw_program"),
            *(str(source), str(folder), str(first), str(last)),
        ),
        capture_output=True,
        timeout=280,
        cwd=PROJECT_ROOT,
        env={},
        check=True,
    )


def clear_up() -> None:
    """Job: book folders that no publication has any more, and half-made ones, are deleted."""
    kept = store()
    books = kept.folder / "books"
    if not books.exists():
        return
    wanted = {
        f"{publication_id}-{key}"
        for publication_id, key in db.session().execute(
            select(Publication.id, Publication.book_key)
        )
    }
    waiting = set(db.session().scalars(select(Intake.key).where(Intake.state == "waiting")))
    for folder in books.iterdir():
        if folder.name not in wanted and folder.name.rpartition("-")[2] not in waiting:
            shutil.rmtree(folder, ignore_errors=True)
