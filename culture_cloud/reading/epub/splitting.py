"""Long documents parted into chapters and pages, never inside a paragraph that can stay whole."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass

from lxml import etree

from .markup import drop as _drop
from .markup import text_of
from .names import CONTAINERS, HEADINGS

TARGET = 3500
"""Characters of a page: five to eight minutes of reading, well under 40 KB compressed."""

LONGEST = 7000
"""A paragraph longer than this is parted too, at the end of a sentence."""

PICTURE_WEIGHT = 150


@dataclass(slots=True)
class Piece:
    """A page to be: its root, and the place of the contents that begins with it, if one does."""

    root: etree._Element
    begins: str | None = None
    weight: int = 0


def split(root: etree._Element, starts: set[str]) -> list[Piece]:
    """The pages of a cleaned document; `starts`: the ids at which a chapter begins."""
    splitter = _Splitter(root, starts)
    splitter.walk(root, [])
    return [piece for piece in splitter.pieces if _has_content(piece.root)] or [Piece(root)]


def weight_of(element: etree._Element) -> int:
    """Its length in Chinese characters; other letters weigh a third."""
    text = len(text_of(element).strip().encode("utf-8", "replace")) // 3
    return text + PICTURE_WEIGHT * sum(1 for _image in element.iter("img"))


def _has_content(root: etree._Element) -> bool:
    return bool(text_of(root).strip()) or next(root.iter("img", "hr", "math"), None) is not None


class _Splitter:
    def __init__(self, root: etree._Element, starts: set[str]) -> None:
        self.starts = starts
        self.pieces: list[Piece] = []
        self.source_root = root
        self.open: list[tuple[etree._Element, etree._Element]] = []
        #: how many items of a numbered list stand on pages already
        self.counted: dict[etree._Element, int] = {}
        self._begin(None)

    def _begin(self, begins: str | None) -> None:
        made = etree.Element("div", _attributes(self.source_root, but="id"))
        if not self.pieces and self.source_root.get("id"):
            made.set("id", str(self.source_root.get("id")))
        self.pieces.append(Piece(made, begins))
        self.open = []

    @property
    def now(self) -> Piece:
        return self.pieces[-1]

    def walk(self, node: etree._Element, path: list[etree._Element]) -> None:
        if node.text and node.text.strip():
            _append_text(self._home([*path, node]), node.text)
        for child in list(node):
            self._child(child, [*path, node])
            if child.tail and child.tail.strip():
                _append_text(self._home([*path, node]), child.tail)

    def _child(self, child: etree._Element, path: list[etree._Element]) -> None:
        start = self._start_in(child)
        is_own = start is not None and (
            child.get("id") == start or child.tag not in CONTAINERS or _leads(child, start)
        )
        if start is not None and is_own:
            if self.now.weight or self.now.begins:
                self._begin(start)
            self.now.begins = start
            self.starts.discard(start)
            start = self._start_in(child)
        weight = weight_of(child)
        fits = self.now.weight + weight <= TARGET
        parts = child.tag in CONTAINERS and (start is not None or not fits)
        if parts and (start is not None or weight > TARGET // 2 or not self.now.weight):
            self.walk(child, path)
            return
        heading_at_the_end = child.tag in HEADINGS and self.now.weight > TARGET * 0.8
        if self.now.weight and (not fits or heading_at_the_end):
            self._begin(None)
        if weight > LONGEST and child.tag not in CONTAINERS:
            self._long_paragraph(child, path)
            return
        self._place(child, path, weight)

    def _start_in(self, element: etree._Element) -> str | None:
        if not self.starts:
            return None
        return next((i for e in element.iter() if (i := e.get("id")) in self.starts), None)

    def _place(self, child: etree._Element, path: list[etree._Element], weight: int) -> None:
        home = self._home(path)
        made = copy.copy(child)
        made.tail = None
        home.append(made)
        self.now.weight += weight
        if path[-1].tag == "ol" and child.tag == "li":
            self.counted[path[-1]] = self.counted.get(path[-1], 0) + 1

    def _home(self, path: list[etree._Element]) -> etree._Element:
        """The clone of the last container of the path on the page that is being filled."""
        home = self.now.root
        for depth, source in enumerate(path[1:]):
            if depth < len(self.open) and self.open[depth][0] is source:
                home = self.open[depth][1]
                continue
            del self.open[depth:]
            home = etree.SubElement(home, str(source.tag), _attributes(source))
            if any(piece_has(piece.root, source.get("id")) for piece in self.pieces[:-1]):
                _drop(home, "id")
            if source.tag == "ol" and self.counted.get(source):
                first = source.get("start") or "1"
                base = int(first) if first.isdigit() else 1
                home.set("start", str(base + self.counted[source]))
            self.open.append((source, home))
        return home

    def _long_paragraph(self, child: etree._Element, path: list[etree._Element]) -> None:
        """A paragraph without end: plain text is cut at sentences, anything else stays whole."""
        if len(child):
            self._place(child, path, weight_of(child))
            return
        for number, part in enumerate(sentences_of(child.text or "", LONGEST // 2)):
            made = etree.Element(str(child.tag), _attributes(child))
            made.text = part
            if number:
                _drop(made, "id")
                self._begin(None)
            self._place(made, path, weight_of(made))


def _attributes(element: etree._Element, *, but: str = "") -> dict[str, str]:
    return {str(name): str(value) for name, value in element.items() if name != but}


def piece_has(root: etree._Element, wanted: str | None) -> bool:
    return wanted is not None and any(e.get("id") == wanted for e in root.iter())


def _leads(container: etree._Element, start: str) -> bool:
    """Whether nothing but the start itself stands before it in the container."""
    for element in container.iter():
        if element.get("id") == start:
            return True
        if (element.text or "").strip() or element.tag == "img":
            return False
    return False


def _append_text(home: etree._Element, text: str) -> None:
    if len(home):
        home[-1].tail = (home[-1].tail or "") + text
    else:
        home.text = (home.text or "") + text


def sentences_of(text: str, most: int) -> list[str]:
    """The text in parts of at most about `most` characters that end with sentences."""
    parts, now = [], ""
    for sentence in re.findall(r"[^。！？!?.]+[。！？!?.”’」』）)]*|[。！？!?.]+", text):
        if now and len(now) + len(sentence) > most:
            parts.append(now)
            now = ""
        now += sentence
        while len(now) > 2 * most:
            parts.append(now[:most])
            now = now[most:]
    return [*parts, now] if now else parts
