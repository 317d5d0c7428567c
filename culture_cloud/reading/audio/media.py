"""Sound and film: what the tags say, the chapters, a copy to stream. Nothing is decoded here."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import mutagen
from mutagen.id3 import ID3

from culture_cloud.reading import pictures
from culture_cloud.reading.books import COVER_WIDTHS, Chapter, Entry, Manifest
from culture_cloud.reading.intake.findings import FileRefused, Findings
from culture_cloud.reading.intake.sniffing import VIDEO, Sniffed
from culture_cloud.reading.made import Made

ENDINGS = {
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "video/mp4": "mp4",
    "video/webm": "webm",
}
MOST_CHAPTERS = 1000


def make_media(path: Path, folder: Path, findings: Findings, sniffed: Sniffed) -> Made:
    """Write the book folder of a sound or film. Raises FileRefused."""
    is_film = sniffed.kind == VIDEO
    try:
        tags = mutagen.File(path) if sniffed.media_type != "video/webm" else None
    except Exception as error:  # mutagen raises many kinds; all mean the same
        raise FileRefused("media_broken") from error
    if tags is None and not is_film:
        raise FileRefused("media_broken")
    seconds = float(getattr(getattr(tags, "info", None), "length", 0) or 0)
    manifest = Manifest("video" if is_film else "audio", seconds=round(seconds, 1))
    name = f"whole.{ENDINGS[sniffed.media_type]}"
    (folder / "media").mkdir(parents=True, exist_ok=True)
    _linked(path, folder / "media" / name)
    manifest.media[name] = sniffed.media_type
    marks = [] if tags is None else _chapter_marks(tags, path)
    set_chapters(manifest, name, marks)
    if is_film and not manifest.captions:
        findings.note("video_without_captions")
    _cover(tags, folder)
    (folder / "manifest.json").write_text(manifest.as_json(), encoding="utf-8")
    return Made(manifest, _metadata(tags))


def _linked(source: Path, target: Path) -> None:
    """The same file under a second name where the disk can; else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def set_chapters(manifest: Manifest, name: str, marks: list[tuple[float, str]]) -> None:
    """Chapters by where they begin; a sound without a list is one chapter."""
    marks = sorted((max(0.0, begin), title) for begin, title in marks)[:MOST_CHAPTERS]
    marks = [m for m in marks if not manifest.seconds or m[0] < manifest.seconds]
    if not marks or marks[0][0] > 1:
        marks.insert(0, (0.0, ""))
    ends = [begin for begin, _title in marks[1:]] + [manifest.seconds]
    manifest.chapters = [
        Chapter(
            number,
            title.strip()[:300],
            characters=max(1, round(end - begin)),
            audio={"file": name, "begin": round(begin, 2), "end": round(end, 2)},
        )
        for number, ((begin, title), end) in enumerate(zip(marks, ends, strict=True), 1)
    ]
    manifest.contents = [Entry(c.title, c.number) for c in manifest.chapters if c.title]


def _chapter_marks(tags: Any, path: Path) -> list[tuple[float, str]]:
    """ID3 chapter frames, the chapter list of an M4B, CHAPTERxxx comments of Ogg."""
    listed = getattr(tags, "chapters", None)
    if listed:
        return [(float(c.start), str(c.title or "")) for c in listed]
    try:
        frames = ID3(path).getall("CHAP") if path.stat().st_size else []  # type: ignore[no-untyped-call]
    except Exception:  # no ID3 tag, or a broken one: then there is no list
        frames = []
    if frames:
        return [(f.start_time / 1000, _frame_title(f)) for f in frames]
    return _ogg_marks(getattr(tags, "tags", None) or {})


def _frame_title(frame: Any) -> str:
    title = frame.sub_frames.get("TIT2")
    return str(title.text[0]) if title is not None and title.text else ""


def _ogg_marks(comments: Any) -> list[tuple[float, str]]:
    found = []
    for key, value in dict(comments).items() if hasattr(comments, "keys") else ():
        number = re.fullmatch(r"chapter(\d{2,3})", str(key).lower())
        if number and value:
            begin = clock_seconds(str(value[0]))
            name = comments.get(f"chapter{number[1]}name") or [""]
            if begin is not None:
                found.append((begin, str(name[0])))
    return found


def clock_seconds(text: str) -> float | None:
    """1:02:03.5 or 2:03 in seconds; None where it is no time."""
    found = re.fullmatch(r"(?:(\d{1,3})[:：])?(\d{1,3})[:：](\d{1,2}(?:\.\d{1,3})?)", text.strip())
    if not found:
        return None
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3])


def _metadata(tags: Any) -> dict[str, Any]:
    def first(*names: str) -> str:
        for name in names:
            value = (getattr(tags, "tags", None) or {}).get(name)
            if value:
                text = value.text[0] if hasattr(value, "text") else value[0] if value else ""
                return re.sub(r"\s+", " ", str(text)).strip()[:300]
        return ""

    author = first("TPE1", "\xa9ART", "artist", "ARTIST")
    return {
        "title": first("TALB", "\xa9alb", "album") or first("TIT2", "\xa9nam", "title"),
        "authors": [author] if author else [],
        "published": first("TDRC", "\xa9day", "date")[:40],
        "description": first("COMM::eng", "\xa9cmt", "description"),
    }


def _cover(tags: Any, folder: Path) -> None:
    stored = getattr(tags, "tags", None) or {}
    data = next((f.data for key, f in dict(stored).items() if str(key).startswith("APIC")), None)
    if data is None:
        covers = stored.get("covr") if hasattr(stored, "get") else None
        data = bytes(covers[0]) if covers else None
    if data is None:
        return
    try:
        pictures.write_covers(pictures.decoded(data), folder, COVER_WIDTHS)
    except pictures.NotAPicture:
        return
