"""Parts of a schema.org event: places, offers, people, pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from culture_cloud.activities.importing.records import Record, scalar_text
from culture_cloud.activities.importing.values import coordinates, one_line, web_address

_ADDRESS = ("addressRegion", "addressLocality", "streetAddress")
_HANZI = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where an event is, as far as the source says."""

    name: str = ""
    address: str = ""
    point: tuple[float, float] | None = None


def prefixes_of(record: Record, path: str) -> list[str]:
    """The paths of the objects or texts at a path, which may hold one or a list."""
    value = record.at(path)
    if isinstance(value, list):
        return [f"{path}.{index}" for index in range(len(value))]
    return [] if value is None else [path]


def place_of(record: Record, path: str, *, take_point: bool = True) -> EventPlace:
    """The first place in a room, or else the first on the web; what is not taken is left over."""
    places = prefixes_of(record, path)
    virtual = [place for place in places if _is_virtual(record.at(place))]
    rooms = [place for place in places if place not in virtual]
    if not rooms:
        return EventPlace(name=_taken(record, f"{virtual[0]}.name")) if virtual else EventPlace()
    place = rooms[0]
    if record.text(place):
        return EventPlace(name=_taken(record, place))
    address = _address(record, f"{place}.address") or _address(record, place)
    geo = f"{place}.geo" if isinstance(record.at(f"{place}.geo"), dict) else place
    paths = f"{geo}.latitude", f"{geo}.longitude"
    point = coordinates(record.text(paths[0]), record.text(paths[1])) if take_point else None
    if point:
        record.take(*paths)
    return EventPlace(_taken(record, f"{place}.name"), address, point)


def fee_text(record: Record) -> str:
    """The prices of all offers, as in "成人 20 CNY；儿童 0 CNY"."""
    texts = []
    for offer in prefixes_of(record, "offers"):
        price = record.text(f"{offer}.price")
        if price:
            record.take(f"{offer}.price")
        elif record.text(f"{offer}.lowPrice"):
            low, high = record.text(f"{offer}.lowPrice"), record.text(f"{offer}.highPrice")
            price = low if high in ("", low) else f"{low}–{high}"
            record.take(f"{offer}.lowPrice", f"{offer}.highPrice")
        if not price:
            continue
        name, currency = record.text(f"{offer}.name"), record.text(f"{offer}.priceCurrency")
        record.take(f"{offer}.name", f"{offer}.priceCurrency")
        free = _is_zero(price)
        texts.append(" ".join(part for part in (name, price, "" if free else currency) if part))
    return one_line("；".join(texts))


def names_of(record: Record, path: str) -> list[str]:
    """Names of people and organisations: texts, objects or lists of both."""
    found = []
    for prefix in prefixes_of(record, path):
        name = _taken(record, prefix) or _taken(record, f"{prefix}.name")
        if name:
            found.append(name)
    return list(dict.fromkeys(found))


def telephone_of(record: Record) -> str:
    """The telephone of an organiser or contact."""
    for path in ("telephone", *(f"{p}.telephone" for p in prefixes_of(record, "organizer"))):
        if text := _taken(record, path):
            return text
    for path in prefixes_of(record, "organizer"):
        for contact in prefixes_of(record, f"{path}.contactPoint"):
            if text := _taken(record, f"{contact}.telephone"):
                return text
    return ""


def first_image(record: Record) -> str:
    """The address of the first picture; others are left over."""
    for prefix in prefixes_of(record, "image"):
        for path in (prefix, f"{prefix}.url", f"{prefix}.contentUrl", f"{prefix}.@id"):
            address = web_address(record.text(path))
            if address:
                record.take(path)
                return address
    return ""


def _address(record: Record, path: str) -> str:
    if text := record.text(path):
        record.take(path)
        return one_line(text)
    parts = [_taken(record, f"{path}.{name}") for name in _ADDRESS]
    parts = [part for part in parts if part]
    if any(_HANZI.search(part) for part in parts):
        # In Chinese from large to small, and a street often repeats the town.
        joined = ""
        for part in parts:
            joined = part if part.startswith(joined) and joined else joined + part
        return joined
    return ", ".join(reversed(parts))


def _is_virtual(value: Any) -> bool:
    kind = scalar_text(value.get("@type")) if isinstance(value, dict) else ""
    return kind.endswith("VirtualLocation")


def _is_zero(price: str) -> bool:
    return re.fullmatch(r"0+(\.0+)?", price) is not None


def _taken(record: Record, path: str) -> str:
    text = record.text(path)
    if text:
        record.take(path)
    return one_line(text)
