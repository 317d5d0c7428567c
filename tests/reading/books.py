"""Makers of books and of files made to do harm."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" '
    'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)

Parts = Mapping[str, str | bytes]


def chapter_markup(body: str, *, head: str = "", lang: str = "zh") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops" lang="{lang}" xml:lang="{lang}">'
        f"<head><title>x</title>{head}</head><body>{body}</body></html>"
    )


def make_epub(
    path: Path,
    chapters: Mapping[str, str | bytes],
    *,
    more: Parts | None = None,
    title: str = "木棉渡的早晨",
    metadata: str = "",
    manifest: str = "",
    nav: str | None = None,
    spine_attributes: str = "",
    mimetype: str | None = "application/epub+zip",
    missing: tuple[str, ...] = (),
    language: str = "zh",
    overlay: str = "",
) -> Path:
    """An EPUB 3 of these chapters (name without ending → body, or a whole document as bytes)."""
    items = "".join(
        f'<item id="{n}" href="{n}.xhtml" media-type="application/xhtml+xml"'
        f"{f' media-overlay={chr(34)}{overlay}{chr(34)}' if overlay else ''}/>"
        for n in (*chapters, *missing)
    )
    refs = "".join(f'<itemref idref="{n}"/>' for n in (*chapters, *missing))
    lines = "".join(
        f'<li><a href="{n}.xhtml">第{i}章 {n}</a></li>' for i, n in enumerate(chapters, 1)
    )
    nav = nav if nav is not None else f'<nav epub:type="toc"><ol>{lines}</ol></nav>'
    package = (
        '<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf" '
        'version="3.0" unique-identifier="id"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:isbn:9787020002207'
        f"</dc:identifier><dc:title>{title}</dc:title><dc:creator>佚名</dc:creator>"
        f"<dc:language>{language}</dc:language>{metadata}</metadata><manifest>{items}"
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f"{manifest}</manifest><spine {spine_attributes}>{refs}</spine></package>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        if mimetype is not None:
            book.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("OEBPS/content.opf", package)
        book.writestr("OEBPS/nav.xhtml", chapter_markup(nav))
        for name, body in chapters.items():
            whole = body if isinstance(body, bytes) else chapter_markup(body)
            book.writestr(f"OEBPS/{name}.xhtml", whole)
        for name, content in (more or {}).items():
            book.writestr(name, content)
    return path


def make_zip(path: Path, parts: Parts, *, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def unpacked(path: Path) -> Path:
    """The same archive with nothing packed in it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return make_zip(path.with_suffix(".plain"), parts, method=zipfile.ZIP_STORED)


def picture(width: int = 40, height: int = 60, kind: str = "PNG", **more: object) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((width, height), 50).convert("RGB").save(file, kind, **more)
    return file.getvalue()


def make_pdf(
    path: Path, pages: list[str], *, more: bytes = b"", catalog: bytes = b"", height: int = 842
) -> Path:
    """A small PDF with a line of (Latin) text on each page."""
    objects: list[bytes] = [b"", b""]
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects.append(font)
    kids = []
    for text in pages:
        stream = (
            f"BT /F1 18 Tf 72 {height - 142} Td (".encode() + text.encode("latin-1") + b") Tj ET"
            if text
            else b""
        )
        objects.append(
            b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream"
        )
        content = len(objects)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 "
            + str(height).encode()
            + b"] /Resources << /Font << /F1 3 0 R >> >> /Contents "
            + str(content).encode()
            + b" 0 R >>"
        )
        kids.append(len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>"
    listed = b" ".join(str(k).encode() + b" 0 R" for k in kids)
    objects[1] = (
        b"<< /Type /Pages /Count " + str(len(kids)).encode() + b" /Kids [" + listed + b"] >>"
    )
    body, offsets = bytearray(b"%PDF-1.5\n" + more), []
    for number, content_bytes in enumerate(objects, 1):
        offsets.append(len(body))
        body += str(number).encode() + b" 0 obj\n" + content_bytes + b"\nendobj\n"
    start = len(body)
    body += b"xref\n0 " + str(len(objects) + 1).encode() + b"\n0000000000 65535 f \n"
    for offset in offsets:
        body += f"{offset:010d} 00000 n \n".encode()
    body += b"trailer << /Size " + str(len(objects) + 1).encode() + b" /Root 1 0 R >>\n"
    body += b"startxref\n" + str(start).encode() + b"\n%%EOF\n"
    path.write_bytes(bytes(body))
    return path


def lock_pdf(path: Path) -> Path:
    """The same PDF, asking for a password that nobody knows (ISO 32000-1, 7.6.3)."""
    secret = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%b> /U <%b> >> /ID [<00> <00>] "
        % (
            b"ab" * 32,
            b"cd" * 32,
        )
    )
    path.write_bytes(path.read_bytes().replace(b"trailer << ", b"trailer << " + secret))
    return path


def make_mp3(path: Path, seconds: int = 3) -> Path:
    """Silence: MPEG-1 layer III frames of 32 kbit/s."""
    frame = bytes.fromhex("fffb10c4") + bytes(100)
    path.write_bytes(frame * int(seconds * 38.28))
    return path


def claims_too_much(path: Path) -> Path:
    """A ZIP that says its only member has four gigabytes."""
    make_zip(path, {"META-INF/container.xml": CONTAINER})
    data = bytearray(path.read_bytes())
    central = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 0xFFFFFFF0)
    path.write_bytes(bytes(data))
    return path


def encrypted_flag(path: Path) -> Path:
    """A ZIP whose member says it is encrypted."""
    make_zip(path, {"META-INF/container.xml": CONTAINER, "a.xhtml": "x"})
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        data[place + at] |= 1
    path.write_bytes(bytes(data))
    return path
