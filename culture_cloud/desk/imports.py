"""Lists from elsewhere: uploaded, looked at, imported (R32). Nothing is written before the preview.

The file is kept a day; what it would do is worked out anew when it is imported, so that whatever
changed meanwhile counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import clock, db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities import queries
from culture_cloud.activities.importing import services, template
from culture_cloud.activities.importing.planning import Terms, plan
from culture_cloud.activities.importing.plans import ImportPlan, PlannedRow, Showing, Step
from culture_cloud.activities.importing.uploads import UploadStore
from culture_cloud.activities.importing.wording import reason_words, row_words, when_words
from culture_cloud.activities.models import ImportBatch
from culture_cloud.errors import NotFound
from culture_cloud.network.models import Node
from culture_cloud.tabular import FileNotReadable
from culture_cloud.tabular.sheets import MAX_BYTES
from culture_cloud.web.policies import staff
from culture_cloud.web.words import site_zone

from . import own
from .import_forms import UploadForm

bp = Blueprint("desk_imports", __name__, url_prefix="/desk/import")

SHOWN = 200
"""How many rows of each sort a page shows."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# --- choosing a file -----------------------------------------------------------------------------


@bp.route("", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_IMPORT)
def index() -> BaseResponse:
    """Choose the hall and the file."""
    form = UploadForm()
    form.node.choices = own.hall_choices(own.halls(db.session()))
    _hide_others(form.node.data or "")
    if not form.validate_on_submit():
        return _upload_page(form)
    node = queries.node_by_code(db.session(), form.node.data)
    if node is None:
        raise NotFound
    upload = form.file.data
    data, filename = upload.stream.read(MAX_BYTES + 1), str(upload.filename or "")
    upload.close()
    try:
        services.read(data, filename, zone=site_zone())
    except FileNotReadable as error:
        return _not_read(form, error)
    key, node_id = _store().keep(data), node.id
    with db.transaction() as session:
        session.add(
            ImportBatch(
                key=key,
                node_id=node_id,
                account_id=current_user.account_id,
                filename=filename[-200:],
                showing=form.showing.data,
                created_at=clock.now(),
                outcome={},
            )
        )
    return redirect(url_for(".batch", key=key), code=303)


def _hide_others(code: str) -> None:
    """Another hall answers as if it were not there."""
    node = queries.node_by_code(db.session(), code) if code else None
    if node is not None:
        own.scope(Permission.ACTIVITIES_IMPORT).require(node.path)


def _not_read(form: UploadForm, error: FileNotReadable) -> Response:
    form.file.errors = [reason_words(error.reason)]
    return _upload_page(form)


def _upload_page(form: UploadForm) -> Response:
    page = render_template("desk/imports/index.html", form=form)
    return make_response(page, 422 if form.errors else 200)


@bp.get("/template.xlsx")
@staff(Permission.ACTIVITIES_IMPORT)
def template_workbook() -> Response:
    """The table to fill in."""
    response = make_response(template.template_xlsx())
    response.mimetype = XLSX
    response.headers["Content-Disposition"] = 'attachment; filename="activities.xlsx"'
    return response


def _store() -> UploadStore:
    return UploadStore(Path(str(current_app.config["DATA_FOLDER"])))


# --- looking at it, importing it -----------------------------------------------------------------


@bp.get("/<key>")
@staff(Permission.ACTIVITIES_IMPORT)
def batch(key: str) -> BaseResponse:
    """What would happen; once it is imported, what came of it."""
    found = _own_batch(db.session(), key)
    if found.imported_at is not None:
        return make_response(_result_page(found))
    data = _store().read(key)
    if data is None:
        return _gone()
    planned = _plan(db.session(), found, _read(data, found))
    return make_response(_preview_page(found, planned))


@bp.post("/<key>")
@staff(Permission.ACTIVITIES_IMPORT)
def confirm(key: str) -> BaseResponse:
    """Import it: all that the preview listed, or nothing. A second press changes nothing."""
    found = _own_batch(db.session(), key)
    here = redirect(url_for(".batch", key=key), code=303)
    if found.imported_at is not None:
        return here
    data = _store().read(key)
    if data is None:
        return _gone()
    read = _read(data, found)
    with db.transaction() as session:
        ours = _own_batch(session, key, for_update=True)
        if ours.imported_at is not None:
            return here
        done = services.apply(
            session, _plan(session, ours, read), by_account_id=current_user.account_id
        )
        _note(ours, done)
    _store().remove(key)
    return here


def _own_batch(session: Session, key: str, *, for_update: bool = False) -> ImportBatch:
    query = select(ImportBatch).options(joinedload(ImportBatch.node)).where(ImportBatch.key == key)
    if for_update:
        query = query.with_for_update(of=ImportBatch)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    own.scope(Permission.ACTIVITIES_IMPORT).require(found.node.path)
    return found


def _gone() -> BaseResponse:
    flash(_("The file is only kept for a day. Please choose it again."), "info")
    return redirect(url_for(".index"), code=303)


def _read(data: bytes, of_batch: ImportBatch) -> services.Read:
    return services.read(data, of_batch.filename, zone=site_zone())


def _plan(session: Session, of_batch: ImportBatch, read: services.Read) -> ImportPlan:
    terms = Terms(origin=read.origin, showing=_showing(of_batch.showing, of_batch.node))
    return plan(session, read.parsed, node_id=of_batch.node_id, zone=site_zone(), terms=terms)


def _showing(wanted: str, node: Node) -> Showing:
    """Whoever may not publish here asks for review instead."""
    showing = Showing(wanted)
    if showing is Showing.PUBLISH and not own.may_publish(node):
        return Showing.SUBMIT
    return showing


def _note(of_batch: ImportBatch, done: services.Imported) -> None:
    of_batch.imported_at = clock.now()
    of_batch.created, of_batch.changed = done.count(Step.CREATE), done.count(Step.CHANGE)
    of_batch.unchanged, of_batch.refused = done.count(Step.UNCHANGED), done.count(Step.REFUSED)
    of_batch.outcome = {
        step: [_shown(row) for row in _of_step(done.rows, step)]
        for step in (Step.REFUSED, Step.CHANGE, Step.CREATE)
    }


# --- pages ---------------------------------------------------------------------------------------


def _preview_page(of_batch: ImportBatch, planned: ImportPlan) -> str:
    groups = {
        step: [_shown(row) for row in _of_step(planned.rows, step)]
        for step in (Step.REFUSED, Step.CHANGE, Step.CREATE)
    }
    counts = {step: planned.count(step) for step in Step}
    showing = _showing(of_batch.showing, of_batch.node)
    return render_template(
        "desk/imports/preview.html",
        batch=of_batch,
        groups=_groups(groups, counts),
        counts=counts,
        to_do=counts[Step.CREATE] + counts[Step.CHANGE],
        remarks=[(note.source_ref, reason_words(note.reason)) for note in planned.notes],
        skipped=[(note.source_ref, reason_words(note.reason)) for note in planned.skipped],
        showing=showing,
    )


def _result_page(of_batch: ImportBatch) -> str:
    counts = {
        Step.CREATE: of_batch.created,
        Step.CHANGE: of_batch.changed,
        Step.UNCHANGED: of_batch.unchanged,
        Step.REFUSED: of_batch.refused,
    }
    return render_template(
        "desk/imports/result.html",
        batch=of_batch,
        groups=_groups(of_batch.outcome, counts),
        counts=counts,
    )


def _of_step(rows: Sequence[PlannedRow], step: Step) -> list[PlannedRow]:
    return [row for row in rows if row.step is step][:SHOWN]


def _shown(row: PlannedRow) -> dict[str, Any]:
    """A row as pages show it."""
    first = row.starts
    return {
        "ref": row.source_ref,
        "title": row.title,
        "when": when_words(first) if first else "",
        "lines": row_words(row),
        "id": row.activity_id,
    }


def _groups(rows: Any, counts: dict[Step, int]) -> list[dict[str, Any]]:
    """The sorts of rows with their headings: what needs a look comes first."""
    headings = {
        Step.REFUSED: _("Left out"),
        Step.CHANGE: _("Changed"),
        Step.CREATE: _("New"),
    }
    return [
        {
            "step": step,
            "heading": heading,
            "count": counts[step],
            "rows": rows.get(step, ()),
            "more": counts[step] - len(rows.get(step, ())),
        }
        for step, heading in headings.items()
        if counts[step]
    ]
