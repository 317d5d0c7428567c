"""The head kept outside of the database: a small file beside it, replaced at every sealing.

It belongs into the backups of another machine too; `flask audit verify --head` compares with any
head that was noted elsewhere.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from .chain import Head

log = logging.getLogger(__name__)

NAME = "audit-head"


class BadHead(ValueError):
    """A head is written number:digest."""


def parse(text: str) -> Head:
    """A head from `number:digest`. Raises BadHead."""
    number, _, digest = text.strip().partition(":")
    if not (number.isascii() and number.isdigit() and len(digest) == 64):
        raise BadHead(text)
    return Head(int(number), digest)


def read(folder: Path) -> Head | None:
    """The head as this machine last saw it; None on a machine that has sealed nothing yet.

    Raises BadHead where the file holds something else.
    """
    try:
        text = (folder / NAME).read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    return parse(text)


def write(folder: Path, head: Head) -> None:
    """Keep the head; after a power cut either the old or the new one is there."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{NAME}.{os.getpid()}"
    with fresh.open("w", encoding="ascii") as file:
        file.write(f"{head.number}:{head.digest}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / NAME)
    log.info("audit trail sealed", extra={"audit_head": f"{head.number}:{head.digest}"})
