"""From documents in reading order to chapters with titles, numbered blocks and whole links."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from culture_cloud.reading.books import Chapter, Entry

from .content import Document, bound_id
from .markup import drop, text_of
from .names import HEADINGS, LEAVES
from .package import ContentsEntry
from .splitting import TARGET, Piece, split, weight_of

_NOTHING_TITLES = {"", "unknown", "untitled", "navigation", "start", "cover"}


@dataclass(slots=True)
class Draft:
    """A chapter while the book is made: its pages are trees still."""

    title: str
    pieces: list[tuple[Document, Piece]] = field(default_factory=list)
    aside: bool = False


Places = dict[tuple[str, str], tuple[int, int]]
"""(path of a document, an id in it or "") → (chapter, page), both from 1."""


@dataclass(slots=True)
class Draughts:
    """All chapters, and where each place of the source ended up."""

    drafts: list[Draft]
    places: Places = field(default_factory=dict)


def arrange(
    documents: Iterable[tuple[Document, bool]], contents: list[ContentsEntry], book_title: str
) -> Draughts:
    """Chapters in reading order. `documents`: each with whether it is part of the main flow."""
    by_path: dict[str, list[ContentsEntry]] = {}
    for entry in contents:
        by_path.setdefault(entry.path, []).append(entry)
    drafts: list[Draft] = []
    for document, linear in documents:
        entries = by_path.get(document.path, [])
        titles = _starts(document, entries)
        for position, piece in enumerate(split(document.root, set(titles))):
            title = titles.get(piece.begins, "") if piece.begins else ""
            if not title and position == 0:
                own = [] if titles else entries
                title = _document_title(document, own, book_title, first=not drafts)
            if title or not drafts or drafts[-1].aside != (not linear):
                drafts.append(Draft(title or book_title, aside=not linear))
            drafts[-1].pieces.append((document, piece))
    drafts.sort(key=lambda draft: draft.aside)
    found = Draughts(drafts)
    _note_places(found)
    return found


def _starts(document: Document, entries: list[ContentsEntry]) -> dict[str, str]:
    """The ids of a document at which chapters begin, with their titles.

    Of several levels of the contents the uppermost counts that has more than one place here.
    """
    ids = {e.get("id") for e in document.root.iter() if e.get("id")}
    placed = [e for e in entries if e.fragment and bound_id(e.fragment) in ids]
    is_long = weight_of(document.root) > 2 * TARGET
    for level in sorted({e.level for e in placed}):
        # the sections of a short document stay one chapter
        if level > 1 and not is_long:
            break
        here = {bound_id(e.fragment): e.title for e in reversed(placed) if e.level <= level}
        if len(here) > 1 or (here and is_long):
            return here
    return {}


def _document_title(
    document: Document, entries: list[ContentsEntry], book_title: str, *, first: bool
) -> str:
    """What the chapter that begins with a document is called; empty where it only goes on."""
    whole = next((e.title for e in entries if not e.fragment), "") or (
        entries[0].title if entries else ""
    )
    if whole and whole.lower() not in _NOTHING_TITLES:
        return whole
    heading = next((e for e in document.root.iter(*HEADINGS) if text_of(e).strip()), None)
    if document.heading and heading is not None:
        return document.heading
    if first and not text_of(document.root).strip():
        return "封面"
    title = document.title
    if title.lower() in _NOTHING_TITLES or title == book_title or entries == []:
        return ""
    return title


def _note_places(found: Draughts) -> None:
    for number, draft in enumerate(found.drafts, 1):
        for page, (document, piece) in enumerate(draft.pieces, 1):
            found.places.setdefault((document.path, ""), (number, page))
            for element in piece.root.iter():
                if element.get("id"):
                    found.places.setdefault((document.path, element.get("id", "")), (number, page))


# --- one chapter ---------------------------------------------------------------------------------


def finish(
    number: int, draft: Draft, draughts: Draughts, prefix: str
) -> tuple[Chapter, list[etree._Element]]:
    """Its blocks numbered, its links led home, its notes beside what they explain."""
    chapter = Chapter(number, draft.title, starts=[], aside=draft.aside)
    _bring_notes(number, draft, draughts)
    block = 0
    roots = []
    for position, (document, piece) in enumerate(draft.pieces):
        root = piece.root
        if position == 0:
            _drop_repeated_title(root, draft.title)
        _lead_home(root, draughts, (number, position + 1), prefix)
        _even_headings(root)
        chapter.starts.append(block + 1)
        block = _number(root, block)
        chapter.characters += len(re.sub(r"\s", "", text_of(root)))
        if document.language and not root.get("lang"):
            root.set("lang", document.language[:35])
        if document.direction in {"ltr", "rtl"}:
            root.set("dir", document.direction)
        roots.append(root)
    chapter.blocks = block
    return chapter, roots


def _drop_repeated_title(root: etree._Element, title: str) -> None:
    """The page's own heading says the chapter's title already."""
    first = next((e for e in root.iter(*HEADINGS) if text_of(e).strip()), None)
    if first is None or _bare(text_of(first)) != _bare(title):
        return
    before = next((e for e in root.iter(*LEAVES, "img") if e is first or text_of(e).strip()), None)
    if before is not first or first.find(".//img") is not None:
        return
    kept = [e.get("id", "") for e in first.iter() if e.get("id")]
    notes = [e for e in first.iter("a") if e.get("role") == "doc-noteref"]
    if notes:
        return
    tail = first.tail
    first.clear()
    first.tag, first.tail = "div", tail
    for anchor in kept:
        etree.SubElement(first, "span", {"id": anchor})
    if not kept:
        parent = first.getparent()
        if parent is not None:
            parent.remove(first)


def _bare(text: str) -> str:
    return re.sub(r"[\s\u3000]+", "", text)


def _lead_home(
    root: etree._Element, draughts: Draughts, here: tuple[int, int], prefix: str
) -> None:
    """References inside the book become addresses of its pages."""
    ids = {e.get("id") for e in root.iter() if e.get("id")}
    for element in root.iter("a", "img"):
        name = "href" if element.tag == "a" else "src"
        value = element.get(name, "")
        if not value.startswith("book:/"):
            continue
        value = value.removeprefix("book:")
        if value.startswith("/pictures/"):
            element.set(name, prefix + value)
            continue
        path, _, anchor = value.removeprefix("/").partition("#")
        place = draughts.places.get((path, anchor)) or draughts.places.get((path, ""))
        if place is None:
            del element.attrib[name]
            drop(element, "role")
            continue
        if place == here and anchor in ids:
            element.set(name, f"#{anchor}")
            continue
        element.set(name, page_address(prefix, *place) + (f"#{anchor}" if anchor else ""))


def page_address(prefix: str, chapter: int, page: int) -> str:
    return f"{prefix}/{chapter}" + (f"/{page}" if page > 1 else "")


def _even_headings(root: etree._Element) -> None:
    """Headings go on from the page's own h1 without a level skipped (WCAG 1.3.1)."""
    above: list[int] = []
    for element in root.iter(*HEADINGS):
        level = int(str(element.tag)[1])
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        element.tag = f"h{min(6, len(above) + 1)}"
        if not text_of(element).strip() and element.find(".//img") is None:
            element.tag = "div"
            above.pop()


def _number(root: etree._Element, block: int) -> int:
    """Give every block of text its number as id; its own id moves into an empty span before."""
    for element in root.iter():
        if element.tag not in LEAVES and not _is_bare_text(element):
            continue
        if not text_of(element).strip() or any(c.tag in LEAVES for c in element.iterdescendants()):
            continue
        block += 1
        own = element.get("id")
        if own:
            anchor = etree.Element("span", {"id": own})
            anchor.tail, element.text = element.text, None
            element.insert(0, anchor)
        element.set("id", f"n{block}")
    return block


def _is_bare_text(element: etree._Element) -> bool:
    """A container that holds text itself, such as a line of a poem in a div."""
    if element.tag not in {"div", "section", "blockquote"} or not (element.text or "").strip():
        return False
    return not any(c.tag in LEAVES or c.tag in {"div", "section"} for c in element)


# --- footnotes -----------------------------------------------------------------------------------


def _bring_notes(number: int, draft: Draft, draughts: Draughts) -> None:
    """A footnote stands at the foot of the page that refers to it first, with a way back."""
    notes = {
        e.get("id", ""): (page, e)
        for page, (_document, piece) in enumerate(draft.pieces, 1)
        for e in piece.root.iter()
        if e.get("role") == "doc-footnote" and e.get("id") and e.tag in {"div", "section", "p"}
    }
    if not notes:
        return
    for page, (document, piece) in enumerate(draft.pieces, 1):
        brought = []
        for anchor in [e for e in piece.root.iter("a") if e.get("role") == "doc-noteref"]:
            name = anchor.get("href", "").partition("#")[2]
            if name not in notes or draughts.places.get((document.path, name)) is None:
                continue
            brought.append(notes.pop(name)[1])
        if not brought:
            continue
        foot = etree.SubElement(piece.root, "div", {"class": "book-notes"})
        for note in brought:
            note.tail = None
            foot.append(note)
            for element in note.iter():
                if element.get("id"):
                    draughts.places[(document.path, element.get("id", ""))] = (number, page)


# --- contents ------------------------------------------------------------------------------------


def contents_of(
    chapters: list[Chapter], contents: list[ContentsEntry], draughts: Draughts
) -> list[Entry]:
    """The book's own contents where they lead somewhere; else a line for each chapter."""
    found = []
    for entry in contents:
        anchor = bound_id(entry.fragment) if entry.fragment else ""
        place = draughts.places.get((entry.path, anchor)) or draughts.places.get((entry.path, ""))
        if place is not None:
            found.append(Entry(entry.title, *place, anchor, entry.level))
    counted = sum(1 for chapter in chapters if not chapter.aside)
    if len(found) > 1 or counted == 1:
        base = min((e.level for e in found), default=1) - 1
        for line in found:
            line.level -= base
        return found or [Entry(c.title, c.number) for c in chapters]
    return [Entry(c.title, c.number) for c in chapters if not c.aside]
