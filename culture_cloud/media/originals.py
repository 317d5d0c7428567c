"""Originals: every uploaded file as it came, kept outside the web root under its checksum.

A file is written once, read-only, and flushed to disk before anything refers to it; the same file
sent twice is one. What is shown to the public is made from it, or sent with `serving.send`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from culture_cloud.errors import NotFound

from .sniffing import Family, FileType, UploadRefused, checked_type

CHUNK = 1 << 20
_CHECKSUM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store: SHA-256 as hex, size in bytes, what it is."""

    checksum: str
    size: int
    kind: FileType


class OriginalStore:
    """The folder `originals` of the data folder; names are checksums, never what a user typed."""

    def __init__(self, data_folder: Path) -> None:
        self.folder = data_folder / "originals"

    def keep(
        self,
        stream: IO[bytes],
        *,
        wanted: Collection[Family],
        most_bytes: int,
        filename: str = "",
    ) -> Kept:
        """Store an upload, reading it in pieces; its checksum and what it is.

        Raises UploadRefused; then nothing is left behind. `filename` only helps to say why.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self.folder / f"{os.urandom(12).hex()}.part"
        try:
            with beside.open("w+b") as file:
                checksum, size = _copied(stream, file, most_bytes)
                kind = checked_type(file, size, wanted=wanted, filename=filename)
                file.flush()
                os.fsync(file.fileno())
            self._put(beside, checksum)
        finally:
            beside.unlink(missing_ok=True)
        return Kept(checksum, size, kind)

    def adopt(self, path: Path, kind: FileType) -> Kept:
        """Take over a file that was received and checked elsewhere; it is moved, not copied.

        `path` must lie on the same disk. Safe to do twice: an original that is there stays.
        """
        with path.open("rb") as file:
            checksum = hashlib.file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size
        self._put(path, checksum)
        path.unlink(missing_ok=True)
        return Kept(checksum, size, kind)

    def _put(self, beside: Path, checksum: str) -> None:
        whole = self._place(checksum)
        if whole.exists():
            os.utime(whole)  # somebody sent it again: not the moment to forget it
            return
        whole.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.chmod(0o400)
        beside.replace(whole)
        folder = os.open(whole.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def path(self, checksum: str) -> Path:
        """Where the original lies. Raises NotFound."""
        place = self._place(checksum)
        if not place.is_file():
            raise NotFound
        return place

    def _place(self, checksum: str) -> Path:
        if not _CHECKSUM.fullmatch(checksum):
            raise NotFound
        return self.folder / checksum[:2] / checksum

    def forget(self, checksum: str, *, unless_sent_since: float) -> None:
        """Delete an original that nothing refers to; not one that was just sent again."""
        place = self._place(checksum)
        try:
            if place.stat().st_mtime < unless_sent_since:
                place.unlink()
        except FileNotFoundError:
            pass

    def forget_pieces(self, *, before: float) -> int:
        """Delete what is left of uploads that broke off before this moment; how many."""
        broken = [p for p in self.folder.glob("*.part") if p.stat().st_mtime < before]
        for path in broken:
            path.unlink(missing_ok=True)
        return len(broken)

    def fault(self, checksum: str) -> str | None:
        """`missing` or `damaged` where the file is not what was stored; else None."""
        try:
            with self.path(checksum).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except (NotFound, OSError):
            return "missing"
        return None if found == checksum else "damaged"


def _copied(stream: IO[bytes], file: IO[bytes], most_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most_bytes:
            raise UploadRefused("too_large")
        digest.update(chunk)
        file.write(chunk)
    return digest.hexdigest(), size
