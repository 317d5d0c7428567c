"""The worker's part: what is made from originals, and whether they are still what was stored."""

from __future__ import annotations

import json
import logging
import resource
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.errors import NotFound
from culture_cloud.jobs.queue import enqueue
from culture_cloud.jobs.worker import Handlers

from . import services
from .making import WIDTHS
from .models import FAILED, READY, WAITING, MediaOriginal
from .serving import store
from .sniffing import BY_MEDIA_TYPE, Family

log = logging.getLogger(__name__)

MOST_MEMORY = 3 << 30
"""Address space of the process that decodes, in bytes: mapped files count, memory stays small."""
MOST_SECONDS = 240
CHECKED_AT_ONCE = 50


def folder_of(checksum: str) -> Path:
    """Where the derivatives of an original lie."""
    return Path(str(current_app.config["DATA_FOLDER"])) / "derived" / checksum[:2] / checksum


def size_path(checksum: str, width: int, ending: str) -> Path:
    """The file of one size. Raises NotFound."""
    path = folder_of(checksum) / f"{width}.{ending}"
    if width not in WIDTHS or ending not in {"webp", "jpg"} or not path.is_file():
        raise NotFound
    return path


def init_app(app: Flask) -> None:
    handlers: Handlers = app.extensions["handlers"]
    handlers.add({"media.derive": derive, "media.check_fixity": check_fixity})
    handlers.every("media.check_fixity", timedelta(hours=6))


def derive(original_id: int) -> None:
    """Make the sizes and tiles of a picture, or read how long a recording is."""
    original = db.session().get(MediaOriginal, original_id)
    if original is None or original.state != WAITING:
        return
    kind = BY_MEDIA_TYPE[original.media_type]
    path = store().path(original.checksum)
    if kind.family is Family.PICTURE:
        facts = made_apart(path, folder_of(original.checksum))
    else:
        facts = {"seconds": _seconds(path)}
    with db.transaction() as session:
        row = session.get(MediaOriginal, original_id)
        if row is not None:
            _note(row, facts)


def _note(row: MediaOriginal, facts: Mapping[str, Any]) -> None:
    if "fault" in facts:
        row.state, row.fault = FAILED, str(facts["fault"])
        return
    row.state, row.fault = READY, ""
    row.width, row.height = facts.get("width"), facts.get("height")
    row.seconds = facts.get("seconds")
    row.tiled = bool(facts.get("levels"))


def made_apart(source: Path, target: Path) -> dict[str, Any]:
    """Run `making` in a process of its own; what it found, or {"fault": word}."""
    return run_apart("culture_cloud.media.making", str(source), str(target))


def run_apart(module: str, *arguments: str) -> dict[str, Any]:
    """Run a module that opens what strangers sent, and read the JSON it prints."""
    command = [sys.executable, "-I", "-c", _RUN, str(_ROOT), module, *arguments]
    try:
        done = subprocess.run(  # noqa: S603  (no shell, and no part of it was typed by anybody)
            command, capture_output=True, timeout=MOST_SECONDS, check=False, preexec_fn=_limits
        )
    except subprocess.TimeoutExpired:
        return {"fault": "too_many_pixels"}
    try:
        facts: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        log.warning("a file could not be decoded", extra={"status": done.returncode})
        return {"fault": "not_a_picture"}
    return facts


_ROOT = Path(__file__).resolve().parents[2]
_RUN = (
    "import sys, runpy; sys.path.insert(0, sys.argv.pop(1));"
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=False)"
)


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def _seconds(path: Path) -> float | None:
    from mutagen import File, MutagenError

    try:
        found = File(path)
    except (MutagenError, OSError, ValueError):
        return None
    length = getattr(getattr(found, "info", None), "length", None)
    return float(length) if length else None


def check_fixity() -> None:
    """Compare the originals that are due with their checksums: each about once a month.

    What is missing or damaged stands on the desk until a copy was put back.
    """
    with db.transaction() as session:
        due = [(o.id, o.checksum) for o in services.due_for_fixity(session, limit=CHECKED_AT_ONCE)]
    faults = {original_id: store().fault(checksum) or "" for original_id, checksum in due}
    with db.transaction() as session:
        for original_id, fault in faults.items():
            _note_check(session, original_id, fault)
        if len(due) == CHECKED_AT_ONCE:
            enqueue(session, "media.check_fixity", due_at=clock.ahead(seconds=5))


def _note_check(session: Session, original_id: int, fault: str) -> None:
    row = session.get(MediaOriginal, original_id)
    if row is not None:
        row.checked_at, row.damage = clock.now(), fault
    if fault:
        log.error("an original is not what was stored", extra={"original": original_id})
