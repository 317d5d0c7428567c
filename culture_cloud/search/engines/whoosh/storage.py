"""Files that are on the disk when a write says so, and that readers share through the page cache.

No release of Whoosh calls fsync: after a power cut its index did not open in most trials. Here
every file is synced when it is closed and its folder when a name changes. Readers map files into
memory, which costs nothing for what is not read and makes them safe for threads.
"""

from __future__ import annotations

import mmap
import os
from io import BytesIO
from pathlib import Path
from typing import Any
from zlib import crc32

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile


class MappedFile(StructFile):  # type: ignore[misc]
    """A file of an index, read through memory: `get` has no place of its own that threads share."""

    def __init__(self, path: str, name: str) -> None:
        with Path(path).open("rb") as file:
            # the map keeps the file open by itself; an empty file cannot be mapped
            size = os.fstat(file.fileno()).st_size
            self.data: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        super().__init__(self.data if size else BytesIO(), name=name)
        self.is_real = False

    def get(self, position: int, length: int) -> bytes:
        return bytes(self.data[position : position + length])

    def close(self) -> None:
        """Left to the garbage collector: a snapshot that still reads keeps its map."""
        self.is_closed = True


class DurableStorage(FileStorage):  # type: ignore[misc]
    """A folder whose files survive a power cut once they are closed and named."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), supports_mmap=False)
        self.path = path

    def create_file(self, name: str, excl: bool = False, mode: str = "wb", **options: Any) -> Any:
        file = super().create_file(name, excl=excl, mode=mode, **options)
        file.onclose = _sync
        return file

    def open_file(self, name: str, **_options: Any) -> Any:
        return MappedFile(self._fpath(name), name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        super().rename_file(oldname, newname, safe=safe)
        sync_folder(self.path)

    def map(self, name: str) -> Any:
        """The whole file as memory."""
        return self.open_file(name).data

    def files_of(self, prefix: str) -> list[str]:
        return sorted(name for name in self.list() if name.startswith(prefix))

    def checksum(self, name: str) -> int:
        return crc32(self.map(name))


def _sync(file: StructFile) -> None:
    file.flush()
    os.fsync(file.file.fileno())


def sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, text: str) -> None:
    """Replace a small file whole: readers see the old text or the new one."""
    aside = path.with_suffix(".new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)
