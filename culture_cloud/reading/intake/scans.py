"""The worker's part in reading scans: page by page, over as many jobs as it takes."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.errors import NotFound
from culture_cloud.jobs import queue
from culture_cloud.reading.books import BookFolder, folder_of, page_name
from culture_cloud.reading.models import Form, Publication, PublicationForm
from culture_cloud.reading.pdf import ocr
from culture_cloud.reading.pdf.drawing import LARGE
from culture_cloud.reading.pdf.pages import write_page
from culture_cloud.reading.texts import PageWords, write_words

from . import services
from .jobs import draw_pages, store
from .revised import copied, put_in_place

SECONDS_A_JOB = 100
"""Then the next job goes on, well within the lease of this one."""


def read_scan(publication_id: int, key: str, first: int = 1) -> None:
    """Job: read the pages of a scan from `first` on; the last job gives the book its words.

    Each page that was read is kept beside the book, so a run that died loses one page at most.
    """
    publication = db.session().get(Publication, publication_id)
    beside = store().folder / "scans" / f"{publication_id}-{key}"
    if (
        publication is None
        or publication.book_key != key
        or not publication.only_pictures
        or ocr.tool() is None
    ):
        shutil.rmtree(beside, ignore_errors=True)
        return
    try:
        book = folder_of(current_app.config["DATA_FOLDER"], publication_id, key)
        count = len(book.manifest.chapters)
    except NotFound:
        return
    db.release_reads()
    beside.mkdir(parents=True, exist_ok=True)
    number, until = first, time.monotonic() + SECONDS_A_JOB
    while number <= count and time.monotonic() < until:
        if not (beside / f"{number:04d}.json").exists():
            _read_page(publication_id, key, book, number, beside)
        number += 1
    with db.transaction() as session:
        if number <= count:
            following = {"publication_id": publication_id, "key": key, "first": number}
            queue.enqueue(session, services.SCAN_JOB, following, key=f"scan:{key}:{number}")
            return
        _give_words(session, session.get_one(Publication, publication_id), beside)
    shutil.rmtree(beside, ignore_errors=True)


def _read_page(publication_id: int, key: str, book: BookFolder, number: int, beside: Path) -> None:
    if not book.has_page_picture(number):
        draw_pages(publication_id, key, number)
        db.release_reads()
    try:
        words = ocr.words_of(book.page_picture(number, LARGE))
    except (ocr.NotRead, NotFound):
        words = ocr.Words()  # one page without words does not keep the others from having theirs
    told = {
        "lines": [[line.text, *line.box, line.edges] for line in words.lines],
        "paragraphs": words.paragraphs,
    }
    path = beside / f"{number:04d}.part"
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    path.replace(path.with_suffix(".json"))


def _give_words(session: Session, publication: Publication, beside: Path) -> None:
    """A new folder in which the pages have words; none where no page had any."""
    read = [json.loads(path.read_text("utf-8")) for path in sorted(beside.glob("*.json"))]
    if not any(page["paragraphs"] for page in read):
        return
    folder, manifest = copied(publication)
    for name in ("words.json", "folded.txt"):
        (folder / name).unlink(missing_ok=True)
    (folder / "boxes").mkdir(exist_ok=True)
    pages = []
    for chapter, page in zip(manifest.chapters, read, strict=False):
        texts, boxes = page["paragraphs"], folder / "boxes" / f"{chapter.number:04d}.json"
        for path in (boxes, folder / "pages" / page_name(chapter.number, 1)):
            path.unlink(missing_ok=True)
        boxes.write_text(json.dumps(page["lines"], ensure_ascii=False), encoding="utf-8")
        write_page(folder, chapter.number, texts)
        chapter.characters, chapter.blocks = sum(map(len, texts)), len(texts)
        pages.append(PageWords(chapter.number, 1, list(enumerate(texts, 1))))
    write_words(pages, folder)
    manifest.characters = sum(chapter.characters for chapter in manifest.chapters)
    manifest.only_pictures, manifest.machine_read = False, True
    publication.only_pictures, publication.machine_read = False, True
    put_in_place(session, publication, folder, manifest)
    services.write_pages(session, publication.id, [[c.number, 1, ""] for c in manifest.chapters])
    has_text = select(PublicationForm).where(
        PublicationForm.publication_id == publication.id, PublicationForm.form == Form.TEXT
    )
    if session.scalar(has_text) is None:
        session.add(PublicationForm(publication_id=publication.id, form=Form.TEXT))
