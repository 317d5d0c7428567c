"""The program that speaks is kept on a short lead; the real one really speaks."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import replace
from importlib.util import find_spec

import psutil
import pytest

from culture_cloud.config import PROJECT_ROOT
from culture_cloud.speech import engine
from culture_cloud.speech.engine import (
    NEEDED,
    NoEngine,
    ProgramEngine,
    SpeechFailed,
    chosen,
    espeak,
)

from .conftest import FAILS, HANGS, MP3_HEAD, SPEAKS, WRITES_NONSENSE, program

needs_the_voice = pytest.mark.skipif(
    not all(find_spec(name) for name in NEEDED),
    reason="requirements/speech.txt is not installed here",
)

BYTES_A_SECOND = 4000  # 32 kbit/s, always the same


def seconds_of(sound: bytes) -> float:
    return len(sound) / BYTES_A_SECOND


def test_a_program_gets_text_speed_and_readings() -> None:
    sound = bytes(program(SPEAKS).speak("欢迎。", speed=0.75, readings={"还书": "huan2 shu1"}))
    assert b'"speed": 0.75' in sound
    assert b"huan2 shu1" in sound


def test_a_program_that_hangs_is_killed() -> None:
    began = time.monotonic()
    with pytest.raises(SpeechFailed, match=r"ended after 0\.5 s"):
        program(HANGS, seconds=0.5).speak("欢迎。", speed=1, readings={})
    assert time.monotonic() - began < 5


def test_a_killed_program_is_really_gone() -> None:
    marked = f"mark = 'a program of test_engine'; {HANGS}"
    with pytest.raises(SpeechFailed):
        program(marked, seconds=0.5).speak("欢迎。", speed=1, readings={})
    running = [
        " ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])
    ]
    assert not [line for line in running if marked in line]


@pytest.mark.parametrize("source", [FAILS, WRITES_NONSENSE, "pass"])
def test_a_program_that_brings_no_sound_has_failed(source: str) -> None:
    with pytest.raises(SpeechFailed):
        program(source).speak("欢迎。", speed=1, readings={})


def test_a_program_that_is_not_there_has_failed() -> None:
    absent = engine.ProgramEngine("absent", ("/does/not/exist",))
    with pytest.raises(SpeechFailed, match="does not start"):
        absent.speak("欢迎。", speed=1, readings={})


def test_the_program_never_sees_the_secrets_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CULTURE_CLOUD_SECRET_KEY", "very secret")
    shows = "repr(os.environ).encode()"
    tells = f"import os, sys; sys.stdout.buffer.write({MP3_HEAD!r} + {shows})"
    assert b"very secret" not in bytes(program(tells).speak("欢迎。", speed=1, readings={}))


def test_without_the_packages_or_the_wish_there_is_no_voice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert isinstance(chosen("off"), NoEngine)
    monkeypatch.setattr(engine, "NEEDED", ("a_package_that_nobody_has",))
    assert isinstance(chosen("auto"), NoEngine)
    with pytest.raises(SpeechFailed):
        NoEngine().speak("欢迎。", speed=1, readings={})


def test_speech_synthesis_is_never_loaded_by_the_site() -> None:
    """What makes the sound (GPL-3, and its memory) stays in the program of its own."""
    loads = (
        "import sys, culture_cloud.application; print(sorted(set(sys.modules) & set(sys.argv[1:])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", loads, "espeakng_loader", "lameenc"],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT_ROOT,
    )
    assert done.stdout.strip() == "[]"


def patient() -> ProgramEngine:
    """The real voice, on a machine that may be busy with other tests."""
    return replace(espeak(), seconds=120)


@needs_the_voice
def test_the_real_voice_speaks_longer_for_more_text() -> None:
    short = seconds_of(patient().speak("欢迎大家。", speed=1, readings={}))
    long = seconds_of(patient().speak("欢迎大家。" * 10, speed=1, readings={}))
    assert 0.8 < short < 4
    assert 7 * short < long < 12 * short


@needs_the_voice
def test_the_real_voice_is_slower_and_faster_when_asked() -> None:
    text = "五月一日，星期四，上午九点，云岭县文化馆举办合唱团开放排练。"
    slow, usual, fast = (
        seconds_of(patient().speak(text, speed=speed, readings={})) for speed in (0.75, 1, 1.25)
    )
    assert slow > usual * 1.15
    assert fast < usual * 0.9


@needs_the_voice
def test_the_longest_page_is_spoken_well_within_the_limit() -> None:
    """By the clock it keeps the limit of the site itself; of that it works less than half."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    sound = espeak().speak("欢迎大家来参加五月一日的活动。\n" * 125, speed=1, readings={})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert took < engine.SECONDS / 2
    assert 300 < seconds_of(sound) < 900
    assert len(sound) < 3_600_000


@needs_the_voice
def test_the_real_voice_tells_when_each_line_begins() -> None:
    sound = patient().speak("第一句。\n第二句话长一点。\n第三句。", speed=1, readings={})
    assert len(sound.lines) == 3
    assert sound.lines[0] == 0
    assert list(sound.lines) == sorted(sound.lines)
    assert sound.lines[2] < seconds_of(sound)


@pytest.mark.parametrize("said", ["lines begin at 0 x", "lines begin at", "nothing"])
def test_what_a_program_says_of_its_lines_may_be_nonsense(said: str) -> None:
    source = f"import sys; print({said!r}, file=sys.stderr); {SPEAKS}"
    assert program(source).speak("欢迎。", speed=1, readings={}).lines == ()
