"""Staff read pages aloud themselves: which pages, the words to read, the recording (EL-20)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse
from wtforms import HiddenField, StringField

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities import spoken as activities_spoken
from culture_cloud.errors import NotFound
from culture_cloud.media.originals import Kept
from culture_cloud.media.serving import store
from culture_cloud.media.sniffing import UploadRefused
from culture_cloud.media.wording import refusal_words
from culture_cloud.network import presenter
from culture_cloud.network import queries as network_queries
from culture_cloud.network import spoken as network_spoken
from culture_cloud.recordings import services
from culture_cloud.recordings.models import Recording
from culture_cloud.recordings.pages import PAGES
from culture_cloud.web.fields import AtMost, one_line
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.policies import staff

from . import own

bp = Blueprint("desk_recordings", __name__, url_prefix="/desk/recordings")

MOST_BYTES = 10 * 1024 * 1024
"""Forty minutes of an MP3 of 32 kbit/s, ten of one of 128."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A page that can be read: what it is called, where it is, the words to read."""

    kind: str
    id: str
    title: str
    address: str
    words: list[str]


def _activity(session: Session, subject_id: str) -> Subject:
    if not subject_id.isdigit() or len(subject_id) > 9:
        raise NotFound
    found = own.activity(session, int(subject_id))
    address = url_for("activities.page", activity_id=found.id)
    return Subject("activity", subject_id, found.title, address, activities_spoken.lasting(found))


def _node(session: Session, subject_id: str) -> Subject:
    node = network_queries.node_by_code(session, subject_id)
    current_user.scope(Permission.NODES_EDIT).require(node.path)
    title = presenter.title_of(node)
    address = url_for("network.node", code=node.code)
    return Subject("node", node.code, title, address, network_spoken.lasting(node, title))


def _page(_session: Session, subject_id: str) -> Subject:
    page = PAGES.get(subject_id)
    if page is None or not current_user.may(Permission.NETWORK_MANAGE):
        raise NotFound
    words = page.words()
    return Subject("page", subject_id, words[0], url_for(page.endpoint), words)


SUBJECTS: Mapping[str, Callable[[Session, str], Subject]] = {
    "activity": _activity,
    "node": _node,
    "page": _page,
}
"""Each raises NotFound where there is no such page, or it is not the reader's to look after."""


def subject(session: Session, kind: str, subject_id: str) -> Subject:
    if kind not in SUBJECTS:
        raise NotFound
    return SUBJECTS[kind](session, subject_id)


class RecordingForm(FlaskForm):  # type: ignore[misc]
    """The sound, and who speaks. `read`: which words stood on the page when it was opened."""

    sound = FileField(_l("The recording"))
    spoken_by = StringField(
        _l("Who speaks?"),
        filters=[one_line],
        validators=[AtMost(60, _l("Please shorten this"))],
        description=_l("Shown beside the player, for example 张丽琴，云岭话. May be left empty."),
    )
    read = HiddenField()

    kept: Kept | None = None

    def validate_sound(self, field: FileField) -> None:
        upload = field.data
        if not upload or not getattr(upload, "filename", ""):
            field.errors = [_("Please choose a recording, or speak it right here.")]
            return
        try:
            self.kept = store().keep(
                upload.stream,
                wanted=services.WANTED,
                most_bytes=MOST_BYTES,
                filename=upload.filename,
            )
        except UploadRefused as refused:
            field.errors = [refusal_words(refused.reason)]
            return
        if self.kept.kind not in services.PLAYED:
            field.errors = [_("Phones cannot play this kind. Please save it as MP3 or M4A.")]


@bp.get("")
@staff(Permission.ACTIVITIES_EDIT)
def index() -> str:
    """The recordings of the reader's own pages; those that need a new one come first."""
    session = db.session()
    rows = []
    for recording in session.scalars(select(Recording).order_by(Recording.added_at.desc())):
        try:
            page = subject(session, recording.subject_kind, recording.subject_id)
        except NotFound:
            continue
        fresh = services.is_fresh(recording, page.words)
        rows.append(
            {
                "title": page.title,
                "href": url_for(".page", kind=page.kind, reference=page.id),
                "note": _("It is heard on the page.")
                if fresh
                else _("The page has changed. Please read it again."),
                "fresh": fresh,
            }
        )
    rows.sort(key=lambda row: bool(row["fresh"]))
    may_read_help = current_user.may(Permission.NETWORK_MANAGE)
    return render_template("desk/recordings/index.html", rows=rows, may_read_help=may_read_help)


@bp.route("/<kind>/<reference>", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def page(kind: str, reference: str) -> BaseResponse:
    """The words of a page, to read them and send the recording."""
    session = db.session()
    asked = subject(session, kind, reference)
    recording = services.of(session, kind, asked.id)
    form = RecordingForm(
        data={"spoken_by": recording.spoken_by if recording else current_user.name}
    )
    now = services.digest(asked.words)
    if form.validate_on_submit() and form.kept is not None:
        read = form.read.data or now
        with db.transaction() as writing:
            services.put_up(
                writing,
                kind,
                asked.id,
                kept=form.kept,
                spoken_by=form.spoken_by.data or "",
                words_digest=read,
                by=current_user.account_id,
            )
        if read == now:
            flash(_("Saved. The page is now heard in this voice."), "success")
        else:
            flash(
                _("Saved, but the page was changed meanwhile. Please read it once more."),
                "warning",
            )
        return redirect(url_for(".page", kind=kind, reference=asked.id), code=303)
    form.read.data = request.form.get("read") or now
    drawn = render_template(
        "desk/recordings/page.html",
        form=form,
        subject=asked,
        recording=recording,
        fresh=recording is not None and services.is_fresh(recording, asked.words),
    )
    return make_response(drawn, 422 if form.errors else 200)


@bp.route("/<kind>/<reference>/remove", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def remove(kind: str, reference: str) -> BaseResponse:
    """Take a recording off its page, after a question."""
    session = db.session()
    asked = subject(session, kind, reference)
    recording = services.of(session, kind, asked.id)
    here = url_for(".page", kind=kind, reference=asked.id)
    if recording is None:
        return redirect(here, code=303)
    form = FlaskForm()
    if form.validate_on_submit():
        with db.transaction() as writing:
            found = services.of(writing, kind, asked.id)
            if found is not None:
                services.remove(writing, found, by=current_user.account_id)
        flash(_("Taken off. The page is read by the machine again."), "success")
        return redirect(here, code=303)
    return make_response(
        render_template("desk/recordings/remove.html", form=form, subject=asked, here=here)
    )
