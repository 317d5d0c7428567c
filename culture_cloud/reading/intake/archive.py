"""A ZIP file that a stranger made. The limits are those of our study of uploads.

Sizes are judged by the headers first (a bomb is refused within a millisecond) and counted again
while reading, because headers lie.
"""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from types import TracebackType
from urllib.parse import unquote

from .findings import FileRefused

MOST_MEMBERS = 2000
MOST_MEMBER_BYTES = 50 * 1024 * 1024
MOST_BYTES = 300 * 1024 * 1024
MOST_RATIO = 100
RATIO_COUNTS_FROM = 1024 * 1024
_SYMLINK = 0o120000
_READ_AT_ONCE = 256 * 1024

BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)
"""Everything that zipfile was seen to raise on files made to break it."""


class Archive:
    """The members of a checked ZIP file, by their paths inside it.

    Raises FileRefused, at opening and at reading.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            infos = self._zip.infolist()
        except BROKEN as error:
            raise FileRefused("zip_broken") from error
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._read_bytes = 0
        _check_sums(infos)
        for info in infos:
            if info.is_dir():
                continue
            name = _checked_name(info)
            if name in self._members:
                raise FileRefused("zip_twice", name=name)
            self._members[name] = info
        self._folded = {name.casefold(): name for name in self._members}

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return self.find(name) is not None

    def find(self, name: str) -> str | None:
        """The member that a path means: as it stands, unquoted, or in another case."""
        for tried in (name, unquote(name)):
            if tried in self._members:
                return tried
            folded = self._folded.get(tried.casefold())
            if folded is not None:
                return folded
        return None

    def read(self, name: str) -> bytes:
        """The whole content of a member. Raises KeyError where there is none."""
        found = self.find(name)
        if found is None:
            raise KeyError(name)
        info = self._members[found]
        parts: list[bytes] = []
        size = 0
        try:
            with self._zip.open(info) as member:
                while part := member.read(_READ_AT_ONCE):
                    size += len(part)
                    self._read_bytes += len(part)
                    if size > MOST_MEMBER_BYTES or self._read_bytes > 2 * MOST_BYTES:
                        raise FileRefused("zip_bomb")
                    parts.append(part)
        except BROKEN as error:
            raise FileRefused("zip_broken") from error
        return b"".join(parts)

    def refuse_nested(self) -> None:
        """Refuse where a member is an archive itself."""
        for name in self._members:
            if PurePosixPath(name).suffix.lower() in {".zip", ".epub", ".rar", ".7z", ".gz"}:
                raise FileRefused("zip_nested", name=name)


def _check_sums(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MOST_MEMBERS:
        raise FileRefused("zip_too_many", number=len(infos), most=MOST_MEMBERS)
    total = 0
    for info in infos:
        total += info.file_size
        if info.file_size > MOST_MEMBER_BYTES or total > MOST_BYTES:
            raise FileRefused("zip_bomb")
        if info.file_size > RATIO_COUNTS_FROM and info.file_size > MOST_RATIO * max(
            1, info.compress_size
        ):
            raise FileRefused("zip_bomb")


def _checked_name(info: zipfile.ZipInfo) -> str:
    name = info.orig_filename
    if info.flag_bits & 0x1:
        raise FileRefused("zip_encrypted")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise FileRefused("zip_method")
    if (info.external_attr >> 16) & 0o170000 == _SYMLINK:
        raise FileRefused("zip_path", name=info.filename)
    parts = PurePosixPath(name).parts
    strange = "\\" in name or "\0" in name or name.startswith("/") or ".." in parts
    if strange or re.match(r"[A-Za-z]:", name) or not name:
        raise FileRefused("zip_path", name=name.replace("\0", "")[:100])
    return name
