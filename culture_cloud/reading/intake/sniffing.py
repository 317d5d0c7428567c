"""What a file is by its content. Its name and what the browser said of it count for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .archive import Archive
from .findings import FileRefused

EPUB, PDF, PICTURES, AUDIO, VIDEO = "epub", "pdf", "pictures", "audio", "video"
PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif")


@dataclass(frozen=True, slots=True)
class Sniffed:
    """`kind` is one of the constants above; the media type is ours."""

    kind: str
    media_type: str


def sniff(path: Path) -> Sniffed:
    """What the file is. Raises FileRefused for an empty file and for what we do not take."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise FileRefused("empty_file")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _sniff_zip(path)
    if head[:1024].lstrip().startswith(b"%PDF-") or b"%PDF-" in head[:1024]:
        return Sniffed(PDF, "application/pdf")
    found = _sniff_media(head)
    if found is None:
        raise FileRefused(_known_but_not_taken(head))
    return found


def _sniff_zip(path: Path) -> Sniffed:
    with Archive(path) as archive:
        if "META-INF/container.xml" in archive or "mimetype" in archive:
            return Sniffed(EPUB, "application/epub+zip")
        archive.refuse_nested()
        named = [n for n in archive.names if not n.startswith("__MACOSX/")]
        if any(n.lower().endswith(PICTURE_ENDINGS) for n in named):
            return Sniffed(PICTURES, "application/zip")
    raise FileRefused("zip_of_what")


def _sniff_media(head: bytes) -> Sniffed | None:
    if head[4:8] == b"ftyp":
        brands = head[8:64]
        is_sound = any(brand in brands for brand in (b"M4A", b"M4B"))
        return Sniffed(AUDIO, "audio/mp4") if is_sound else Sniffed(VIDEO, "video/mp4")
    if head.startswith(b"OggS"):
        return Sniffed(AUDIO, "audio/ogg")
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:80]:
        return Sniffed(VIDEO, "video/webm")
    if head.startswith(b"ID3") or _is_mp3_frame(head):
        return Sniffed(AUDIO, "audio/mpeg")
    return None


def _is_mp3_frame(head: bytes) -> bool:
    """A frame header of MPEG layer III: sync, layer, a bit rate, a sampling rate (ISO 11172-3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    return head[1] & 0x06 == 0x02 and head[2] >> 4 not in {0, 15} and head[2] >> 2 & 3 != 3


def _known_but_not_taken(head: bytes) -> str:
    """A better word than "unknown" for what people often try."""
    start = head[:512].lstrip().lower()
    if head.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        return "office_file"
    if b"BOOKMOBI" in head[:100]:
        return "kindle_file"
    if start.startswith((b"<!doctype", b"<html", b"<svg", b"<?xml")):
        return "web_page"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%!PS")):
        return "single_picture"
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return "other_archive"
    return "unknown_file"
