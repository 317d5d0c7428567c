"""An EPUB file made into a book folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

from culture_cloud.reading import pictures
from culture_cloud.reading.books import COVER_WIDTHS, Manifest, page_name
from culture_cloud.reading.intake.archive import Archive
from culture_cloud.reading.intake.findings import FileRefused, Findings
from culture_cloud.reading.made import Made
from culture_cloud.reading.texts import write_text

from . import names, overlays, styles
from .chapters import Places, arrange, contents_of, finish
from .content import Document, Workshop, clean_document
from .markup import decoded, drop, parse_xml
from .package import Metadata, Package, read_package

PREFIX = "@book@"
"""Stands for the book's address in stored pages: `/read/<id>`."""


def make_book(path: Path, folder: Path, findings: Findings) -> Made:
    """Write the book folder of an EPUB file. Raises FileRefused; `folder` may then be half full."""
    with Archive(path) as archive:
        archive.refuse_nested()
        package = read_package(archive, findings)
        language = package.metadata.language or "zh"
        shop = Workshop(archive, findings, folder, is_chinese=language.lower().startswith("zh"))
        documents = _documents(package, shop)
        sheets = _sheets(package, archive, findings)
        manifest = Manifest("text", language=language, direction=_direction(package, documents))
        manifest.vertical = any(styles.asks_for_vertical(sheet) for sheet in sheets)
        places = _write_pages(manifest, package, documents, folder)
        overlays.add(manifest, places, package, archive, folder=folder, findings=findings)
        _write_styles(manifest, sheets, shop, folder)
        _write_cover(package, shop)
    if not manifest.characters and not any((folder / "pictures").glob("*.webp")):
        raise FileRefused("epub_empty", wanted=len(package.spine))
    write_text(manifest, folder)
    (folder / "manifest.json").write_text(manifest.as_json(), encoding="utf-8")
    return Made(manifest, _facts(package.metadata))


def _documents(package: Package, shop: Workshop) -> list[tuple[Document, bool]]:
    found = []
    seen = set()
    for place in package.spine:
        if place.item.path in seen or ("nav" in place.item.properties and not place.linear):
            continue
        seen.add(place.item.path)
        source = parse_xml(shop.archive.read(place.item.path), shop.findings)
        if source is None:
            shop.findings.note("epub_part_broken", name=place.item.path)
            continue
        found.append((clean_document(place.item.path, source, shop), place.linear))
    if not found:
        raise FileRefused("epub_empty", wanted=len(package.spine))
    if not any(linear for _document, linear in found):
        return [(document, True) for document, _linear in found]
    return found


def _sheets(package: Package, archive: Archive, findings: Findings) -> list[str]:
    return [
        decoded(archive.read(item.path), findings)[:500_000]
        for item in package.items.values()
        if item.media_type == "text/css" and item.path in archive and "night" not in item.path
    ]


def _direction(package: Package, documents: list[tuple[Document, bool]]) -> str:
    said = [document.direction for document, _linear in documents if document.direction]
    if said:
        return max(set(said), key=said.count)
    language = package.metadata.language.lower()
    return "rtl" if language.startswith(("ar", "he", "fa", "ur", "ug", "yi")) else "ltr"


def _write_pages(
    manifest: Manifest,
    package: Package,
    documents: list[tuple[Document, bool]],
    folder: Path,
) -> Places:
    """Write all pages; where each place of the source ended up."""
    draughts = arrange(documents, package.contents, package.metadata.title)
    pages = folder / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    for number, draft in enumerate(draughts.drafts, 1):
        chapter, roots = finish(number, draft, draughts, PREFIX)
        manifest.chapters.append(chapter)
        manifest.characters += chapter.characters
        for page, root in enumerate(roots, 1):
            markup = page_markup(root)
            (pages / page_name(number, page)).write_text(markup, encoding="utf-8")
    manifest.contents = contents_of(manifest.chapters, package.contents, draughts)
    return draughts.places


def page_markup(root: etree._Element) -> str:
    """The finished page: the sanitiser has the last word."""
    for frame in root.iter("div"):
        if frame.get("class") == "book-table":
            frame.set("tabindex", "0")
    for element in root.iter("img"):
        if drop(element, "data-widths"):
            source = element.get("src", "")
            bare, _, width = source.removesuffix(".webp").rpartition("-")
            small = pictures.WIDTHS[0]
            element.set("srcset", f"{bare}-{small}.webp {small}w, {source} {width}w")
            element.set("sizes", "(min-width: 44em) 42em, 100vw")
    return names.cleaned(etree.tostring(root, encoding="unicode", method="html"))


def _write_styles(manifest: Manifest, sheets: list[str], shop: Workshop, folder: Path) -> None:
    kept = [
        styles.allowed_styles(sheet, shop.findings, justified=shop.is_chinese) for sheet in sheets
    ]
    kept += [f"{styles.SCOPE} .{name}{{{what}}}" for what, name in shop.inline.items()]
    text = "\n".join(filter(None, kept))
    manifest.has_styles = bool(text)
    if text:
        (folder / "book.css").write_text(text, encoding="utf-8")


def _write_cover(package: Package, shop: Workshop) -> None:
    """The cover that the package names, else the first picture of its first pages."""
    tried = [package.cover.path] if package.cover is not None else []
    tried += [path for path, kept in shop.stored.items() if kept is not None][:1]
    for path in tried:
        try:
            pixels = pictures.decoded(shop.archive.read(path))
        except (KeyError, pictures.NotAPicture):
            continue
        if min(pixels.size) >= 100:
            pictures.write_covers(pixels, shop.folder, COVER_WIDTHS)
            return


def _facts(metadata: Metadata) -> dict[str, Any]:
    return {name: getattr(metadata, name) for name in Metadata.__slots__}
