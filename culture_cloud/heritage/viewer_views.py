"""Looking closely at a picture: zoom steps and page turns are links, so it works without scripts.

Each step shows half as much, twice as large. With scripts (static/js/zoom.js) the same picture is
moved and enlarged with fingers, wheel and keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from culture_cloud import db
from culture_cloud.errors import NotFound
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import queries
from .blueprint import bp
from .models import HeritageItem, ItemMedia
from .reading import reader

SHOWN = 1000
"""Longer side of what is shown at a step, in pixels of the answer."""
MOST_STEPS = 8


@dataclass(frozen=True, slots=True)
class View:
    """What is in sight: the step, and the middle in thousandths of the picture."""

    step: int
    x: int
    y: int

    def moved(self, across: int, down: int) -> View:
        """Half of what is in sight further on; never past the edge."""
        half = 500 // 2**self.step
        return View(self.step, self.x + across * half, self.y + down * half).inside()

    def zoomed(self, by: int) -> View:
        return View(self.step + by, self.x, self.y).inside()

    def inside(self) -> View:
        half = 500 // 2**self.step
        x, y = (min(max(v, half), 1000 - half) for v in (self.x, self.y))
        return View(self.step, x, y)

    def region(self, width: int, height: int) -> tuple[int, int, int, int]:
        """x, y, width, height in pixels of the full picture."""
        wide, high = max(width >> self.step, 1), max(height >> self.step, 1)
        left = min(max(self.x * width // 1000 - wide // 2, 0), width - wide)
        top = min(max(self.y * height // 1000 - high // 2, 0), height - high)
        return left, top, wide, high


@bp.get("/<int:item_id>/view")
@public
@cacheable
def view(item_id: int) -> str:
    """One picture of an item, as close as one likes."""
    item = queries.shown_item(db.session(), item_id, reader())
    pictures = [
        m
        for m in item.media
        if m.family == "picture" and m.original.state == "ready" and reader().sees_media(m, item)
    ]
    if not pictures:
        raise NotFound
    number = min(max(request.args.get("n", 1, type=int), 1), len(pictures))
    media = pictures[number - 1]
    width, height = media.original.width or 1, media.original.height or 1
    steps = _steps(width, height)
    sight = View(
        min(max(request.args.get("z", 0, type=int), 0), steps),
        min(max(request.args.get("x", 500, type=int), 0), 1000),
        min(max(request.args.get("y", 500, type=int), 0), 1000),
    ).inside()
    return render_template(
        "heritage/view.html",
        item=item,
        media=media,
        number=number,
        all=len(pictures),
        step=sight.step,
        steps=steps,
        picture=_picture(media, sight, width, height),
        ways=_ways(item, number, sight, steps),
        pages=_pages(item, number, len(pictures)),
        info_url=url_for("iiif_image.info", version=3, media_id=media.id),
        megapixels=round(width * height / 1e6),
    )


def _steps(width: int, height: int) -> int:
    """Until a pixel of the scan is a pixel of the answer."""
    steps = 0
    while max(width, height) >> steps > SHOWN and steps < MOST_STEPS:
        steps += 1
    return steps


def _picture(media: ItemMedia, sight: View, width: int, height: int) -> dict[str, Any]:
    left, top, wide, high = sight.region(width, height)
    share = min(1, SHOWN / max(wide, high))
    shown = (max(round(wide * share), 1), max(round(high * share), 1))
    region = "full" if not sight.step else f"{left},{top},{wide},{high}"
    src = f"/iiif/image/3/{media.id}/{region}/{shown[0]},{shown[1]}/0/default.jpg"
    return {"src": src, "width": shown[0], "height": shown[1]}


def _ways(item: HeritageItem, number: int, sight: View, steps: int) -> list[dict[str, str | None]]:
    def to(there: View) -> str | None:
        if there == sight:
            return None
        return url_for(
            ".view", item_id=item.id, n=number, z=there.step or None,
            x=there.x if there.step else None, y=there.y if there.step else None,
        )  # fmt: skip

    ways = (
        ("larger", _("Larger"), to(sight.zoomed(1)) if sight.step < steps else None),
        ("smaller", _("Smaller"), to(sight.zoomed(-1)) if sight.step else None),
        ("left", _("To the left"), to(sight.moved(-1, 0))),
        ("right", _("To the right"), to(sight.moved(1, 0))),
        ("up", _("Up"), to(sight.moved(0, -1))),
        ("down", _("Down"), to(sight.moved(0, 1))),
        ("whole", _("The whole picture"), to(View(0, 500, 500)) if sight.step else None),
    )
    return [{"code": code, "label": label, "href": href} for code, label, href in ways]


def _pages(item: HeritageItem, number: int, most: int) -> dict[str, str | None]:
    def to(n: int) -> str | None:
        return url_for(".view", item_id=item.id, n=n) if 1 <= n <= most else None

    return {"previous": to(number - 1), "next": to(number + 1)}
