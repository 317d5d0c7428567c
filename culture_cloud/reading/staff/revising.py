"""A new book folder from an old one: chapters typed in, captions added. Folders never change."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from pathlib import Path

from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.reading.audio.media import set_chapters
from culture_cloud.reading.books import Manifest
from culture_cloud.reading.intake.jobs import store
from culture_cloud.reading.models import Publication

Mark = tuple[float, str]


def with_chapters(session: Session, publication: Publication, marks: list[Mark]) -> None:
    """Give a sound or film these chapters, (second where it begins, title)."""
    folder, manifest = _copied(publication)
    name = next(n for n in manifest.media if n.startswith("whole."))
    set_chapters(manifest, name, marks)
    _finish(session, publication, folder, manifest)


def with_captions(
    session: Session,
    publication: Publication,
    captions: str,
    *,
    language: str = "zh",
    label: str = "中文",
) -> None:
    """Give a film captions (WebVTT, checked by the caller) and the transcript made of them."""
    folder, manifest = _copied(publication)
    file = "captions.vtt"
    path = folder / "media" / file
    path.unlink(missing_ok=True)
    path.write_text(captions, encoding="utf-8")
    manifest.media[file] = "text/vtt"
    manifest.captions = [c for c in manifest.captions if c["language"] != language]
    manifest.captions.append({"file": file, "language": language, "label": label})
    manifest.transcript = transcript_of(captions)
    _finish(session, publication, folder, manifest)


def transcript_of(vtt: str) -> list[str]:
    """What is said, without times and marks, a paragraph for about ten cues."""
    said: list[str] = []
    for block in re.split(r"\r?\n\s*\r?\n", vtt):
        lines = block.strip().splitlines()
        time = next((i for i, line in enumerate(lines) if "-->" in line), None)
        if time is not None:
            words = " ".join(lines[time + 1 :])
            said.append(re.sub(r"<[^>]{0,100}>", "", words).strip())
    said = [words for words in said if words]
    return ["".join(said[at : at + 10]) for at in range(0, len(said), 10)]


def _copied(publication: Publication) -> tuple[Path, Manifest]:
    """A second folder with the same files (the same disk blocks), and its manifest to change."""
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


def _finish(session: Session, publication: Publication, folder: Path, manifest: Manifest) -> None:
    path = folder / "manifest.json"
    path.unlink()  # a second name of the old one: never written through
    path.write_text(manifest.as_json(), encoding="utf-8")
    publication.book_key = folder.name.rpartition("-")[2]
    publication.chapters = manifest.counted
    publication.updated_at = clock.now()
    session.flush()
