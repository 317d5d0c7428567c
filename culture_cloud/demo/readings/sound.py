"""An audio book, spoken by the site's voice where one is installed, with a chapter list (ID3)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from culture_cloud.speech.engine import SpeechFailed
from culture_cloud.speech.speaking import speech
from culture_cloud.speech.text import spoken

FACTS: dict[str, Any] = {
    "title": "渡口夜话（有声书）",
    "authors": ["岳长河 口述", "杨小满 整理"],
    "kind": "audio_book",
    "subject": "I",
    "audience": "everyone",
    "rights": "open_licence",
    "rights_text": "CC BY-SA 4.0",
    "summary": "《渡口夜话》三段旧事，机器朗读，可以一段一段听。",
}
BYTES_A_SECOND = 4000
"""The voice speaks at 32 kbit/s."""

log = logging.getLogger(__name__)


def write(path: Path, book: dict[str, Any]) -> Path | None:
    """The sound of a written text; None where nobody can speak."""
    voice = speech()
    if not voice.engine.is_there:
        return None
    whole, begins = b"", []
    try:
        for chapter in book["chapters"]:
            begins.append((len(whole) / BYTES_A_SECOND, chapter["title"]))
            text = spoken([chapter["title"], *chapter["text"]])
            whole += voice.engine.speak(text, speed=1.0, readings=voice.readings)
    except SpeechFailed:
        log.warning("the demo's audio book could not be spoken")
        return None
    path.write_bytes(whole)
    _add_chapters(path, begins, len(whole) / BYTES_A_SECOND)
    return path


def _add_chapters(path: Path, begins: list[tuple[float, str]], seconds: float) -> None:
    from mutagen import id3 as frames

    id3: Any = frames  # the library has no types
    tags = id3.ID3()
    ends = [begin for begin, _title in begins[1:]] + [seconds]
    names = [f"c{n}" for n in range(len(begins))]
    tags.add(id3.TALB(encoding=3, text=FACTS["title"]))
    tags.add(id3.TPE1(encoding=3, text="、".join(FACTS["authors"])))
    tags.add(id3.CTOC(element_id="toc", flags=3, child_element_ids=names, sub_frames=[]))
    for name, (begin, title), end in zip(names, begins, ends, strict=True):
        tags.add(
            id3.CHAP(
                element_id=name,
                start_time=round(begin * 1000),
                end_time=round(end * 1000),
                start_offset=0xFFFFFFFF,
                end_offset=0xFFFFFFFF,
                sub_frames=[id3.TIT2(encoding=3, text=title)],
            )
        )
    tags.save(path)
