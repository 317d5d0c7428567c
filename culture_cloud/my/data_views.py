"""What the site knows of me, and deleting it (PIPL art. 45, 47)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response as FlaskResponse
from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from culture_cloud import clock, db
from culture_cloud.accounts import personal
from culture_cloud.accounts.deletion import delete_account
from culture_cloud.accounts.models import Account
from culture_cloud.accounts.signing_in import prove_again, see_out
from culture_cloud.web.fields import text_of
from culture_cloud.web.policies import public, signed_in
from culture_cloud.web.words import date_and_time_words

from . import data_words
from .blueprint import bp, private
from .forms import DeleteForm

Rows = list[Mapping[str, Any]]


@bp.get("/my/data")
@signed_in
def data() -> FlaskResponse:
    """Everything, to be read."""
    parts = [
        (holder.title, [_facts(row) for row in rows]) for holder, rows in _everything() if rows
    ]
    person = db.session().get_one(Account, current_user.account_id)
    unproved = bool(person.phone and not person.proved_phone)
    return private(render_template("my/data.html", parts=parts, phone_unproved=unproved))


@bp.get("/my/data.json")
@signed_in
def data_file() -> FlaskResponse:
    """Everything, to be taken along to another site."""
    told = {holder.name: [_plain(row) for row in rows] for holder, rows in _everything()}
    body = json.dumps({"made_at": clock.now().isoformat(), **told}, ensure_ascii=False, indent=2)
    response = private(body)
    response.content_type = "application/json; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def _everything() -> list[tuple[personal.Holder, Rows]]:
    session = db.session()
    account = session.get_one(Account, current_user.account_id)
    return [(holder, list(holder.export(session, account))) for holder in personal.holders()]


def _facts(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The row in words; what is empty is left out."""
    return [
        (data_words.field_words(name), _said(name, value))
        for name, value in row.items()
        if value not in (None, "", [], {})
    ]


def _said(name: str, value: Any) -> str:
    if isinstance(value, datetime):
        return date_and_time_words(value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return str(_(", ")).join(_said(name, item) for item in value)
    if isinstance(value, Mapping):
        return str(_(", ")).join(f"{key}: {_said(name, item)}" for key, item in value.items())
    return data_words.value_words(name, str(value))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }


@bp.route("/my/delete", methods=["GET", "POST"])
@signed_in
def delete() -> Response:
    """Say what goes and what stays, ask for the password, and do it."""
    form = DeleteForm()
    if current_user.is_staff:
        return private(render_template("my/delete.html", form=form, is_staff=True))
    if form.validate_on_submit():
        if prove_again(current_user.account_id, text_of(form.password)) is None:
            form.password.errors = [_("This is not your present password. Please type it again.")]
        else:
            with db.transaction() as session:
                delete_account(session, current_user.account_id, personal.holders())
            return see_out(redirect(url_for("my.deleted"), code=303))
    html = render_template("my/delete.html", form=form, is_staff=False)
    return private(html, 422 if form.errors else 200)


@bp.get("/my/deleted")
@public
def deleted() -> FlaskResponse:
    """The account is gone."""
    return private(render_template("my/deleted.html"))
