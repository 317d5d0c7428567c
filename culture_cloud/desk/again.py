"""Last month's once more: tick what shall be held again, and its drafts or pages are made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from werkzeug.wrappers import Response
from wtforms import HiddenField

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities import services
from culture_cloud.activities.errors import NotReady
from culture_cloud.activities.models import Activity, ActivitySession, ActivityState
from culture_cloud.activities.queries import month_span
from culture_cloud.network.models import Node
from culture_cloud.web import words
from culture_cloud.web.fields import MultipleChoiceField, Needed
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.policies import staff

from . import copying, own, saving, wording
from .calendar import asked_month, month_words
from .spans import Span

bp = Blueprint("desk_again", __name__)

MOST = 60
"""Activities of one month that are offered."""


class AgainForm(FlaskForm):  # type: ignore[misc]
    """What shall be held once more."""

    month = HiddenField()
    chosen = MultipleChoiceField(
        _l("What shall be held once more?"), [Needed(_l("Please tick at least one activity"))]
    )


@bp.route("/desk/activities/again", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def page() -> Response:
    """The activities of a month, each with the dates on which it would be held again."""
    session = db.session()
    year, month = asked_month(_last_month())
    found = _held_in(session, year, month)
    dates = {activity.id: copying.next_dates(session, activity) for activity in found}
    form = AgainForm()
    form.chosen.choices = [
        (str(a.id), a.title) for a in found if dates[a.id] and _kind_can_be_copied(a)
    ]
    if not form.is_submitted():
        form.month.data = f"{year}-{month:02d}"
    if form.validate_on_submit():
        return _make([int(number) for number in form.chosen.data or ()], request.form.get("do", ""))
    first = date(year, month, 1)
    html = render_template(
        "desk/activities/again.html",
        form=form,
        title=month_words(year, month),
        previous=_link(first - timedelta(days=1)),
        following=_link(date(year + month // 12, month % 12 + 1, 1)),
        hints={str(a.id): _hint(a, dates[a.id]) for a in found},
        may_publish=all(own.may_publish(a.node) for a in found),
    )
    return make_response(html, 422 if form.errors else 200)


def _last_month() -> date:
    return words.today().replace(day=1) - timedelta(days=1)


def _link(day: date) -> tuple[str, str]:
    return month_words(day.year, day.month), url_for("desk_again.page", month=f"{day:%Y-%m}")


def _held_in(session: Session, year: int, month: int) -> Sequence[Activity]:
    """Own activities that began in the month, each once, by title."""
    start, end = month_span(year, month, words.site_zone())
    began = select(ActivitySession.activity_id).where(
        ActivitySession.starts_at >= start, ActivitySession.starts_at < end
    )
    return session.scalars(
        select(Activity)
        .join(Node, Node.id == Activity.node_id)
        .options(
            joinedload(Activity.node),
            joinedload(Activity.place_node),
            selectinload(Activity.sessions),
            selectinload(Activity.audiences),
        )
        .where(
            Activity.id.in_(began),
            Activity.state == ActivityState.PUBLISHED,
            own.scope().rows(Node.path),
        )
        .order_by(Activity.title, Activity.id)
        .limit(MOST)
    ).all()


def _kind_can_be_copied(activity: Activity) -> bool:
    """What comes from another site is published there again, not here."""
    return activity.source != "feed"


def _hint(activity: Activity, spans: Sequence[Span]) -> str:
    """When it was, and when it would be."""
    was = wording.session_words(activity.sessions[-1]) if activity.sessions else ""
    if not spans:
        return was
    first = spans[0]
    shall = words.when_words(
        first.starts_at,
        first.ends_at or first.starts_at,
        all_day=first.all_day,
        end_known=first.ends_at is not None,
    )
    more = ngettext("and %(num)d more date", "and %(num)d more dates", len(spans) - 1)
    return _(
        "last: %(was)s; again: %(shall)s%(more)s",
        was=was,
        shall=shall,
        more=f" {more}" if len(spans) > 1 else "",
    )


def _make(chosen: Sequence[int], wish: str) -> Response:
    """Copy each, in a transaction of its own; what cannot be shown stays a draft."""
    published = drafts = 0
    for number in chosen:
        with db.transaction() as session:
            made = copying.copy(session, number, by_account_id=current_user.account_id)
            drafts += 1
            if wish != saving.Wish.PUBLISH or not own.may_publish(_node_of(session, made)):
                continue
        try:
            with db.transaction() as session:
                services.publish(session, made)
        except NotReady:
            continue
        published, drafts = published + 1, drafts - 1
    _say(published, drafts)
    state = ActivityState.DRAFT if drafts else ActivityState.PUBLISHED
    return redirect(url_for("desk_activities.listing", state=state.value), code=303)


def _node_of(session: Session, activity_id: int) -> Any:
    return session.get_one(Activity, activity_id).node


def _say(published: int, drafts: int) -> None:
    if published:
        said = ngettext(
            "%(num)d activity is published.", "%(num)d activities are published.", published
        )
        flash(said, "success")
    if drafts:
        said = ngettext(
            "%(num)d draft is made. Look at it, then publish it.",
            "%(num)d drafts are made. Look at them, then publish them.",
            drafts,
        )
        flash(said, "success")
