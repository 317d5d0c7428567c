"""Page images in a ZIP: pictures in the order of their names, words beside them where given.

`001.jpg` with `001.txt`: what stands on the page, or what the picture shows. Without words a
reader who cannot see is told that there are only pictures.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image

from culture_cloud.reading import pictures
from culture_cloud.reading.books import COVER_WIDTHS, Chapter, Manifest
from culture_cloud.reading.epub.markup import decoded as decoded_text
from culture_cloud.reading.intake.archive import Archive
from culture_cloud.reading.intake.findings import FileRefused, Findings
from culture_cloud.reading.intake.sniffing import PICTURE_ENDINGS
from culture_cloud.reading.made import Made
from culture_cloud.reading.texts import PageWords, write_words

from .drawing import keep_page
from .pages import write_page


def make_picture_book(path: Path, folder: Path, findings: Findings) -> Made:
    """Write the book folder of a ZIP of page images. Raises FileRefused."""
    manifest = Manifest("pages")
    pages = []
    drawn = folder / "pictures"
    drawn.mkdir(parents=True, exist_ok=True)
    with Archive(path) as archive:
        archive.refuse_nested()
        for name in sorted(_pictures(archive), key=_natural):
            try:
                pixels = pictures.decoded(archive.read(name))
            except pictures.NotAPicture:
                findings.note("picture_unusable", name=name)
                continue
            number = len(manifest.chapters) + 1
            words = _words(archive, name, findings)
            chapter = Chapter(number, "", characters=sum(map(len, words)), blocks=len(words))
            chapter.image = {"width": pixels.width, "height": pixels.height}
            manifest.chapters.append(chapter)
            manifest.characters += chapter.characters
            pages.append(PageWords(number, 1, list(enumerate(words, 1))))
            write_page(folder, number, words)
            flat = pixels.convert("RGB") if pixels.mode != "RGBA" else _on_white(pixels)
            keep_page(flat, drawn, number)
            if number == 1:
                pictures.write_covers(pixels, folder, COVER_WIDTHS)
        title = _titles(archive, findings)
    if not manifest.chapters:
        raise FileRefused("zip_of_what")
    manifest.only_pictures = not manifest.characters
    if manifest.only_pictures:
        findings.note("pictures_without_words")
    write_words(pages, folder)
    (folder / "manifest.json").write_text(manifest.as_json(), encoding="utf-8")
    return Made(manifest, title)


def _on_white(pixels: Image.Image) -> Image.Image:
    flat = Image.new("RGB", pixels.size, "white")
    flat.paste(pixels, mask=pixels.getchannel("A"))
    return flat


def _pictures(archive: Archive) -> list[str]:
    return [
        n
        for n in archive.names
        if n.lower().endswith(PICTURE_ENDINGS) and not n.startswith("__MACOSX/")
    ]


def _natural(name: str) -> list[tuple[int, str]]:
    """Page 10 stands after page 9, however they are written."""
    return [(int(p), "") if p.isdigit() else (0, p.lower()) for p in re.split(r"(\d{1,9})", name)]


def _words(archive: Archive, name: str, findings: Findings) -> list[str]:
    beside = str(PurePosixPath(name).with_suffix(".txt"))
    if beside not in archive:
        return []
    text = decoded_text(archive.read(beside), findings)[:20_000]
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _titles(archive: Archive, findings: Findings) -> dict[str, Any]:
    """`title.txt`: title on the first line, author on the second."""
    found = next((n for n in archive.names if PurePosixPath(n).name.lower() == "title.txt"), None)
    if found is None:
        return {}
    lines = [
        x.strip() for x in decoded_text(archive.read(found), findings).splitlines() if x.strip()
    ]
    return {"title": lines[0][:300] if lines else "", "authors": lines[1:2]}
