"""The worker's part: books in Chinese are put into braille after they were taken in."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.reading.books import folder_of
from culture_cloud.reading.models import Form, Publication, PublicationForm
from culture_cloud.reading.texts import words_of

from .making import NoBraille, brf, path_of, tool


def make_braille(publication_id: int, key: str) -> None:
    """Job: write the BRF file of a book and note that there is one. Safe to do twice."""
    publication = db.session().get(Publication, publication_id)
    if publication is None or publication.book_key != key or tool() is None:
        return
    if not publication.characters or not publication.language.lower().startswith("zh"):
        return
    data_folder = str(current_app.config["DATA_FOLDER"])
    book = folder_of(data_folder, publication_id, key)
    title = publication.title
    db.release_reads()
    try:
        cells = brf(title, book.manifest, words_of(book))
    except NoBraille as error:
        raise RuntimeError(f"no braille: {error}") from error
    path = path_of(data_folder, publication_id, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text(cells, encoding="ascii", errors="replace")
    beside.replace(path)
    with db.transaction() as session:
        known = select(PublicationForm).where(
            PublicationForm.publication_id == publication_id, PublicationForm.form == Form.BRAILLE
        )
        if session.scalar(known) is None:
            session.add(PublicationForm(publication_id=publication_id, form=Form.BRAILLE))
