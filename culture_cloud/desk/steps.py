"""The steps of an activity's life: looked at, published, sent back, cancelled, moved, taken off.

Each has a page that says what will happen and to how many people, and one button that does it.
"""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities import services
from culture_cloud.activities.errors import ChangedMeanwhile, NotReady
from culture_cloud.activities.models import Activity, ActivitySession, ActivityState, SessionState
from culture_cloud.activities.page_views import page_facts
from culture_cloud.errors import NotPermitted
from culture_cloud.web.policies import staff
from culture_cloud.web.words import local

from . import editor, own, saving, told, wording
from .forms import MoveForm, ReasonForm, refuse
from .spans import Span, make_span, scheduled, span_of
from .told import Told

bp = Blueprint("desk_steps", __name__, url_prefix="/desk/activities/<int:activity_id>")


@bp.get("/preview")
@staff(Permission.ACTIVITIES_EDIT)
def preview(activity_id: int) -> str:
    """The public page as it will be, for staff alone."""
    activity = own.activity(db.session(), activity_id)
    return render_template(
        "desk/activities/preview.html",
        state=wording.state_words(activity.state),
        desk_url=_page_url(activity_id),
        **page_facts(activity),
    )


# --- publishing ----------------------------------------------------------------------------------


@bp.route("/publish", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def publish(activity_id: int) -> Response:
    """All its dates once more, then it is shown, or goes to whoever looks at it first."""
    activity = own.activity(db.session(), activity_id)
    if activity.state not in saving.UNPUBLISHED:
        return _go_to(activity_id)
    may_publish = own.may_publish(activity.node)
    form = ReasonForm(formdata=None, version=str(activity.version))
    if request.method == "GET":
        return _publish_page(activity, form, may_publish)
    if not may_publish and activity.state == ActivityState.SUBMITTED:
        raise NotPermitted
    try:
        with db.transaction() as session:
            current = _as_seen(session, activity_id)
            saved = saving.show(session, current, may_publish=may_publish)
    except ChangedMeanwhile:
        return _publish_page(activity, form, may_publish, status=409)
    except NotReady:
        flash(_("Something is still missing. Please press Publish below to see what."), "warning")
        return redirect(url_for("desk_activities.edit", activity_id=activity_id), code=303)
    flash(editor.outcome_words(saved.outcome), "success")
    return _go_to(activity_id)


def _publish_page(
    activity: Activity, form: ReasonForm, may_publish: bool, *, status: int = 200
) -> Response:
    html = render_template(
        "desk/activities/publish.html",
        activity=activity,
        form=form,
        may_publish=may_publish,
        changed=status == 409,
        dates=[wording.session_words(s) for s in scheduled(activity.sessions)],
        past=sum(span_of(s).is_over for s in scheduled(activity.sessions)),
    )
    return make_response(html, status)


def _as_seen(session: Session, activity_id: int) -> Activity:
    """The activity, if it still is what the page showed. Raises ChangedMeanwhile."""
    activity = services.locked(session, activity_id)
    if request.form.get("version") != str(activity.version):
        raise ChangedMeanwhile
    return activity


@bp.route("/send-back", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_PUBLISH)
def send_back(activity_id: int) -> Response:
    """The reviewer asks for something to be changed, and says what."""
    activity = own.activity(db.session(), activity_id, Permission.ACTIVITIES_PUBLISH)
    if activity.state != ActivityState.SUBMITTED:
        return _go_to(activity_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _reason_page("send_back", activity, form)
    with db.transaction() as session:
        services.send_back(session, activity_id, form.words)
    flash(_("It was sent back. Whoever made it sees your reason."), "success")
    return _go_to(activity_id)


# --- what does not take place --------------------------------------------------------------------


@bp.route("/cancel", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def cancel(activity_id: int) -> Response:
    """Nothing of it takes place; it stays to be seen, and whoever signed up is told."""
    activity = own.activity(db.session(), activity_id)
    if activity.state != ActivityState.PUBLISHED:
        return _go_to(activity_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        whom = told.of_activity(db.session(), activity_id)
        return _reason_page("cancel", activity, form, told=whom)
    with db.transaction() as session:
        services.cancel(session, activity_id, form.words)
    flash(_("It is cancelled. Whoever signed up is told now."), "success")
    return _go_to(activity_id)


@bp.route("/withdraw", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def withdraw(activity_id: int) -> Response:
    """Take it off the site: it was a mistake, or came twice."""
    activity = own.activity(db.session(), activity_id)
    if activity.state == ActivityState.WITHDRAWN:
        return _go_to(activity_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        is_public = activity.state == ActivityState.PUBLISHED
        whom = told.of_activity(db.session(), activity_id) if is_public else None
        return _reason_page("withdraw", activity, form, told=whom)
    with db.transaction() as session:
        services.withdraw(session, activity_id, form.words)
    flash(_("It is taken off the site."), "success")
    return _go_to(activity_id)


@bp.route("/sessions/<int:session_id>/cancel", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def cancel_session(activity_id: int, session_id: int) -> Response:
    """One date does not take place."""
    occurrence = _changeable(activity_id, session_id)
    if occurrence is None:
        return _go_to(activity_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        whom = told.of_session(db.session(), occurrence)
        return _reason_page("cancel_session", occurrence.activity, form, occurrence, told=whom)
    with db.transaction() as session:
        services.cancel_session(session, session_id, form.words)
    flash(_("This date is cancelled. Whoever signed up is told now."), "success")
    return _go_to(activity_id)


@bp.route("/sessions/<int:session_id>/move", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def move_session(activity_id: int, session_id: int) -> Response:
    """One date takes place at another time; whoever signed up keeps the place and is told."""
    occurrence = _changeable(activity_id, session_id)
    if occurrence is None:
        return _go_to(activity_id)
    span = span_of(occurrence)
    form = MoveForm(
        starts=local(span.starts_at).time(),
        ends=local(span.ends_at).time() if span.ends_at else None,
    )
    moved = _new_span(form) if form.validate_on_submit() else None
    if moved is None:
        whom = told.of_session(db.session(), occurrence)
        return _reason_page("move_session", occurrence.activity, form, occurrence, told=whom)
    with db.transaction() as session:
        services.move_session(session, session_id, moved.starts_at, moved.ends_at, form.words)
    flash(_("This date is moved. Whoever signed up is told now."), "success")
    return _go_to(activity_id)


def _new_span(form: MoveForm) -> Span | None:
    """Where a date is moved to; None where that cannot be, which then stands beside it."""
    try:
        span = make_span(form.day.data, form.starts.data, form.ends.data)
    except ValueError:
        refuse(form.ends, _("It ends before it starts. Please look at both times"))
        return None
    if span.is_over:
        refuse(form.day, _("This day is over. Please write one from today on"))
        return None
    return span


def _changeable(activity_id: int, session_id: int) -> ActivitySession | None:
    """A session that people may still come to. Raises NotFound."""
    occurrence = own.occurrence(db.session(), activity_id, session_id)
    stands = (
        occurrence.activity.state == ActivityState.PUBLISHED
        and occurrence.state == SessionState.SCHEDULED
        and not span_of(occurrence).is_over
    )
    return occurrence if stands else None


# --- pages ---------------------------------------------------------------------------------------


def _reason_page(
    step: str,
    activity: Activity,
    form: ReasonForm,
    occurrence: ActivitySession | None = None,
    *,
    told: Told | None = None,
) -> Response:
    """Ask why, and say what comes of it before it is done."""
    html = render_template(
        f"desk/activities/{step}.html",
        activity=activity,
        form=form,
        occurrence=occurrence,
        when=wording.session_words(occurrence) if occurrence else "",
        told_words=wording.told_words(told.sign_ups, told.people) if told else "",
        back=_page_url(activity.id),
    )
    return make_response(html, 422 if form.errors else 200)


def _page_url(activity_id: int) -> str:
    return url_for("desk_activities.page", activity_id=activity_id)


def _go_to(activity_id: int) -> Response:
    return redirect(_page_url(activity_id), code=303)
