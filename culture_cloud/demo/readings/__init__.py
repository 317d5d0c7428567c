"""Things to read in the demo county: short texts of our own, made into files and taken in.

Every form the reading room knows is there once: nested contents, footnotes, vertical lines, ruby,
pictures, tables, formulas, English, a picture book, a PDF with text, a scan without, a licensed and
an on-site title, a film with captions; where a voice is installed, an audio book and a text whose
sentences light up as they are heard.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.network.models import Node
from culture_cloud.reading.intake.at_once import take_in_at_once
from culture_cloud.reading.intake.services import Wishes
from culture_cloud.reading.lending import services as lending
from culture_cloud.reading.models import Kind, Publication, Rights, Shelf, ShelfEntry
from culture_cloud.reading.publications.sorting import sort_key
from culture_cloud.reading.staff.revising import with_captions

from . import epubs, pictures, portable, sound


@dataclass(frozen=True, slots=True)
class Made:
    """A file, and what the desk would write about it."""

    path: Path
    facts: dict[str, Any]


FILM_FACTS: dict[str, Any] = {
    "title": "折一只小纸船",
    "authors": ["木棉渡县文化馆"],
    "kind": "video",
    "subject": "G",
    "audience": "everyone",
    "rights": "open_licence",
    "rights_text": "CC BY-SA 4.0",
    "summary": "四十秒的小课：一张纸，折五步，就是一只船。有字幕和文字稿，听不见、看不清都能学。",
    "captions": "boat.vtt",
}
"""Drawn and spoken by tests/tools/film.py, which needs an encoder that the site does not."""


def film(path: Path) -> Path:
    """The film, copied to a path."""
    path.write_bytes(resources.files(__name__).joinpath("boat.mp4").read_bytes())
    return path


def captions(name: str) -> str:
    """Captions of a film (WebVTT)."""
    return resources.files(__name__).joinpath(name).read_text("utf-8")


def told() -> list[dict[str, Any]]:
    """The written texts."""
    text = resources.files(__name__).joinpath("books.json").read_text("utf-8")
    found: list[dict[str, Any]] = json.loads(text)
    return found


def make_all(folder: Path) -> Iterator[Made]:
    """Write every file into a folder."""
    for book in told():
        yield Made(epubs.write(folder / book["file"], book), book)
    yield Made(pictures.write(folder / "boat.zip"), pictures.FACTS)
    yield Made(portable.write(folder / "guide.pdf"), portable.FACTS)
    yield Made(portable.write_scan(folder / "scan.pdf"), portable.SCAN_FACTS)
    yield Made(film(folder / "boat.mp4"), FILM_FACTS)
    audio = sound.write(folder / "ferry.mp3", next(b for b in told() if b["file"] == "ferry.epub"))
    if audio is not None:
        yield Made(audio, sound.FACTS)


def load() -> None:
    """Take all of them in, as of now."""
    add(clock.now())


def add(now: datetime) -> None:
    """Take all of them into the demo county's reading room."""
    with TemporaryDirectory() as name:
        files = list(make_all(Path(name)))
        with db.transaction() as session:
            halls = list(session.scalars(select(Node.id).order_by(Node.path).limit(3)))
            made = [_take_in(session, one, halls[n % len(halls)]) for n, one in enumerate(files)]
            _add_shelf(session, halls[0], made, now)


def _take_in(session: Session, one: Made, node_id: int) -> Publication:
    facts = one.facts
    intake, publication = take_in_at_once(
        session, one.path, node_id=node_id, wishes=Wishes(publish=True, rights=facts["rights"])
    )
    if publication is None:
        raise RuntimeError(f"{one.path.name} was refused: {intake.findings}")
    publication.title = facts["title"]
    publication.sort_key = sort_key(facts["title"])
    publication.authors = facts["authors"]
    publication.kind = facts.get("kind") or publication.kind or Kind.BOOK
    publication.subject_code = publication.class_mark = facts["subject"]
    publication.audience_code = facts["audience"]
    publication.summary = facts["summary"]
    publication.issue = facts.get("issue", "")
    publication.rights_note = facts["rights_text"]
    publication.downloadable = facts["rights"] == Rights.OPEN_LICENCE
    session.flush()
    if "captions" in facts:
        with_captions(session, publication, captions(facts["captions"]))
    if "copies" in facts:
        lending.set_licence(session, publication.id, number=facts["copies"], days=14)
    return publication


def _add_shelf(session: Session, node_id: int, made: list[Publication], now: datetime) -> None:
    shelf = Shelf(
        node_id=node_id,
        title="本月推荐",
        note="从渡口的故事读起，再学一点防骗的本事。",
        created_at=now,
    )
    chosen = ("渡口夜话", "手机防骗六讲", "小艄公过河", "木棉渡的早晨")
    for position, title in enumerate(chosen):
        found = next(p for p in made if p.title == title)
        shelf.entries.append(ShelfEntry(publication_id=found.id, position=position))
    session.add(shelf)
