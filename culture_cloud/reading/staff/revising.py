"""A new book folder from an old one: chapters typed in, captions added. Folders never change."""

from __future__ import annotations

import copy
import os
import secrets
import shutil
from pathlib import Path

from culture_cloud import clock, db
from culture_cloud.reading.audio.media import set_chapters
from culture_cloud.reading.books import Manifest
from culture_cloud.reading.intake.jobs import store
from culture_cloud.reading.models import Publication


def with_chapters(publication_id: int, marks: list[tuple[float, str]]) -> None:
    """Give a sound or film these chapters."""
    folder, manifest = _copied(publication_id)
    name = next(n for n in manifest.media if n.startswith("whole."))
    set_chapters(manifest, name, marks)
    _finish(publication_id, folder, manifest)


def with_captions(
    publication_id: int, file: str, data: bytes, *, language: str, label: str, transcript: list[str]
) -> None:
    """Give a film captions (WebVTT, checked by the caller) and the transcript made of them."""
    folder, manifest = _copied(publication_id)
    path = folder / "media" / file
    path.unlink(missing_ok=True)
    path.write_bytes(data)
    manifest.media[file] = "text/vtt"
    manifest.captions = [c for c in manifest.captions if c["language"] != language]
    manifest.captions.append({"file": file, "language": language, "label": label})
    manifest.transcript = transcript
    _finish(publication_id, folder, manifest)


def _copied(publication_id: int) -> tuple[Path, Manifest]:
    """A second folder with the same files (the same disk blocks), and its manifest to change."""
    publication = db.session().get_one(Publication, publication_id)
    kept = store()
    source = kept.book(publication_id, publication.book_key)
    target = kept.book(publication_id, secrets.token_hex(12))
    shutil.copytree(source, target, copy_function=_link)
    manifest = Manifest.parse((source / "manifest.json").read_text(encoding="utf-8"))
    return target, copy.deepcopy(manifest)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _finish(publication_id: int, folder: Path, manifest: Manifest) -> None:
    path = folder / "manifest.json"
    path.unlink()  # a second name of the old one: never written through
    path.write_text(manifest.as_json(), encoding="utf-8")
    with db.transaction() as session:
        publication = session.get_one(Publication, publication_id)
        publication.book_key = folder.name.rpartition("-")[2]
        publication.chapters = manifest.counted
        publication.updated_at = clock.now()
