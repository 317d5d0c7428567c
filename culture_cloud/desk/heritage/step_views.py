"""The steps of an item: to the branch, to the main hall, to everybody; back, away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.errors import NotPermitted
from culture_cloud.heritage import presenter, services
from culture_cloud.heritage.errors import NotReady, WrongState
from culture_cloud.heritage.page_views import page_facts
from culture_cloud.heritage.visibility import Reader
from culture_cloud.web.fields import AtMost, Needed, many_lines
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.policies import staff

from . import own
from .blueprint import bp
from .part_forms import TOO_LONG


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why."""

    reason = TextAreaField(
        _l("Why? In words that everybody understands"),
        [Needed(_l("Please say why")), AtMost(1000, TOO_LONG)],
        filters=[many_lines],
    )


def _do(
    item_id: int, permission: Permission, step: Callable[..., Any], said: str, **more: Any
) -> Response:
    """Take a step and say so; where it cannot be taken, say why."""
    found = own.item(db.session(), item_id)
    if not own.may(permission, found):
        raise NotPermitted
    here = redirect(url_for(".item", item_id=item_id), code=303)
    try:
        with db.transaction() as session:
            step(session, item_id, by_account_id=current_user.account_id, **more)
    except NotReady as error:
        words = _(", ").join(presenter.missing_words(error.missing))
        flash(_("Still missing: %(what)s", what=words), "warning")
        return here
    except WrongState:
        flash(_("Somebody else was faster: look where it stands now."), "info")
        return here
    flash(said, "success")
    return here


@bp.post("/<int:item_id>/submit")
@staff(Permission.HERITAGE_EDIT)
def submit(item_id: int) -> Response:
    """To the branch."""
    said = _("It is with the branch now. You see here when it goes on.")
    return _do(item_id, Permission.HERITAGE_EDIT, services.submit, said)


@bp.post("/<int:item_id>/review")
@staff(Permission.HERITAGE_REVIEW)
def review(item_id: int) -> Response:
    """On to the main hall."""
    said = _("It is with the main hall now.")
    return _do(item_id, Permission.HERITAGE_REVIEW, services.review, said)


@bp.post("/<int:item_id>/publish")
@staff(Permission.HERITAGE_PUBLISH)
def publish(item_id: int) -> Response:
    """To everybody who may see it."""
    said = _("It is published.")
    return _do(item_id, Permission.HERITAGE_PUBLISH, services.publish, said)


@bp.route("/<int:item_id>/send-back", methods=["GET", "POST"])
@staff(Permission.HERITAGE_REVIEW)
def send_back(item_id: int) -> Response:
    """Back to who entered it, with what is to be done."""
    form = ReasonForm()
    if form.validate_on_submit():
        said = _("It is back with the village, with your words.")
        reason = form.reason.data
        return _do(item_id, Permission.HERITAGE_REVIEW, services.send_back, said, reason=reason)
    return _reason_page(form, item_id, _("Send it back"), "")


@bp.route("/<int:item_id>/withdraw", methods=["GET", "POST"])
@staff(Permission.HERITAGE_PUBLISH)
def withdraw(item_id: int) -> Response:
    """Show it no longer."""
    form = ReasonForm()
    if form.validate_on_submit():
        said = _("It is no longer shown. Who cites it is told so.")
        reason = form.reason.data
        return _do(item_id, Permission.HERITAGE_PUBLISH, services.withdraw, said, reason=reason)
    note = _(
        "The record stays here and can be published again. Harvesters are told that it is gone."
    )
    return _reason_page(form, item_id, _("Withdraw it"), note)


def _reason_page(form: ReasonForm, item_id: int, title: str, note: str) -> Response:
    found = own.item(db.session(), item_id)
    html = render_template(
        "desk/heritage/reason.html", form=form, item=found, title=title, note=note
    )
    return make_response(html, 422 if form.errors else 200)


@bp.route("/<int:item_id>/delete", methods=["GET", "POST"])
@staff(Permission.HERITAGE_EDIT)
def delete(item_id: int) -> Response:
    """Delete what was never shown."""
    found = own.editable(db.session(), item_id)
    form = FlaskForm()
    if not form.validate_on_submit():
        return make_response(render_template("desk/heritage/delete.html", item=found, form=form))
    try:
        with db.transaction() as session:
            services.remove(session, item_id, by_account_id=current_user.account_id)
    except WrongState:
        flash(_("What was public once is withdrawn, not deleted."), "warning")
        return redirect(url_for(".item", item_id=item_id), code=303)
    flash(_("It is deleted."), "success")
    return redirect(url_for(".index"), code=303)


@bp.get("/<int:item_id>/preview")
@staff(Permission.HERITAGE_EDIT)
def preview(item_id: int) -> str:
    """The page as its readers will see it."""
    found = own.item(db.session(), item_id)
    group = frozenset({found.group_id}) if found.group_id else frozenset()
    who = Reader(signed_in=True, on_site=True, groups=group)
    return render_template("desk/heritage/preview.html", **page_facts(found, who))
