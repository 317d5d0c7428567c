"""Two PDFs: a guide with text and outline, and a scan that is nothing but a picture.

The text is set in a font that readers bring along (Adobe-GB1), so no font is carried.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

FACTS: dict[str, Any] = {
    "title": "文化馆办事手册",
    "authors": ["木棉渡县文化馆"],
    "subject": "G",
    "audience": "everyone",
    "rights": "open_licence",
    "rights_text": "CC BY 4.0",
    "summary": "报名、借场地、办读者证要带什么、找谁，一页一件事。PDF 格式，可以放大，可以搜索。",
}
SCAN_FACTS: dict[str, Any] = {
    "title": "旧县志影印（一页）",
    "authors": ["佚名"],
    "kind": "local",
    "subject": "K",
    "audience": "everyone",
    "rights": "open_licence",
    "rights_text": "CC0",
    "summary": "扫描件的样子：只有图片，没有文字。读屏软件读不了，也搜不到，网页上会说明。",
}
PAGES = (
    (
        "文化馆办事手册",
        ("这本手册一页讲一件事。", "不识字的，可以打电话问，也可以到柜台请人代办。"),
    ),
    (
        "怎样报名",
        ("网上、电话、柜台都可以报名，名额是同一份。", "报名只要姓名和电话，家里人可以代报。"),
    ),
    (
        "怎样借场地",
        ("提前七天说，写明日期、人数和做什么。", "村里的婚丧嫁娶不收钱，用完打扫干净。"),
    ),
    ("怎样办读者证", ("带身份证，没有身份证带户口本。", "孩子由大人陪着来，当场就能拿。")),
)


def write(path: Path) -> Path:
    """The guide."""
    objects: list[bytes] = [b"", b"", *_FONT]
    kids = []
    for title, lines in PAGES:
        stream = _stream(title, lines)
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R"
            b" >> >> /Contents %d 0 R >>" % len(objects)
        )
        kids.append(len(objects))
    outline = len(objects) + 1
    objects.append(b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % (
        outline + 1, outline + len(PAGES), len(PAGES)))  # fmt: skip
    for number, (title, _lines) in enumerate(PAGES):
        onward = b" /Next %d 0 R" % (outline + number + 2) if number < len(PAGES) - 1 else b""
        back = b" /Prev %d 0 R" % (outline + number) if number else b""
        objects.append(
            b"<< /Title <%b> /Parent %d 0 R /Dest [%d 0 R /Fit]%b%b >>"
            % (_hex(title, mark=True), outline, kids[number], onward, back)
        )
    objects[0] = (
        b"<< /Type /Catalog /Pages 2 0 R /Outlines %d 0 R /Lang (zh-CN) "
        b"/ViewerPreferences << /DisplayDocTitle true >> >>" % outline
    )
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(kids), listed)
    path.write_bytes(_file(objects, FACTS["title"], FACTS["authors"][0]))
    return path


_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
    b"/DescendantFonts [4 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry "
    b"(Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R /DW 1000 >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
    b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)


def _hex(text: str, *, mark: bool = False) -> bytes:
    data = text.encode("utf-16-be")
    return ((b"\xfe\xff" if mark else b"") + data).hex().encode()


def _stream(title: str, lines: tuple[str, ...]) -> bytes:
    parts = [b"BT /F1 28 Tf 72 730 Td <%b> Tj ET" % _hex(title)]
    for number, line in enumerate(lines):
        parts.append(b"BT /F1 18 Tf 72 %d Td <%b> Tj ET" % (660 - number * 44, _hex(line)))
    return b"\n".join(parts)


def _file(objects: list[bytes], title: str, author: str) -> bytes:
    objects.append(
        b"<< /Title <%b> /Author <%b> >>" % (_hex(title, mark=True), _hex(author, mark=True))
    )
    body, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        body += b"%010d 00000 n \n" % offset
    body += b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        start,
    )
    return bytes(body)


def write_scan(path: Path) -> Path:
    """A page as a scanner makes it."""
    from culture_cloud import covers

    image = covers.draw("scroll", SCAN_FACTS["title"], 900, 1200).convert("L")
    file = io.BytesIO()
    image.save(file, "PDF", resolution=120)
    path.write_bytes(file.getvalue())
    return path
