"""One document of a book, made into clean HTML: what is said stays, what acts or fetches goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from culture_cloud.reading import pictures
from culture_cloud.reading.intake.archive import Archive
from culture_cloud.reading.intake.findings import Findings

from . import names, styles
from .markup import drop, local, text_of
from .package import resolve

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
NOTE_TYPES = {"footnote", "endnote", "rearnote", "note"}
_OUTSIDE = ("http:", "https:", "mailto:", "tel:")


@dataclass(slots=True)
class Workshop:
    """What the documents of one book share while they are made."""

    archive: Archive
    findings: Findings
    folder: Path
    is_chinese: bool = True
    #: path in the archive → stored picture; None where it could not be used
    stored: dict[str, pictures.Kept | None] = field(default_factory=dict)
    #: style attributes met so far → the class that carries them
    inline: dict[str, str] = field(default_factory=dict)

    def picture(self, path: str) -> pictures.Kept | None:
        """The stored form of a picture of the archive; None where there is none to show."""
        if path not in self.stored:
            self.stored[path] = self._store(path)
        return self.stored[path]

    def _store(self, path: str) -> pictures.Kept | None:
        try:
            data = self.archive.read(path)
        except KeyError:
            self.findings.note("picture_missing", name=path)
            return None
        if path.lower().endswith(".svg"):
            self.findings.note("picture_svg", name=path)
            return None
        try:
            return pictures.store(data, self.folder / "pictures")
        except pictures.NotAPicture:
            self.findings.note("picture_unusable", name=path)
            return None

    def styled(self, declared: str) -> str:
        """The class for a style attribute; empty where nothing of it is allowed."""
        allowed = styles.allowed_declarations(
            declared[:2000], self.findings, justified=self.is_chinese
        )
        if not allowed:
            return ""
        return self.inline.setdefault(allowed, f"book-s{len(self.inline) + 1}")


@dataclass(slots=True)
class Document:
    """A cleaned document: its root (a div), and what was learned of it."""

    path: str
    root: etree._Element
    title: str
    heading: str
    language: str
    direction: str


def clean_document(path: str, source: etree._Element, shop: Workshop) -> Document:
    """The body of a parsed XHTML document as clean blocks."""
    body = next((e for e in source.iter() if local(e) == "body"), source)
    title = next((text_of(e) for e in source.iter() if local(e) == "title"), "")
    made = _Maker(path, shop).made(body)
    clean = names.cleaned(etree.tostring(made, encoding="unicode", method="html"), inner=True)
    root = parsed_fragment(clean)
    _part_at_line_breaks(root)
    headings = [e for e in root.iter(*names.HEADINGS) if text_of(e).strip()]
    return Document(
        path=path,
        root=root,
        title=_line(title),
        heading=_line(text_of(headings[0])) if headings else "",
        language=source.get(XML_LANG) or source.get("lang") or body.get(XML_LANG) or "",
        direction=source.get("dir") or body.get("dir") or "",
    )


def parsed_fragment(markup: str) -> etree._Element:
    """Clean markup as a tree again, under one div."""
    parser = etree.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    whole = etree.fromstring(f"<html><body><div>{markup}</div></body></html>".encode(), parser)
    found = whole.find("body/div") if whole is not None else None
    return found if found is not None else etree.Element("div")


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()[:200]


class _Maker:
    """Walks one document; keeps what the lists of `names` allow."""

    def __init__(self, path: str, shop: Workshop) -> None:
        self.path = path
        self.shop = shop
        self.note = shop.findings.note
        self.special: dict[str, Callable[[etree._Element, etree._Element], None]] = {
            "a": self._link,
            "img": self._image,
            "image": self._image,
            "svg": self._drawing,
            "table": self._table,
        }

    def made(self, body: etree._Element) -> etree._Element:
        root = etree.Element("div")
        self._attributes(body, root, keep_role=False)
        self._children(body, root)
        return root

    def _children(self, source: etree._Element, into: etree._Element) -> None:
        _add_text(into, source.text)
        for child in source:
            if isinstance(child.tag, str):
                self._element(child, into)
            _add_text(into, child.tail)

    def _element(self, source: etree._Element, into: etree._Element) -> None:
        name = local(source).lower()
        if name in names.DROPPED_WHOLE:
            self._say_dropped(name, source)
            return
        if name in self.special:
            self.special[name](source, into)
            return
        name = names.RENAMED.get(name, name)
        if name == "wbr":
            _add_text(into, "\u200b")
        elif name in names.BLOCKS or name in names.INLINES:
            made = etree.SubElement(into, name)
            self._attributes(source, made)
            self._children(source, made)
            self._mark_kind(source, made)
        elif name in names.MATH:
            self._math(source, into, name)
        else:
            self._children(source, into)

    def _say_dropped(self, name: str, source: etree._Element) -> None:
        if name in {"script", "applet"}:
            self.note("script")
        elif name in {"iframe", "frame", "embed", "portal"}:
            self.note("embedded")
        elif name in {"audio", "video"}:
            self.note("media_inside")
        elif name in {"input", "button", "select", "textarea"}:
            self.note("form_inside")
        elif name in {"link", "base", "meta"} and _leads_out(source.get("href", "")):
            self.note("outside")

    def _attributes(
        self, source: etree._Element, made: etree._Element, *, keep_role: bool = True
    ) -> None:
        for name, value in source.attrib.items():
            plain = str(name).rpartition("}")[2].lower()
            if plain.startswith("on"):
                self.note("script")
            elif plain == "id":
                made.set("id", bound_id(str(value)))
            elif plain == "class":
                made.set("class", " ".join(f"b-{c}" for c in str(value).split()[:20]))
            elif plain == "lang" or name == XML_LANG:
                made.set("lang", str(value)[:35])
            elif plain == "dir" and value in {"ltr", "rtl", "auto"}:
                made.set("dir", str(value))
            elif plain in names.KEPT_ATTRIBUTES.get(str(made.tag), ()) and plain not in {
                *("href", "src", "srcset", "role", "tabindex", "aria-label", "sizes", "loading"),
            }:
                made.set(plain, str(value)[:300])
        declared = source.get("style")
        extra = self.shop.styled(declared) if declared else ""
        if str(made.tag) in names.HEADINGS:
            extra = f"{extra} book-{made.tag}".strip()
        if extra:
            made.set("class", f"{made.get('class', '')} {extra}".strip())
        role = source.get("role", "")
        if keep_role and role in names.ROLES and role != "doc-noteref":
            made.set("role", role)

    def _mark_kind(self, source: etree._Element, made: etree._Element) -> None:
        """Footnotes and what leads to them keep their meaning (EPUB 3 structural semantics)."""
        kinds = set(str(source.get(EPUB_TYPE) or "").split())
        if kinds & NOTE_TYPES and made.tag in {"div", "section", "li", "p"}:
            made.set("role", "doc-footnote")

    # --- links and pictures ----------------------------------------------------------------------

    def _link(self, source: etree._Element, into: etree._Element) -> None:
        href = (source.get("href") or "").strip()
        target = resolve(self.path, href) if href else None
        made = etree.SubElement(into, "a" if href else "span")
        self._attributes(source, made)
        name = source.get("name")
        if name and not made.get("id"):
            made.set("id", bound_id(name))
        if target is not None:
            made.set("href", book_address(*target))
        elif href.lower().startswith(_OUTSIDE):
            made.set("href", href[:1000])
            made.set("rel", "noopener noreferrer nofollow")
        elif href:
            self.note("link_dangerous" if _is_dangerous(href) else "link_broken")
            made.tag = "span"
        kinds = str(source.get(EPUB_TYPE) or "") + " " + (source.get("role") or "")
        if "noteref" in kinds and made.tag == "a":
            made.set("role", "doc-noteref")
        self._children(source, made)

    def _image(self, source: etree._Element, into: etree._Element) -> None:
        href = source.get("src") or source.get("href") or ""
        href = href or source.get("{http://www.w3.org/1999/xlink}href") or ""
        target = resolve(self.path, href) if href else None
        if target is None:
            if _leads_out(href) or _is_dangerous(href):
                self.note("outside")
            self._instead(source, into)
            return
        kept = self.shop.picture(target[0])
        if kept is None:
            self._instead(source, into)
            return
        made = etree.SubElement(into, "img")
        self._attributes(source, made)
        for name in ("width", "height", "alt"):
            drop(made, name)
        made.set("src", f"book:/pictures/{kept.name}-{kept.widths[-1]}.webp")
        made.set("width", str(kept.width))
        made.set("height", str(kept.height))
        made.set("loading", "lazy")
        made.set("alt", self._alternative(source))
        if len(kept.widths) > 1:
            made.set("data-widths", "")

    def _alternative(self, source: etree._Element) -> str:
        alternative = source.get("alt")
        title = source.get("title", "")
        if alternative is None and not title:
            self.note("picture_without_words")
            return "插图" if self.shop.is_chinese else "Illustration"
        return _line(alternative if alternative is not None else title)

    def _instead(self, source: etree._Element, into: etree._Element) -> None:
        """A picture that cannot be shown leaves its words."""
        words = _line(source.get("alt", "") or source.get("title", ""))
        if words:
            made = etree.SubElement(into, "span")
            made.set("class", "book-missing")
            made.text = f"[{words}]"

    def _drawing(self, source: etree._Element, into: etree._Element) -> None:
        """A drawing that only wraps a picture is that picture; others leave their words."""
        wrapped = [e for e in source.iter() if local(e) == "image"]
        if wrapped:
            for image in wrapped:
                self._image(image, into)
            return
        self.note("picture_svg", name=self.path)
        said = [_line(text_of(e)) for e in source.iter() if local(e) in {"title", "desc", "text"}]
        if any(said):
            made = etree.SubElement(into, "span")
            made.set("class", "book-missing")
            made.text = f"[{' '.join(filter(None, said))[:500]}]"

    def _table(self, source: etree._Element, into: etree._Element) -> None:
        """A table scrolls in a frame of its own, so that the page never does (reflow)."""
        frame = etree.SubElement(into, "div")
        frame.set("class", "book-table")
        made = etree.SubElement(frame, "table")
        self._attributes(source, made)
        self._children(source, made)

    def _math(self, source: etree._Element, into: etree._Element, name: str) -> None:
        made = etree.SubElement(into, name)
        for key, value in source.attrib.items():
            plain = str(key).rpartition("}")[2]
            if plain in names.KEPT_ATTRIBUTES.get(name, ()) or plain == "id":
                made.set(plain, bound_id(str(value)) if plain == "id" else str(value)[:300])
        if name == "math":
            made.set("xmlns", "http://www.w3.org/1998/Math/MathML")
        self._children(source, made)


def bound_id(text: str) -> str:
    """An id of the book, apart from the page's own."""
    return "b-" + re.sub(r"[^\w.:-]+", "-", text)[:100]


def book_address(path: str, fragment: str) -> str:
    """A place in the book, as references name it until the pages are known."""
    return f"book:/{path}" + (f"#{bound_id(fragment)}" if fragment else "")


def _leads_out(href: str) -> bool:
    return href.strip().lower().startswith(("http:", "https:", "//", "ftp:"))


def _is_dangerous(href: str) -> bool:
    bare = re.sub(r"[\s\x00-\x1f]", "", href).lower()
    return bare.startswith(("javascript:", "data:", "vbscript:", "file:", "blob:"))


def _add_text(into: etree._Element, text: str | None) -> None:
    if not text:
        return
    if len(into):
        into[-1].tail = (into[-1].tail or "") + text
    else:
        into.text = (into.text or "") + text


def _part_at_line_breaks(root: etree._Element) -> None:
    """A text whose paragraphs are only line breaks becomes paragraphs, so that it can be parted."""
    for element in [e for e in root.iter("div", "p") if len(e.findall("br")) >= 8]:
        if any(child.tag in names.BLOCKS for child in element):
            continue
        parts: list[etree._Element] = [etree.Element("p")]
        _add_text(parts[-1], element.text)
        for child in list(element):
            tail, child.tail = child.tail, None
            if child.tag == "br":
                parts.append(etree.Element("p"))
            else:
                parts[-1].append(child)
            _add_text(parts[-1], tail)
        element.text = None
        for child in list(element):
            element.remove(child)
        element.tag = "div"
        element.extend(p for p in parts if text_of(p).strip() or len(p))
