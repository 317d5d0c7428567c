"""The sound of a recording."""

from __future__ import annotations

from flask import Blueprint, Response

from culture_cloud import db
from culture_cloud.errors import NotFound
from culture_cloud.media import serving
from culture_cloud.web.policies import public

from .models import Recording

bp = Blueprint("recordings", __name__)


@bp.get("/recordings/<int:recording_id>-<checksum>")
@public
def sound(recording_id: int, checksum: str) -> Response:
    """A recording, whole or in ranges. Its address changes with its sound; an old one is gone."""
    recording = db.session().get(Recording, recording_id)
    if recording is None or recording.original.checksum[:12] != checksum:
        raise NotFound
    original = recording.original
    return serving.send_original(original.checksum, original.media_type, name="recording")
