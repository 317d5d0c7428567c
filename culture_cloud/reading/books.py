"""The book folder: what a reader page needs, made once by the intake, never changed afterwards.

    manifest.json              chapters, contents, how the text runs
    pages/0003-002.html        a sanitised page: the second page of chapter 3
    pictures/<hash>-<w>.webp   pictures, re-encoded
    book.css                   the allowed part of the book's own style sheets
    cover-480.webp             the cover

A folder is named by its publication and an unguessable key; reading it never touches the database.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from culture_cloud.errors import NotFound

FORMAT = 1
"""Moves when a reader of old folders would no longer understand them."""

COVER_WIDTHS = (240, 480)


@dataclass(slots=True)
class Chapter:
    """One chapter; `starts` holds the number of the first block of each of its pages."""

    number: int
    title: str
    characters: int = 0
    starts: list[int] = field(default_factory=lambda: [1])
    #: how many blocks it has in all
    blocks: int = 0
    #: notes and the like, which are reached by links and not counted
    aside: bool = False
    #: what is heard with it: [{"id", "page", "audio", "begin", "end"}], EPUB media overlays
    spoken: list[dict[str, Any]] = field(default_factory=list)
    #: an audio book: its file and where in it the chapter begins and ends, in seconds
    audio: dict[str, Any] | None = None
    #: a page image: how wide and high its picture is; None where there is none (yet)
    image: dict[str, Any] | None = None

    @property
    def pages(self) -> int:
        return len(self.starts)

    def page_of(self, block: int) -> int:
        """The page, from 1, on which a block stands."""
        return max(1, min(self.pages, bisect_right(self.starts, block)))


@dataclass(slots=True)
class Entry:
    """A line of the contents: level from 1."""

    title: str
    chapter: int
    page: int = 1
    anchor: str = ""
    level: int = 1


@dataclass(slots=True)
class Manifest:
    """What a book folder says of itself. `form`: text, pages (PDF, pictures), audio, video."""

    form: str
    language: str = "zh"
    direction: str = "ltr"
    vertical: bool = False
    has_styles: bool = False
    chapters: list[Chapter] = field(default_factory=list)
    contents: list[Entry] = field(default_factory=list)
    characters: int = 0
    #: audio and video, in seconds
    seconds: float = 0
    #: files of the folder that are streamed: name → media type
    media: dict[str, str] = field(default_factory=dict)
    #: video captions: [{"file", "language", "label"}]
    captions: list[dict[str, str]] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    #: PDF and pictures: no page of it has text
    only_pictures: bool = False
    #: the words were read from the pictures by a machine
    machine_read: bool = False

    @property
    def counted(self) -> int:
        """The number of chapters a reader is told."""
        return sum(1 for chapter in self.chapters if not chapter.aside)

    def chapter(self, number: int) -> Chapter:
        """Raises NotFound."""
        if not 1 <= number <= len(self.chapters):
            raise NotFound
        return self.chapters[number - 1]

    def share_before(self, chapter: int, page: int) -> float:
        """How much of the book lies before a page, 0 to 1."""
        total = sum(max(1, c.characters) for c in self.chapters) or 1
        before = sum(max(1, c.characters) for c in self.chapters[: chapter - 1])
        here = self.chapters[chapter - 1]
        return min(1.0, (before + max(1, here.characters) * (page - 1) / here.pages) / total)

    def as_json(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False)

    @classmethod
    def parse(cls, text: str) -> Manifest:
        facts = json.loads(text)
        facts.pop("format", None)
        facts["chapters"] = [Chapter(**chapter) for chapter in facts["chapters"]]
        facts["contents"] = [Entry(**entry) for entry in facts["contents"]]
        return cls(**facts)


class BookFolder:
    """One book folder, read. Names that come from an address are checked here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def manifest(self) -> Manifest:
        """Kept in memory: folders never change. Raises NotFound."""
        return _kept(self.folder)

    def page_html(self, chapter: int, page: int) -> str:
        """The sanitised inside of a page, with `@book@` where the book's address goes."""
        return self._read(f"pages/{page_name(chapter, page)}").decode()

    def picture(self, name: str) -> bytes:
        if not re.fullmatch(r"[0-9a-f]{16,40}-\d{1,4}\.webp", name):
            raise NotFound
        return self._read(f"pictures/{name}")

    def page_picture(self, number: int, width: int) -> bytes:
        """The picture of a page of a PDF or picture book. Raises NotFound until it is drawn."""
        return self._read(f"pictures/page-{number:04d}-{width}.webp")

    def has_page_picture(self, number: int) -> bool:
        return (self.folder / "pictures" / f"page-{number:04d}-720.webp").exists()

    def cover(self, width: int) -> bytes:
        if width not in COVER_WIDTHS:
            raise NotFound
        return self._read(f"cover-{width}.webp")

    def styles(self) -> bytes:
        return self._read("book.css")

    def media_path(self, name: str) -> Path:
        """The path of a file that is streamed."""
        if name not in self.manifest.media:
            raise NotFound
        return self.folder / "media" / name

    def _read(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound from None


def page_name(chapter: int, page: int) -> str:
    return f"{chapter:04d}-{page:03d}.html"


def folder_of(data_folder: str | Path, publication_id: int, key: str) -> BookFolder:
    """The folder of a publication's book. Raises NotFound where it has none."""
    if not re.fullmatch(r"[0-9a-f]{8,40}", key):
        raise NotFound
    return BookFolder(Path(data_folder) / "reading" / "books" / f"{publication_id}-{key}")


_manifests: OrderedDict[Path, Manifest] = OrderedDict()
_lock = Lock()
_MOST_KEPT = 64


def _kept(folder: Path) -> Manifest:
    found = _manifests.get(folder)
    if found is None:
        try:
            text = (folder / "manifest.json").read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound from None
        found = Manifest.parse(text)
        with _lock:
            _manifests[folder] = found
            while len(_manifests) > _MOST_KEPT:
                _manifests.popitem(last=False)
    return found
