"""Nodes in the words that pages show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app, url_for

from culture_cloud import clock
from culture_cloud.i18n import named
from culture_cloud.web import words
from culture_cloud.web.phones import NotAPhone, normal_phone

from . import hours, hours_words
from .models import Level, Node
from .names import short_plate
from .queries import Place, PlaceFilter

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def dialled(phone: str) -> str:
    """The number as tel: and sms: links carry it (RFC 3966); empty where it cannot be called."""
    try:
        return normal_phone(phone) if phone else ""
    except NotAPhone:
        return ""


def now() -> datetime:
    """The present moment in the site's zone."""
    return words.local(clock.now())


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the list: link, whether it is open now, phones. `above` names its parent where
    others in the list have another; `points` are the places of the lowest level below it;
    `context` marks one that is only there to hold them."""

    title: str
    href: str
    above: str
    state: str
    phone: str
    sms_phone: str
    points: tuple[Entry, ...] = ()
    context: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """The places of one level."""

    code: str
    title: str
    entries: tuple[Entry, ...]


def sections(
    places: list[Place], levels: Mapping[str, Level], asked: PlaceFilter, moment: datetime
) -> list[Section]:
    """The tree cut into one section a level, the lowest level folded below the one above it: so
    two levels or four read alike (R1 to R4)."""
    matching = {place.id for place in places if asked.matches(place)}
    by_id = {place.id: place for place in places}
    folded = _folded_ids(places, by_id, levels)
    points: dict[int, list[Entry]] = {}
    for place in places:
        if place.id in folded and place.id in matching and place.parent_id is not None:
            entry = replace(_entry(place, by_id, moment), above="")
            points.setdefault(place.parent_id, []).append(entry)
    by_level: dict[str, list[Entry]] = {}
    for place in places:
        if place.id in folded or not (place.id in matching or place.id in points):
            continue
        entry = _entry(place, by_id, moment)
        by_level.setdefault(place.level_code, []).append(
            replace(
                entry,
                points=tuple(points.get(place.id, ())),
                context=place.id not in matching,
            )
        )
    for code, entries in by_level.items():
        if len({entry.above for entry in entries}) == 1:  # said once for all it would be noise
            by_level[code] = [replace(entry, above="") for entry in entries]
    return [
        Section(code, named(level), tuple(by_level[code]))
        for code, level in levels.items()
        if code in by_level
    ]


def _folded_ids(
    places: list[Place], by_id: Mapping[int, Place], levels: Mapping[str, Level]
) -> Collection[int]:
    used = {place.level_code for place in places}
    lowest = [code for code in levels if code in used][-1:]
    return {
        place.id
        for place in places
        if place.level_code in lowest
        and (parent := by_id.get(place.parent_id or 0)) is not None
        and parent.parent_id in by_id
    }


def _entry(place: Place, by_id: Mapping[int, Place], moment: datetime) -> Entry:
    parent = by_id.get(place.parent_id or 0)
    return Entry(
        title=place.title,
        href=url_for("network.node", code=place.code),
        above=parent.title if parent is not None else "",
        state=hours_words.now_words(hours.state(place.timetable, moment)),
        phone=place.phone,
        sms_phone=place.sms_phone,
    )


def title_of(node: Node) -> str:
    """What people call the node; its whole plate where it stands at the top."""
    return short_plate(node.plate_name, node.name) if node.parent_id else node.plate_name


def geo_uri(latitude: float | None, longitude: float | None) -> str:
    """The place for whatever map the reader's device has (RFC 5870); empty where unknown."""
    if latitude is None or longitude is None:
        return ""
    return f"geo:{latitude:.6f},{longitude:.6f}"


def linked_data(
    node: Node, timetable: hours.Timetable, parent: Node | None, picture: str = ""
) -> dict[str, Any]:
    """The node in the vocabulary of schema.org: Library where it is a library alone, else Place."""
    only_library = node.lines == ["library"]
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Library" if only_library else "CivicStructure",
        "name": node.plate_name,
        "url": absolute(url_for("network.node", code=node.code)),
        "identifier": node.code,
        "description": node.about,
        "telephone": node.phone,
        "address": node.address,
        "image": absolute(picture) if picture else "",
        "openingHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": f"https://schema.org/{WEEKDAYS[weekday]}",
                "opens": f"{span.opens:%H:%M}",
                "closes": f"{span.closes:%H:%M}",
            }
            for weekday, spans in sorted(timetable.week.items())
            for span in spans
        ],
        "specialOpeningHoursSpecification": _special(timetable),
    }
    if node.latitude is not None and node.longitude is not None:
        found["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": node.latitude,
            "longitude": node.longitude,
        }
    if parent is not None:
        found["parentOrganization" if only_library else "containedInPlace"] = {
            "@type": "Organization" if only_library else "Place",
            "name": parent.plate_name,
            "url": absolute(url_for("network.node", code=parent.code)),
        }
    return {key: value for key, value in found.items() if value not in ("", [])}


def _special(timetable: hours.Timetable) -> list[dict[str, str]]:
    """Closed days have the same time twice, as schema.org asks for it."""
    midnight = "00:00"
    return [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": exception.starts_on.isoformat(),
            "validThrough": exception.ends_on.isoformat(),
            "opens": f"{span.opens:%H:%M}" if span else midnight,
            "closes": f"{span.closes:%H:%M}" if span else midnight,
        }
        for exception in timetable.coming_exceptions(now().date())
        for span in exception.spans or (None,)
    ]


def absolute(path: str) -> str:
    """The path as an address that works outside the site."""
    return f"{current_app.config['PUBLIC_URL']}{path}"
