"""The first of a person's own pages, the inbox, and what they are told of."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from culture_cloud import db
from culture_cloud.errors import NotFound
from culture_cloud.notifications import choices, queries, rendering, services
from culture_cloud.notifications.models import Notice
from culture_cloud.web.policies import public, signed_in
from culture_cloud.web.words import date_and_time_words

from . import calendar_views, data_views, family_views, sign_ups
from .blueprint import bp, private
from .forms import ChoicesForm

__all__ = ["bp", "calendar_views", "data_views", "family_views"]


@bp.get("/my")
@public
def index() -> Response:
    """Everything of one's own, the next things first; visitors find their sign-ups by number."""
    if not current_user.is_authenticated:
        return redirect(url_for("sign_ups.find"))
    session, account_id = db.session(), current_user.account_id
    unread = queries.unread(session, account_id)
    return private(
        render_template(
            "my/index.html",
            coming=sign_ups.coming(session, account_id),
            acting=sign_ups.acting(session, account_id),
            inbox_end=ngettext("%(num)d new", "%(num)d new", unread) if unread else None,
        )
    )


@bp.post("/my/acting/<int:proxy_id>/end")
@signed_in
def end_acting(proxy_id: int) -> Response:
    """Somebody shall no longer sign up in the person's name."""
    with db.transaction() as session:
        name = sign_ups.end_acting(session, current_user.account_id, proxy_id)
    flash(_("%(name)s no longer signs up in your name.", name=name), "success")
    return redirect(url_for("my.index"), code=303)


# --- inbox ---------------------------------------------------------------------------------------


@bp.get("/my/messages")
@signed_in
def inbox() -> Response:
    """站内信: all that the site told the person, latest first."""
    found = queries.inbox(db.session(), current_user.account_id, before=_before())
    shown = found[: queries.PAGE]
    return private(
        render_template(
            "my/inbox.html",
            rows=[_row(notice) for notice in shown],
            unread=queries.unread(db.session(), current_user.account_id),
            older=url_for("my.inbox", before=shown[-1].id) if len(found) > len(shown) else "",
        )
    )


def _before() -> int | None:
    text = request.args.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _row(notice: Notice) -> dict[str, Any]:
    when = date_and_time_words(notice.created_at)
    return {
        "title": rendering.letter(notice)[0],
        "href": url_for("my.message", notice_id=notice.id),
        "note": when,
        "end": _("new") if notice.read_at is None else None,
        "picture": "message",
    }


@bp.get("/my/messages/<int:notice_id>")
@signed_in
def message(notice_id: int) -> Response:
    """One message. Opening it is reading it."""
    notice = queries.in_inbox(db.session(), current_user.account_id, notice_id)
    if notice is None:
        raise NotFound
    subject, text = rendering.letter(notice)
    html = render_template(
        "my/message.html",
        subject=subject,
        paragraphs=[part.splitlines() for part in text.strip().split("\n\n")],
        when=date_and_time_words(notice.created_at),
        link=str(notice.facts.get("link") or ""),
    )
    if notice.read_at is None:
        with db.transaction() as session:
            services.read(session, current_user.account_id, notice_id)
    return private(html)


@bp.post("/my/messages/read")
@signed_in
def read_all() -> Response:
    """Nothing is new any more."""
    with db.transaction() as session:
        services.read(session, current_user.account_id)
    return redirect(url_for("my.inbox"), code=303)


# --- choices -------------------------------------------------------------------------------------


@bp.route("/my/message-choices", methods=["GET", "POST"])
@signed_in
def message_choices() -> Response:
    """What the person wants to be told of, and how."""
    account_id = current_user.account_id
    now = choices.choices_of(db.session(), account_id)
    form = ChoicesForm(
        data={
            "sms": [kind.value for kind, choice in now.items() if choice.sms],
            "email": [kind.value for kind, choice in now.items() if choice.email],
        }
    )
    if form.validate_on_submit():
        with db.transaction() as session:
            choices.choose(session, account_id, form.chosen)
        flash(_("Your choice is saved."), "success")
        return redirect(url_for("my.index"), code=303)
    html = render_template(
        "my/choices.html", form=form, phone=current_user.phone, email=current_user.email
    )
    return private(html, 422 if form.errors else 200)
