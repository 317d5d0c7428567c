"""A picture book: six drawn pages, each with its words and what the picture shows."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

FACTS: dict[str, Any] = {
    "title": "小艄公过河",
    "authors": ["木棉渡小学美术组"],
    "subject": "I",
    "audience": "small_children",
    "rights": "open_licence",
    "rights_text": "CC BY 4.0",
    "kind": "picture_book",
    "summary": "六页的图画书：小艄公怎样把太阳、月亮和一头牛送过河。每一页的图都写了画的是什么。",
}
PAGES = (
    ("小艄公有一条小船。", "画：蓝色的河上停着一条木船。", "boat"),
    ("太阳要过河，坐在船头。", "画：船头坐着一个红太阳。", "sun"),
    ("月亮要过河，坐在船尾。", "画：船尾坐着一个黄月亮。", "moon"),
    ("一头牛也要过河，船沉了一沉。", "画：船中间站着一头棕色的牛，船身低了。", "cow"),
    ("小艄公说：大家都别动。", "画：太阳、月亮和牛都在船上，河面很平。", "all"),
    ("过了河，天亮了，木棉花都开了。", "画：岸上一棵开满红花的木棉树。", "tree"),
)
_WIDTH, _HEIGHT = 900, 1200


def write(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("title.txt", f"{FACTS['title']}\n{FACTS['authors'][0]}\n")
        for number, (words, shown, what) in enumerate(PAGES, 1):
            file = io.BytesIO()
            _draw(what).save(file, "PNG", optimize=True)
            archive.writestr(f"{number:02d}.png", file.getvalue())
            archive.writestr(f"{number:02d}.txt", f"{words}\n{shown}\n")
    return path


def _draw(what: str) -> Image.Image:
    image = Image.new("RGB", (_WIDTH, _HEIGHT), "#fbf3df")
    pen = ImageDraw.Draw(image)
    for row in range(6):
        colour = ("#7fb3c9", "#8fc0d2")[row % 2]
        pen.rectangle((0, 760 + row * 75, _WIDTH, 840 + row * 75), fill=colour)
    if what == "tree":
        pen.rectangle((0, 700, _WIDTH, 780), fill="#7a9a55")
        pen.rectangle((420, 380, 480, 720), fill="#6b4a2f")
        for n in range(24):
            x, y = 250 + (n * 97) % 420, 180 + (n * 61) % 300
            pen.ellipse((x, y, x + 70, y + 70), fill="#c7362a")
        return image
    sunk = 40 if what in {"cow", "all"} else 0
    pen.polygon(
        ((150, 700 + sunk), (750, 700 + sunk), (660, 820 + sunk), (240, 820 + sunk)), fill="#7b5232"
    )
    pen.ellipse((420, 540 + sunk, 480, 600 + sunk), fill="#d9a066")
    pen.rectangle((425, 600 + sunk, 475, 700 + sunk), fill="#22594b")
    if what in {"sun", "all"}:
        pen.ellipse((170, 500 + sunk, 330, 660 + sunk), fill="#d8402f")
    if what in {"moon", "all"}:
        pen.ellipse((570, 500 + sunk, 720, 650 + sunk), fill="#f1c84b")
        pen.ellipse((610, 490 + sunk, 740, 620 + sunk), fill="#fbf3df")
    if what in {"cow", "all"}:
        pen.rounded_rectangle((340, 610 + sunk, 560, 700 + sunk), 30, fill="#8a5a36")
        pen.ellipse((520, 560 + sunk, 610, 640 + sunk), fill="#8a5a36")
    return image
