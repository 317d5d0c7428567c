"""The worker draws the demo's pictures and, where a voice is there, speaks two recordings.

Drawn, not photographed: nobody shall take an invented county for a real one. The map of 100
megapixels is drawn in a process of its own.
"""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.heritage import services
from culture_cloud.heritage.facts import MediaFacts, facts_of
from culture_cloud.heritage.models import HeritageItem
from culture_cloud.jobs.queue import enqueue
from culture_cloud.media import services as media_services
from culture_cloud.media import serving
from culture_cloud.media.derivatives import run_apart
from culture_cloud.media.sniffing import Family
from culture_cloud.network.models import Node
from culture_cloud.speech.engine import SpeechFailed
from culture_cloud.speech.speaking import speech

from .heritage import UID, Told, read, transcripts

DRAWN_KINDS = {"photograph", "object", "place", "ich_element"}
AT_ONCE = 12
MOST_BYTES = 200 * 1024 * 1024
MAP = "county-map"
MAP_ALT = (
    "一幅仿旧的全县示意图：澜江从西北流向东南，两岸山岭用等高线画出，"
    "方点是乡镇，圆点是村寨，江上画着十四条小船。"
)


def draw(first: int) -> None:
    """Job: the next AT_ONCE pictures; the map and the recordings at the end."""
    wanted = [one for one in read() if one.kind in DRAWN_KINDS]
    for one in wanted[first : first + AT_ONCE]:
        alt = f"示意画：{one.summary}"
        _attach(one.code, _jpeg(_landscape(one)), f"{one.title}.jpg", alt=alt)
    with db.transaction() as session:
        if first + AT_ONCE < len(wanted):
            enqueue(
                session,
                "demo.draw_heritage",
                {"first": first + AT_ONCE},
                key=f"demo.draw_heritage:{first + AT_ONCE}",
            )
            return
    _draw_map()
    for code, sentences in transcripts().items():
        _speak(code, sentences)


def _attach(code: str, data: bytes, filename: str, **more: object) -> None:
    """Store a file and put it to its item; done before, it changes nothing."""
    kept = serving.store().keep(
        io.BytesIO(data), wanted=(Family.PICTURE, Family.AUDIO), most_bytes=MOST_BYTES
    )
    with db.transaction() as session:
        item = session.scalar(select(HeritageItem).where(HeritageItem.uid == UID.format(code)))
        if item is None or item.media:
            return
        original = media_services.record(session, kept)
        media = MediaFacts(
            original_id=original.id,
            family=str(kept.kind.family),
            filename=filename,
            **more,  # type: ignore[arg-type]
        )
        facts = replace(facts_of(item), media=[media])
        services.change(session, item.id, facts, by_account_id=None)


# --- pictures ------------------------------------------------------------------------------------

_SKY = ("#e9dfc7", "#dfe6e4", "#e8d5c0", "#d9dfe8")
_HILLS = ("#a9b7a0", "#7f9483", "#5c7566", "#3f5a50")


def _landscape(one: Told) -> Image.Image:
    """Hills, a river and what the item is about as a simple shape; the same each time."""
    dice = random.Random(one.code)  # noqa: S311  (draws pictures, guards nothing)
    wide, high = 1200, 800
    picture = Image.new("RGB", (wide, high), dice.choice(_SKY))
    pen = ImageDraw.Draw(picture)
    x, y = dice.randint(150, 1050), dice.randint(90, 200)
    pen.ellipse((x - 48, y - 48, x + 48, y + 48), fill="#c8553d")
    for layer, colour in enumerate(_HILLS):
        pen.polygon(_ridge(dice, wide, high, 0.35 + 0.12 * layer), fill=colour)
    pen.polygon(
        [(0, 660), (420, 600), (760, 690), (1200, 610), (1200, 760), (700, 790), (0, 740)],
        fill="#8fb0b8",
    )
    _SHAPES.get(one.kind, _house)(pen, dice)
    pen.rectangle((0, 0, wide - 1, high - 1), outline="#efe7d6", width=26)
    return picture.convert("L").convert("RGB") if one.extra.get("process") == "print" else picture


def _ridge(dice: random.Random, wide: int, high: int, base: float) -> list[tuple[int, int]]:
    steps = 12
    tops = [int(high * base + dice.uniform(-60, 60)) for _n in range(steps + 1)]
    return [(0, high), *((wide * n // steps, top) for n, top in enumerate(tops)), (wide, high)]


def _house(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    x, y = dice.randint(250, 800), 560
    pen.rectangle((x, y, x + 190, y + 120), fill="#d9c9a8", outline="#4a3b2a", width=4)
    pen.polygon([(x - 34, y), (x + 95, y - 92), (x + 224, y)], fill="#6b4a35")
    pen.rectangle((x + 75, y + 46, x + 118, y + 120), fill="#4a3b2a")


def _boat(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    x = dice.randint(250, 650)
    pen.polygon([(x, 660), (x + 330, 660), (x + 280, 716), (x + 50, 716)], fill="#5a4130")
    for n in range(dice.randint(3, 6)):
        left = x + 52 + n * 44
        pen.ellipse((left, 586, left + 26, 612), fill="#3a2d22")
        pen.rectangle((left - 2, 610, left + 28, 664), fill=dice.choice(["#384a5c", "#7b3f35"]))
    pen.line((x + 300, 500, x + 345, 740), fill="#3a2d22", width=6)


def _pot(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    for n in range(dice.randint(1, 4)):
        x = 300 + n * 170
        pen.ellipse((x, 520, x + 150, 650), fill="#8a5a3c", outline="#3a2d22", width=5)
        pen.ellipse((x + 28, 506, x + 122, 546), fill="#3a2d22")


def _weave(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    colours = ["#8c2f28", "#2f4858", "#c79a3a", "#3f5a50"]
    for row in range(5):
        for column in range(12):
            x, y = 270 + column * 56, 470 + row * 50
            pen.polygon(
                [(x, y), (x + 28, y - 25), (x + 56, y), (x + 28, y + 25)],
                fill=dice.choice(colours),
            )


_SHAPES = {"place": _house, "photograph": _boat, "object": _pot, "ich_element": _weave}


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def _draw_map() -> None:
    points = [
        f"{node.longitude},{node.latitude},{node.path.count('/')}" for node in _placed(db.session())
    ]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "map.png"
        run_apart("culture_cloud.demo.county_map", str(target), ";".join(points))
        if target.exists():
            _attach(MAP, target.read_bytes(), "全境舆图.png", alt=MAP_ALT, title="全境舆图（示意）")


def _placed(session: Session) -> Sequence[Node]:
    return session.scalars(
        select(Node).where(Node.latitude.is_not(None), Node.longitude.is_not(None))
    ).all()


# --- recordings ----------------------------------------------------------------------------------


def _speak(code: str, sentences: Sequence[str]) -> None:
    """A recording by the computer's voice, where there is one; it says so."""
    voice = speech()
    if not voice.engine.is_there:
        return
    try:
        sound = voice.engine.speak("\n".join(sentences), speed=1.0, readings=voice.readings)
    except SpeechFailed:
        return
    text = "\n\n".join(sentences)
    _attach(
        code,
        bytes(sound),
        "录音.mp3",
        title="录音（电脑语音朗读）",
        transcript=text,
        translation=text,
        transcript_language="cmn",
        cues=_cues(sentences, sound.lines),
    )


def _cues(sentences: Sequence[str], begins: Sequence[float]) -> list[list[object]]:
    """Each sentence with the seconds it lasts; none where the voice did not say when they begin."""
    if len(begins) != len(sentences):
        return []
    ends = [*begins[1:], begins[-1] + 0.3 * len(sentences[-1])]
    return [[round(b, 2), round(e, 2), s] for b, e, s in zip(begins, ends, sentences, strict=True)]
