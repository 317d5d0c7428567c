"""The form, one's own message with its answer, and the public list."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from culture_cloud import db, i18n
from culture_cloud.web import drafts, modes, throttle, words
from culture_cloud.web.fields import text_of
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.phones import spaced_phone
from culture_cloud.web.policies import public
from culture_cloud.web.redirects import own_path
from culture_cloud.web.stepwise import Page, Steps, turn

from . import queries, services
from .forms import FeedbackForm
from .models import Kind, Reply, State

bp = Blueprint("feedback", __name__, url_prefix="/feedback")

LIMIT = throttle.Limit("feedback", 20, timedelta(hours=1))
"""By address; a service point writes for many people from one."""
SHOWN = 20


@bp.get("")
@public
def form() -> Response:
    """The first question. A draft that was begun is gone on with."""
    kept = drafts.read(_draft(request.args.get("kind")))
    asked = FeedbackForm(formdata=MultiDict(kept.answers) if kept.answers else None)
    page, node = own_path(request.args.get("page")), request.args.get("node", "")
    # which page and which hall it is about is told by the link that led here, not by the draft
    if page:
        asked.page.data = page.partition("?")[0][:300]
    if node:
        asked.node.data = node[:40]
    if request.args.get("kind") in {Kind.QUESTION, Kind.HARD_TO_USE}:
        asked.kind.data = request.args["kind"]
    asked = _form(asked)
    if not asked.reply.data and asked.is_question:
        asked.reply.data = str(Reply.TEXT_MESSAGE)
    if not asked.phone.data and current_user.is_authenticated:
        asked.phone.data = current_user.phone or ""
    asked.has_voice = bool(kept.file_type)
    steps = _steps(asked)
    return _questions(asked, steps, steps.pages[0], resumed=bool(text_of(asked.words)))


@bp.post("")
@public
def answer() -> Response:
    """The next question, the check page, or, once confirmed, one's own page about it."""
    if "drop" in request.form:
        with db.transaction() as session:
            drafts.forget(session, _draft(request.form.get("kind")))
        return redirect(url_for(".form", kind=request.form.get("kind") or None), code=303)
    draft = _draft(request.form.get("kind"))
    asked = FeedbackForm(has_voice=bool(drafts.read(draft).file_type))
    if asked.from_robot:
        return redirect("/", code=303)
    asked.read_voice()
    steps = _steps(asked)
    found = turn(steps, asked, request.form)
    if found.is_done:
        return redirect(url_for(".own", message=_send(asked)), code=303)
    if not found.failed:
        drafts.keep(draft, asked.answers, asked.recording)
    asked.has_voice = asked.has_voice or asked.recording is not None
    if found.page is not None:
        return _questions(asked, steps, found.page, failed=found.failed)
    return _check(asked, steps)


def _form(asked: FeedbackForm) -> FeedbackForm:
    """The same answers in a form whose words fit its kind."""
    return FeedbackForm(formdata=None, data=asked.data)


def _steps(asked: FeedbackForm) -> Steps:
    return Steps(
        questions=asked.questions,
        one_by_one=modes.current_mode() == modes.ELDER,
        together=frozenset({"voice"}),
    )


def _send(asked: FeedbackForm) -> str:
    """Keep the message; the token of its page."""
    message = services.Message(
        kind=Kind.QUESTION if asked.is_question else Kind.HARD_TO_USE,
        words=text_of(asked.words),
        reply=Reply(asked.reply.data),
        phone=asked.phone.normal or "",
        may_show=asked.show.data == "yes" and not asked.is_question,
        page=own_path(text_of(asked.page)) or "",
        node_code=text_of(asked.node),
        mode=modes.current_mode(),
        locale=i18n.select_locale(),
        account_id=current_user.account_id,
        idempotency_key=text_of(asked.idempotency_key),
        voice=asked.recording or drafts.file_of(db.session(), _draft(asked.kind.data)),
    )
    try:
        return _take_in(message)
    except IntegrityError:  # its twin was quicker
        return _take_in(message)


def _draft(kind: str | None) -> str:
    """The name of the draft: a question and a complaint are written beside each other."""
    return f"feedback:{Kind.QUESTION if kind == Kind.QUESTION else Kind.HARD_TO_USE}"


def _take_in(message: services.Message) -> str:
    with db.transaction() as session:
        throttle.check(session, LIMIT, throttle.caller_address())
        throttle.record(session, LIMIT, throttle.caller_address())
        token = services.take_in(session, message, words.today())
        drafts.forget(session, _draft(message.kind))
    return token


def _questions(
    asked: FeedbackForm, steps: Steps, page: Page, *, failed: bool = False, resumed: bool = False
) -> Response:
    html = render_template(
        "feedback/form.html",
        form=asked,
        steps=steps,
        page=page,
        kept=drafts.without(asked.answers, *page),
        from_check="all" in request.form,
        resumed=resumed,
        promised=services.PROMISED_DAYS,
    )
    return _page(html, 422 if failed else 200)


def _check(asked: FeedbackForm, steps: Steps) -> Response:
    """All answers, each with a way to change it."""
    of_reply = {value: str(label) for value, label, *_rest in asked.reply.iter_choices()}
    of_show = {value: str(label) for value, label, *_rest in asked.show.iter_choices()}
    said = text_of(asked.words)
    rows = [(_("What you say"), said or _("See the recording"), "words")]
    if asked.has_voice:
        rows.append((_("Recording"), _("It is kept"), "voice"))
    rows.append((_("Answer"), of_reply.get(text_of(asked.reply), ""), "reply"))
    if "phone" in steps.questions:
        rows.append((_("Phone number"), spaced_phone(asked.phone.normal or ""), "phone"))
    if "show" in steps.questions:
        rows.append((_("May others read it?"), of_show.get(text_of(asked.show), ""), "show"))
    html = render_template(
        "feedback/check.html", form=asked, steps=steps, rows=rows, kept=asked.answers
    )
    return _page(html, 200)


def _page(html: str, status: int) -> Response:
    response = make_response(html, status)
    if request.method == "POST":
        # the browser's Back shows the page again instead of asking to send the form anew (EL-18)
        response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/<message>")
@public
def own(message: str) -> Response:
    """What was said and what was answered, for the person alone."""
    found = queries.by_token(db.session(), message)
    html = render_template(
        "feedback/own.html",
        feedback=found,
        is_open=found.state == State.OPEN,
        is_gone=found.state == State.WITHDRAWN,
        promised=ngettext("%(num)d working day", "%(num)d working days", services.PROMISED_DAYS),
    )
    response = make_response(html)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.post("/<message>/withdraw")
@public
def withdraw(message: str) -> Response:
    """Take it back; pressed a second time it does no harm."""
    with db.transaction() as session:
        services.withdraw(session, message)
    return redirect(url_for(".own", message=message), code=303)


@bp.get("/answers")
@public
@cacheable
def answers() -> str:
    """What people said and what we did, and how we keep our promise."""
    first = max(request.args.get("start", 0, type=int), 0)
    first = min(first, 100_000)
    session = db.session()
    found = queries.shown(session, first=first, limit=SHOWN + 1)
    return render_template(
        "feedback/answers.html",
        entries=found[:SHOWN],
        following=url_for(".answers", start=first + SHOWN) if len(found) > SHOWN else None,
        previous=url_for(".answers", start=max(first - SHOWN, 0) or None) if first else None,
        promise=queries.promise(session, words.today()),
        promised=services.PROMISED_DAYS,
    )
