"""Library records out, for anybody; in, for staff."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.reading.blueprint import bp, desk_bp
from culture_cloud.reading.opds.catalogue import absolute
from culture_cloud.reading.publications import queries
from culture_cloud.reading.staff import own
from culture_cloud.reading.staff.forms import RecordsForm
from culture_cloud.web.policies import public, staff

from . import services, writing
from .reading import NotMarc


@bp.get("/<int:publication_id>/record.mrc")
@public
def marc21(publication_id: int) -> Response:
    """MARC 21, as libraries exchange it."""
    return _record(publication_id, "marc21")


@bp.get("/<int:publication_id>/record-cn.mrc")
@public
def cnmarc(publication_id: int) -> Response:
    """CNMARC, as libraries in China exchange it."""
    return _record(publication_id, "cnmarc")


@bp.get("/<int:publication_id>/record.xml")
@public
def marcxml(publication_id: int) -> Response:
    """MARCXML."""
    found = queries.publication(db.session(), publication_id)
    address = absolute(url_for("reading.page", publication_id=found.id))
    body = writing.as_xml(writing.marc21(found, address))
    return Response(body, content_type="application/marcxml+xml; charset=utf-8")


def _record(publication_id: int, kind: str) -> Response:
    found = queries.publication(db.session(), publication_id)
    address = absolute(url_for("reading.page", publication_id=found.id))
    make = writing.marc21 if kind == "marc21" else writing.cnmarc
    response = Response(make(found, address).as_marc(), content_type="application/marc")
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}-{found.id}.mrc"'
    return response


@desk_bp.route("/records", methods=["GET", "POST"])
@staff(Permission.READING_EDIT)
def records() -> BaseResponse:
    """Bring in records: gaps of known titles are filled, unknown ones become drafts."""
    form = RecordsForm()
    form.node.choices = own.halls(db.session())
    files = [f for f in form.files.data or [] if getattr(f, "filename", "")]
    if form.validate_on_submit():
        if not files:
            form.files.errors = [_("Choose at least one file")]
        else:
            node_id = own.hall(db.session(), form.node.data).id
            try:
                with db.transaction() as session:
                    done = [
                        services.bring_in(session, f.stream.read(), node_id=node_id) for f in files
                    ]
            except NotMarc:
                form.files.errors = [_("This file holds no library records (MARC)")]
            else:
                flash(
                    _(
                        "%(new)s new drafts, %(filled)s titles filled in, %(bad)s not readable.",
                        new=sum(d.new for d in done),
                        filled=sum(d.filled for d in done),
                        bad=sum(d.unreadable for d in done),
                    ),
                    "success",
                )
                return redirect(url_for("desk_reading.index"), code=303)
    page = render_template("reading/desk/records.html", form=form)
    return make_response(page, 422 if form.errors else 200)
