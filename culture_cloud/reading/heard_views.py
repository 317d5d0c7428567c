"""Chapters read aloud by people, in and out; braille files; captions of films."""

from __future__ import annotations

import secrets
from pathlib import Path

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import delete, select
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import clock, db
from culture_cloud.access.permissions import Permission
from culture_cloud.db import touch
from culture_cloud.errors import NotFound
from culture_cloud.media import serving
from culture_cloud.web.policies import public, staff
from culture_cloud.web.security import takes_large_files

from . import asking
from .blueprint import desk_bp, files_bp, own_bp
from .braille.making import path_of
from .intake.findings import FileRefused
from .intake.jobs import store
from .intake.sniffing import AUDIO, sniff
from .models import TOPIC, Form, Recording
from .publications import access, presenter
from .staff import own
from .staff.revising import with_captions

MOST_CAPTION_BYTES = 2 * 1024 * 1024


@own_bp.get("/<int:publication_id>/<int:chapter>/recording")
@public
def recording(publication_id: int, chapter: int) -> BaseResponse:
    """A chapter read aloud by a person."""
    publication = asking.open_publication(publication_id)
    found = db.session().scalar(
        select(Recording).where(
            Recording.publication_id == publication.id, Recording.chapter == chapter
        )
    )
    if found is None:
        raise NotFound
    return serving.send(
        _recording_path(found.key),
        found.media_type,
        etag=found.key,
        public=access.is_same_for_all(publication),
    )


def _recording_path(key: str) -> Path:
    return Path(str(current_app.config["DATA_FOLDER"])) / "reading" / "recordings" / key


@files_bp.get("/<int:publication_id>/braille.brf")
@public
def braille(publication_id: int) -> BaseResponse:
    """The book in braille, for an embosser or a braille display."""
    publication = asking.open_publication(publication_id)
    return serving.send(
        path_of(current_app.config["DATA_FOLDER"], publication.id, publication.book_key),
        "text/plain",
        etag=f"brf-{publication.book_key}",
        name=f"{publication.title}.brf",
        inline=False,
        public=access.is_same_for_all(publication),
    )


# --- the desk ------------------------------------------------------------------------------------


@desk_bp.route("/<int:publication_id>/recordings", methods=["GET", "POST"])
@takes_large_files
@staff(Permission.READING_EDIT)
def recordings(publication_id: int) -> BaseResponse:
    """Recordings of chapters: heard before any machine's voice."""
    publication = own.publication(db.session(), publication_id)
    if publication.form != Form.TEXT:
        raise NotFound
    manifest = presenter.book(publication).manifest
    error = ""
    if request.method == "POST":
        text = request.form.get("chapter", "")
        chapter = int(text) if text.isdigit() and len(text) < 6 else 0
        if not 1 <= chapter <= len(manifest.chapters):
            raise NotFound
        if "remove" in request.form:
            _remove_recording(publication_id, chapter)
            flash(_("The recording is taken away."), "success")
            return redirect(url_for(".recordings", publication_id=publication_id), code=303)
        error = _keep_recording(publication_id, chapter)
        if not error:
            flash(_("The recording is kept. Readers hear it from now on."), "success")
            return redirect(url_for(".recordings", publication_id=publication_id), code=303)
    known = {
        row.chapter: row
        for row in db.session().scalars(
            select(Recording).where(Recording.publication_id == publication_id)
        )
    }
    page = render_template(
        "reading/desk/recordings.html",
        publication=publication,
        chapters=[{"chapter": c, "recording": known.get(c.number)} for c in manifest.chapters],
        error=error,
        reader=request.form.get("reader", ""),
        chosen=request.form.get("chapter", ""),
    )
    return make_response(page, 422 if error else 200)


def _keep_recording(publication_id: int, chapter: int) -> str:
    """Keep an uploaded recording; what is wrong with it in words, else empty."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _("Choose at least one file")
    received = store().receive(file.stream)
    path = store().waiting(received.key)
    try:
        sniffed = sniff(path)
    except FileRefused:
        sniffed = None
    if sniffed is None or sniffed.kind != AUDIO:
        path.unlink(missing_ok=True)
        return _("This is no sound. Please choose an MP3, M4A or OGG file")
    key = secrets.token_hex(16)
    target = _recording_path(key)
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
    _remove_recording(publication_id, chapter)
    with db.transaction() as session:
        session.add(
            Recording(
                publication_id=publication_id,
                chapter=chapter,
                key=key,
                media_type=sniffed.media_type,
                reader=" ".join(request.form.get("reader", "").split())[:80],
                created_at=clock.now(),
            )
        )
        touch(session, TOPIC)
    return ""


def _remove_recording(publication_id: int, chapter: int) -> None:
    with db.transaction() as session:
        keys = session.scalars(
            delete(Recording)
            .where(Recording.publication_id == publication_id, Recording.chapter == chapter)
            .returning(Recording.key)
        ).all()
        touch(session, TOPIC)
    for key in keys:
        _recording_path(key).unlink(missing_ok=True)


@desk_bp.route("/<int:publication_id>/captions", methods=["GET", "POST"])
@staff(Permission.READING_EDIT)
def captions(publication_id: int) -> BaseResponse:
    """Captions of a film (WebVTT); the transcript is made of them."""
    publication = own.publication(db.session(), publication_id)
    if publication.form != Form.VIDEO:
        raise NotFound
    error = ""
    if request.method == "POST":
        file = request.files.get("file")
        data = file.stream.read(MOST_CAPTION_BYTES + 1) if file is not None else b""
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = ""
        if not text.startswith("WEBVTT") or len(data) > MOST_CAPTION_BYTES:
            error = _(
                "This is no caption file. It is called WebVTT and begins with the word WEBVTT"
            )
        else:
            with db.transaction() as session:
                with_captions(session, own.publication(session, publication_id), text)
            flash(_("The captions are kept."), "success")
            return redirect(
                url_for("desk_reading.publication", publication_id=publication_id), code=303
            )
    page = render_template("reading/desk/captions.html", publication=publication, error=error)
    return make_response(page, 422 if error else 200)
