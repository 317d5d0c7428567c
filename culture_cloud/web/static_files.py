"""Static files: fingerprinted addresses that never change, compressed once, kept in memory."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud.errors import NotFound

from .policies import public

bp = Blueprint("static_files", __name__)

COMPRESSED = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}

BUNDLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "css/site.css": tuple(
            f"css/{part}.css"
            for part in ("tokens", "base", "components", "site-search", "display", "print")
        )
    }
)
"""Names under which several files are served as one, so that a page asks only once."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    body: bytes
    gzipped: bytes | None
    fingerprint: str
    content_type: str


@lru_cache(maxsize=256)
def _load(paths: tuple[Path, ...], name: str, _modified: tuple[float, ...]) -> StaticFile:
    body = b"".join(path.read_bytes() for path in paths)
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if content_type == "text/css":
        body = lean_css(body)
    return StaticFile(
        body=body,
        gzipped=gzip.compress(body, 9, mtime=0) if content_type in COMPRESSED else None,
        fingerprint=hashlib.blake2b(body, digest_size=6).hexdigest(),
        content_type=content_type,
    )


def lean_css(css: bytes) -> bytes:
    """A stylesheet without what only readers of the code need: comments and margins."""
    bare = re.sub(rb"/\*.*?\*/", b"", css, flags=re.S)
    bare = re.sub(rb"\s*\n\s*", b"\n", bare)
    bare = re.sub(rb"\s*([{};,])[ \n]*", rb"\1", re.sub(rb":[ ]+", b":", bare))
    return bare.replace(b";}", b"}").strip() + b"\n"


def load(name: str) -> StaticFile:
    """A file of static/ by its path inside, or a bundle of them by its own.

    Raises NotFound; never leaves the folder.
    """
    folder = Path(str(current_app.static_folder)).resolve()
    paths = tuple((folder / part).resolve() for part in BUNDLES.get(name, (name,)))
    for path in paths:
        if not path.is_relative_to(folder) or not path.is_file():
            raise NotFound
    return _load(paths, name, tuple(path.stat().st_mtime for path in paths))


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
