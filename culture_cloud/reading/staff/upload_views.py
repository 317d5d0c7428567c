"""Bringing things in: files, one or a folder; what became of each; what was kept aside."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.errors import NotFound
from culture_cloud.media import serving
from culture_cloud.reading.blueprint import desk_bp as bp
from culture_cloud.reading.intake import services
from culture_cloud.reading.intake.jobs import store
from culture_cloud.reading.intake.services import Wishes
from culture_cloud.reading.models import Intake
from culture_cloud.reading.publications import presenter
from culture_cloud.web.policies import staff
from culture_cloud.web.security import takes_large_files

from . import own
from .forms import UploadForm
from .views import intake_facts

MOST_FILES = 100


@bp.route("/upload", methods=["GET", "POST"])
@takes_large_files
@staff(Permission.READING_EDIT)
def upload() -> BaseResponse:
    """Choose files; the worker looks at them, and the list says what came of each."""
    form = UploadForm()
    form.node.choices = own.halls(db.session())
    form.rights.choices = list(presenter.rights_names().items())
    files = [f for f in form.files.data or [] if getattr(f, "filename", "")]
    if not form.validate_on_submit() or not files or len(files) > MOST_FILES:
        if form.is_submitted() and not files:
            form.files.errors = [_("Choose at least one file")]
        elif len(files) > MOST_FILES:
            form.files.errors = [_("At most %(most)s files at once", most=MOST_FILES)]
        return make_response(
            render_template("reading/desk/upload.html", form=form), 422 if form.errors else 200
        )
    node = own.hall(db.session(), form.node.data)
    wishes = Wishes(
        publish=bool(form.publish.data) and own.may_publish(node), rights=form.rights.data
    )
    received, twins, node_id = [], [], node.id
    for file in files:
        got = store().receive(file.stream)
        name = str(file.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
        twin = services.twin_of(db.session(), got.sha256)
        if twin is not None:
            twins.append(twin.title)
            store().throw_away(got.key)
        else:
            received.append((got, name))
    with db.transaction() as session:
        for got, name in received:
            services.receive(
                session,
                got,
                filename=name,
                node_id=node_id,
                account_id=current_user.account_id,
                wishes=wishes,
            )
    _say(len(received), twins)
    return redirect(url_for(".index") + "#came-in", code=303)


def _say(number: int, twins: list[str]) -> None:
    if number:
        flash(
            ngettext(
                "%(num)d file came in. It is being checked; look again in a moment.",
                "%(num)d files came in. They are being checked; look again in a moment.",
                number,
            ),
            "success",
        )
    if twins:
        names = _(", ").join(f"《{title}》" for title in dict.fromkeys(twins))
        flash(_("Already here, the very same file: %(names)s", names=names), "info")


@bp.route("/<int:publication_id>/replace", methods=["GET", "POST"])
@takes_large_files
@staff(Permission.READING_EDIT)
def replace(publication_id: int) -> BaseResponse:
    """Give a publication a new file; the old one is read until the new one is checked."""
    found = own.publication(db.session(), publication_id)
    file = request.files.get("file") if request.method == "POST" else None
    error = ""
    if request.method == "POST":
        if file is None or not file.filename:
            error = _("Choose at least one file")
        else:
            got = store().receive(file.stream)
            with db.transaction() as session:
                services.receive(
                    session,
                    got,
                    filename=str(file.filename).replace("\\", "/").rsplit("/", 1)[-1],
                    node_id=found.node_id,
                    account_id=current_user.account_id,
                    wishes=Wishes(publication_id=publication_id),
                )
            flash(_("The file came in. It is being checked; look again in a moment."), "success")
            return redirect(url_for(".publication", publication_id=publication_id), code=303)
    page = render_template("reading/desk/replace.html", publication=found, error=error)
    return make_response(page, 422 if error else 200)


@bp.get("/files/<int:intake_id>")
@staff(Permission.READING_EDIT)
def intake(intake_id: int) -> str:
    """One file: what was found in it."""
    found = own.intake(db.session(), intake_id)
    return render_template("reading/desk/intake.html", **intake_facts(found))


@bp.get("/files/<int:intake_id>/kept")
@staff(Permission.READING_EDIT)
def kept_file(intake_id: int) -> BaseResponse:
    """A refused file, to look at it elsewhere: always as a download, never shown."""
    found = own.intake(db.session(), intake_id)
    path = store().aside(found.key)
    if found.state != "refused" or not path.exists():
        raise NotFound
    return serving.send(
        path,
        "application/octet-stream",
        etag=found.key,
        name=found.filename or "file",
        inline=False,
        public=False,
    )


@bp.post("/files/<int:intake_id>/throw-away")
@staff(Permission.READING_EDIT)
def throw_away(intake_id: int) -> BaseResponse:
    """Delete a refused file for good."""
    found = own.intake(db.session(), intake_id)
    if found.state != "refused":
        raise NotFound
    key = found.key
    with db.transaction() as session:
        row = session.get(Intake, intake_id)
        if row is not None:
            session.delete(row)
    store().throw_away(key)
    flash(_("The file is deleted."), "success")
    return redirect(url_for(".index"), code=303)


@bp.post("/files/<int:intake_id>/again")
@staff(Permission.READING_EDIT)
def again(intake_id: int) -> BaseResponse:
    """Look at a refused file once more, say after the program that reads it was renewed."""
    found = own.intake(db.session(), intake_id)
    aside = store().aside(found.key)
    if found.state != "refused" or not aside.exists():
        raise NotFound
    aside.replace(store().waiting(found.key))
    with db.transaction() as session:
        services.ask_again(session, intake_id)
    flash(_("The file is being checked again."), "success")
    return redirect(url_for(".index") + "#came-in", code=303)


@bp.post("/<int:publication_id>/read-scan")
@staff(Permission.READING_EDIT)
def read_scan(publication_id: int) -> BaseResponse:
    """Have the pictures of a scan read, say after the tool for it was installed."""
    own.publication(db.session(), publication_id)
    with db.transaction() as session:
        services.have_read(session, own.publication(session, publication_id))
    flash(_("The machine reads now. The words are there in a while; look again later."), "success")
    return redirect(url_for(".publication", publication_id=publication_id), code=303)
