"""The package of an EPUB: container, metadata, manifest, spine, contents (EPUB 2.0.1 and 3.3)."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from lxml import etree

from culture_cloud.reading.intake.archive import Archive
from culture_cloud.reading.intake.findings import FileRefused, Findings

from .markup import local, parse_xml, text_of

CONTAINER = "META-INF/container.xml"
OBFUSCATED_FONTS = (
    "http://www.idpf.org/2008/embedding",
    "http://ns.adobe.com/pdf/enc#RC",
)
DRM_FILES = ("META-INF/rights.xml", "META-INF/license.lcpl", "META-INF/sinf.xml")
DOCUMENT_TYPES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document")


@dataclass(slots=True)
class Item:
    """A file of the manifest: its path in the archive."""

    id: str
    path: str
    media_type: str
    properties: frozenset[str] = frozenset()
    overlay: str = ""


@dataclass(slots=True)
class SpineItem:
    item: Item
    linear: bool = True


@dataclass(slots=True)
class ContentsEntry:
    title: str
    path: str
    fragment: str
    level: int


@dataclass(slots=True)
class Metadata:
    """Dublin Core and accessibility, as the package tells it."""

    title: str = ""
    subtitle: str = ""
    authors: list[str] = field(default_factory=list)
    contributors: list[str] = field(default_factory=list)
    publisher: str = ""
    published: str = ""
    language: str = ""
    identifiers: list[str] = field(default_factory=list)
    description: str = ""
    subjects: list[str] = field(default_factory=list)
    rights: str = ""
    series: str = ""
    #: EPUB Accessibility 1.1: property → values
    access: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Package:
    path: str
    version: str
    metadata: Metadata
    items: dict[str, Item]
    spine: list[SpineItem]
    contents: list[ContentsEntry]
    direction: str = "ltr"
    cover: Item | None = None

    def by_path(self) -> dict[str, Item]:
        return {item.path: item for item in self.items.values()}


def read_package(archive: Archive, findings: Findings) -> Package:
    """The package of a checked archive. Raises FileRefused."""
    _check_wrapping(archive, findings)
    path = _package_path(archive)
    root = parse_xml(_member(archive, path, "epub_no_package"), findings)
    if root is None or local(root) != "package":
        raise FileRefused("epub_no_package")
    items = _items(root, path)
    spine = _spine(root, items, archive, findings)
    package = Package(
        path=path,
        version=root.get("version", "2.0"),
        metadata=_metadata(root),
        items=items,
        spine=spine,
        contents=[],
        cover=_cover(root, items),
    )
    for element in root:
        if local(element) == "spine" and element.get("page-progression-direction") == "rtl":
            package.direction = "rtl"
    package.contents = _contents(package, archive, findings)
    return package


def _member(archive: Archive, name: str, refusal: str) -> bytes:
    try:
        return archive.read(name)
    except KeyError:
        raise FileRefused(refusal) from None


def _check_wrapping(archive: Archive, findings: Findings) -> None:
    """mimetype, encryption, rights: before anything else is looked at."""
    try:
        mimetype = archive.read("mimetype").strip()
    except KeyError:
        mimetype = b""
    if mimetype != b"application/epub+zip":
        findings.note("epub_mimetype")
    if any(name in archive for name in DRM_FILES):
        raise FileRefused("drm")
    if "META-INF/encryption.xml" in archive:
        root = parse_xml(archive.read("META-INF/encryption.xml"), findings)
        methods = [
            element.get("Algorithm", "")
            for element in (root.iter() if root is not None else ())
            if local(element) == "EncryptionMethod"
        ]
        if root is None or any(method not in OBFUSCATED_FONTS for method in methods):
            raise FileRefused("drm")


def _package_path(archive: Archive) -> str:
    root = parse_xml(_member(archive, CONTAINER, "epub_no_container"), Findings())
    for element in root.iter() if root is not None else ():
        if local(element) == "rootfile" and element.get("full-path"):
            return str(element.get("full-path"))
    raise FileRefused("epub_no_container")


def resolve(base: str, href: str) -> tuple[str, str] | None:
    """The path in the archive and the fragment that a reference means; None where it leads out."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return None
    fragment = unquote(parts.fragment)
    if not parts.path:
        return base, fragment
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(parts.path)))
    if path.startswith(("../", "/")):
        return None
    return path, fragment


def _items(root: etree._Element, base: str) -> dict[str, Item]:
    found = {}
    for element in root.iter():
        if local(element) != "item" or not element.get("id") or not element.get("href"):
            continue
        target = resolve(base, element.get("href", ""))
        if target is None:
            continue
        item = Item(
            id=element.get("id", ""),
            path=target[0],
            media_type=element.get("media-type", "").lower(),
            properties=frozenset(element.get("properties", "").split()),
            overlay=element.get("media-overlay", ""),
        )
        found[item.id] = item
    return found


def _spine(
    root: etree._Element, items: dict[str, Item], archive: Archive, findings: Findings
) -> list[SpineItem]:
    """The reading order; items that are named but not there are noted, and left out."""
    found, wanted = [], 0
    for element in root.iter():
        if local(element) != "itemref":
            continue
        wanted += 1
        item = items.get(element.get("idref", ""))
        if item is None or item.path not in archive:
            findings.note("epub_part_missing", name=item.path if item else element.get("idref", ""))
            continue
        if item.media_type in DOCUMENT_TYPES or item.path.lower().endswith(
            (".xhtml", ".html", ".htm")
        ):
            found.append(SpineItem(item, element.get("linear") != "no"))
        else:
            findings.note("epub_part_strange", name=item.path)
    if not found:
        raise FileRefused("epub_empty", wanted=wanted)
    return found


def _cover(root: etree._Element, items: dict[str, Item]) -> Item | None:
    for item in items.values():
        if "cover-image" in item.properties:
            return item
    for element in root.iter():
        if local(element) == "meta" and element.get("name") == "cover":
            return items.get(element.get("content", ""))
    return None


_PLAIN = {
    "publisher": "publisher",
    "date": "published",
    "language": "language",
    "description": "description",
    "rights": "rights",
}


def _metadata(root: etree._Element) -> Metadata:
    found = Metadata()
    refined = _refinements(root)
    for element in root.iter():
        name, text = local(element), " ".join(text_of(element).split())
        if name == "meta":
            _read_meta(found, element, text)
            continue
        if not text or "purl.org/dc" not in str(element.tag):
            continue
        about = refined.get(element.get("id", ""), {})
        if name == "title":
            if about.get("title-type") == "subtitle":
                found.subtitle = text
            elif not found.title:
                found.title = text
        elif name == "creator":
            found.authors.append(text)
        elif name == "contributor":
            found.contributors.append(text)
        elif name == "identifier":
            found.identifiers.append(text)
        elif name == "subject":
            found.subjects.append(text)
        elif name in _PLAIN and not getattr(found, _PLAIN[name]):
            setattr(found, _PLAIN[name], text)
    return found


def _refinements(root: etree._Element) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for element in root.iter():
        refines = element.get("refines", "") if local(element) == "meta" else ""
        if refines.startswith("#"):
            about = found.setdefault(refines[1:], {})
            about.setdefault(element.get("property", ""), text_of(element).strip())
    return found


def _read_meta(found: Metadata, element: etree._Element, text: str) -> None:
    name = element.get("property") or element.get("name") or ""
    value = text or element.get("content", "")
    if not value or element.get("refines"):
        return
    if name.startswith("schema:access") or name.startswith("a11y:"):
        found.access.setdefault(name.partition(":")[2], []).append(value[:500])
    elif name in {"belongs-to-collection", "calibre:series"} and not found.series:
        found.series = value


# --- contents ------------------------------------------------------------------------------------


def _contents(package: Package, archive: Archive, findings: Findings) -> list[ContentsEntry]:
    nav = next((i for i in package.items.values() if "nav" in i.properties), None)
    if nav is not None and nav.path in archive:
        document = parse_xml(archive.read(nav.path), findings)
        entries = _nav_entries(document, nav.path) if document is not None else []
        if entries:
            return entries
    ncx = next(
        (i for i in package.items.values() if i.media_type == "application/x-dtbncx+xml"), None
    )
    if ncx is not None and ncx.path in archive:
        document = parse_xml(archive.read(ncx.path), findings)
        if document is not None:
            return _ncx_entries(document, ncx.path)
    return []


def _nav_entries(document: etree._Element, base: str) -> list[ContentsEntry]:
    navs = [e for e in document.iter() if local(e) == "nav"]
    toc = next((n for n in navs if "toc" in _epub_type(n).split()), navs[0] if navs else None)
    if toc is None:
        return []
    found: list[ContentsEntry] = []
    for anchor in toc.iter():
        if local(anchor) not in {"a", "span"} or local(anchor.getparent()) != "li":
            continue
        level = sum(1 for parent in anchor.iterancestors() if local(parent) == "ol")
        target = resolve(base, anchor.get("href", "")) if anchor.get("href") else ("", "")
        title = re.sub(r"\s+", " ", text_of(anchor)).strip()
        if target is not None and title:
            found.append(ContentsEntry(title, target[0], target[1], max(1, level)))
    return _targets_filled(found)


def _targets_filled(entries: list[ContentsEntry]) -> list[ContentsEntry]:
    """A heading without a link of its own leads to the first entry below it."""
    following: ContentsEntry | None = None
    for entry in reversed(entries):
        if not entry.path and following is not None:
            entry.path, entry.fragment = following.path, following.fragment
        following = entry
    return [entry for entry in entries if entry.path]


def _epub_type(element: etree._Element) -> str:
    return str(element.get("{http://www.idpf.org/2007/ops}type") or element.get("role") or "")


def _ncx_entries(document: etree._Element, base: str) -> list[ContentsEntry]:
    found = []
    for point in document.iter():
        if local(point) != "navPoint":
            continue
        label = next((text_of(c) for c in point if local(c) == "navLabel"), "")
        source = next((c.get("src", "") for c in point if local(c) == "content"), "")
        target = resolve(base, source)
        level = 1 + sum(1 for parent in point.iterancestors() if local(parent) == "navPoint")
        title = re.sub(r"\s+", " ", label).strip()
        if target is not None and title:
            found.append(ContentsEntry(title, target[0], target[1], level))
    return found
