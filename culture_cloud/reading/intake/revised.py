"""A new book folder from an old one. Folders never change, so whoever reads the old one goes on."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.reading.books import Manifest
from culture_cloud.reading.models import Publication

from .jobs import store


def copied(publication: Publication) -> tuple[Path, Manifest]:
    """A second folder with the same files (the same disk blocks), and its manifest to change.

    A file that is to differ is unlinked first, then written anew.
    """
    kept = store()
    source = kept.book(publication.id, publication.book_key)
    target = kept.book(publication.id, secrets.token_hex(12))
    shutil.copytree(source, target, copy_function=_link)
    return target, Manifest.parse((source / "manifest.json").read_text(encoding="utf-8"))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def put_in_place(
    session: Session, publication: Publication, folder: Path, manifest: Manifest
) -> None:
    """Write the changed manifest, and have the publication read from the new folder."""
    path = folder / "manifest.json"
    path.unlink()  # a second name of the old one: never written through
    path.write_text(manifest.as_json(), encoding="utf-8")
    publication.book_key = folder.name.rpartition("-")[2]
    publication.chapters = manifest.counted
    publication.characters = manifest.characters
    publication.updated_at = clock.now()
    session.flush()
