"""The program that speaks: `python -m culture_cloud.speech.espeak_program`, text in, MP3 out.

It is a program of its own, and ends after one text, for three reasons: the library is under GPL-3
and stays out of the site's process; should it hang or crash, it is killed and the page is not; and
its tables take memory that a web process should not hold.

Standard input: JSON {"text": sentences, "speed": 0.5 to 2, "readings": {word: syllables}}.
Standard output: MP3, mono; on standard error, when each line begins. Anything else than exit
status 0 means that there is no sound.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
from collections.abc import Sequence
from typing import Any

from culture_cloud.speech.engine import LINES_BEGIN
from culture_cloud.speech.pinyin import for_the_voice, own_readings

MOST_SECONDS = 60
VOICE = b"cmn-latn-pinyin"
"""Syllables in, not characters: the voice for characters takes 兄, 穷 and 一点儿 for English."""

RATE = 190
"""The voice's words a minute at speed 1: 3.7 characters a second, pauses counted."""

KILOBITS = 32
_AUDIO_SYNCHRONOUS, _RATE_PARAMETER, _UTF8 = 2, 1, 1


def main() -> None:
    os.nice(5)  # a page that is asked for goes first
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    asked = json.load(sys.stdin.buffer)
    readings = {**own_readings(), **asked.get("readings", {})}
    lines = for_the_voice(asked["text"], readings).split("\n")
    samples, rate, begins = _samples(lines, round(RATE * float(asked["speed"])))
    if not samples:
        sys.exit("no sound came")
    print(LINES_BEGIN + " ".join(f"{second:.2f}" for second in begins), file=sys.stderr)  # noqa: T201
    sys.stdout.buffer.write(_mp3(samples, rate))


def _samples(lines: Sequence[str], words_a_minute: int) -> tuple[bytes, int, list[float]]:
    """The lines as 16-bit mono samples, how many there are a second, when each line begins."""
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    folder = espeakng_loader.get_data_path().encode()
    rate = library.espeak_Initialize(_AUDIO_SYNCHRONOUS, 0, folder, 0)
    if rate <= 0 or library.espeak_SetVoiceByName(VOICE) != 0:
        sys.exit("the voice is not there")
    library.espeak_SetParameter(_RATE_PARAMETER, words_a_minute, 0)
    heard = bytearray()

    def hear(samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            heard.extend(ctypes.string_at(samples, count * 2))
        return 0

    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(hear)
    library.espeak_SetSynthCallback(callback)
    begins: list[float] = []
    for line in lines:
        begins.append(len(heard) / 2 / rate)
        raw = line.encode()
        library.espeak_Synth(raw, ctypes.c_size_t(len(raw) + 1), 0, 1, 0, _UTF8, None, None)
        library.espeak_Synchronize()
    return bytes(heard), int(rate), begins


def _mp3(samples: bytes, rate: int) -> bytes:
    """4 KB a second, which every phone of the last twenty years plays."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(rate)
    encoder.set_bit_rate(KILOBITS)
    encoder.set_quality(5)
    encoder.silence()
    return bytes(encoder.encode(samples)) + bytes(encoder.flush())


if __name__ == "__main__":
    main()
