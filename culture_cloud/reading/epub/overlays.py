"""Media overlays (EPUB 3.3, 9): which sentence is heard when. Sound is copied, never decoded."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from lxml import etree

from culture_cloud.reading.books import Manifest
from culture_cloud.reading.intake.archive import Archive
from culture_cloud.reading.intake.findings import Findings

from .chapters import Places
from .content import bound_id
from .markup import local, parse_xml
from .package import Package, resolve

SOUNDS = {"audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/ogg": "ogg", "audio/opus": "ogg"}


def add(
    manifest: Manifest,
    places: Places,
    package: Package,
    archive: Archive,
    *,
    folder: Path,
    findings: Findings,
) -> None:
    """Note in each chapter what is heard with it, and copy the sound into the folder."""
    copied: dict[str, str | None] = {}
    for place in package.spine:
        item = package.items.get(place.item.overlay)
        if item is None or item.path not in archive:
            continue
        smil = parse_xml(archive.read(item.path), findings)
        for clip in _clips(smil, item.path) if smil is not None else ():
            source = package.by_path().get(clip["path"])
            kind = SOUNDS.get(source.media_type) if source is not None else None
            if kind is None:
                continue
            if clip["path"] not in copied:
                copied[clip["path"]] = _copy(archive, clip["path"], kind, folder, manifest)
            name = copied[clip["path"]]
            # the same id stands in many documents of a book: its own document counts
            chapter, page = places.get((clip["document"], clip["id"]), (0, 0))
            if name is not None and chapter and clip["end"] > clip["begin"]:
                heard = {part: clip[part] for part in ("id", "begin", "end")}
                manifest.chapter(chapter).spoken.append({**heard, "audio": name, "page": page})


def _copy(archive: Archive, path: str, kind: str, folder: Path, manifest: Manifest) -> str | None:
    try:
        data = archive.read(path)
    except KeyError:
        return None
    name = f"{hashlib.blake2b(data, digest_size=10).hexdigest()}.{kind}"
    (folder / "media").mkdir(parents=True, exist_ok=True)
    (folder / "media" / name).write_bytes(data)
    manifest.media[name] = next(t for t, ending in SOUNDS.items() if ending == kind)
    return name


def _clips(smil: etree._Element, base: str) -> list[dict[str, Any]]:
    found = []
    for par in smil.iter():
        if local(par) != "par":
            continue
        text = next((c for c in par if local(c) == "text"), None)
        audio = next((c for c in par if local(c) == "audio"), None)
        if text is None or audio is None:
            continue
        place = resolve(base, text.get("src", ""))
        sound = resolve(base, audio.get("src", ""))
        if place is None or sound is None or not place[1]:
            continue
        found.append(
            {
                "document": place[0],
                "id": bound_id(place[1]),
                "path": sound[0],
                "begin": seconds(audio.get("clipBegin", "0")),
                "end": seconds(audio.get("clipEnd", "0")),
            }
        )
    return found


def seconds(clock: str) -> float:
    """A SMIL clock value in seconds: 0:00:24.500, 00:30.0, 7.5h, 5min, 30s, 100ms, 3.2."""
    clock = clock.strip()
    for unit, factor in (("ms", 0.001), ("min", 60.0), ("h", 3600.0), ("s", 1.0)):
        if clock.endswith(unit):
            clock = clock.removesuffix(unit)
            return float(clock) * factor if re.fullmatch(r"\d+(\.\d+)?", clock) else 0.0
    if not re.fullmatch(r"(\d+:){0,2}\d+(\.\d+)?", clock):
        return 0.0
    total = 0.0
    for part in clock.split(":"):
        total = total * 60 + float(part)
    return total
