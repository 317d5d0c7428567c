"""The sound of a page. Addresses change with the text, so browsers may keep it for ever."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from culture_cloud import db
from culture_cloud.errors import NotFound
from culture_cloud.web import throttle
from culture_cloud.web.policies import public

from .engine import SpeechFailed
from .speaking import sound_of, speech
from .store import is_key

bp = Blueprint("speech", __name__)

MADE_PER_ADDRESS = throttle.Limit("speech.make", 30, timedelta(minutes=10))
"""Sounds that are there already are not counted."""

FOR_EVER = "public, max-age=31536000, immutable"
FOR_ITS_OWNER = "private, max-age=3600"


@bp.get("/listen/<key>.mp3")
@public
def sound(key: str) -> Response:
    """The sound of a page, whole or in parts (RFC 9110, 14). Made now where it is not there yet."""
    store = speech().store
    if not is_key(key) or (store.sound(key) is None and store.utterance(key) is None):
        raise NotFound
    if store.sound(key) is None:
        _count()
    try:
        body = sound_of(key).read_bytes()
    except SpeechFailed:
        return _not_now()
    response = Response(body, mimetype="audio/mpeg")
    response.set_etag(key)
    response.headers["Cache-Control"] = FOR_ITS_OWNER if key.startswith("p") else FOR_EVER
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=len(body))
    except RequestedRangeNotSatisfiable:
        return Response(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
    return response


@bp.get("/listen/<key>.json")
@public
def marks(key: str) -> Response:
    """When each paragraph of the page begins: {"marks": [[seconds, how the page shows it], …]}.

    The sound is made first where it is not there yet: only then it is known.
    """
    store = speech().store
    if not is_key(key) or store.utterance(key) is None:
        raise NotFound
    if store.sound(key) is None:
        _count()
        try:
            sound_of(key)
        except SpeechFailed:
            return _not_now()
    response = jsonify(marks=store.marks(key))
    response.headers["Cache-Control"] = FOR_ITS_OWNER if key.startswith("p") else FOR_EVER
    return response


def _count() -> None:
    with db.transaction() as session:
        address = throttle.caller_address()
        throttle.check(session, MADE_PER_ADDRESS, address)
        throttle.record(session, MADE_PER_ADDRESS, address)


def _not_now() -> Response:
    """A player shows no page; who opened the address itself reads what to do."""
    words = _("This page cannot be read aloud right now. Please call us and we read it to you.")
    return Response(
        f"{words}\n", 503, {"Retry-After": "60"}, content_type="text/plain; charset=utf-8"
    )
