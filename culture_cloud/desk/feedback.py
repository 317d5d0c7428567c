"""Staff answer what people told us, within the promised days (SV-09)."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask import request as flask_request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.errors import NotFound
from culture_cloud.feedback import queries, services, voices
from culture_cloud.feedback.forms import AnswerForm
from culture_cloud.feedback.models import Feedback, Kind, State
from culture_cloud.network import presenter
from culture_cloud.web import words
from culture_cloud.web.fields import text_of
from culture_cloud.web.policies import staff

from . import own

bp = Blueprint("desk_feedback", __name__, url_prefix="/desk/feedback")

PAGE_SIZE = 30


@bp.get("")
@staff(Permission.FEEDBACK_ANSWER)
def index() -> str:
    """What waits, by the day of our promise; or what was answered."""
    answered = flask_request.args.get("answered") == "1"
    first = min(max(flask_request.args.get("start", 0, type=int), 0), 100_000)
    session, scope = db.session(), own.scope(Permission.FEEDBACK_ANSWER)
    found = queries.listed(session, scope, answered=answered, first=first, limit=PAGE_SIZE + 1)
    kept = 1 if answered else None
    return render_template(
        "desk/feedback/index.html",
        rows=[_row(one) for one in found[:PAGE_SIZE]],
        answered=answered,
        waiting=queries.waiting_count(session, scope),
        promised=services.PROMISED_DAYS,
        following=url_for(".index", answered=kept, start=first + PAGE_SIZE)
        if len(found) > PAGE_SIZE
        else None,
        previous=url_for(".index", answered=kept, start=max(first - PAGE_SIZE, 0) or None)
        if first
        else None,
    )


def _row(one: Feedback) -> dict[str, str]:
    start = " ".join(one.words.split())[:40] or _("A recording")
    kind = _("Question") if one.kind == Kind.QUESTION else _("Hard to use")
    node = one.node.plate_name if one.node else ""
    return {
        "title": start,
        "href": url_for(".page", feedback_id=one.id),
        "note": " · ".join(part for part in (kind, node, words.date_words(one.created_at)) if part),
        "end": due_words(one),
    }


def due_words(one: Feedback) -> str:
    """Until when we promised to answer, and whether that has passed."""
    if one.state == State.ANSWERED:
        return _("Answered")
    if one.due_on < words.today():
        return _("Late: was due on %(day)s", day=words.day_words(one.due_on))
    if one.due_on == words.today():
        return _("Answer today")
    return _("Answer by %(day)s", day=words.date_words(one.due_on))


@bp.route("/<int:feedback_id>", methods=["GET", "POST"])
@staff(Permission.FEEDBACK_ANSWER)
def page(feedback_id: int) -> BaseResponse | str | tuple[str, int]:
    """One message and its answer."""
    found = queries.own(db.session(), own.scope(Permission.FEEDBACK_ANSWER), feedback_id)
    form = AnswerForm(
        answer=found.answer,
        shown_words=found.shown_words if found.state == State.ANSWERED else found.words,
    )
    if form.validate_on_submit():
        link = presenter.absolute(url_for("feedback.own", message=found.token))
        with db.transaction() as session:
            services.answer(
                session,
                feedback_id,
                words=text_of(form.answer),
                shown_words=text_of(form.shown_words),
                account_id=current_user.account_id,
                link=link,
            )
        flash(_("The answer is given."), "success")
        return redirect(url_for(".page", feedback_id=feedback_id), code=303)
    html = render_template(
        "desk/feedback/page.html", feedback=found, form=form, due=due_words(found)
    )
    return (html, 422) if form.errors else html


@bp.get("/<int:feedback_id>/voice")
@staff(Permission.FEEDBACK_ANSWER)
def voice(feedback_id: int) -> Response:
    """The recording, for these staff alone."""
    found = queries.own(db.session(), own.scope(Permission.FEEDBACK_ANSWER), feedback_id)
    if found.voice is None:
        raise NotFound
    response = make_response(found.voice.body)
    response.content_type = found.voice.content_type
    ending = voices.ENDINGS.get(found.voice.content_type, "bin")
    response.headers["Content-Disposition"] = f'inline; filename="voice-{found.id}.{ending}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
