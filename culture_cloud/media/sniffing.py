"""What a file is, told by its first bytes; what its name and its sender say counts for nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import IO


class Family(StrEnum):
    """What a file can be used as."""

    PICTURE = "picture"
    AUDIO = "audio"
    VIDEO = "video"
    PDF = "pdf"
    EPUB = "epub"
    CAPTIONS = "captions"
    #: page images of a picture book; told apart by the reading room, never by the first bytes
    PAGES = "pages"


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file that is taken: its media type, what it is used as, the ending of its name."""

    media_type: str
    family: Family
    ending: str


JPEG = FileType("image/jpeg", Family.PICTURE, "jpg")
PNG = FileType("image/png", Family.PICTURE, "png")
GIF = FileType("image/gif", Family.PICTURE, "gif")
WEBP = FileType("image/webp", Family.PICTURE, "webp")
TIFF = FileType("image/tiff", Family.PICTURE, "tif")
MP3 = FileType("audio/mpeg", Family.AUDIO, "mp3")
M4A = FileType("audio/mp4", Family.AUDIO, "m4a")
OGG = FileType("audio/ogg", Family.AUDIO, "ogg")
WAV = FileType("audio/wav", Family.AUDIO, "wav")
FLAC = FileType("audio/flac", Family.AUDIO, "flac")
MP4 = FileType("video/mp4", Family.VIDEO, "mp4")
WEBM = FileType("video/webm", Family.VIDEO, "webm")
PDF = FileType("application/pdf", Family.PDF, "pdf")
EPUB = FileType("application/epub+zip", Family.EPUB, "epub")
VTT = FileType("text/vtt", Family.CAPTIONS, "vtt")
ZIP = FileType("application/zip", Family.PAGES, "zip")

FILE_TYPES = (JPEG, PNG, GIF, WEBP, TIFF, MP3, M4A, OGG, WAV, FLAC, MP4, WEBM, PDF, EPUB, VTT, ZIP)
BY_MEDIA_TYPE = {one.media_type: one for one in FILE_TYPES}

HEAD_BYTES = 4096
_TAIL_BYTES = 64 * 1024


class UploadRefused(ValueError):
    """The upload cannot be used; `reason` is a word that `wording.refusal_words` says to people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def file_type(head: bytes) -> FileType | None:
    """The type of a file that begins with these bytes; None where it is none that is taken."""
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return M4A if head[8:11] in {b"M4A", b"M4B"} else _iso_media(head)
    if head[:4] == b"PK\x03\x04":
        return EPUB if head[30:58] == b"mimetypeapplication/epub+zip" else None
    return next((kind for begins, kind in _BEGINNINGS if begins(head)), None)


def _iso_media(head: bytes) -> FileType | None:
    # HEIC and AVIF are boxed the same way; no decoder for them runs here
    known = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"3gp", b"M4V")
    return MP4 if head[8:12].startswith(known) else None


def _starts(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(beginnings)


def _is_mp3_frame(head: bytes) -> bool:
    # eleven sync bits, a layer, a bit rate and a sample rate that exist (ISO 11172-3)
    return (
        len(head) > 3
        and head[0] == 0xFF
        and head[1] & 0xE6 in {0xE2, 0xE4, 0xE6}
        and head[2] >> 4 not in {0, 15}
        and (head[2] >> 2) & 3 != 3
    )


_BEGINNINGS: tuple[tuple[Callable[[bytes], bool], FileType], ...] = (
    (_starts(b"\xff\xd8\xff"), JPEG),
    (_starts(b"\x89PNG\r\n\x1a\n"), PNG),
    (_starts(b"GIF87a", b"GIF89a"), GIF),
    (_starts(b"II*\x00", b"MM\x00*"), TIFF),
    (_starts(b"%PDF-"), PDF),
    (_starts(b"ID3"), MP3),
    (_starts(b"OggS"), OGG),
    (_starts(b"fLaC"), FLAC),
    (_starts(b"\x1aE\xdf\xa3"), WEBM),
    (_starts(b"WEBVTT", b"\xef\xbb\xbfWEBVTT"), VTT),
    (_is_mp3_frame, MP3),
)


def checked_type(
    file: IO[bytes], size: int, *, wanted: Collection[Family], filename: str = ""
) -> FileType:
    """The type of an uploaded file, if it is whole and of a wanted family.

    Raises UploadRefused: empty, svg, not_wanted (with another word for each family), cut_off.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if not size:
        raise UploadRefused("empty")
    found = file_type(head)
    if found is None:
        raise UploadRefused(_why_unknown(head, filename, wanted))
    if found.family not in wanted:
        raise UploadRefused(f"not_wanted_{sorted(wanted)[0]}")
    if not _is_whole(found, file, head, size):
        raise UploadRefused("cut_off")
    return found


def _why_unknown(head: bytes, filename: str, wanted: Collection[Family]) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:400].lower()
    if b"<svg" in start or filename.lower().endswith((".svg", ".svgz")):
        return "svg"
    if head[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"}:
        return "heic"
    return f"not_wanted_{sorted(wanted)[0]}" if len(wanted) == 1 else "unknown"


def _is_whole(found: FileType, file: IO[bytes], head: bytes, size: int) -> bool:
    """Whether the end is there: what broke off on a weak line is told at once."""
    file.seek(max(0, size - _TAIL_BYTES))
    tail = file.read(_TAIL_BYTES)
    if found is JPEG:
        return b"\xff\xd9" in tail
    if found is PNG:
        return b"IEND" in tail
    if found in {WEBP, WAV}:
        return int.from_bytes(head[4:8], "little") + 8 <= size + 1 or found is WAV
    if found is GIF:
        return tail.rstrip(b"\x00").endswith(b"\x3b")
    if found is PDF:
        return b"%%EOF" in tail
    if found is EPUB:
        return b"PK\x05\x06" in tail
    return True
