"""What residents brought: looked at, taken over or not, with an answer."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.errors import NotFound
from culture_cloud.heritage.contributions import services
from culture_cloud.heritage.errors import WrongState
from culture_cloud.media import serving
from culture_cloud.web import words
from culture_cloud.web.fields import AtMost, many_lines
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.policies import staff

from . import own
from .blueprint import bp
from .part_forms import TOO_LONG


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What is said to whoever brought it."""

    answer = TextAreaField(
        _l("Your answer to them"), [AtMost(2000, TOO_LONG)], filters=[many_lines]
    )


@bp.get("/gifts")
@staff(Permission.HERITAGE_REVIEW)
def gifts() -> str:
    """What waits, the oldest first."""
    waiting = services.waiting(db.session(), own.scope(Permission.HERITAGE_REVIEW))
    rows = [
        {
            "title": gift.title,
            "href": url_for(".gift", gift_id=gift.id),
            "note": f"{services.KINDS[gift.kind]} · {gift.node.plate_name} · {gift.name}",
            "end": words.day_words(words.local(gift.created_at).date()),
        }
        for gift in waiting
    ]
    return render_template("desk/heritage/gifts.html", rows=rows)


@bp.route("/gifts/<int:gift_id>", methods=["GET", "POST"])
@staff(Permission.HERITAGE_REVIEW)
def gift(gift_id: int) -> Response:
    """One gift: take it over as a draft, or say why not."""
    found = services.one(db.session(), gift_id, own.scope(Permission.HERITAGE_REVIEW))
    form = AnswerForm()
    if not form.validate_on_submit():
        html = render_template(
            "desk/heritage/gift.html", gift=found, form=form, kind=services.KINDS[found.kind]
        )
        return make_response(html, 422 if form.errors else 200)
    accepted = request.form.get("deed") == "accept"
    if not accepted and not form.answer.data:
        form.answer.errors = [_("Please say why it is not taken over")]
        html = render_template(
            "desk/heritage/gift.html", gift=found, form=form, kind=services.KINDS[found.kind]
        )
        return make_response(html, 422)
    answer, by = form.answer.data or "", current_user.account_id
    try:
        with db.transaction() as session:
            if accepted:
                item = services.accept(session, gift_id, answer, by_account_id=by)
                item_id = item.id if item else None
            else:
                services.decline(session, gift_id, answer, by_account_id=by)
                item_id = None
    except WrongState:
        flash(_("Somebody else has decided on it already."), "info")
        return redirect(url_for(".gifts"), code=303)
    if item_id is None:
        flash(_("Your answer stands on their page now."), "success")
        return redirect(url_for(".gifts"), code=303)
    flash(_("It is taken over. Complete it here, then it goes its way like any other."), "success")
    return redirect(url_for(".item", item_id=item_id), code=303)


@bp.get("/gifts/<int:gift_id>/file")
@staff(Permission.HERITAGE_REVIEW)
def file_gift(gift_id: int) -> FlaskResponse:
    """The file that came with it, to look at before anybody else sees it."""
    found = services.one(db.session(), gift_id, own.scope(Permission.HERITAGE_REVIEW))
    if found.original is None:
        raise NotFound
    return serving.send_original(
        found.original.checksum,
        found.original.media_type,
        name=found.title[:80],
        download=True,
        public=False,
    )
