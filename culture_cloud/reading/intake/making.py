"""One file made into a book folder: what it is, then the maker for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .findings import FileRefused, Finding, Findings
from .sniffing import AUDIO, EPUB, PDF, PICTURES, VIDEO, sniff


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a file. `refused` says why there is no book; else `facts` describe it."""

    findings: list[Finding]
    facts: dict[str, Any]
    refused: Finding | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "findings": [finding.as_json() for finding in self.findings],
            "facts": self.facts,
            "refused": self.refused.as_json() if self.refused else None,
        }

    @classmethod
    def parse(cls, read: dict[str, Any]) -> Result:
        refused = read.get("refused")
        return cls(
            [Finding(**finding) for finding in read["findings"]],
            read["facts"],
            Finding(**refused) if refused else None,
        )


def make(path: Path, folder: Path) -> Result:
    """Write the book folder of a file; never raises for what is in the file."""
    findings = Findings()
    try:
        facts = _made(path, folder, findings)
    except FileRefused as refusal:
        return Result(findings.all(), {}, refusal.finding)
    except (RecursionError, MemoryError):
        return Result(findings.all(), {}, Finding("too_much"))
    return Result(findings.all(), facts)


def _made(path: Path, folder: Path, findings: Findings) -> dict[str, Any]:
    sniffed = sniff(path)
    folder.mkdir(parents=True, exist_ok=True)
    if sniffed.kind == EPUB:
        from culture_cloud.reading.epub.book import make_book

        made = make_book(path, folder, findings)
    elif sniffed.kind == PDF:
        from culture_cloud.reading.pdf.document import make_pdf

        made = make_pdf(path, folder, findings)
    elif sniffed.kind == PICTURES:
        from culture_cloud.reading.pdf.picture_book import make_picture_book

        made = make_picture_book(path, folder, findings)
    elif sniffed.kind in {AUDIO, VIDEO}:
        from culture_cloud.reading.audio.media import make_media

        made = make_media(path, folder, findings, sniffed)
    else:
        raise FileRefused("unknown_file")
    manifest = made.manifest
    return {
        "kind": sniffed.kind,
        "media_type": sniffed.media_type,
        "form": manifest.form,
        "language": manifest.language,
        "chapters": manifest.counted,
        "characters": manifest.characters,
        "seconds": round(manifest.seconds),
        "only_pictures": manifest.only_pictures,
        "has_cover": (folder / "cover-480.webp").exists(),
        "pages": [
            [chapter.number, page, chapter.title[:300]]
            for chapter in manifest.chapters
            for page in range(1, chapter.pages + 1)
        ]
        if manifest.characters
        else [],
        "metadata": made.metadata,
    }
