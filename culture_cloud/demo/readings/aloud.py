"""A text read aloud sentence by sentence (EPUB media overlays), where the site has a voice."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from html import escape
from typing import Any

from culture_cloud.speech.engine import Sound, SpeechFailed
from culture_cloud.speech.speaking import BYTES_A_SECOND, speech
from culture_cloud.speech.text import script

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Spoken:
    """The sound of a chapter, and when each of its sentences begins and ends in it, in seconds."""

    sound: Sound
    clips: tuple[tuple[float, float], ...]

    @property
    def seconds(self) -> float:
        return len(self.sound) / BYTES_A_SECOND


def sentences(text: str) -> list[str]:
    """A paragraph in the sentences that are marked one after the other."""
    return re.findall(r"[^。！？]+[。！？]?[”」』]?", text)


def speak(book: dict[str, Any]) -> list[Spoken]:
    """Every chapter's sound; none where the book is not to be read or nobody can speak."""
    voice = speech()
    if not book.get("aloud") or not voice.engine.is_there:
        return []
    found = []
    for chapter in book["chapters"]:
        said = script([chapter["title"], *(s for text in chapter["text"] for s in sentences(text))])
        try:
            sound = voice.engine.speak(said.text, speed=0.9, readings=voice.readings)
        except SpeechFailed:
            log.warning("a book of the demo could not be read aloud")
            return []
        begins = [sound.lines[line] for line, _shown in said.shown if line < len(sound.lines)]
        if len(begins) != len(said.shown):
            return []
        ends = [*begins[1:], len(sound) / BYTES_A_SECOND]
        found.append(Spoken(sound, tuple(zip(begins, ends, strict=True))))
    return found


def marked(text: str, first: int) -> str:
    """A paragraph whose sentences can be pointed at: w1, w2 …, counted from `first`."""
    parts = (
        f'<span id="w{number}">{escape(sentence)}</span>'
        for number, sentence in enumerate(sentences(text), first)
    )
    return f"<p>{''.join(parts)}</p>"


def overlay(document: str, sound: str, spoken: Spoken) -> str:
    """The SMIL of a chapter: which sentence is heard when (EPUB 3.3, 9)."""
    pairs = "".join(
        f'<par id="p{n}"><text src="{document}#w{n}"/>'
        f'<audio src="{sound}" clipBegin="{begin:.2f}s" clipEnd="{end:.2f}s"/></par>'
        for n, (begin, end) in enumerate(spoken.clips)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<smil xmlns="http://www.w3.org/ns/SMIL" '
        f'version="3.0"><body>{pairs}</body></smil>'
    )


def durations(spoken: list[Spoken]) -> str:
    """What the package says of it: how long each chapter and the whole lasts."""
    metas = "".join(
        f'<meta property="media:duration" refines="#o{n:02d}">{one.seconds:.2f}s</meta>'
        for n, one in enumerate(spoken, 1)
    )
    whole = sum(round(one.seconds, 2) for one in spoken)
    return f'{metas}<meta property="media:duration">{whole:.2f}s</meta>' if spoken else ""
