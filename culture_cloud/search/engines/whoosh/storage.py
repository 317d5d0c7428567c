"""Files that are on the disk when a write says so, and that readers share.

No release of Whoosh calls fsync: after a power cut its index did not open in most trials. Here
every file is synced when it is closed and its folder when a name changes.
"""

from __future__ import annotations

import io
import os
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile


class _Handle(io.RawIOBase):
    """An open file, closed when nobody has it any more; reads in sequence go through its own
    place, as opening an index does."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._close = weakref.finalize(self, os.close, self.number)
        self._place = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = os.pread(self.number, len(buffer), self._place)
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self.size()}[whence]
        self._place = base + place
        return self._place

    def tell(self) -> int:
        return self._place

    def size(self) -> int:
        return os.fstat(self.number).st_size

    def close(self) -> None:
        self._close()
        super().close()


class PlacedFile(StructFile):  # type: ignore[misc]
    """A file of an index, read by place (pread): threads share it, a file that was removed is read
    on, and one that was cut under our hands is an EOFError. A memory map would end the process."""

    def __init__(self, path: str, name: str) -> None:
        self.handle = _Handle(path)
        super().__init__(self.handle, name=name)
        self.is_real = False

    def get(self, position: int, length: int) -> bytes:
        data = os.pread(self.handle.number, length, position)
        if len(data) != length:
            raise EOFError(f"{self._name} is cut")
        return data

    def array(self, form: str, start: int, count: int) -> NDArray[Any]:
        """`count` numbers from the `start`th on."""
        size = np.dtype(form).itemsize
        return np.frombuffer(self.get(start * size, count * size), form)

    def whole(self) -> bytes:
        return self.get(0, self.handle.size())


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
        return PlacedFile(self._fpath(name), name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        super().rename_file(oldname, newname, safe=safe)
        sync_folder(self.path)

    def whole(self, name: str) -> bytes:
        """A file at once."""
        return Path(self._fpath(name)).read_bytes()

    def tidy(self) -> None:
        """Remove Whoosh's folder for columns on their way, unless another process is using it."""
        with suppress(OSError):
            (self.path / "search.tmp").rmdir()

    def files_of(self, prefix: str) -> list[str]:
        return sorted(name for name in self.list() if name.startswith(prefix))

    def checksum(self, name: str) -> int:
        checksum = 0
        with Path(self._fpath(name)).open("rb") as file:
            while piece := file.read(1 << 20):
                checksum = crc32(piece, checksum)
        return checksum


def _sync(file: StructFile) -> None:
    try:
        file.flush()
        os.fsync(file.file.fileno())
    except OSError:
        with suppress(OSError):  # a full disk refuses the rest of the buffer once more
            file.file.close()
        raise


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
