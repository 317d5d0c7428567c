"""The worker's part in reading aloud: what many will open is spoken before anybody asks."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from culture_cloud import clock, db
from culture_cloud.errors import NotFound
from culture_cloud.jobs import queue
from culture_cloud.speech.speaking import Listening, make_ahead, speech

from . import heard
from .books import folder_of
from .models import Form, Publication, Recording
from .publications import queries
from .publications.filters import RoomFilter

JOB = "reading.speak_ahead"
SPOKEN_AHEAD = 30
"""The newest titles, and as many of the most read: the first page of each."""

MADE_AT_ONCE = 6
SPEAK_AGAIN = timedelta(seconds=30)


def speak_ahead() -> None:
    """Job: speak the first pages of what stands at the front of the room, a few at a time.

    Whoever goes on reading hears the next page after a moment: it is made when it is asked for.
    Other jobs have their turn between two runs.
    """
    if not speech().engine.is_there:
        return
    keys = [part.key for publication in _at_the_front() for part in _first_page(publication)]
    db.release_reads()  # making takes seconds
    if make_ahead(keys, most=MADE_AT_ONCE):
        with db.transaction() as session:
            queue.enqueue(session, JOB, due_at=clock.now() + SPEAK_AGAIN, key=JOB)


def _at_the_front() -> list[Publication]:
    session = db.session()
    newest = queries.room_page(session, RoomFilter(), size=SPOKEN_AHEAD).publications
    most_read = queries.most_read(session, age=None, size=SPOKEN_AHEAD)
    found = {publication.id: publication for publication in (*most_read, *newest)}
    recorded = set(
        session.scalars(
            select(Recording.publication_id).where(
                Recording.publication_id.in_(found), Recording.chapter == 1
            )
        )
    )
    return [p for p in found.values() if p.form == Form.TEXT and p.id not in recorded]


def _first_page(publication: Publication) -> list[Listening]:
    """What would be said; nothing where the book has a voice of its own, or is not Chinese."""
    folder = current_app.config["DATA_FOLDER"]
    try:
        book = folder_of(folder, publication.id, publication.book_key)
        chapter = book.manifest.chapter(1)
    except NotFound:
        return []
    if chapter.spoken or not chapter.characters or not heard.is_spoken(publication):
        return []
    return heard.spoken(publication, book, chapter, 1)
