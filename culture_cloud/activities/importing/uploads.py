"""Uploaded files, kept in the data folder from the preview to the import."""

from __future__ import annotations

import os
import re
import secrets
from datetime import timedelta
from pathlib import Path

from culture_cloud import clock

KEPT = timedelta(hours=24)

_KEY = re.compile(r"[A-Za-z0-9_-]{32}")


class UploadStore:
    """Files by random keys that nobody can guess."""

    def __init__(self, data_folder: Path) -> None:
        self._folder = data_folder / "imports"

    def keep(self, data: bytes) -> str:
        """Store a file; its key."""
        key = secrets.token_urlsafe(24)
        self._folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._folder / key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        return key

    def read(self, key: str) -> bytes | None:
        """The file, or None where it is no longer kept."""
        if not _KEY.fullmatch(key):
            return None
        path = self._folder / key
        return path.read_bytes() if path.is_file() and not self._is_old(path) else None

    def remove(self, key: str) -> None:
        if _KEY.fullmatch(key):
            (self._folder / key).unlink(missing_ok=True)

    def forget_old(self) -> None:
        """Remove the files that were kept long enough."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if self._is_old(path):
                path.unlink(missing_ok=True)

    def _is_old(self, path: Path) -> bool:
        return path.stat().st_mtime < (clock.now() - KEPT).timestamp()
