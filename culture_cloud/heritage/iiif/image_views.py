"""IIIF Image API 3.0 and 2.1, level 2: information and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.errors import NotFound
from culture_cloud.heritage import queries
from culture_cloud.heritage.models import ItemMedia
from culture_cloud.heritage.reading import reader
from culture_cloud.heritage.rights import RIGHTS, Visibility
from culture_cloud.media import serving
from culture_cloud.media.derivatives import folder_of
from culture_cloud.media.making import TILE
from culture_cloud.web.policies import public

from .image_request import (
    FORMATS,
    MOST_AREA,
    MOST_SIDE,
    BadParameter,
    NotOffered,
    largest,
    parse,
)
from .rendering import Scan, drawn, forget_old, tile_file

bp = Blueprint("iiif_image", __name__, url_prefix="/iiif/image")

CONTEXTS = {
    3: "http://iiif.io/api/image/3/context.json",
    2: "http://iiif.io/api/image/2/context.json",
}
PROFILES = {
    3: "http://iiif.io/api/image/3/level2.json",
    2: "http://iiif.io/api/image/2/level2.json",
}
MOST_CACHED = 512 * 1024 * 1024
DAY = 24 * 3600


def cache_folder() -> Path:
    return Path(str(current_app.config["DATA_FOLDER"])) / "iiif-cache"


def forget_drawings() -> None:
    """Job: keep the drawings on disk within bounds."""
    forget_old(cache_folder(), MOST_CACHED)


def _scan(media_id: int) -> tuple[ItemMedia, Scan]:
    """The picture that the reader may see. Raises NotFound, also while it is being made."""
    media, original = queries.shown_media(db.session(), media_id, reader())
    if media.family != "picture" or original.state != "ready" or not original.width:
        raise NotFound
    scan = Scan(folder_of(original.checksum), original.width, original.height or 0, original.tiled)
    return media, scan


def _base(version: int, media_id: int) -> str:
    return f"{current_app.config['PUBLIC_URL']}/iiif/image/{version}/{media_id}"


def _version(version: int) -> int:
    if version not in CONTEXTS:
        raise NotFound
    return version


@bp.get("/<int:version>/<int:media_id>")
@bp.get("/<int:version>/<int:media_id>/")
@public
def base(version: int, media_id: int) -> BaseResponse:
    """The bare identifier leads to the information (3.0 section 2)."""
    return redirect(url_for(".info", version=_version(version), media_id=media_id), code=303)


@bp.get("/<int:version>/<int:media_id>/info.json")
@public
def info(version: int, media_id: int) -> Response:
    """What there is to ask for."""
    media, scan = _scan(media_id)
    facts = _info_3(media, scan) if _version(version) == 3 else _info_2(media, scan)
    return ld_json(facts, CONTEXTS[version], is_public=_is_public(media))


def _is_public(media: ItemMedia) -> bool:
    return media.visibility == media.item.visibility == Visibility.PUBLIC


def ld_json(facts: dict[str, Any], context: str, *, is_public: bool = True) -> Response:
    """JSON-LD where it is asked for, JSON else (3.0 section 5.1)."""
    response = jsonify(facts)
    if "application/ld+json" in request.headers.get("Accept", ""):
        response.headers["Content-Type"] = f'application/ld+json;profile="{context}"'
    else:
        response.headers["Content-Type"] = "application/json"
    response.headers["Cache-Control"] = "public, max-age=600" if is_public else "private, no-cache"
    response.headers["Vary"] = "Accept"
    return response


def _sizes(scan: Scan) -> list[dict[str, Any]]:
    sizes = [scan.size_at(level) for level in range(scan.levels)]
    fitting = {size for size in sizes if largest(*size) == size} | {
        largest(scan.width, scan.height)
    }
    return [{"width": width, "height": height} for width, height in sorted(fitting)]


def _tiles(scan: Scan) -> list[dict[str, Any]]:
    factors = [2**level for level in range(scan.levels)]
    return [{"width": TILE, "height": TILE, "scaleFactors": factors}] if scan.tiled else []


def _info_3(media: ItemMedia, scan: Scan) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "@context": CONTEXTS[3],
        "id": _base(3, media.id),
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level2",
        "width": scan.width,
        "height": scan.height,
        "maxWidth": MOST_SIDE,
        "maxHeight": MOST_SIDE,
        "maxArea": MOST_AREA,
        "sizes": _sizes(scan),
        "extraFormats": ["webp"],
        "extraQualities": ["color", "gray", "bitonal"],
        "extraFeatures": ["mirroring", "sizeUpscaling"],
        "preferredFormats": ["jpg"],
    }
    if tiles := _tiles(scan):
        facts["tiles"] = tiles
    if media.item.rights in RIGHTS:
        facts["rights"] = RIGHTS[media.item.rights].uri.replace("https://", "http://")
    return facts


def _info_2(media: ItemMedia, scan: Scan) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "@context": CONTEXTS[2],
        "@id": _base(2, media.id),
        "protocol": "http://iiif.io/api/image",
        "width": scan.width,
        "height": scan.height,
        "sizes": _sizes(scan),
        "profile": [
            PROFILES[2],
            {
                "formats": list(FORMATS),
                "qualities": ["default", "color", "gray", "bitonal"],
                "maxWidth": MOST_SIDE,
                "maxHeight": MOST_SIDE,
                "maxArea": MOST_AREA,
                "supports": ["mirroring", "regionSquare"],
            },
        ],
    }
    if tiles := _tiles(scan):
        facts["tiles"] = tiles
    return facts


@bp.get("/<int:version>/<int:media_id>/<region>/<size>/<rotation>/<quality>.<ending>")
@public
def picture(  # noqa: PLR0917  (the specification names the parts)
    version: int, media_id: int, region: str, size: str, rotation: str, quality: str, ending: str
) -> BaseResponse:
    """A picture, or a part of one."""
    media, scan = _scan(media_id)
    full = (scan.width, scan.height)
    try:
        asked = parse(region, size, rotation, quality, ending, full=full, version=_version(version))
    except BadParameter as error:
        return _refused(400, str(error))
    except NotOffered as error:
        return _refused(501, str(error))
    path = tile_file(scan, asked) or drawn(scan, asked, cache_folder())
    response = serving.send(
        path,
        FORMATS[asked.format],
        etag=f"{scan.folder.name[:16]}-{path.parent.name}-{path.stem}",
        public=_is_public(media),
        max_age=DAY,
    )
    canonical = f"{_base(version, media_id)}/{asked.canonical}"
    response.headers.add("Link", f'<{canonical}>;rel="canonical"')
    response.headers.add("Link", f'<{PROFILES[version]}>;rel="profile"')
    return response


def _refused(status: int, parameter: str) -> Response:
    """In plain text, with the parameter that is wrong (3.0 section 7.3)."""
    response = make_response(f"{parameter}\n", status)
    response.mimetype = "text/plain"
    return response
