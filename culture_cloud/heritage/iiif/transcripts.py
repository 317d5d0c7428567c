"""What is said on recordings, as annotations (Presentation 3.0), and found (Content Search 2.0)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from culture_cloud.heritage.addresses import absolute
from culture_cloud.heritage.models import ItemMedia

from .naming import CONTEXT, SEARCH_CONTEXT, canvas_url, said


def sentences(media: ItemMedia) -> list[tuple[str, str]]:
    """(target, text) of each sentence of a transcript, with its time where that is known."""
    url = canvas_url(media)
    if media.cues:
        return [(f"{url}#t={starts:g},{ends:g}", str(text)) for starts, ends, text in media.cues]
    lines = [line.strip() for line in media.transcript.splitlines() if line.strip()]
    return [(url, line) for line in lines]


def transcript(media: ItemMedia) -> dict[str, Any]:
    """The transcript of a recording as a page of annotations of its own."""
    return {"@context": CONTEXT, **transcript_page(media)}


def transcript_page(media: ItemMedia) -> dict[str, Any]:
    page = absolute(f"/iiif/presentation/3/{media.item_id}/transcript/{media.id}.json")
    items = [
        _sentence(f"{page}#{n}", text, target, media.transcript_language)
        for n, (target, text) in enumerate(sentences(media))
    ]
    if media.cues:
        items.append(_captions(f"{page}#captions", media))
    return {"id": page, "type": "AnnotationPage", "items": items}


def _captions(url: str, media: ItemMedia) -> dict[str, Any]:
    """The sentences as one file that players show."""
    return {
        "id": url,
        "type": "Annotation",
        "motivation": "supplementing",
        "body": {
            "id": absolute(f"/heritage/media/{media.id}/captions.vtt"),
            "type": "Text",
            "format": "text/vtt",
            "label": said(_("Captions")),
            "language": media.transcript_language or "zh",
        },
        "target": canvas_url(media),
    }


def _sentence(url: str, text: str, target: str, language: str) -> dict[str, Any]:
    return {
        "id": url,
        "type": "Annotation",
        "motivation": "supplementing",
        "body": {
            "type": "TextualBody",
            "value": text,
            "format": "text/plain",
            "language": language or "zh",
        },
        "target": target,
    }


def search(
    media: Sequence[ItemMedia], query: str, url: str, ignored: Sequence[str]
) -> dict[str, Any]:
    """Content Search API 2.0: the sentences that hold all words of the query."""
    words = query.casefold().split()
    found: list[dict[str, Any]] = []
    for one in media:
        for target, text in sentences(one):
            folded = text.casefold()
            if words and all(word in folded for word in words):
                found.append(
                    _sentence(f"{url}#{one.id}-{len(found)}", text, target, one.transcript_language)
                )
    page: dict[str, Any] = {
        "@context": SEARCH_CONTEXT,
        "id": url,
        "type": "AnnotationPage",
        "items": found,
    }
    if ignored:
        page["ignored"] = list(ignored)
    return page
