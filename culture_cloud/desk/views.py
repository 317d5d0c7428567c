"""The first page of the desk: what is on, what waits, and the week's tasks one press away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities.models import ActivityState, SignUpWay
from culture_cloud.activities.queries import Card
from culture_cloud.errors import NotFound
from culture_cloud.jobs import queue
from culture_cloud.jobs.models import FAILED, Job
from culture_cloud.network.models import Node
from culture_cloud.notifications import queries as notices
from culture_cloud.notifications import services as notice_services
from culture_cloud.notifications.errors import NoticeNotFailed
from culture_cloud.notifications.models import Notice
from culture_cloud.sign_ups.forms import COURSE
from culture_cloud.web import words
from culture_cloud.web.phones import masked_phone
from culture_cloud.web.policies import staff

from . import elsewhere, navigation, overview, own, wording

bp = Blueprint("desk", __name__)


@bp.app_context_processor
def desk_context() -> dict[str, object]:
    """Every page of the desk carries the ways through it."""
    if not request.path.startswith("/desk"):
        return {}
    return {"desk_nav": navigation.desk_nav()}


@bp.get("/desk")
@staff(Permission.DESK_OPEN)
def index() -> str:
    session, zone = db.session(), words.site_zone()
    edits = own.scope(Permission.ACTIVITIES_EDIT)
    publishes = own.scope(Permission.ACTIVITIES_PUBLISH)
    waiting = overview.in_state(session, publishes, ActivityState.SUBMITTED) if publishes else ()
    today = [_session_row(card) for card in overview.todays_sessions(session, edits, zone)]
    coming = [_session_row(card) for card in overview.next_sessions(session, edits, zone)]
    with_people = [row["id"] for row in today + coming if row["people"]]
    return render_template(
        "desk/index.html",
        tasks=navigation.weekly_tasks(list_anchor=f"#{with_people[0]}" if with_people else ""),
        today=today,
        coming=coming,
        this_week=overview.sessions_this_week(session, edits),
        drafts=overview.in_state(session, edits, ActivityState.DRAFT),
        drafts_count=overview.count_in_state(session, edits, ActivityState.DRAFT),
        waiting=waiting,
        to_review=_to_review(session),
        elsewhere=elsewhere.waiting(session),
        waiting_count=overview.count_in_state(session, publishes, ActivityState.SUBMITTED)
        if publishes
        else 0,
        feeds=overview.failing_feeds(session, own.scope(Permission.ACTIVITIES_IMPORT)),
        feeds_url=navigation.link("desk_feeds.index"),
        notices=_failed_notices(),
        jobs=overview.failed_jobs(session) if current_user.may(Permission.JOBS_MANAGE) else (),
        worker_rests=current_user.may(Permission.JOBS_MANAGE) and not queue.worker_alive(session),
        counted=overview.COUNTED,
    )


def _to_review(session: Session) -> list[dict[str, str]]:
    """Sign-ups that wait for somebody to look at them, each activity a line."""
    found = overview.sign_ups_to_review(session, own.scope(Permission.SIGN_UPS_MANAGE))
    return [
        {
            "title": title,
            "href": url_for("desk_sign_ups.listing", activity_id=number, state="pending"),
            "end": str(count),
        }
        for number, title, count in found
    ]


def _session_row(card: Card) -> dict[str, Any]:
    """A session as a line: when, what, where, and how many places are taken."""
    session_value = COURSE if card.is_course else str(card.session_id)
    return {
        "id": f"session-{card.session_id}",
        "title": card.title,
        "when": words.when_words(
            card.starts_at, card.ends_at, all_day=card.all_day, end_known=card.end_known
        ),
        "place": card.node_name,
        "places": wording.places_words(card.sign_up, card.capacity, card.taken),
        "state": _("Cancelled") if card.is_cancelled else "",
        "href": url_for("desk_activities.page", activity_id=card.activity_id),
        "people": navigation.people_links(card.activity_id, session_value, card.session_id)
        if card.sign_up == SignUpWay.HERE and not card.is_cancelled
        else [],
    }


def _failed_notices() -> list[dict[str, Any]]:
    """Messages to people that did not arrive; the recipient as little as is needed to know them."""
    scope = own.scope(Permission.SIGN_UPS_MANAGE)
    return [
        {
            "id": notice.id,
            "recipient": _masked(notice.recipient),
            "title": str(notice.facts.get("title", "")),
            "when": words.date_and_time_words(notice.created_at),
        }
        for notice in notices.failed(db.session(), scope, limit=overview.SHOWN)
    ]


def _masked(recipient: str) -> str:
    name, at, host = recipient.partition("@")
    return f"{name[:1]}***@{host}" if at else masked_phone(recipient)


@bp.post("/desk/notices/<int:notice_id>/again")
@staff(Permission.SIGN_UPS_MANAGE)
def send_again(notice_id: int) -> Response:
    """Let a message that did not arrive be sent once more."""
    with db.transaction() as session:
        notice = session.get(Notice, notice_id)
        node = session.get(Node, notice.node_id) if notice and notice.node_id else None
        if notice is None or node is None:
            raise NotFound
        own.scope(Permission.SIGN_UPS_MANAGE).require(node.path)
        try:
            notice_services.send_again(session, notice_id)
            flash(_("The message is sent again now."), "success")
        except NoticeNotFailed:
            flash(_("This message is on its way already."), "info")
    return redirect(url_for("desk.index"), code=303)


@bp.post("/desk/jobs/<int:job_id>/again")
@staff(Permission.JOBS_MANAGE)
def run_again(job_id: int) -> Response:
    """Let a piece of work that was given up be tried again."""
    with db.transaction() as session:
        job = session.get(Job, job_id)
        if job is None:
            raise NotFound
        if job.state == FAILED:
            queue.retry(session, job_id)
    flash(_("It is tried again now."), "success")
    return redirect(url_for("desk.index"), code=303)
