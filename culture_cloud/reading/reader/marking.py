"""Marked words in a stored page: the reader's highlights, and what was searched for.

Places count characters of a block's text with white space made single, as texts.block_text says.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from culture_cloud.reading.epub.markup import drop
from culture_cloud.reading.texts import block_text, folded

MOST_HITS = 200


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `begin` to `end` of a block; `name` becomes the id of the first piece."""

    block: int
    begin: int
    end: int
    kind: str
    name: str = ""


def marked(markup: str, spans: list[Span]) -> str:
    """The page with <mark> around each span. Overlapping spans nest."""
    if not spans:
        return markup
    root = _tree(markup)
    for span in spans:
        element = root.find(f".//*[@id='n{span.block}']")
        if element is not None:
            _mark(element, span)
    inside = (root.text or "") + "".join(
        etree.tostring(child, encoding="unicode", method="html") for child in root
    )
    return inside.replace("<mark></mark>", "")


def find_on_page(markup: str, words: str) -> list[Span]:
    """Where the words stand on a page, in either script, in any case; the first is `hit-1`."""
    wanted = folded(" ".join(words.split()))
    found: list[Span] = []
    if not wanted:
        return found
    for element in _tree(markup).iter():
        name = element.get("id", "") if isinstance(element.tag, str) else ""
        if not name[1:].isdigit() or name[0] != "n":
            continue
        text, at = folded(block_text(element)), -1
        while (at := text.find(wanted, at + 1)) >= 0 and len(found) < MOST_HITS:
            number = len(found) + 1
            found.append(Span(int(name[1:]), at, at + len(wanted), "found", f"hit-{number}"))
    return found


def _tree(markup: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8")
    whole = etree.fromstring(f"<html><body><div>{markup}</div></body></html>".encode(), parser)
    found = whole.find("body/div") if whole is not None else None
    return found if found is not None else etree.Element("div")


def _mark(element: etree._Element, span: Span) -> None:
    """Wrap the characters of the span, piece by piece, wherever elements part them."""
    walker = _Walker(span)
    walker.element(element)


class _Walker:
    """Walks a block's text nodes counting characters as block_text does."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.at = 0
        self.was_blank = True
        self.named = False

    def element(self, element: etree._Element) -> None:
        if element.text:
            before, middle, after = self._cut(element.text)
            if middle:
                made = self._made(middle, after)
                element.text = before
                element.insert(0, made)
        for child in list(element):
            if child.tag == "mark" and child.get("data-new"):
                continue
            if isinstance(child.tag, str) and child.tag not in {"rt", "rp"}:
                if child.tag == "br":
                    self._count(" ")
                self.element(child)
            if child.tail:
                before, middle, after = self._cut(child.tail)
                if middle:
                    made = self._made(middle, after)
                    child.tail = before
                    child.addnext(made)
                    made.tail = after
        for child in element.iter("mark"):
            drop(child, "data-new")

    def _made(self, middle: str, after: str) -> etree._Element:
        made = etree.Element("mark")
        made.text, made.tail = middle, after
        made.set("data-new", "1")
        made.set("class", f"book-{self.span.kind}")
        if self.span.name and not self.named:
            made.set("id", self.span.name)
            self.named = True
        return made

    def _count(self, character: str) -> bool:
        """Count one character; whether it belongs to the span."""
        if character.isspace():
            if self.was_blank:
                return self.span.begin < self.at < self.span.end
            self.was_blank = True
        else:
            self.was_blank = False
        here = self.at
        self.at += 1
        return self.span.begin <= here < self.span.end

    def _cut(self, text: str) -> tuple[str, str, str]:
        inside = [self._count(character) for character in text]
        if True not in inside:
            return text, "", ""
        first = inside.index(True)
        last = len(inside) - inside[::-1].index(True)
        return text[:first], text[first:last], text[last:]
