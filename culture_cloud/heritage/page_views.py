"""One item: its page, its data, its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, g, jsonify, make_response, render_template, url_for
from flask_babel import gettext as _

from culture_cloud import db
from culture_cloud.errors import Gone, NotFound
from culture_cloud.media import derivatives, serving
from culture_cloud.network.site import current_site
from culture_cloud.web import words
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import presenter, queries
from .addresses import item_url, picture_of
from .blueprint import bp
from .dublin_core import simple, statements
from .iiif.naming import manifest_url
from .kinds import kinds
from .models import HeritageItem, ItemMedia
from .reading import reader
from .relations import RELATIONS
from .rights import RIGHTS, VISIBILITY_WORDS, Visibility
from .structured import json_ld
from .visibility import Reader

media_bp = Blueprint("heritage_media", __name__, url_prefix="/heritage/media")


@bp.get("/<int:item_id>")
@public
@cacheable
def page(item_id: int) -> Any:
    """One item, with all that the reader may see of it."""
    try:
        item = queries.shown_item(db.session(), item_id, reader())
    except (NotFound, Gone) as missing:
        g.personal = True
        html = render_template("heritage/missing.html", withdrawn=isinstance(missing, Gone))
        return html, missing.status
    return render_template("heritage/item.html", **page_facts(item, reader()))


def page_facts(item: HeritageItem, who: Reader) -> dict[str, Any]:
    """What the page of a loaded item shows; the desk draws previews with the same."""
    shown = [m for m in item.media if who.sees_media(m, item)]
    session = db.session()
    url = item_url(item.id)
    return {
        "item": item,
        "place": item.place_node or item.node,
        "kind": kinds()[item.kind],
        "facts": presenter.fact_rows(item),
        "long_texts": presenter.long_texts(item),
        "pictures": _pictures(item, shown),
        "recordings": [recording_facts(m) for m in shown if m.family in {"audio", "video"}],
        "documents": [m for m in shown if m.family == "pdf"],
        "withheld": [
            (m.title or _("A part"), m.withheld_reason, _to_whom(m.visibility))
            for m in item.media
            if m not in shown
        ],
        "restricted_text": item.restricted_text if who.sees_restricted(item) else "",
        "restricted_reason": ""
        if not item.restricted_text or who.sees_restricted(item)
        else item.restricted_reason,
        "restricted_to": _to_whom(item.restricted_to),
        "related": _related(item, who),
        "named_in": presenter.cards(queries.works_of(session, item, who), who)
        if item.kind == "person"
        else [],
        "rights": RIGHTS.get(item.rights),
        "visible_to": "" if item.visibility == Visibility.PUBLIC else _to_whom(item.visibility),
        "citation": presenter.citation(item, url, words.today().year, current_site().name),
        "page_url": url,
        "manifest_url": manifest_url(item.id),
        "geo": f"geo:{item.latitude:.5f},{item.longitude:.5f}"
        if item.latitude is not None and item.longitude is not None
        else None,
        "json_ld": json_ld(item, who),
        "dc": simple(statements(item, who)),
        "collections": queries.collections_of(session, item.id),
    }


def _to_whom(visibility: str) -> str:
    return str(VISIBILITY_WORDS[Visibility(visibility)])


def _pictures(item: HeritageItem, shown: Sequence[ItemMedia]) -> list[dict[str, Any]]:
    found = []
    pictures = [m for m in shown if m.family == "picture"]
    for number, media in enumerate(pictures, start=1):
        picture = picture_of(media)
        found.append(
            {
                "picture": picture,
                "title": media.title,
                "state": media.original.state,
                "view": url_for("heritage.view", item_id=item.id, n=number) if picture else None,
                "megapixels": round(
                    (media.original.width or 0) * (media.original.height or 0) / 1e6
                ),
                "download": url_for("heritage_media.original", media_id=media.id),
            }
        )
    return found


def recording_facts(media: ItemMedia) -> dict[str, Any]:
    play = url_for("heritage_media.play", media_id=media.id)
    seconds = media.original.seconds
    captions = [
        (
            url_for("heritage_media.captions", media_id=media.id),
            media.transcript_language or "zh",
            _("Captions"),
        )
    ]
    return {
        "id": media.id,
        "title": media.title or media.filename or _("Recording"),
        "kind": media.family,
        "sources": [(play, media.original.media_type)],
        "captions": captions if media.cues and media.family == "video" else [],
        "length": _length_words(seconds) if seconds else "",
        "cues": [
            {"start": float(starts), "words": clock_words(float(starts)), "text": text}
            for starts, _ends, text in media.cues
        ],
        "play": play,
        "transcript": words.paragraphs(media.transcript),
        "language": presenter.language_words(media.transcript_language),
        "translation": words.paragraphs(media.translation),
    }


def clock_words(seconds: float) -> str:
    """2:05"""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _length_words(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if minutes:
        return _("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=rest)
    return _("%(seconds)s s", seconds=rest)


def _related(item: HeritageItem, who: Reader) -> list[tuple[str, list[dict[str, str]]]]:
    """(relation in words, rows) from both ends."""
    found = queries.neighbours(db.session(), item, who)
    groups: dict[str, dict[int, HeritageItem]] = {}
    for kind, others in found.to.items():
        groups.setdefault(str(RELATIONS[kind].words), {}).update({o.id: o for o in others})
    for kind, others in found.back.items():
        groups.setdefault(str(RELATIONS[kind].back_words), {}).update({o.id: o for o in others})
    return [
        (
            heading,
            [
                {
                    "title": other.title,
                    "href": url_for("heritage.page", item_id=other.id),
                    "note": other.summary,
                    "picture": kinds()[other.kind].icon,
                }
                for other in others.values()
            ],
        )
        for heading, others in groups.items()
    ]


@bp.get("/<int:item_id>.jsonld")
@public
def data(item_id: int) -> Response:
    """The item as schema.org JSON-LD."""
    item = queries.shown_item(db.session(), item_id, reader())
    response = jsonify(json_ld(item, reader()))
    response.mimetype = "application/ld+json"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


# --- files ---------------------------------------------------------------------------------------


@media_bp.after_request
def for_viewers(response: Response) -> Response:
    """Viewers of other sites may play and read what is public (IIIF Presentation 3.0)."""
    if "public" in response.headers.get("Cache-Control", ""):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _is_public(media: ItemMedia) -> bool:
    return media.visibility == media.item.visibility == Visibility.PUBLIC


def _size(media_id: int, width: int, ending: str, media_type: str) -> Response:
    media, original = queries.shown_media(db.session(), media_id, reader())
    path = derivatives.size_path(original.checksum, width, ending)
    etag = f"{original.checksum[:16]}-{width}"
    day = 24 * 3600
    return serving.send(path, media_type, etag=etag, public=_is_public(media), max_age=day)


@media_bp.get("/<int:media_id>/<int:width>.webp")
@public
def webp(media_id: int, width: int) -> Response:
    """A size of a picture for pages."""
    return _size(media_id, width, "webp", "image/webp")


@media_bp.get("/<int:media_id>/<int:width>.jpg")
@public
def jpg(media_id: int, width: int) -> Response:
    """The same for programs that know no WebP."""
    return _size(media_id, width, "jpg", "image/jpeg")


@media_bp.get("/<int:media_id>/play")
@public
def play(media_id: int) -> Response:
    """A recording, in ranges; a document, to look at."""
    media, original = queries.shown_media(db.session(), media_id, reader())
    if media.family == "picture":
        raise NotFound
    return serving.send_original(
        original.checksum, original.media_type, name=_name(media), public=_is_public(media)
    )


@media_bp.get("/<int:media_id>/original")
@public
def original(media_id: int) -> Response:
    """The file as it was given, where its rights allow to take it along. A photograph's original
    holds what the camera added (the place, the device): only pictures made from it go out."""
    media, found = queries.shown_media(db.session(), media_id, reader())
    rights = RIGHTS.get(media.item.rights)
    if rights is None or not rights.reusable:
        raise NotFound
    if media.family == "picture":
        path = derivatives.size_path(found.checksum, 1600, "jpg")
        return serving.send(
            path,
            "image/jpeg",
            etag=f"{found.checksum[:16]}-d",
            name=f"{_name(media)}.jpg",
            inline=False,
            public=_is_public(media),
        )
    return serving.send_original(
        found.checksum, found.media_type, name=_name(media), download=True, public=_is_public(media)
    )


def _name(media: ItemMedia) -> str:
    return (media.title or media.item.title)[:80]


@media_bp.get("/<int:media_id>/captions.vtt")
@public
def captions(media_id: int) -> Response:
    """What is said, with its times, as WebVTT."""
    media, _original = queries.shown_media(db.session(), media_id, reader())
    if not media.cues:
        raise NotFound
    lines = ["WEBVTT", ""]
    for starts, ends, text in media.cues:
        said = " ".join(str(text).split()).replace("-->", "→")
        lines += [f"{_vtt(starts)} --> {_vtt(ends)}", said, ""]
    response = make_response("\n".join(lines))
    response.mimetype = "text/vtt"
    if _is_public(media):
        response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _vtt(seconds: float) -> str:
    whole = round(float(seconds) * 1000)
    hours, rest = divmod(whole, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
