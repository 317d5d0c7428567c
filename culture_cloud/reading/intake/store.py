"""Where files that come in lie: waiting, kept aside, made into books.

A file that was taken in is an original of the media store from then on (media.originals).

No path is ever built from a name that a person gave: names live in the database.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_AT_ONCE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has arrived whole: its key, size in bytes, SHA-256."""

    key: str
    size: int
    sha256: str


class IntakeStore:
    """The folders of the reading room below the data folder."""

    def __init__(self, data_folder: str | Path) -> None:
        self.folder = Path(data_folder) / "reading"

    def receive(self, stream: IO[bytes]) -> Received:
        """Keep an upload, whole or not at all, in memory of a megabyte."""
        key = secrets.token_hex(12)
        path = self.waiting(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        digest, size = hashlib.sha256(), 0
        try:
            with beside.open("wb") as file:
                while part := stream.read(_AT_ONCE):
                    digest.update(part)
                    size += len(part)
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return Received(key, size, digest.hexdigest())

    def waiting(self, key: str) -> Path:
        return self.folder / "waiting" / _checked(key)

    def aside(self, key: str) -> Path:
        return self.folder / "aside" / _checked(key)

    def book(self, publication_id: int, key: str) -> Path:
        return self.folder / "books" / f"{publication_id}-{_checked(key)}"

    def making(self, key: str) -> Path:
        """Where a book folder grows before it has a publication."""
        return self.folder / "making" / _checked(key)

    def keep_aside(self, key: str) -> None:
        """A refused file is not lost. Safe to do twice."""
        self._move(self.waiting(key), self.aside(key))

    def settle(self, key: str, publication_id: int) -> None:
        """A finished book folder gets the name of its publication. Safe to do twice."""
        self._move(self.making(key), self.book(publication_id, key))

    def throw_away(self, key: str) -> None:
        for path in (self.waiting(key), self.aside(key)):
            path.unlink(missing_ok=True)
        shutil.rmtree(self.making(key), ignore_errors=True)

    def _move(self, source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.exists():
            if target.is_dir():
                shutil.rmtree(target)
            source.replace(target)


def _checked(key: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{8,40}", key):
        raise ValueError("not a key")
    return key
