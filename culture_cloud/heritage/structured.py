"""An item as schema.org JSON-LD, for search engines and for whoever collects."""

from __future__ import annotations

from typing import Any

from .addresses import absolute, item_url, size_url
from .iiif.presentation import manifest_url
from .kinds import kinds
from .models import HeritageItem
from .presenter import place_words
from .relations import CREATORS
from .rights import RIGHTS
from .visibility import Reader

_SCHEMA = "https://schema.org"


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
        "inLanguage": item.languages or ["zh"],
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
        facts |= _work(item)
    facts["subjectOf"] = {"@type": "WebPage", "url": manifest_url(item.id), "name": "IIIF"}
    return facts


def _thing(item: HeritageItem, kind: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if kind == "Place":
        facts |= _geo(item)
    if kind == "Person":
        born, died = item.extra.get("born"), item.extra.get("died")
        facts |= {k: v for k, v in (("birthDate", born), ("deathDate", died)) if v}
        facts["knowsAbout"] = item.extra.get("known_for", "")
    return facts


def _geo(item: HeritageItem) -> dict[str, Any]:
    if item.latitude is None or item.longitude is None:
        return {}
    point = {"@type": "GeoCoordinates", "latitude": item.latitude, "longitude": item.longitude}
    return {"geo": point}


def _work(item: HeritageItem) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "contentLocation": {"@type": "Place", "name": place_words(item), **_geo(item)},
        "publisher": {"@type": "Organization", "name": item.node.plate_name},
        "keywords": list(item.subjects),
        "isAccessibleForFree": True,
    }
    creators = [a.name for a in item.agents if a.role in CREATORS]
    if creators:
        facts["creator"] = [{"@type": "Person", "name": name} for name in creators]
    if item.date_edtf:
        facts["temporalCoverage" if "/" in item.date_edtf else "dateCreated"] = item.date_edtf
    if item.rights in RIGHTS:
        facts["license"] = RIGHTS[item.rights].uri
    related = [item_url(r.other_id) for r in item.relations]
    if related:
        facts["mentions"] = [{"@id": one} for one in related]
    return facts
