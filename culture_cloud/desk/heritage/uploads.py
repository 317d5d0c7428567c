"""Files that come with a form: stored at once and carried along, so that a fault loses none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from culture_cloud import db
from culture_cloud.media import services as media_services
from culture_cloud.media import serving
from culture_cloud.media.sniffing import Family, UploadRefused
from culture_cloud.media.wording import refusal_words

WANTED = (Family.PICTURE, Family.AUDIO, Family.VIDEO, Family.PDF)
ACCEPT = "image/jpeg,image/png,image/webp,image/tiff,image/gif,audio/*,video/mp4,application/pdf"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="heritage upload")


def keep(uploads: Iterable[Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """Store files: rows for the media part of the form, and why others were refused."""
    rows, faults = [], []
    most = current_app.config["CULTURE_CLOUD"].max_media_bytes
    for upload in uploads:
        name = str(getattr(upload, "filename", "") or "")
        if not name:
            continue
        try:
            kept = serving.store().keep(
                upload.stream, wanted=WANTED, most_bytes=most, filename=name
            )
        except UploadRefused as error:
            faults.append(f"{name}: {refusal_words(error.reason)}")
            continue
        with db.transaction() as session:
            original_id = media_services.record(session, kept, with_form=True).id
        family = str(kept.kind.family)
        rows.append(
            {"original": sign(original_id, family, name), "filename": name, "family": family}
        )
    return rows, faults


def sign(original_id: int, family: str, filename: str) -> str:
    return str(_signer().dumps([original_id, family, filename[-200:]]))


def unsign(text: str) -> tuple[int, str, str] | None:
    """(original, family, filename); None where somebody else wrote it."""
    try:
        original_id, family, filename = _signer().loads(text)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(original_id), str(family), str(filename)
