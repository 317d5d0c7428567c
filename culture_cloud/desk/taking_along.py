"""Lists that leave the house: files, masked unless somebody says why not, and name badges.

Every file that is taken is recorded with who took it, how much of it, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, Response, make_response, render_template
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from culture_cloud import audit, db
from culture_cloud.access.permissions import Permission
from culture_cloud.errors import NotPermitted
from culture_cloud.sign_ups import queries, wording
from culture_cloud.sign_ups.models import COMING, SignUp
from culture_cloud.tabular import Column
from culture_cloud.web.fields import AtMost, ChoiceField, one_line
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.phones import masked_phone
from culture_cloud.web.policies import staff

from .downloads import Ending, download
from .sign_ups import Desk, channel_words, desk_of, may_see_phones, state_words

bp = Blueprint("desk_taking_along", __name__)

MASKED, FULL = "masked", "full"
HIDDEN_PHONES = _l("The list with hidden phone numbers (138****0000)")


class TakeForm(FlaskForm):  # type: ignore[misc]
    """What is taken along, as which kind of file, and why."""

    what = ChoiceField(
        _l("What is taken along?"),
        choices=[
            (MASKED, HIDDEN_PHONES),
            (FULL, _l("The list with whole phone numbers")),
        ],
        default=MASKED,
    )
    reason = StringField(
        _l("What do you need it for?"),
        [AtMost(200, _l("Please shorten this"))],
        filters=[one_line],
        description=_l("Needed for whole phone numbers. It is kept with your name"),
    )
    ending = ChoiceField(
        _l("As which file?"),
        choices=[("xlsx", _l("For Excel or WPS (XLSX)")), ("csv", _l("As plain text (CSV)"))],
        default="xlsx",
    )

    def validate_reason(self, field: Field) -> None:
        if self.what.data == FULL and len(field.data or "") < 4:
            raise ValidationError(_("Please write what you need the whole numbers for"))


@bp.route("/desk/activities/<int:activity_id>/sign-ups/take-along", methods=["GET", "POST"])
@staff(Permission.SIGN_UPS_MANAGE)
def page(activity_id: int) -> Response:
    """Say what for, then the file comes."""
    desk = desk_of(activity_id)
    may_full = may_see_phones(desk.activity)
    form = TakeForm()
    if not may_full:
        form.what.choices = [(MASKED, HIDDEN_PHONES)]
    if form.validate_on_submit():
        if form.what.data == FULL and not may_full:
            raise NotPermitted
        return _file(desk, full=form.what.data == FULL, form=form)
    html = render_template("desk/sign_ups/take_along.html", desk=desk, form=form, may_full=may_full)
    return make_response(html, 422 if form.errors else 200)


def _file(desk: Desk, *, full: bool, form: TakeForm) -> Response:
    found = queries.of_activity(db.session(), desk.activity.id)
    _record(desk, len(found), full=full, reason=form.reason.data or "")
    starts = {offer.session_id: offer.starts_at for offer in desk.offers}
    rows = [_cells(sign_up, starts.get(sign_up.session_id), full=full) for sign_up in found]
    ending: Ending = "csv" if form.ending.data == "csv" else "xlsx"
    return download(_columns(), rows, name=f"sign-ups-{desk.activity.id}", ending=ending)


def _record(desk: Desk, rows: int, *, full: bool, reason: str) -> None:
    """Before the file is sent: what was not recorded was not given out."""
    activity_id, node_id = desk.activity.id, desk.activity.node_id
    with db.transaction() as session:
        audit.record(
            session,
            actor=current_user.account_id,
            action="exported",
            subject_kind="activity",
            subject_id=activity_id,
            node_id=node_id,
            changes={"rows": [None, rows], "full": [None, full]},
            reason=reason,
        )


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Begins"), "starts_at", "datetime", 18),
        Column(_("Name"), "name", width=14),
        Column(_("Phone"), "phone", width=16),
        Column(_("Number of people"), "party", "integer", 8),
        Column(_("Who comes along"), "companions", width=24),
        Column(_("Sign-up number"), "code", width=10),
        Column(_("State"), "state", width=20),
        Column(_("Came in"), "channel", width=10),
        Column(_("Signed up at"), "created_at", "datetime", 18),
    )


def _cells(sign_up: SignUp, starts_at: datetime | None, *, full: bool) -> Mapping[str, object]:
    return {
        "starts_at": starts_at,
        "name": sign_up.name,
        "phone": sign_up.phone if full else masked_phone(sign_up.phone),
        "party": sign_up.party_size,
        "companions": _(", ").join(sign_up.companions),
        "code": sign_up.code if full else "",
        "state": state_words(sign_up),
        "channel": channel_words(sign_up.channel),
        "created_at": sign_up.created_at,
    }


@bp.get("/desk/activities/<int:activity_id>/sign-ups/badges")
@staff(Permission.SIGN_UPS_MANAGE)
def badges(activity_id: int) -> str:
    """Name badges to cut out: everybody who comes, with those who were named beside them."""
    desk = desk_of(activity_id)
    found = queries.of_activity(db.session(), activity_id, desk.offer.session_id)
    coming = sorted((s for s in found if s.state in COMING and s.name), key=lambda s: s.name)
    return render_template(
        "desk/sign_ups/badges.html",
        desk=desk,
        when=wording.when_words(desk.offer),
        names=[name for s in coming for name in (s.name, *s.companions)],
    )
