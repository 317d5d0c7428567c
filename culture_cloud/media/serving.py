"""Sending stored files: in ranges, with the headers that keep a hostile file harmless.

The caller has checked who may see the file. Behind nginx the file itself can be left to it
(`CULTURE_CLOUD_ACCEL_PREFIX`, see docs/operators.md); without, the answer streams from disk.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from flask import Response, current_app, request, send_file

from culture_cloud.config import Config
from culture_cloud.errors import NotFound

from .originals import OriginalStore
from .sniffing import BY_MEDIA_TYPE, Family

SANDBOX = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
SHOWN_INLINE = {Family.PICTURE, Family.AUDIO, Family.VIDEO, Family.PDF, Family.CAPTIONS}
NOT_SHOWN_BY_BROWSERS = {"image/tiff"}


def store() -> OriginalStore:
    """The original store of the running site."""
    return OriginalStore(Path(str(current_app.config["DATA_FOLDER"])))


def send_original(
    checksum: str, media_type: str, *, name: str, download: bool = False, public: bool = True
) -> Response:
    """An original, whole or in the range that was asked for (RFC 9110 section 14).

    `name` is what it is called when it is saved, without an ending. Raises NotFound.
    """
    kind = BY_MEDIA_TYPE.get(media_type)
    if kind is None:
        raise NotFound
    inline = (
        not download and kind.family in SHOWN_INLINE and media_type not in NOT_SHOWN_BY_BROWSERS
    )
    return send(
        store().path(checksum),
        media_type,
        etag=checksum[:32],
        name=f"{name}.{kind.ending}",
        inline=inline,
        public=public,
    )


def send(
    path: Path,
    media_type: str,
    *,
    etag: str,
    name: str = "",
    inline: bool = True,
    public: bool = True,
    max_age: int = 3600,
) -> Response:
    """A file from disk with ranges, an ETag and the sandbox. Raises NotFound."""
    if not path.is_file():
        raise NotFound
    prefix = _accel_prefix(path)
    if prefix is not None:
        response = Response(mimetype=media_type)
        response.headers["X-Accel-Redirect"] = prefix
        response.set_etag(etag)
    else:
        _ignore_several_ranges()
        response = send_file(path, mimetype=media_type, etag=etag, conditional=True)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = (
        f"public, max-age={max_age}" if public else "private, no-cache"
    )
    if name:
        how = "inline" if inline else "attachment"
        response.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name, safe='')}"
    return response


def _accel_prefix(path: Path) -> str | None:
    config: Config = current_app.config["CULTURE_CLOUD"]
    if not config.accel_prefix:
        return None
    inside = path.resolve().relative_to(config.data_folder.resolve())
    return f"{config.accel_prefix.rstrip('/')}/{quote(str(inside))}"


def _ignore_several_ranges() -> None:
    """Several ranges at once may be ignored (RFC 9110 section 14.2); werkzeug would refuse them."""
    if "," in request.headers.get("Range", ""):
        request.environ.pop("HTTP_RANGE", None)
