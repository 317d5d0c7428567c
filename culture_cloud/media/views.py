"""Serving pictures. Addresses change with the content, so browsers may keep them for ever."""

from __future__ import annotations

import hmac
import os
import re
from pathlib import Path

from flask import Blueprint, Response, current_app

from culture_cloud import covers
from culture_cloud.errors import NotFound
from culture_cloud.web.policies import public

from .addresses import signature
from .pictures import PictureStore

bp = Blueprint("media", __name__)

FOR_EVER = "public, max-age=31536000, immutable"


@bp.get("/covers/<version>/<motif>/<seed>-<int:width>.webp")
@public
def cover(version: str, motif: str, seed: str, width: int) -> Response:
    """A generated cover, drawn once and kept on disk."""
    if version != covers.VERSION or motif not in covers.MOTIFS or width not in covers.WIDTHS:
        raise NotFound
    if not re.fullmatch(r"[0-9a-f]{20}", seed):
        raise NotFound
    bare, signed = seed[:12], seed[12:]
    if not hmac.compare_digest(signed, signature(motif, bare)):
        raise NotFound
    kept = _folder("covers") / f"{version}-{motif}-{bare}-{width}.webp"
    if not kept.exists():
        _write_whole(kept, covers.webp(motif, bare, width))
    return _picture(kept.read_bytes())


@bp.get("/media/<key>-<int:width>.webp")
@public
def poster(key: str, width: int) -> Response:
    """A derivative of an uploaded picture."""
    return _picture(PictureStore(_folder("media")).read(key, width))


def _picture(body: bytes) -> Response:
    response = Response(body, mimetype="image/webp")
    response.headers["Cache-Control"] = FOR_EVER
    return response


def _folder(name: str) -> Path:
    folder = Path(str(current_app.config["DATA_FOLDER"])) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write_whole(path: Path, body: bytes) -> None:
    """Write beside and swap, so that nobody ever reads half a picture."""
    beside = path.with_suffix(f".{os.getpid()}.part")
    beside.write_bytes(body)
    beside.replace(path)
