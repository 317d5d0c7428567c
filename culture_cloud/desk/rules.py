"""How an activity's places are split, and what it asks of those who sign up."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import audit, db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities import rules as ruled
from culture_cloud.activities import services
from culture_cloud.activities.errors import CapacityBelowTaken, ChangedMeanwhile
from culture_cloud.activities.models import Activity, SignUpWay
from culture_cloud.activities.shares import totals, usual_elders
from culture_cloud.errors import NotFound, NotPermitted
from culture_cloud.network.models import Node
from culture_cloud.sign_ups import queries
from culture_cloud.web.policies import staff

from . import editor, own
from .rule_forms import RulesForm, data_of

bp = Blueprint("desk_rules", __name__)


@bp.route("/desk/activities/<int:activity_id>/rules", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def rules(activity_id: int) -> BaseResponse:
    """Kept places, waiting list, review, who may come, own questions."""
    activity = own.activity(db.session(), activity_id)
    if activity.sign_up != SignUpWay.HERE:
        raise NotFound
    if not editor.may_edit(activity):
        raise NotPermitted
    before = ruled.of(db.session(), activity_id)
    form = RulesForm(data={"version": str(activity.version), **data_of(before)})
    nodes = queries.residences(db.session())
    form.offer_nodes(nodes)
    if not form.is_submitted():
        return _page(activity, form)
    found = form.rules(activity.capacity, _codes([int(value) for value, _name in nodes]))
    if found is None:
        return _page(activity, form, status=422)
    try:
        with db.transaction() as session:
            services.set_rules(session, activity_id, found, seen_version=_seen(form))
            audit.record(
                session,
                actor=current_user.account_id,
                action="changed",
                subject_kind="activity",
                subject_id=activity_id,
                node_id=activity.node_id,
                changes=audit.changed(ruled.columns(before), ruled.columns(found)),
            )
    except CapacityBelowTaken as refusal:
        form.elders.errors = [_("%(num)d places are taken already", num=refusal.taken)]
        return _page(activity, form, status=422)
    except ChangedMeanwhile:
        form.version.data = str(activity.version)
        return _page(activity, form, status=409, overtaken=True)
    flash(_("It is saved."), "success")
    return redirect(url_for("desk_activities.page", activity_id=activity_id), code=303)


def _seen(form: RulesForm) -> int:
    text = form.version.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _codes(ids: list[int]) -> dict[int, str]:
    rows = db.session().execute(select(Node.id, Node.code).where(Node.id.in_(ids)))
    return {row.id: row.code for row in rows}


def _page(
    activity: Activity, form: RulesForm, *, status: int = 200, overtaken: bool = False
) -> Response:
    taken = max((total.taken for total in totals(activity.allotments).values()), default=0)
    html = render_template(
        "desk/activities/rules.html",
        activity=activity,
        form=form,
        taken=taken,
        overtaken=overtaken,
        usual=usual_elders(activity.capacity),
    )
    return make_response(html, status)
