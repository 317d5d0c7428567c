"""Where texts and their sound lie: a folder, named by a keyed hash of what is said and how.

A text that changed has another name, so a sound is never stale and may be kept for ever by
whoever has it. Only texts that a page of ours wrote here are ever made to sound: a name that was
guessed leads nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from culture_cloud import clock

PUBLIC_FOR = timedelta(days=30)
PERSONAL_FOR = timedelta(days=2)
"""How long after its page was last drawn a text and its sound are kept."""

MOST_TEXTS = 20_000
"""So many texts are kept at most, some hundred bytes to a few kilobytes each."""

TOUCHED_EVERY = timedelta(hours=12)
FAILED_FOR = timedelta(minutes=10)
"""For so long a text that the engine could not say is not tried again."""

_KEY = re.compile(r"[sp][0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is to be said: sentences, the speed (1 is usual), whether only its owner may keep it;
    and for each paragraph of the page the line of the text where it begins, and how it is shown."""

    text: str
    speed: float = 1.0
    is_personal: bool = False
    shown: tuple[tuple[int, str], ...] = ()
    #: how words of this very text are read, (word, syllables): before any other table
    readings: tuple[tuple[str, str], ...] = ()


class SpeechStore:
    """A folder of `<key>.json` (what to say), `<key>.mp3` (the sound), `<key>.lines` (when each
    line of the text begins), `<key>.failed`."""

    def __init__(self, folder: Path, secret: str) -> None:
        self.folder = folder
        self.secret = secret.encode()

    def key(self, utterance: Utterance, *, voice: str) -> str:
        """The name of its sound. `voice` says everything else the sound depends on."""
        facts: list[object] = [voice, utterance.speed, utterance.text]
        if utterance.readings:
            facts.append(utterance.readings)
        said = json.dumps(facts).encode()
        digest = hmac.new(self.secret, b"speech " + said, hashlib.sha256).hexdigest()[:32]
        return ("p" if utterance.is_personal else "s") + digest

    def remember(self, key: str, utterance: Utterance) -> None:
        """Note what may be listened to. Raises OSError where nothing can be written."""
        path = self._path(key, "json")
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            _write_whole(path, json.dumps(asdict(utterance), ensure_ascii=False).encode())
        elif _age(path) > TOUCHED_EVERY:
            now = clock.now().timestamp()
            os.utime(path, (now, now))

    def is_noted(self, key: str) -> bool:
        return self._path(key, "json").exists()

    def utterance(self, key: str) -> Utterance | None:
        """What the key stands for; None where no page of ours noted it."""
        try:
            facts = json.loads(self._path(key, "json").read_bytes())
            for name in ("shown", "readings"):
                facts[name] = tuple(map(tuple, facts.get(name, ())))
            return Utterance(**facts)
        except (FileNotFoundError, ValueError):
            return None

    def sound(self, key: str) -> Path | None:
        """The file of the sound, where it was made."""
        path = self._path(key, "mp3")
        return path if path.exists() else None

    def keep(self, key: str, sound: bytes, lines: Sequence[float] = ()) -> Path:
        _write_whole(self._path(key, "lines"), json.dumps(list(lines)).encode())
        path = self._path(key, "mp3")
        _write_whole(path, sound)
        return path

    def marks(self, key: str) -> list[tuple[float, str]]:
        """When each paragraph of the page begins in its sound, in seconds; none where unknown."""
        utterance = self.utterance(key)
        try:
            lines = json.loads(self._path(key, "lines").read_bytes())
        except (FileNotFoundError, ValueError):
            return []
        if utterance is None:
            return []
        return [(lines[line], shown) for line, shown in utterance.shown if line < len(lines)]

    def note_failure(self, key: str) -> None:
        self._path(key, "failed").touch()

    def failed_lately(self, key: str) -> bool:
        path = self._path(key, "failed")
        return path.exists() and _age(path) < FAILED_FOR

    def forget_old(self, *, most: int = MOST_TEXTS) -> int:
        """Delete what no page showed for long, and beyond `most` texts what was shown longest ago;
        returns how many."""
        forgotten = 0
        newest_first = sorted(self.folder.glob("*.json"), key=_age)
        for place, path in enumerate(newest_first):
            kept_for = PERSONAL_FOR if path.name.startswith("p") else PUBLIC_FOR
            if place >= most or _age(path) > kept_for:
                for ending in ("mp3", "lines", "failed", "json"):
                    path.with_suffix(f".{ending}").unlink(missing_ok=True)
                forgotten += 1
        return forgotten

    def _path(self, key: str, ending: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("not a key of the speech store")
        return self.folder / f"{key}.{ending}"


def is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def _age(path: Path) -> timedelta:
    return timedelta(seconds=clock.now().timestamp() - path.stat().st_mtime)


def _write_whole(path: Path, body: bytes) -> None:
    """Write beside and swap, so that nobody ever reads half a file."""
    beside = path.with_suffix(f".{os.getpid()}-{os.urandom(4).hex()}.part")
    beside.write_bytes(body)
    beside.replace(path)
