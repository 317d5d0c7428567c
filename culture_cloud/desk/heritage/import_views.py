"""Many items at once: a table with a folder or ZIP of files; looked at first, then imported."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from culture_cloud import clock, db
from culture_cloud.access.permissions import Permission
from culture_cloud.desk.downloads import download
from culture_cloud.errors import NotFound
from culture_cloud.heritage.errors import NotReady
from culture_cloud.heritage.importing import archives, planning, wording
from culture_cloud.heritage.importing.reading import EXAMPLE_MARK, read_table
from culture_cloud.heritage.models import HeritageImport
from culture_cloud.heritage.tables import COLUMNS
from culture_cloud.media import services as media_services
from culture_cloud.media import serving
from culture_cloud.media.sniffing import UploadRefused
from culture_cloud.media.wording import refusal_words
from culture_cloud.tabular import Column, FileNotReadable
from culture_cloud.web.fields import ListField, Needed, new_key
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.policies import staff
from culture_cloud.web.security import takes_large_files

from . import own, uploads
from .blueprint import bp

MOST_TABLE = 10 * 1024 * 1024
SHOWN = 200


class ImportForm(FlaskForm):  # type: ignore[misc]
    """The table and its files."""

    node = ListField(_l("For which hall?"), [Needed(_l("Please choose the hall"))])
    table = FileField(
        _l("The table"),
        [Needed(_l("Please choose the table"))],
        description=_l("XLSX or CSV, one item a line; at most 2000 lines"),
    )
    files = MultipleFileField(
        _l("Pictures and recordings"),
        description=_l("All at once, or packed into one ZIP; their names stand in the column 文件"),
    )


@bp.route("/import", methods=["GET", "POST"])
@staff(Permission.HERITAGE_EDIT)
@takes_large_files
def import_list() -> Response:
    """Choose table and files. Nothing is written into the heritage yet."""
    halls = own.hall_choices(db.session())
    form = ImportForm(data={"node": halls[0][0] if halls else ""})
    form.node.choices = halls
    if not form.validate_on_submit():
        return _form_page(form)
    node_id = own.hall(db.session(), form.node.data).id
    upload = form.table.data
    name = str(upload.filename or "")
    try:
        table = read_table(upload.stream.read(MOST_TABLE + 1), name)
    except FileNotReadable as error:
        form.table.errors = [_(error.reason.msgid, **error.reason.params)]
        return _form_page(form)
    finally:
        upload.close()
    files, refused = _store(form.files.data or [])
    key = new_key()
    with db.transaction() as session:
        session.add(
            HeritageImport(
                key=key,
                node_id=node_id,
                account_id=current_user.account_id,
                filename=name[-200:],
                files=files,
                rows=table.rows,
                outcome={"refused_files": refused, "unknown": table.unknown},
                created_at=clock.now(),
            )
        )
    return redirect(url_for(".import_batch", key=key), code=303)


def _form_page(form: ImportForm) -> Response:
    html = render_template("desk/heritage/import.html", form=form, accept=uploads.ACCEPT)
    return make_response(html, 422 if form.errors else 200)


def _store(sent: list[Any]) -> tuple[dict[str, Any], list[str]]:
    """Store every file, ZIPs unpacked: {name in lower case: [original, family]}, and refusals."""
    found: dict[str, Any] = {}
    refused: list[str] = []
    most = current_app.config["CULTURE_CLOUD"].max_media_bytes
    for upload in sent:
        name = str(getattr(upload, "filename", "") or "")
        if not name:
            continue
        if name.lower().endswith(".zip"):
            try:
                for inner, stream in archives.members(upload.stream, most):
                    _store_one(inner, stream, most, found, refused)
            except UploadRefused as error:
                refused.append(f"{name}: {refusal_words(error.reason)}")
        else:
            _store_one(name, upload.stream, most, found, refused)
    return found, refused


def _store_one(
    name: str, stream: Any, most: int, found: dict[str, Any], refused: list[str]
) -> None:
    try:
        kept = serving.store().keep(stream, wanted=uploads.WANTED, most_bytes=most, filename=name)
    except UploadRefused as error:
        refused.append(f"{name}: {refusal_words(error.reason)}")
        return
    with db.transaction() as session:
        original_id = media_services.record(session, kept, with_form=True).id
    found[name.rsplit("/", 1)[-1].lower()] = [original_id, str(kept.kind.family)]


@bp.get("/import/template.xlsx")
@staff(Permission.HERITAGE_EDIT)
def import_template() -> Response:
    """The table to fill in, with one example line that is not imported."""
    example = {
        "uid": "mzc-001",
        "kind": "照片",
        "title": f"{EXAMPLE_MARK}老渡口的木船",
        "summary": "1965年前后，渡工在老渡口撑船送人过江。",
        "date_text": "约1965年",
        "place": "老渡口社区",
        "agents": "拍摄者：王家祥；捐赠者：杨桂珍",
        "subjects": "渡口；木船",
        "rights": "cc-by",
        "files": "老渡口.jpg",
        "alts": "一条木船靠在石滩边，船上站着五个人，撑船的人戴斗笠。",
    }
    columns = [Column(heading, name, width=width) for name, heading, width in COLUMNS]
    row = {name: example.get(name) for name, _heading, _width in COLUMNS}
    return download(columns, [row], name="heritage", ending="xlsx")


@bp.route("/import/<key>", methods=["GET", "POST"])
@staff(Permission.HERITAGE_EDIT)
def import_batch(key: str) -> Response:
    """What would happen; pressed, it happens: all that was listed, or nothing."""
    found = _own_batch(db.session(), key)
    if request.method == "GET" or found.imported_at is not None:
        return make_response(_batch_page(found))
    by = current_user.account_id
    try:
        with db.transaction() as session:
            ours = _own_batch(session, key, for_update=True)
            if ours.imported_at is None:
                counts = planning.apply(session, _plan(session, ours), by_account_id=by)
                ours.imported_at = clock.now()
                ours.outcome = {**ours.outcome, "counts": counts}
    except NotReady:
        flash(
            _("Something that is public would no longer be complete. Nothing was imported."),
            "warning",
        )
    return redirect(url_for(".import_batch", key=key), code=303)


def _own_batch(session: Session, key: str, *, for_update: bool = False) -> HeritageImport:
    query = (
        select(HeritageImport)
        .options(joinedload(HeritageImport.node))
        .where(HeritageImport.key == key)
    )
    if for_update:
        query = query.with_for_update(of=HeritageImport)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    own.scope().require(found.node.path)
    return found


def _plan(session: Session, found: HeritageImport) -> list[planning.PlannedRow]:
    def may_change(item: Any) -> bool:
        return own.scope().allows(item.node.path) and own.may_edit(item)

    terms = planning.Terms(node=found.node, files=found.files, may_change=may_change)
    return planning.plan(session, found.rows, terms)


def _batch_page(found: HeritageImport) -> str:
    if found.imported_at is not None:
        return render_template(
            "desk/heritage/import_done.html", batch=found, counts=found.outcome.get("counts", {})
        )
    planned = _plan(db.session(), found)
    counts = {step: sum(1 for one in planned if one.step is step) for step in planning.Step}
    return render_template(
        "desk/heritage/import_preview.html",
        batch=found,
        counts=counts,
        to_do=counts[planning.Step.CREATE] + counts[planning.Step.CHANGE],
        rows=[_shown(one) for one in planned][:SHOWN],
        more=max(0, len(planned) - SHOWN),
        refused_files=found.outcome.get("refused_files", []),
        unknown=found.outcome.get("unknown", []),
        files=len(found.files),
    )


def _shown(one: planning.PlannedRow) -> dict[str, Any]:
    steps = {
        planning.Step.CREATE: (_("New"), "calm"),
        planning.Step.CHANGE: (_("Changed"), "warn"),
        planning.Step.UNCHANGED: (_("As it is"), "plain"),
        planning.Step.REFUSED: (_("Left out"), "bad"),
    }
    return {
        "row": one.row,
        "title": one.title or _("(no name yet)"),
        "step": steps[one.step],
        "lines": [wording.words(*pair) for pair in (*one.faults, *one.notes)],
        "pictures": len(one.facts.media) if one.facts else 0,
    }
