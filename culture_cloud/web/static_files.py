"""Static files: fingerprinted addresses that never change, compressed once, kept in memory."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud.errors import NotFound

from .policies import public

bp = Blueprint("static_files", __name__)

COMPRESSED = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    body: bytes
    gzipped: bytes | None
    fingerprint: str
    content_type: str


@lru_cache(maxsize=256)
def _load(path: Path, _modified: float) -> StaticFile:
    body = path.read_bytes()
    content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return StaticFile(
        body=body,
        gzipped=gzip.compress(body, 9, mtime=0) if content_type in COMPRESSED else None,
        fingerprint=hashlib.blake2b(body, digest_size=6).hexdigest(),
        content_type=content_type,
    )


def load(name: str) -> StaticFile:
    """A file of static/ by its path inside. Raises NotFound; never leaves the folder."""
    folder = Path(str(current_app.static_folder)).resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise NotFound
    return _load(path, path.stat().st_mtime)


def static_url(name: str) -> str:
    """The address of a static file, which changes with its content."""
    return f"/static/{load(name).fingerprint}/{name}"


@bp.get("/static/<fingerprint>/<path:name>")
@public
def static_file(fingerprint: str, name: str) -> BaseResponse:
    """A static file; an old fingerprint gets the present file, without being kept for ever."""
    file = load(name)
    zipped = file.gzipped is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(file.gzipped if zipped else file.body, content_type=file.content_type)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    current = fingerprint == file.fingerprint
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if current else "no-cache"
    )
    response.set_etag(file.fingerprint)
    return response.make_conditional(request)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["static_url"] = static_url
