"""A new book folder from an old one: chapters typed in, captions added. Folders never change."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from culture_cloud.reading.audio.media import set_chapters
from culture_cloud.reading.intake.revised import copied, put_in_place
from culture_cloud.reading.models import Publication

Mark = tuple[float, str]


def with_chapters(session: Session, publication: Publication, marks: list[Mark]) -> None:
    """Give a sound or film these chapters, (second where it begins, title)."""
    folder, manifest = copied(publication)
    name = next(n for n in manifest.media if n.startswith("whole."))
    set_chapters(manifest, name, marks)
    put_in_place(session, publication, folder, manifest)


def with_captions(
    session: Session,
    publication: Publication,
    captions: str,
    *,
    language: str = "zh",
    label: str = "中文",
) -> None:
    """Give a film captions (WebVTT, checked by the caller) and the transcript made of them."""
    folder, manifest = copied(publication)
    file = "captions.vtt"
    path = folder / "media" / file
    path.unlink(missing_ok=True)
    path.write_text(captions, encoding="utf-8")
    manifest.media[file] = "text/vtt"
    manifest.captions = [c for c in manifest.captions if c["language"] != language]
    manifest.captions.append({"file": file, "language": language, "label": label})
    manifest.transcript = transcript_of(captions)
    put_in_place(session, publication, folder, manifest)


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
