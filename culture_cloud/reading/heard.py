"""What can be heard with a page: a person's recording, the book's own, else the site's voice."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from sqlalchemy import select

from culture_cloud import db, i18n
from culture_cloud.speech.speaking import Listening, listening
from culture_cloud.speech.text import MOST_CHARACTERS

from .books import BookFolder, Chapter
from .models import Publication, Recording
from .texts import folded, page_words


@dataclass(slots=True)
class Heard:
    """One of them is there, or none: then the page says how to have it read."""

    recording: dict[str, Any] | None = None
    #: sound files of the book, with the words they belong to (media overlays)
    overlay: list[dict[str, Any]] = field(default_factory=list)
    #: the site's voice, in parts that are each short enough to be made at once
    parts: list[Listening] = field(default_factory=list)


def of_page(publication: Publication, book: BookFolder, chapter: Chapter, page: int) -> Heard:
    """What can be heard with a page of a book."""
    recorded = db.session().scalar(
        select(Recording).where(
            Recording.publication_id == publication.id, Recording.chapter == chapter.number
        )
    )
    if recorded is not None:
        src = url_for(
            "reading_own.recording", publication_id=publication.id, chapter=chapter.number
        )
        return Heard({"src": src, "reader": recorded.reader, "media_type": recorded.media_type})
    if chapter.spoken:
        overlay = _overlay(publication, chapter, page)
        if overlay:
            return Heard(overlay=overlay)
    if not i18n.is_chinese() or not is_spoken(publication) or not chapter.characters:
        return Heard()
    return Heard(parts=spoken(publication, book, chapter, page))


def is_spoken(publication: Publication) -> bool:
    """Whether the site's voice knows the language of a text."""
    return publication.language.lower().startswith("zh")


def _overlay(publication: Publication, chapter: Chapter, page: int) -> list[dict[str, Any]]:
    """The sound of this page's words. The address says from where to where it is heard, so that
    it begins and ends with the page without scripts too (Media Fragments URI 1.0)."""
    files: dict[str, list[dict[str, Any]]] = {}
    for clip in chapter.spoken:
        if clip.get("page", page) == page:
            files.setdefault(clip["audio"], []).append(clip)
    return [
        {
            "src": url_for("reading_files.media", publication_id=publication.id, name=name)
            + f"#t={clips[0]['begin']:g},{clips[-1]['end']:g}",
            "clips": json.dumps([[c["id"], c["begin"], c["end"]] for c in clips]),
        }
        for name, clips in files.items()
    ]


PART = MOST_CHARACTERS - 300
"""Signs and figures grow when they are put into words."""


def spoken(
    publication: Publication, book: BookFolder, chapter: Chapter, page: int
) -> list[Listening]:
    """A page in parts that the site's voice says; none where nobody can speak."""
    blocks = [words for _block, words in page_words(book, chapter.number, page).blocks]
    if page == 1 and chapter.title:
        blocks.insert(0, chapter.title)
    found = []
    for part in parts_of(blocks):
        one = listening(part, readings=publication.readings)
        if one is None:
            return []
        found.append(one)
    return found


def parts_of(blocks: list[str]) -> list[list[str]]:
    """Paragraphs in portions of at most about PART characters."""
    from .epub.splitting import sentences_of

    parts: list[list[str]] = [[]]
    size = 0
    for block in blocks:
        for piece in sentences_of(block, PART) if len(block) > PART else [block]:
            if size and size + len(piece) > PART:
                parts.append([])
                size = 0
            parts[-1].append(piece)
            size += len(piece)
    return [part for part in parts if part]


def boxes_on_page(book: BookFolder, number: int, wanted: str) -> list[dict[str, int]]:
    """Where on the picture of a PDF page the words stand: boxes in thousandths of its sides."""
    try:
        lines = json.loads((book.folder / "boxes" / f"{number:04d}.json").read_text("utf-8"))
    except FileNotFoundError:
        return []
    sought = folded(wanted)
    found = []
    for text, left, top, right, bottom, edges in lines:
        line, at = folded(text), -1
        while sought and (at := line.find(sought, at + 1)) >= 0:
            begin = edges[at - 1] if 0 < at <= len(edges) else left
            last = at + len(sought) - 1
            end = edges[last] if last < len(edges) else right
            found.append(
                {
                    "x": begin,
                    "y": max(0, top - 2),
                    "width": max(4, end - begin),
                    "height": max(8, bottom - top + 4),
                }
            )
    return found[:200]
