"""Who speaks: a program beside the site, or nobody. Another voice can take its place here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol

from culture_cloud.config import PROJECT_ROOT

NEEDED = ("espeakng_loader", "lameenc", "pypinyin")
"""What requirements/speech.txt brings. Only looked for here, never loaded."""

SECONDS = 12.0
"""A page of 2000 characters takes about two of them; whoever needs longer hangs."""


class SpeechFailed(Exception):
    """No sound came: no engine, or it failed, or took too long and was ended."""


class Sound(bytes):
    """An MP3; `lines`: the second at which each line of its text begins, empty where unknown."""

    lines: tuple[float, ...] = ()


class Engine(Protocol):
    """Something that speaks. `name` changes with whatever changes its sound."""

    @property
    def name(self) -> str: ...

    @property
    def is_there(self) -> bool: ...

    def speak(self, text: str, /, *, speed: float, readings: Mapping[str, str]) -> Sound:
        """The sentences as MP3. Raises SpeechFailed."""


class NoEngine:
    """Nothing is installed, or the site does not want it."""

    name = "none"
    is_there = False

    def speak(self, _text: str, /, **_how: object) -> Sound:
        raise SpeechFailed("no engine")


@dataclass(frozen=True, slots=True)
class ProgramEngine:
    """A program that is started for one text and killed where it takes longer than `seconds`."""

    name: str
    command: Sequence[str]
    seconds: float = SECONDS
    is_there: bool = True

    def speak(self, text: str, /, *, speed: float, readings: Mapping[str, str]) -> Sound:
        asked = {"text": text, "speed": speed, "readings": dict(readings)}
        try:
            done = subprocess.run(  # noqa: S603  (a fixed command of ours; the text goes to stdin)
                list(self.command),
                input=json.dumps(asked).encode(),
                capture_output=True,
                timeout=self.seconds,
                cwd=PROJECT_ROOT,
                env={},  # the site's secrets are none of its business
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SpeechFailed(f"{self.name} was ended after {self.seconds} s") from None
        except OSError as error:
            raise SpeechFailed(f"{self.name} does not start: {error.strerror}") from error
        if done.returncode != 0 or not _is_mp3(done.stdout):
            last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise SpeechFailed(f"{self.name} ended with {done.returncode}: {last[:200]}")
        sound = Sound(done.stdout)
        sound.lines = _lines(done.stderr)
        return sound


LINES_BEGIN = "lines begin at "
"""With these words a program may say on standard error when each line of the text begins."""


def _lines(said: bytes) -> tuple[float, ...]:
    """The seconds that a program told, in order; none where it told nothing of the kind."""
    for line in said.decode(errors="replace").splitlines():
        if line.startswith(LINES_BEGIN):
            try:
                return tuple(float(second) for second in line[len(LINES_BEGIN) :].split())
            except ValueError:
                return ()
    return ()


def _is_mp3(sound: bytes) -> bool:
    """Whether a frame header stands at the start (11 set bits, ISO 11172-3)."""
    return len(sound) > 4 and sound[0] == 0xFF and sound[1] & 0xE0 == 0xE0


def espeak() -> ProgramEngine:
    """The voice of espeak-ng. Its name says which build of our program it is."""
    command = (sys.executable, "-m", "culture_cloud.speech.espeak_program")
    return ProgramEngine("espeak-ng 2", command)


def chosen(setting: str) -> Engine:
    """The engine for a setting: "auto" takes what is installed, "off" nothing."""
    if setting == "auto" and all(find_spec(name) is not None for name in NEEDED):
        return espeak()
    return NoEngine()
