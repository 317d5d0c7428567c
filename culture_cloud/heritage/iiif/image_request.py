"""The parameters of an image request (Image API 3.0 section 4, 2.1 section 4), checked.

Pure: knows the size of the picture and nothing of files. What is wrong is a BadParameter (400);
what is right but not offered here is a NotOffered (501), as the specification wants.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

MOST_SIDE = 2048
MOST_AREA = 2048 * 2048
"""The largest picture that one request may give: memory stays bounded however large the scan."""

FORMATS = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
KNOWN_FORMATS = {*FORMATS, "tif", "gif", "jp2", "pdf"}
QUALITIES = ("default", "color", "gray", "bitonal")

_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"


class BadParameter(ValueError):
    """A parameter breaks the syntax or asks for nothing; the text says which."""


class NotOffered(ValueError):
    """A parameter is right, but this server does not do it."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the full picture, in its pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """What to make: a region, at a size, mirrored and turned, in a quality and a format."""

    region: Region
    width: int
    height: int
    mirrored: bool
    degrees: int
    quality: str
    format: str
    canonical: str


def parse(
    region: str,
    size: str,
    rotation: str,
    quality: str,
    format_: str,
    *,
    full: tuple[int, int],
    version: int = 3,
) -> ImageRequest:
    """Raises BadParameter, NotOffered."""
    part = _region(region, full)
    width, height = _size(size, part, version)
    mirrored, degrees = _rotation(rotation)
    if quality not in QUALITIES:
        raise BadParameter("quality")
    if format_ not in KNOWN_FORMATS:
        raise BadParameter("format")
    if format_ not in FORMATS:
        raise NotOffered("format")
    whole = part == Region(0, 0, *full)
    said_region = "full" if whole else f"{part.x},{part.y},{part.width},{part.height}"
    said_quality = "default" if quality == "color" else quality
    said_rotation = f"{'!' if mirrored else ''}{degrees}"
    said_size = _canonical_size(part, width, height, version)
    return ImageRequest(
        region=part,
        width=width,
        height=height,
        mirrored=mirrored,
        degrees=degrees,
        quality=said_quality,
        format=format_,
        canonical=f"{said_region}/{said_size}/{said_rotation}/{said_quality}.{format_}",
    )


def _canonical_size(part: Region, width: int, height: int, version: int) -> str:
    if (width, height) == largest(part.width, part.height):
        if version == 3:
            return "max"
        if (width, height) == (part.width, part.height):
            return "full"
    if version == 3:
        return f"{width},{height}"
    # 2.1: "w," where that keeps the shape
    return (
        f"{width}," if height == _scaled(part.height, width / part.width) else f"{width},{height}"
    )


def _region(text: str, full: tuple[int, int]) -> Region:
    full_width, full_height = full
    if text == "full":
        return Region(0, 0, full_width, full_height)
    if text == "square":
        side = min(full)
        return Region((full_width - side) // 2, (full_height - side) // 2, side, side)
    percent = text.startswith("pct:")
    number = _NUMBER if percent else r"\d+"
    found = re.fullmatch(rf"({number}),({number}),({number}),({number})", text.removeprefix("pct:"))
    if found is None or len(text) > 80:
        raise BadParameter("region")
    if percent:
        shares = [float(part) / 100 for part in found.groups()]
        x, y = round(full_width * shares[0]), round(full_height * shares[1])
        width, height = round(full_width * shares[2]), round(full_height * shares[3])
    else:
        x, y, width, height = (int(part) for part in found.groups())
    width, height = min(width, full_width - x), min(height, full_height - y)
    if width <= 0 or height <= 0:
        raise BadParameter("region")
    return Region(x, y, width, height)


def _size(text: str, part: Region, version: int) -> tuple[int, int]:
    larger = text.startswith("^")
    if larger and version == 2:
        raise BadParameter("size")
    plain = text[1:] if larger else text
    if len(plain) > 40:
        raise BadParameter("size")
    width, height = _wanted(plain, part, larger=larger, version=version)
    if width < 1 or height < 1:
        raise BadParameter("size")
    if not larger and (width > part.width or height > part.height):
        raise BadParameter("size: larger than the region")
    if width > MOST_SIDE or height > MOST_SIDE or width * height > MOST_AREA:
        raise BadParameter("size: larger than maxWidth or maxArea")
    return width, height


def _wanted(plain: str, part: Region, *, larger: bool, version: int) -> tuple[int, int]:
    if plain == "max" or (plain == "full" and version == 2):
        return largest(part.width, part.height, enlarge=larger)
    if found := re.fullmatch(rf"pct:({_NUMBER})", plain):
        share = float(found[1]) / 100
        return _scaled(part.width, share), _scaled(part.height, share)
    if found := re.fullmatch(r"(\d+),", plain):
        width = int(found[1])
        return width, _scaled(part.height, width / part.width)
    if found := re.fullmatch(r",(\d+)", plain):
        height = int(found[1])
        return _scaled(part.width, height / part.height), height
    if found := re.fullmatch(r"!(\d+),(\d+)", plain):
        share = min(int(found[1]) / part.width, int(found[2]) / part.height)
        share = share if larger else min(share, 1)
        return _scaled(part.width, share), _scaled(part.height, share)
    if found := re.fullmatch(r"(\d+),(\d+)", plain):
        return int(found[1]), int(found[2])
    raise BadParameter("size")


def _scaled(length: int, share: float) -> int:
    return max(round(length * share), 1) if share > 0 else 0


def largest(width: int, height: int, *, enlarge: bool = False) -> tuple[int, int]:
    """The largest size at which a region is given: `max`."""
    share = min(MOST_SIDE / width, MOST_SIDE / height, math.sqrt(MOST_AREA / (width * height)))
    share = share if enlarge else min(share, 1)
    return max(int(width * share), 1), max(int(height * share), 1)


def _rotation(text: str) -> tuple[bool, int]:
    found = re.fullmatch(rf"(!?)({_NUMBER})", text)
    if found is None or len(text) > 20 or float(found[2]) > 360:
        raise BadParameter("rotation")
    degrees = float(found[2])
    if degrees % 90:
        raise NotOffered("rotation")
    return bool(found[1]), int(degrees) % 360
