"""An item as schema.org JSON-LD, for search engines and for whoever collects."""

from __future__ import annotations

import re
from typing import Any

from .addresses import absolute, item_url, size_url
from .iiif.naming import manifest_url
from .kinds import kinds
from .models import HeritageItem
from .presenter import place_words
from .relations import CREATORS
from .rights import RIGHTS
from .visibility import Reader

_SCHEMA = "https://schema.org"
_ISO_DATE = re.compile(r"\d{4}(-\d\d){0,2}")


def json_ld(item: HeritageItem, reader: Reader) -> dict[str, Any]:
    kind = kinds()[item.kind]
    url = item_url(item.id)
    facts: dict[str, Any] = {
        "@context": _SCHEMA,
        "@type": kind.schema_type,
        "@id": url,
        "url": url,
        "identifier": item.uid,
        "name": item.title,
        "description": item.summary,
    }
    if item.other_titles:
        facts["alternateName"] = list(item.other_titles)
    pictures = [
        absolute(size_url(m.id, 960, "jpg"))
        for m in item.media
        if m.family == "picture" and m.original.state == "ready" and reader.sees_media(m, item)
    ]
    if pictures:
        facts["image"] = pictures
    if kind.schema_type in {"Person", "Place", "Thing"}:
        facts |= _thing(item, kind.schema_type)
    else:
        facts |= _work(item, reader)
    facts["subjectOf"] = {"@type": "WebPage", "url": manifest_url(item.id), "name": "IIIF"}
    return facts


def _thing(item: HeritageItem, kind: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if kind == "Place":
        facts |= _geo(item)
    if kind == "Person":
        born, died = item.extra.get("born"), item.extra.get("died")
        told = (
            ("birthDate", born),
            ("deathDate", died),
            ("knowsAbout", item.extra.get("known_for")),
        )
        facts |= {name: value for name, value in told if value}
    return facts


def _geo(item: HeritageItem) -> dict[str, Any]:
    if item.latitude is None or item.longitude is None:
        return {}
    point = {"@type": "GeoCoordinates", "latitude": item.latitude, "longitude": item.longitude}
    return {"geo": point}


def _work(item: HeritageItem, reader: Reader) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "inLanguage": item.languages or ["zh"],
        "contentLocation": {"@type": "Place", "name": place_words(item), **_geo(item)},
        "publisher": {"@type": "Organization", "name": item.node.plate_name},
        "isAccessibleForFree": True,
    }
    if item.subjects:
        facts["keywords"] = list(item.subjects)
    creators = [a.name for a in item.agents if a.role in CREATORS]
    if creators:
        facts["creator"] = [{"@type": "Person", "name": name} for name in creators]
    if item.date_edtf:
        is_exact = _ISO_DATE.fullmatch(item.date_edtf)
        facts["dateCreated" if is_exact else "temporalCoverage"] = item.date_edtf
    if item.rights in RIGHTS:
        facts["license"] = RIGHTS[item.rights].uri
    related = [item_url(r.other_id) for r in reader.seen_relations(item)]
    if related:
        facts["mentions"] = [{"@id": one} for one in related]
    return facts
