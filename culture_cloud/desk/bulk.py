"""The same for many: publish, move, cancel. What will happen is shown before it is done; what
cannot be done for one is said and holds nothing else up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from werkzeug.wrappers import Response

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities import services
from culture_cloud.activities.errors import NotReady, WrongState
from culture_cloud.activities.models import Activity, ActivitySession, ActivityState
from culture_cloud.errors import NotFound
from culture_cloud.network.models import Node
from culture_cloud.web.fields import Between, Needed, NumberField
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.policies import staff

from . import clashes, editor, own, saving, told, wording
from .calendar import clash_words
from .forms import ReasonForm
from .prefill import moved_rule
from .spans import Span, scheduled, span_of

bp = Blueprint("desk_bulk", __name__)

MOST = 100
PUBLISH, MOVE, CANCEL = "publish", "move", "cancel"
DEEDS = (PUBLISH, MOVE, CANCEL)


class MoveManyForm(ReasonForm):
    """By how many days, and why."""

    days = NumberField(
        _l("By how many days?"),
        [
            Needed(_l("Please write by how many days")),
            Between(-366, 366, _l("Please write a number of days up to a year")),
        ],
        message=_l("Please write a number, such as 7 or -1"),
        description=_l("7 is a week later, -1 a day earlier. Only dates that lie ahead are moved"),
    )


class PublishManyForm(FlaskForm):  # type: ignore[misc]
    """Nothing needs to be said."""


_FORMS: dict[str, type[FlaskForm]] = {
    PUBLISH: PublishManyForm,
    MOVE: MoveManyForm,
    CANCEL: ReasonForm,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One of the chosen: whether it can be done, and what comes of it."""

    activity: Activity
    hindrance: str
    note: str


@bp.route("/desk/activities/bulk", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def page() -> Response:
    """What shall be done to the chosen activities; with POST it is done."""
    deed = request.values.get("do", "")
    chosen = _chosen()
    if deed not in DEEDS or not chosen:
        flash(_("Please tick some activities first, then press what shall be done."), "info")
        return redirect(url_for("desk_activities.listing"), code=303)
    form: FlaskForm = _FORMS[deed]()
    lines = [_line(activity, deed) for activity in chosen]
    if form.validate_on_submit() and "confirm" in request.form:
        return _do(deed, form, [line.activity for line in lines if not line.hindrance])
    days = form.days.data if isinstance(form, MoveManyForm) and not form.errors else None
    html = render_template(
        "desk/activities/bulk.html",
        deed=deed,
        form=form,
        lines=lines,
        able=sum(not line.hindrance for line in lines),
        clashes=[
            clash_words(clash)
            for activity in chosen
            for clash in clashes.of_spans(db.session(), activity, _moved(activity, days or 0))
        ]
        if deed in {PUBLISH, MOVE}
        else [],
        days=days,
    )
    return make_response(html, 422 if form.errors else 200)


def _chosen() -> Sequence[Activity]:
    """The ticked activities, as far as they are the reader's own."""
    texts = [text for text in request.values.getlist("id") if text.isascii() and text.isdigit()]
    numbers = [int(text) for text in texts if len(text) < 18][:MOST]
    return (
        db.session()
        .scalars(
            select(Activity)
            .join(Node, Node.id == Activity.node_id)
            .options(
                joinedload(Activity.node),
                joinedload(Activity.place_node),
                selectinload(Activity.sessions),
            )
            .where(Activity.id.in_(numbers), own.scope().rows(Node.path))
            .order_by(Activity.first_starts_at, Activity.id)
        )
        .all()
    )


def _line(activity: Activity, deed: str) -> Line:
    coming = _coming(activity)
    note = wording.session_words(coming[0]) if coming else _("No date yet")
    if deed == PUBLISH:
        return Line(activity, _cannot_publish(activity), note)
    if not coming or activity.state not in {*saving.UNPUBLISHED, ActivityState.PUBLISHED}:
        return Line(activity, _("Nothing of it lies ahead"), note)
    if not editor.may_edit(activity):
        return Line(activity, _("Somebody of the hall above must do this"), note)
    if deed == CANCEL and activity.state != ActivityState.PUBLISHED:
        return Line(activity, _("It is not published"), note)
    if activity.state == ActivityState.PUBLISHED:
        reached = told.of_activity(db.session(), activity.id)
        note = f"{note} · {wording.told_words(reached.sign_ups, reached.people)}"
    return Line(activity, "", note)


def _cannot_publish(activity: Activity) -> str:
    if activity.state not in saving.UNPUBLISHED:
        return _("It is published already, or over and done with")
    if services.missing_facts(activity):
        return _("Something is still missing: open it and press Publish to see what")
    if not own.may_publish(activity.node) and activity.state == ActivityState.SUBMITTED:
        return _("It waits for review already")
    return ""


def _coming(activity: Activity) -> list[ActivitySession]:
    return [s for s in scheduled(activity.sessions) if not span_of(s).is_over]


def _moved(activity: Activity, days: int) -> list[tuple[datetime, datetime]]:
    """Where the coming dates would stand."""
    moved = [Span(s.starts_at, s.ends_at).shifted(days) for s in _coming(activity)]
    return [(span.starts_at, span.ends_at or span.starts_at) for span in moved]


# --- doing it ------------------------------------------------------------------------------------


def _do(deed: str, form: FlaskForm, activities: Sequence[Activity]) -> Response:
    """Each in a transaction of its own."""
    acts: dict[str, Callable[[Session, int], object]] = {
        PUBLISH: _publish,
        MOVE: lambda session, number: _move(session, number, form),
        CANCEL: lambda session, number: services.cancel(session, number, form.words),
    }
    done, failed = 0, []
    for number, title in [(a.id, a.title) for a in activities]:
        try:
            with db.transaction() as session:
                acts[deed](session, number)
            done += 1
        except (WrongState, NotReady, NotFound):
            failed.append(title)
    flash(_done_words(deed, done), "success" if done else "info")
    if failed:
        titles = _(", ").join(failed)
        flash(_("This could not be done, please look at it: %(titles)s", titles=titles), "warning")
    return redirect(url_for("desk_activities.listing"), code=303)


def _publish(session: Session, number: int) -> None:
    activity = services.locked(session, number)
    saving.show(session, activity, may_publish=own.may_publish(activity.node))


def _move(session: Session, number: int, form: FlaskForm) -> None:
    if not isinstance(form, MoveManyForm) or not form.days.data:
        return
    activity = services.locked(session, number)
    for occurrence in _coming(activity):
        span = span_of(occurrence).shifted(form.days.data)
        if span.is_over:
            raise WrongState(activity.state)
        services.move_session(session, occurrence.id, span.starts_at, span.ends_at, form.words)
    if activity.state in saving.UNPUBLISHED:
        activity.rrule = moved_rule(activity.rrule, [span_of(s) for s in activity.sessions])
        if form.days.data % 7:
            activity.rrule = ""


def _done_words(deed: str, done: int) -> str:
    if deed == PUBLISH:
        return str(
            ngettext(
                "%(num)d activity is published or sent for review.",
                "%(num)d activities are published or sent for review.",
                done,
            )
        )
    if deed == MOVE:
        return str(
            ngettext(
                "%(num)d activity is moved. Whoever signed up is told now.",
                "%(num)d activities are moved. Whoever signed up is told now.",
                done,
            )
        )
    return str(
        ngettext(
            "%(num)d activity is cancelled. Whoever signed up is told now.",
            "%(num)d activities are cancelled. Whoever signed up is told now.",
            done,
        )
    )
