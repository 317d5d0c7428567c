"""Looks at a workbook's zip directory before anything is unpacked."""

from __future__ import annotations

import zipfile
from io import BytesIO

from culture_cloud.tabular.reasons import N_, FileNotReadable, Reason
from culture_cloud.tabular.sheets import MAX_BYTES

MAX_UNPACKED = 100 * 1024 * 1024
MAX_OTHER_PART = 10 * 1024 * 1024
MAX_PARTS = 2_000
MAX_RATIO = 200
RATIO_MATTERS_FROM = 5 * 1024 * 1024

_OLE_HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_STREAMED = ("xl/worksheets/", "xl/sharedStrings")

_TOO_BIG_UNPACKED = N_(
    "The workbook is far larger inside than it looks. Save the table as a new workbook and try"
    " again."
)
_NOT_A_WORKBOOK = N_("This is not an Excel workbook. Save the table as .xlsx or .csv.")
_DAMAGED = N_("The workbook is damaged or incomplete. Save it again and upload it anew.")
_PASSWORD = N_("The workbook is protected by a password. Save it without one and try again.")


def check_size(data: bytes) -> None:
    """Refuse an empty file and one above 10 MB."""
    if not data:
        raise FileNotReadable(Reason(N_("The file is empty. Choose another one.")))
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise FileNotReadable(
            Reason(
                N_("The file is larger than %(limit)d MB. Split it and upload the parts."),
                {"limit": limit},
            )
        )


def is_ole(data: bytes) -> bool:
    """Whether the file is in Microsoft's older container: .xls, or .xlsx with a password."""
    return data.startswith(_OLE_HEADER)


def refuse_ole(data: bytes) -> FileNotReadable:
    """Why a file in the older container cannot be read."""
    if _ENCRYPTED_PACKAGE in data:
        return FileNotReadable(Reason(_PASSWORD))
    return FileNotReadable(
        Reason(N_("This is an old Excel file (.xls). Open it, save it as .xlsx, and try again."))
    )


def open_workbook_archive(data: bytes) -> zipfile.ZipFile:
    """The workbook's zip, once its directory shows nothing dangerous.

    Python's zipfile never yields more bytes of a part than the directory declares, so the
    declared sizes bound what unpacking can take.
    """
    check_size(data)
    if is_ole(data):
        raise refuse_ole(data)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except Exception as error:
        raise damaged() if data.startswith(b"PK") else not_a_workbook() from error
    parts = archive.infolist()
    if any(part.flag_bits & 0x1 for part in parts):
        raise FileNotReadable(Reason(_PASSWORD))
    if "xl/workbook.xml" not in archive.namelist():
        raise not_a_workbook()
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MAX_PARTS
        or unpacked > MAX_UNPACKED
        or (unpacked > RATIO_MATTERS_FROM and unpacked > MAX_RATIO * len(data))
        or any(
            part.file_size > MAX_OTHER_PART and not part.filename.startswith(_STREAMED)
            for part in parts
        )
    ):
        raise FileNotReadable(Reason(_TOO_BIG_UNPACKED))
    return archive


def damaged() -> FileNotReadable:
    """The refusal for a workbook that starts well and then does not hold together."""
    return FileNotReadable(Reason(_DAMAGED))


def not_a_workbook() -> FileNotReadable:
    """The refusal for any other file."""
    return FileNotReadable(Reason(_NOT_A_WORKBOOK))
