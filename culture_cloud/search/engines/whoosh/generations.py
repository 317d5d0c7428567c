"""Where the index lies: one folder a generation, and a pointer to the one that serves.

    search/current          the name of the serving folder
    search/g-…/             an index
    search/writer.lock      held by whoever writes to the serving index
    search/rebuild.lock     held while another one is built aside
    search/rebuild.changes  keys that were written meanwhile, and are written again before the swap

A new generation takes the place of the old one by one rename, so that readers see the one or the
other, and a crash at any moment leaves the old one serving. Files of an index hold pickles: the
folder is closed to others, and an index from outside is never brought in, but built.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..base import Busy
from .storage import sync_folder, write_durably


class Generations:
    """The folder of one site's indexes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pointer = folder / "current"
        self.changes = folder / "rebuild.changes"
        #: the pointer as it was read last
        self._seen = (0, 0)
        self._serving: Path | None = None

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)

    def serving(self) -> Path | None:
        """The folder that serves; None before there is one."""
        try:
            found = os.stat(self.pointer)  # noqa: PTH116 (asked twice a search)
            seen = (found.st_ino, found.st_mtime_ns)
            if seen != self._seen or self._serving is None:
                name = self.pointer.read_text("utf-8").strip()
                path = self.folder / name
                self._serving = path if name.startswith("g-") and path.is_dir() else None
                self._seen = seen
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        return self._serving

    def new(self) -> Path:
        self.prepare()
        path = self.folder / f"g-{secrets.token_hex(6)}"
        path.mkdir(mode=0o700)
        return path

    def swap(self, path: Path) -> None:
        """Let a built folder serve, and remove all others."""
        sync_folder(path)
        write_durably(self.pointer, path.name)
        self.tidy()

    def tidy(self) -> None:
        """Remove every folder that does not serve (call it with the rebuild lock held)."""
        serving = self.serving()
        for path in self.folder.glob("g-*"):
            if path != serving:
                shutil.rmtree(path, ignore_errors=True)
        self.changes.unlink(missing_ok=True)

    @contextmanager
    def locked(self, name: str, *, wait: bool = True) -> Iterator[None]:
        """Hold `writer` or `rebuild`. The kernel frees it when a process dies. Raises Busy."""
        self.prepare()
        handle = os.open(self.folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise Busy(name) from None
            yield
        finally:
            os.close(handle)

    def is_rebuilding(self) -> bool:
        try:
            with self.locked("rebuild", wait=False):
                return False
        except Busy:
            return True

    def note_changes(self, keys: list[str]) -> None:
        """Keep keys for the generation that is being built."""
        with self.changes.open("a", encoding="utf-8") as file:
            file.writelines(f"{key}\n" for key in keys)
            file.flush()
            os.fsync(file.fileno())

    def noted_changes(self) -> list[str]:
        try:
            return list(dict.fromkeys(self.changes.read_text("utf-8").split()))
        except FileNotFoundError:
            return []
