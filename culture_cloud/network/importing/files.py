"""A file's bytes → what it says of the network, whichever of the kinds it is."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from culture_cloud.tabular import N_, FileNotReadable, Reason, read_csv, read_workbook

from .divisions import are_divisions, read_divisions
from .documents import read_document
from .faults import ImportRefused, whole_file
from .rows import NetworkFile
from .tables import read_sheets

MAX_BYTES = 5 * 1024 * 1024
MAX_NODES = 20_000


def read_file(data: bytes, *, one_hall: bool = False) -> NetworkFile:
    """Our own JSON, JSON of administrative divisions, XLSX or CSV, known by their content.

    `one_hall` is about divisions: one main hall for both lines. Raises ImportRefused.
    """
    if len(data) > MAX_BYTES:
        raise whole_file(
            Reason(
                N_("The file is larger than %(limit)d MB. Split it and import the parts."),
                {"limit": MAX_BYTES // 1024 // 1024},
            )
        )
    try:
        found = _read(data, one_hall=one_hall)
    except FileNotReadable as error:
        raise whole_file(error.reason) from None
    if len(found.nodes) > MAX_NODES:
        raise whole_file(
            Reason(N_("The file has more than %(limit)d nodes. Split it."), {"limit": MAX_NODES})
        )
    return found


def _read(data: bytes, *, one_hall: bool) -> NetworkFile:
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return read_sheets(read_workbook(data))
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}:
        return _read_json(data, one_hall=one_hall)
    return read_sheets([read_csv(data)])


def _read_json(data: bytes, *, one_hall: bool) -> NetworkFile:
    try:
        content: Any = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise whole_file(
            Reason(
                N_("The JSON is broken in line %(line)d, column %(column)d."),
                {"line": error.lineno, "column": error.colno},
            )
        ) from None
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise _not_ours() from None
    if isinstance(content, list):
        content = {"nodes": content}
    if not isinstance(content, dict):
        raise _not_ours()
    if are_divisions(content):
        return read_divisions(content, one_hall=one_hall)
    return read_document(content)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _not_ours() -> ImportRefused:
    return whole_file(Reason(N_("This is not JSON of a network. Its text must be UTF-8.")))
