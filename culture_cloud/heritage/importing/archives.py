"""Files in a ZIP: taken out one by one, counted while they are read, never by their path."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO

from culture_cloud.media.sniffing import UploadRefused

MOST_MEMBERS = 2000
MOST_RATIO = 100
RATIO_ABOVE = 1 << 20
_CHUNK = 1 << 20


def members(stream: IO[bytes], most_bytes: int) -> Iterator[tuple[str, IO[bytes]]]:
    """(name without folders, content) of each file. Raises UploadRefused for the whole archive."""
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir()]
            _check(infos, most_bytes)
            left = most_bytes
            for info in infos:
                name = PurePosixPath(_name(info).replace("\\", "/")).name
                if not name or name.startswith(".") or "__MACOSX" in info.filename:
                    continue
                with archive.open(info) as source:
                    file, size = _copied(source, left)
                left -= size
                yield name, file
                file.close()
    except UploadRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError):
        raise UploadRefused("bad_archive") from None


def _name(info: zipfile.ZipInfo) -> str:
    """Windows programs in China write names in GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _check(infos: list[zipfile.ZipInfo], most_bytes: int) -> None:
    if len(infos) > MOST_MEMBERS or sum(i.file_size for i in infos) > most_bytes:
        raise UploadRefused("archive_too_large")
    for info in infos:
        if info.flag_bits & 1:
            raise UploadRefused("archive_locked")
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise UploadRefused("bad_archive")
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > RATIO_ABOVE and ratio > MOST_RATIO:
            raise UploadRefused("archive_too_large")


def _copied(source: IO[bytes], left: int) -> tuple[IO[bytes], int]:
    file: IO[bytes] = SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115
    size = 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > left:
            raise UploadRefused("archive_too_large")
        file.write(chunk)
    file.seek(0)
    return file, size
