"""The demo's video lesson: folding a paper boat, drawn and spoken by this script.

    uv pip install av && python -m tests.tools.film

The result is kept beside the demo's texts (a film and its captions), so that neither the product
nor its tests need an encoder. Run it again only to change the lesson.
"""

from __future__ import annotations

import io
from fractions import Fraction
from itertools import accumulate
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from culture_cloud.config import PROJECT_ROOT
from culture_cloud.speech.engine import espeak
from culture_cloud.speech.text import spoken

FOLDER = PROJECT_ROOT / "culture_cloud" / "demo" / "readings"
WIDTH, HEIGHT, PER_SECOND = 640, 360, 8
RATE = 24_000
PAUSE = 0.8
"""Seconds between two sentences."""

Shape = tuple[tuple[float, float], ...]

_SHEET: Shape = ((200, 70), (320, 70), (440, 70), (440, 190), (440, 270), (200, 270), (200, 190))
_HALF: Shape = ((200, 170), (320, 170), (440, 170), (440, 220), (440, 270), (200, 270), (200, 220))
_HOUSE: Shape = ((318, 150), (320, 150), (322, 150), (420, 250), (420, 270), (220, 270), (220, 250))
_HAT: Shape = ((318, 130), (320, 130), (322, 130), (450, 240), (450, 250), (190, 250), (190, 240))
_KITE: Shape = ((318, 90), (320, 90), (322, 90), (420, 190), (322, 290), (318, 290), (220, 190))
_BOAT: Shape = ((265, 212), (320, 130), (375, 212), (470, 180), (410, 260), (230, 260), (170, 180))

STEPS: tuple[tuple[str, Shape, Shape], ...] = (
    ("折一只小纸船，只要一张长方形的纸。", _SHEET, _SHEET),
    ("第一步，上边往下折，对齐下边。", _SHEET, _HALF),
    ("第二步，两个上角往中间折，像一座小房子。", _HALF, _HOUSE),
    ("第三步，下面的两条纸边，前后各往上折一条。", _HOUSE, _HAT),
    ("第四步，从下面撑开，压平，成了一个方块。", _HAT, _KITE),
    ("第五步，捏住上面两个角，往两边轻轻拉开。", _KITE, _BOAT),
    ("小船折好了。放在水上，它会自己走。", _BOAT, _BOAT),
)
"""What is said, and from which shape to which the paper goes meanwhile."""


def main() -> None:
    """Write the film and its captions."""
    sounds = [_sound(words) for words, _from, _to in STEPS]
    lengths = [len(sound) / RATE + PAUSE for sound in sounds]
    begins = [0.0, *accumulate(lengths)]
    _write_film(sounds, lengths)
    cues = [
        f"{_clock(begin)} --> {_clock(end - PAUSE / 2)}\n{words}\n"
        for (words, _from, _to), begin, end in zip(STEPS, begins, begins[1:], strict=False)
    ]
    (FOLDER / "boat.vtt").write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60):02d}:{seconds % 60:06.3f}"


def _sound(words: str) -> Any:
    """One sentence, spoken: samples from -1 to 1, RATE a second."""
    import av
    import numpy as np

    spoken_words = espeak().speak(spoken([words]), speed=0.9, readings={})
    resampler = av.AudioResampler("flt", "mono", RATE)
    parts = []
    with av.open(io.BytesIO(spoken_words)) as file:
        for frame in file.decode(audio=0):
            parts += [piece.to_ndarray()[0] for piece in resampler.resample(frame)]
    return np.concatenate(parts)


def _write_film(sounds: list[Any], lengths: list[float]) -> None:
    import av
    import numpy as np

    with av.open(str(FOLDER / "boat.mp4"), "w", options={"movflags": "faststart"}) as film:
        pictures = film.add_stream("libx264", rate=PER_SECOND)
        pictures.width, pictures.height, pictures.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        pictures.options = {"crf": "30", "profile": "baseline", "tune": "animation"}
        voice = film.add_stream("aac", rate=RATE, layout="mono", bit_rate=24_000)
        drawn = 0
        for number, length in enumerate(lengths):
            _words, before, after = STEPS[number]
            end = round(sum(lengths[: number + 1]) * PER_SECOND)
            for at in range(drawn, end):
                share = min(1.0, (at - drawn) / max(1, (end - drawn) * 0.7))
                image = _drawn(number, before, after, share)
                film.mux(pictures.encode(av.VideoFrame.from_image(image)))
            drawn = end
            sounds[number] = np.pad(
                sounds[number], (0, max(0, round(length * RATE) - len(sounds[number])))
            )
        film.mux(pictures.encode(None))
        for at, frame in _frames(np.concatenate(sounds).astype("float32"), voice):
            frame.pts = at
            film.mux(voice.encode(frame))
        film.mux(voice.encode(None))


def _frames(samples: Any, voice: Any) -> Any:
    import av

    size = voice.codec_context.frame_size or 1024
    for at in range(0, len(samples), size):
        frame = av.AudioFrame.from_ndarray(samples[None, at : at + size], "fltp", "mono")
        frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
        yield at, frame


def _drawn(number: int, before: Shape, after: Shape, share: float) -> Image.Image:
    """One picture: the number of the step, water, the paper on its way from shape to shape. Words
    are left to the captions, which lie over the lower part."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#f6f1e7")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 252 if number == len(STEPS) - 1 else 286, WIDTH, HEIGHT), fill="#d3e3e8")
    shift = 60 * share if number == len(STEPS) - 1 else 0.0
    shape = [
        (x0 + (x1 - x0) * share + shift, y0 + (y1 - y0) * share)
        for (x0, y0), (x1, y1) in zip(before, after, strict=True)
    ]
    pen.polygon(shape, fill="#ffffff", outline="#a5382b", width=4)
    middle = sum(x for x, _y in shape) / len(shape)
    pen.line((middle, min(y for _x, y in shape), middle, max(y for _x, y in shape)), "#dba99f", 2)
    if 0 < number < len(STEPS) - 1:
        pen.text((28, 16), str(number), font=ImageFont.load_default(56), fill="#a5382b")
    return image


if __name__ == "__main__":
    main()
