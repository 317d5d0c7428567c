"""The whole form of an item."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.heritage import presenter, readiness, services
from culture_cloud.heritage.errors import ChangedMeanwhile, NotReady
from culture_cloud.heritage.facts import facts_of
from culture_cloud.heritage.kinds import kinds
from culture_cloud.heritage.models import HeritageGroup, HeritageItem
from culture_cloud.network.models import Node
from culture_cloud.web.policies import staff
from culture_cloud.web.security import takes_large_files

from . import differences, own, uploads
from .blueprint import bp
from .filled import answers
from .forms import ItemForm
from .kind_forms import item_form


def _choices() -> dict[str, list[tuple[str, str]]]:
    session = db.session()
    groups = session.scalars(select(HeritageGroup).order_by(HeritageGroup.name))
    return {
        "halls": own.hall_choices(session),
        "places": own.place_choices(session),
        "groups": [(str(group.id), group.name) for group in groups],
    }


@bp.route("/<int:item_id>/edit", methods=["GET", "POST"])
@staff(Permission.HERITAGE_EDIT)
@takes_large_files
def edit(item_id: int) -> Response:
    """Change an item. Files are stored at once; a fault elsewhere loses neither them nor words."""
    item = own.editable(db.session(), item_id)
    kind = kinds()[item.kind]
    if request.method == "GET":
        form = item_form(kind)(formdata=None, data=answers(item, kind))
        return _page(form, item)
    form = item_form(kind)()
    rows, refused = uploads.keep(form.files.data or [])
    for row in rows:
        form.media.append_entry(row)
    form.offer(**_choices())
    if not form.validate() or refused:
        form.files.errors = [*form.files.errors, *refused]
        return _page(form, item, status=422)
    return _save(form, item)


def _save(form: ItemForm, item: HeritageItem) -> Response:
    session = db.session()
    facts = form.facts(
        kinds()[item.kind],
        node_id=own.hall(session, form.node.data).id,
        place_node_id=session.scalar(select(Node.id).where(Node.code == form.place_node.data)),
        pages={m.original_id: list(m.pages) for m in item.media if m.pages},
    )
    faults = _kind_faults(form, item)
    missing = _relations_of_nothing(form)
    if faults or missing:
        return _page(form, item, status=422)
    seen = form.version.data or ""
    item_id = item.id
    try:
        with db.transaction() as writing:
            services.change(
                writing,
                item_id,
                facts,
                by_account_id=current_user.account_id,
                seen_version=int(seen) if seen.isascii() and seen.isdigit() else 0,
            )
    except ChangedMeanwhile:
        current = own.editable(db.session(), item_id)
        form.version.data = str(current.version)
        clash = differences.between(facts_of(current), facts)
        return _page(form, current, status=409, clash=clash)
    except NotReady as error:
        form.form_errors.append(_still_missing(error.missing))
        return _page(form, own.editable(db.session(), item_id), status=422)
    flash(_("It is saved."), "success")
    return redirect(url_for(".item", item_id=item_id), code=303)


def _still_missing(missing: list[str]) -> str:
    words = _(", ").join(presenter.missing_words(missing))
    return _("What everybody sees must be complete. Still missing: %(what)s", what=words)


def _kind_faults(form: ItemForm, item: HeritageItem) -> bool:
    """A required answer of the kind may be missing in a draft; a wrong one may not."""
    kind = kinds()[item.kind]
    wrong = [name for name, rule in kind.faults(form.kind_answers(kind)) if rule != "required"]
    for name in wrong:
        form[f"x_{name}"].errors = [_("Please look at this answer again")]
    return bool(wrong)


def _relations_of_nothing(form: ItemForm) -> bool:
    """Whether a relation names an item that is not there."""
    named = {e.form.other_id: e for e in form.relations.entries if e.form.other_id}
    there = set(
        db.session().scalars(select(HeritageItem.id).where(HeritageItem.id.in_(list(named))))
    )
    for other_id, entry in named.items():
        if other_id not in there:
            entry.form.other.errors = [_("There is no item of this number")]
    return bool(set(named) - there)


def _page(
    form: ItemForm,
    item: HeritageItem,
    *,
    status: int = 200,
    clash: list[differences.Difference] | None = None,
) -> Response:
    form.offer(**_choices())
    form.more_rows()
    kind = kinds()[item.kind]
    html = render_template(
        "desk/heritage/edit.html",
        form=form,
        item=item,
        kind=kind,
        extra=[(field, form[f"x_{field.name}"]) for field in kind.fields],
        accept=uploads.ACCEPT,
        pictures=_small_pictures(item),
        clash=clash,
        missing=presenter.missing_words(readiness.missing(item)),
    )
    return make_response(html, status)


def _small_pictures(item: HeritageItem) -> dict[str, Any]:
    """File name → its picture as it is now, to tell files apart."""
    return {m.filename: found for m in item.media if (found := own_picture(m)) is not None}


def own_picture(media: Any) -> Any:
    """A picture for staff, from the desk's own address: it may not be public."""
    original = media.original
    if media.family != "picture" or original.state != "ready" or not original.width:
        return None
    width = min(240, original.width)
    return {
        "src": url_for("desk_heritage.file_picture", media_id=media.id),
        "width": width,
        "height": max(1, round(width * (original.height or 1) / original.width)),
        "alt": media.alt,
    }
