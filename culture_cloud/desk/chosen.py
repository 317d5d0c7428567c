"""What staff do with several sign-ups at once: look at them, or write to the people."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from culture_cloud import audit, db
from culture_cloud.access.permissions import Permission
from culture_cloud.accounts.models import Account
from culture_cloud.activities import presenter
from culture_cloud.notifications.services import notify
from culture_cloud.sign_ups import review
from culture_cloud.sign_ups.models import SignUp, SignUpState
from culture_cloud.sign_ups.states import By
from culture_cloud.web.fields import AtMost, IdempotencyMixin, Needed, many_lines, one_line
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.phones import masked_phone
from culture_cloud.web.policies import staff

from . import sign_up_list
from .sign_ups import Desk, desk_of

bp = Blueprint("desk_chosen", __name__)

MESSAGE, CONFIRM, DECLINE = "message", "confirm", "decline"


class MessageForm(IdempotencyMixin, FlaskForm):  # type: ignore[misc]
    """A few sentences to everybody who was chosen."""

    text = TextAreaField(
        _l("What do you want to tell them?"),
        [Needed(_l("Please write the message")), AtMost(90, _l("Please shorten the message"))],
        filters=[many_lines],
        description=_l("At most 90 characters. It comes as a text message and in the inbox"),
    )


class DeclineForm(IdempotencyMixin, FlaskForm):  # type: ignore[misc]
    """Why somebody is not taken, in words that the person is told."""

    text = StringField(
        _l("Why are they not taken?"),
        [Needed(_l("Please give a reason")), AtMost(100, _l("Please shorten the reason"))],
        filters=[one_line],
        description=_l("We tell it to the person"),
    )


class ConfirmForm(IdempotencyMixin, FlaskForm):  # type: ignore[misc]
    """Nothing needs to be said."""


_FORMS: dict[str, type[FlaskForm]] = {
    MESSAGE: MessageForm,
    CONFIRM: ConfirmForm,
    DECLINE: DeclineForm,
}


@bp.route("/desk/activities/<int:activity_id>/sign-ups/chosen", methods=["GET", "POST"])
@staff(Permission.SIGN_UPS_MANAGE)
def page(activity_id: int) -> Response:
    """What shall be done with the chosen sign-ups; once confirmed it is done."""
    desk = desk_of(activity_id)
    deed = request.values.get("do", "")
    found = sign_up_list.chosen(db.session(), activity_id, _numbers())
    if deed in {CONFIRM, DECLINE}:
        found = [s for s in found if s.state == SignUpState.PENDING]
    found = [s for s in found if s.phone or s.account_id]
    if deed not in _FORMS or not found:
        flash(_("Please tick some people first, then press what shall be done."), "info")
        return redirect(desk.url("listing"), code=303)
    form = _FORMS[deed]()
    if "go" in request.form and form.validate_on_submit():
        _do(desk, deed, form, [s.id for s in found])
        return redirect(desk.url("listing"), code=303)
    html = render_template(
        "desk/sign_ups/chosen.html",
        desk=desk,
        deed=deed,
        form=form,
        people=[(s.id, s.name, masked_phone(s.phone)) for s in found],
    )
    return make_response(html, 422 if form.errors else 200)


def _numbers() -> list[int]:
    texts = request.values.getlist("id")
    return [int(t) for t in texts if t.isascii() and t.isdigit() and len(t) < 18]


def _do(desk: Desk, deed: str, form: FlaskForm, numbers: Sequence[int]) -> None:
    by = By(current_user.account_id, current_user.name, is_staff=True)
    if deed == MESSAGE:
        _write_to(desk, form, numbers)
        said = ngettext("%(num)d person is told.", "%(num)d people are told.", len(numbers))
        flash(str(said), "success")
        return
    done = 0
    for number in numbers:
        with db.transaction() as session:
            if deed == CONFIRM:
                done += review.confirm(session, number, by)
            else:
                done += review.decline(session, number, form["text"].data or "", by)
    said = ngettext(
        "%(num)d sign-up is decided. We tell the person.",
        "%(num)d sign-ups are decided. We tell the people.",
        done,
    )
    flash(str(said), "success")


def _write_to(desk: Desk, form: FlaskForm, numbers: Sequence[int]) -> None:
    """One notice each; the same form sent twice tells nobody twice."""
    activity, key = desk.activity, form["idempotency_key"].data
    with db.transaction() as session:
        for sign_up in session.scalars(select(SignUp).where(SignUp.id.in_(numbers))):
            email = session.scalar(select(Account.email).where(Account.id == sign_up.account_id))
            notify(
                session,
                key=f"message-{key}-{sign_up.id}",
                template="desk/message",
                facts={
                    "name": sign_up.name,
                    "title": activity.title,
                    "text": form["text"].data,
                    "phone": presenter.contact_phone(activity),
                },
                locale=sign_up.locale,
                phone=sign_up.phone or None,
                email=email,
                account_id=sign_up.account_id,
                node_id=activity.node_id,
            )
        audit.record(
            session,
            actor=current_user.account_id,
            action="written_to",
            subject_kind="activity",
            subject_id=activity.id,
            node_id=activity.node_id,
            changes={"count": [None, len(numbers)]},
            reason=str(form["text"].data),
        )
