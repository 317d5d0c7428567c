"""IIIF Presentation API 3.0: an item as a manifest, collections as collections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from culture_cloud.heritage import presenter
from culture_cloud.heritage.addresses import absolute, item_url, size_url
from culture_cloud.heritage.models import Collection, HeritageItem, ItemMedia
from culture_cloud.heritage.rights import RIGHTS
from culture_cloud.heritage.visibility import Reader
from culture_cloud.network.site import Site

from .naming import CONTEXT, canvas_url, manifest_url, said
from .transcripts import transcript_page

_CANVAS = 1200
"""Side of a canvas whose picture has no size yet; units are arbitrary (3.0 section 3.2)."""


def manifest(item: HeritageItem, reader: Reader, site: Site) -> dict[str, Any]:
    """The manifest of an item, with what this reader may see."""
    shown = [m for m in item.media if reader.sees_media(m, item) and m.original.state == "ready"]
    facts: dict[str, Any] = {
        "@context": CONTEXT,
        "id": manifest_url(item.id),
        "type": "Manifest",
        "label": said(item.title),
        "summary": said(item.summary),
        "metadata": [
            {"label": said(str(term)), "value": said(str(value))}
            for term, value in presenter.fact_rows(item)
        ],
        "requiredStatement": {
            "label": said(_("Kept by")),
            "value": said(item.rights_holder or item.node.plate_name),
        },
        "provider": [_provider(item, site)],
        "homepage": [
            {
                "id": item_url(item.id),
                "type": "Text",
                "label": said(item.title),
                "format": "text/html",
                "language": ["zh"],
            }
        ],
        "seeAlso": [
            {
                "id": f"{item_url(item.id)}.jsonld",
                "type": "Dataset",
                "label": {"en": ["schema.org"]},
                "format": "application/ld+json",
            }
        ],
        "items": [canvas for media in shown if (canvas := _canvas(media)) is not None],
    }
    if item.rights in RIGHTS:
        # the specification asks for the http form of these URIs
        facts["rights"] = RIGHTS[item.rights].uri.replace("https://", "http://")
    if item.date_edtf and item.date_first and item.date_first > 0:
        facts["navDate"] = f"{item.date_first // 10000:04d}-01-01T00:00:00Z"
    cover = next((m for m in shown if m.family == "picture"), None)
    if cover is not None:
        facts["thumbnail"] = [_thumbnail(cover)]
    if not facts["items"]:
        facts["items"] = [_empty_canvas(item)]
    if any(m.transcript or m.cues for m in shown):
        facts["service"] = [{"id": absolute(f"/iiif/search/2/{item.id}"), "type": "SearchService2"}]
    return facts


def _provider(item: HeritageItem, site: Site) -> dict[str, Any]:
    address = absolute(f"/nodes/{item.node.code}")
    return {
        "id": address,
        "type": "Agent",
        "label": said(f"{item.node.plate_name} · {site.name}"),
        "homepage": [
            {
                "id": address,
                "type": "Text",
                "label": said(item.node.plate_name),
                "format": "text/html",
            }
        ],
    }


def _thumbnail(media: ItemMedia) -> dict[str, Any]:
    width, height = _size(media)
    shown = min(240, width)
    return {
        "id": absolute(size_url(media.id, 240, "jpg")),
        "type": "Image",
        "format": "image/jpeg",
        "width": shown,
        "height": max(1, round(shown * height / width)),
    }


def _size(media: ItemMedia) -> tuple[int, int]:
    return media.original.width or _CANVAS, media.original.height or _CANVAS


def _canvas(media: ItemMedia) -> dict[str, Any] | None:
    """A picture or recording as a canvas; documents are offered beside (rendering)."""
    url = canvas_url(media)
    label = media.title or media.alt[:60] or media.item.title
    canvas: dict[str, Any] = {"id": url, "type": "Canvas", "label": said(label)}
    if media.family == "picture":
        width, height = _size(media)
        canvas |= {"width": width, "height": height, "thumbnail": [_thumbnail(media)]}
        canvas["summary"] = said(media.alt)
    elif media.family in {"audio", "video"}:
        canvas["duration"] = round(media.original.seconds or _last_cue(media) or 1.0, 3)
        if media.family == "video":
            canvas |= {"width": 1280, "height": 720}
    else:
        return None
    body = _image_body(media) if media.family == "picture" else _sound_body(media)
    canvas["items"] = [
        {
            "id": f"{url}/page",
            "type": "AnnotationPage",
            "items": [
                {
                    "id": f"{url}/painting",
                    "type": "Annotation",
                    "motivation": "painting",
                    "body": body,
                    "target": url,
                }
            ],
        }
    ]
    if media.transcript or media.cues:
        # with its items: viewers stumble over a page that they would have to fetch first
        canvas["annotations"] = [transcript_page(media)]
    return canvas


def _last_cue(media: ItemMedia) -> float:
    return float(media.cues[-1][1]) if media.cues else 0.0


def _image_body(media: ItemMedia) -> dict[str, Any]:
    width, height = _size(media)
    service = absolute(f"/iiif/image/3/{media.id}")
    return {
        "id": f"{service}/full/max/0/default.jpg",
        "type": "Image",
        "format": "image/jpeg",
        "width": width,
        "height": height,
        "service": [{"id": service, "type": "ImageService3", "profile": "level2"}],
    }


def _sound_body(media: ItemMedia) -> dict[str, Any]:
    return {
        "id": absolute(f"/heritage/media/{media.id}/play"),
        "type": "Sound" if media.family == "audio" else "Video",
        "format": media.original.media_type,
        "duration": round(media.original.seconds or _last_cue(media) or 1.0, 3),
        **({"width": 1280, "height": 720} if media.family == "video" else {}),
    }


def _empty_canvas(item: HeritageItem) -> dict[str, Any]:
    """A manifest has at least one canvas (3.0 section 3.1); an item of words has an empty one."""
    return {
        "id": absolute(f"/iiif/presentation/3/{item.id}/canvas/0"),
        "type": "Canvas",
        "label": said(item.title),
        "width": _CANVAS,
        "height": _CANVAS,
        "items": [],
    }


def collection(
    found: Collection | None,
    items: Sequence[HeritageItem],
    below: Sequence[Collection],
    site: Site,
) -> Mapping[str, Any]:
    """A collection with its manifests; None is the top one with all collections in it."""
    name = found.code if found else "all"
    label = found.title if found else _("Local heritage of %(county)s", county=site.county)
    return {
        "@context": CONTEXT,
        "id": absolute(f"/iiif/presentation/3/collections/{name}.json"),
        "type": "Collection",
        "label": said(label),
        **({"summary": said(found.summary)} if found and found.summary else {}),
        "items": [
            {
                "id": absolute(f"/iiif/presentation/3/collections/{one.code}.json"),
                "type": "Collection",
                "label": said(one.title),
            }
            for one in below
        ]
        + [
            {"id": manifest_url(item.id), "type": "Manifest", "label": said(item.title)}
            for item in items
        ],
    }
