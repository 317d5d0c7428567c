"""Pages read aloud: which sound belongs to a page, and having it made.

A page notes what it would say and gets an address. The sound is made ahead by the worker, or by
the request of the first who listens: one at a time on a machine, with few requests waiting.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import BoundedSemaphore

from flask import Flask, current_app, has_request_context

from culture_cloud import i18n
from culture_cloud.config import Config
from culture_cloud.web import display

from .engine import Engine, Sound, SpeechFailed, chosen
from .pinyin import READINGS_FILE, BadReading, checked
from .store import SpeechStore, Utterance
from .text import MOST_CHARACTERS, script

log = logging.getLogger(__name__)

CHARACTERS_A_MINUTE = 220
WAITING_REQUESTS = 2
"""So many threads of a process ever wait for the engine; the others keep serving pages."""

WAIT_SECONDS = 4.0

NEW_TEXTS_AN_HOUR = 600
"""So many texts a process writes down in an hour; what is already there is not counted."""


@dataclass(slots=True)
class Speech:
    """The site's voice: who speaks, where it is kept, how local names are read."""

    engine: Engine
    store: SpeechStore
    readings: dict[str, str]
    readings_version: str
    waiting: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(WAITING_REQUESTS))

    noted: deque[float] = field(default_factory=lambda: deque(maxlen=NEW_TEXTS_AN_HOUR))

    def may_note(self, key: str) -> bool:
        """Whether another text may be written down: invented searches must not fill the disk."""
        if self.store.is_noted(key):
            return True
        now = time.monotonic()
        if len(self.noted) == NEW_TEXTS_AN_HOUR and now - self.noted[0] < 3600:
            return False
        self.noted.append(now)
        return True

    @property
    def voice(self) -> str:
        """Everything but the text and the speed that the sound depends on."""
        return f"{self.engine.name} {self.readings_version}"


@dataclass(frozen=True, slots=True)
class Listening:
    """What the player of a page needs: the key and address of the sound, its length in minutes
    (0 where it is not known), where the marks of its paragraphs are, who speaks where it is a
    person."""

    key: str
    src: str
    minutes: int
    marks: str = ""
    spoken_by: str = ""


def init_app(app: Flask, config: Config) -> None:
    readings = _readings_of_the_site(config.data_folder / "readings.json")
    both = json.dumps(readings, sort_keys=True).encode() + READINGS_FILE.read_bytes()
    app.extensions["speech"] = Speech(
        engine=chosen(config.speech),
        store=SpeechStore(config.data_folder / "speech", config.secret_key),
        readings=readings,
        readings_version=hashlib.sha256(both).hexdigest()[:12],
    )


def speech() -> Speech:
    """The voice of the running app."""
    found: Speech = current_app.extensions["speech"]
    return found


def _readings_of_the_site(path: Path) -> dict[str, str]:
    """Local names from `readings.json` in the data folder; a faulty file is said and left out."""
    try:
        return checked(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        what = f"the word {error}" if isinstance(error, BadReading) else type(error).__name__
        log.warning("readings.json is not used", extra={"fault": what})
        return {}


def listening(
    paragraphs: Iterable[str],
    *,
    is_personal: bool = False,
    parts: int = 1,
    readings: Mapping[str, str] | None = None,
) -> Listening | None:
    """The player for a page that says these paragraphs, as fast as its reader has chosen.
    `parts`: how many times the usual length it may have; each part is made by itself.
    `readings`: words of this text → their syllables (speech.pinyin), before any other table.

    None where nobody can speak: no engine, a page that is not Chinese, a text that failed lately,
    a disk that is full. The page then says how to have it read by phone.
    """
    ours = speech()
    if not ours.engine.is_there or not i18n.is_chinese():
        return None
    said = script(paragraphs, most=MOST_CHARACTERS * parts)
    if not said.text:
        return None
    speed = display.current().voice_speed if has_request_context() else 1.0
    own = tuple(sorted((readings or {}).items()))
    utterance = Utterance(said.text, speed, is_personal, said.shown, own)
    key = ours.store.key(utterance, voice=ours.voice)
    try:
        if ours.store.failed_lately(key) or not ours.may_note(key):
            return None
        ours.store.remember(key, utterance)
    except OSError:
        log.warning("the text of a page cannot be noted for reading aloud")
        return None
    minutes = max(1, round(len(said.text) / CHARACTERS_A_MINUTE / speed))
    return Listening(key, f"/listen/{key}.mp3", minutes, f"/listen/{key}.json")


def sound_of(key: str) -> Path:
    """The sound of a key, made now where it is not there yet.

    Raises SpeechFailed where it cannot be made, or too many wait already.
    """
    ours = speech()
    made = ours.store.sound(key)
    if made is not None:
        return made
    utterance = ours.store.utterance(key)
    if utterance is None or ours.store.failed_lately(key):
        raise SpeechFailed("nothing to say, or it failed a moment ago")
    with _turn(ours):
        # whoever was before us may have made the same
        made = ours.store.sound(key)
        return made if made is not None else _make(ours, key, utterance)


BYTES_A_SECOND = 4000
"""Of the engine's MP3: 32 kbit/s, always the same."""


def _lines_of(sounds: list[Sound]) -> list[float]:
    """When each line begins in the sounds one after the other; none where one did not say."""
    lines: list[float] = []
    before = 0.0
    for sound in sounds:
        if not sound.lines:
            return []
        lines += [round(before + second, 2) for second in sound.lines]
        before += len(sound) / BYTES_A_SECOND
    return lines


def _make(ours: Speech, key: str, utterance: Utterance) -> Path:
    try:
        readings = {**ours.readings, **dict(utterance.readings)}
        # frames of one voice and rate follow each other in a file (ISO 11172-3), so parts just join
        sounds = [
            ours.engine.speak(part, speed=utterance.speed, readings=readings)
            for part in _parts(utterance.text)
        ]
        return ours.store.keep(key, b"".join(sounds), _lines_of(sounds))
    except (SpeechFailed, OSError) as error:
        log.warning("a page could not be read aloud", extra={"fault": str(error)})
        ours.store.note_failure(key)
        raise SpeechFailed(str(error)) from error


def _parts(text: str) -> list[str]:
    """The text cut between sentences, each part as long as the engine says in its time."""
    parts = [""]
    for line in text.split("\n"):
        if parts[-1] and len(parts[-1]) + len(line) >= MOST_CHARACTERS:
            parts.append("")
        parts[-1] = f"{parts[-1]}\n{line}" if parts[-1] else line
    return parts


@contextmanager
def _turn(ours: Speech) -> Iterator[None]:
    """One text at a time on this machine, whichever process asks; the kernel frees a dead one's."""
    if not ours.waiting.acquire(blocking=False):
        raise SpeechFailed("too many wait")
    try:
        handle = os.open(ours.store.folder / "turn", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle, time.monotonic() + WAIT_SECONDS)
            yield
        finally:
            os.close(handle)
    finally:
        ours.waiting.release()


def _lock(handle: int, until: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise SpeechFailed("the engine is busy") from None
            time.sleep(0.05)
        else:
            return


def make_ahead(keys: Iterable[str], *, most: int) -> bool:
    """Make up to `most` of the sounds that are not there yet; returns whether some are left.

    Stops at the first that fails: the engine may be broken, and nobody waits for these.
    """
    left = most
    for key in keys:
        if speech().store.sound(key) is not None:
            continue
        if not left:
            return True
        try:
            sound_of(key)
        except SpeechFailed:
            return False
        left -= 1
    return False


def forget_old() -> None:
    """Job: sounds of pages that are no longer shown are deleted."""
    speech().store.forget_old()
