"""Addresses and language maps that manifests and transcripts share."""

from __future__ import annotations

from culture_cloud.heritage.addresses import absolute
from culture_cloud.heritage.models import ItemMedia

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
SEARCH_CONTEXT = "http://iiif.io/api/search/2/context.json"


def manifest_url(item_id: int) -> str:
    return absolute(f"/iiif/presentation/3/{item_id}/manifest.json")


def canvas_url(media: ItemMedia) -> str:
    return absolute(f"/iiif/presentation/3/{media.item_id}/canvas/{media.id}")


def said(text: str, language: str = "zh") -> dict[str, list[str]]:
    """A language map."""
    return {language: [text]}
