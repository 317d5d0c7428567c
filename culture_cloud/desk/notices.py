"""Messages to people as staff see them: how sending went, whom to call, when phones may ring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.errors import NotFound
from culture_cloud.network.models import Node
from culture_cloud.notifications import queries, rendering, services, settings
from culture_cloud.notifications.errors import NoticeNotFailed
from culture_cloud.notifications.models import Notice, NoticeChannel, NoticeState
from culture_cloud.web.fields import Between, ClockField, Needed, NumberField
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.phones import masked_phone, spaced_phone
from culture_cloud.web.policies import staff
from culture_cloud.web.words import date_and_time_words

from . import own

bp = Blueprint("desk_notices", __name__)

MANAGE = Permission.SIGN_UPS_MANAGE


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """When phones stay silent, and how many text messages a day may cost."""

    quiet_from = ClockField(
        _l("No phone rings from"),
        [Needed(_l("Please give a time"))],
        message=_l("Please give a time, such as 21:00"),
    )
    quiet_to = ClockField(
        _l("until"),
        [Needed(_l("Please give a time"))],
        message=_l("Please give a time, such as 08:00"),
    )
    sms_per_day = NumberField(
        _l("Text messages a day at most"),
        [Between(0, 1_000_000, _l("Please give a number from 0 to 1,000,000"))],
        message=_l("Please give a number"),
        description=_l("Leave it empty for as many as it takes"),
    )


def state_words(notice: Notice) -> str:
    """How it stands, in a word or two."""
    return {
        NoticeState.QUEUED: _("to be called")
        if notice.channel == NoticeChannel.CALL
        else _("waits"),
        NoticeState.SENDING: _("is being sent"),
        NoticeState.SENT: _("sent"),
        NoticeState.FAILED: _("did not arrive"),
        NoticeState.CALLED: _("told on the phone"),
    }[NoticeState(notice.state)]


def channel_words(channel: str) -> str:
    return {
        NoticeChannel.EMAIL: _("E-mail"),
        NoticeChannel.SMS: _("Text message"),
        NoticeChannel.INBOX: _("Inbox"),
        NoticeChannel.CALL: _("Phone call"),
    }[NoticeChannel(channel)]


@bp.get("/desk/notices")
@staff(MANAGE)
def index() -> str:
    """What was sent in the name of the reader's halls, and how it went."""
    state, channel = request.args.get("state", ""), request.args.get("channel", "")
    state = state if state in set(NoticeState) else ""
    channel = channel if channel in set(NoticeChannel) else ""
    found = queries.listed(
        db.session(), own.scope(MANAGE), state=state, channel=channel, before=_before()
    )
    shown = found[: queries.PAGE]
    return render_template(
        "desk/notices/index.html",
        rows=[_row(notice) for notice in shown],
        states=[(s.value, _state_choice(s)) for s in NoticeState],
        channels=[(c.value, channel_words(c)) for c in NoticeChannel if c != NoticeChannel.INBOX],
        state=state,
        channel=channel,
        to_call=len(queries.calls(db.session(), own.scope(MANAGE))),
        halls=own.halls(db.session()) if current_user.may(Permission.NODES_EDIT) else (),
        older=url_for(
            "desk_notices.index",
            state=state or None,
            channel=channel or None,
            before=shown[-1].id,
        )
        if len(found) > len(shown)
        else "",
    )


def _state_choice(state: NoticeState) -> str:
    return {
        NoticeState.QUEUED: _("waits"),
        NoticeState.SENDING: _("is being sent"),
        NoticeState.SENT: _("sent"),
        NoticeState.FAILED: _("did not arrive"),
        NoticeState.CALLED: _("told on the phone"),
    }[state]


def _before() -> int | None:
    text = request.args.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _row(notice: Notice) -> dict[str, Any]:
    try:
        subject = rendering.letter(notice)[0]
    except Exception:  # a template that is gone must not hide how sending went
        subject = str(notice.facts.get("title", notice.template))
    waits = notice.state == NoticeState.QUEUED and notice.channel != NoticeChannel.CALL
    return {
        "id": notice.id,
        "subject": subject,
        "recipient": masked(notice.recipient),
        "channel": channel_words(notice.channel),
        "state": state_words(notice),
        "when": date_and_time_words(notice.sent_at or notice.created_at),
        "due": date_and_time_words(notice.due_at) if waits else "",
        "attempts": notice.attempts,
        "why": notice.last_error,
        "failed": notice.state == NoticeState.FAILED,
    }


def masked(recipient: str) -> str:
    """As much of an address as is needed to know whose it is."""
    name, at, host = recipient.partition("@")
    return f"{name[:1]}***@{host}" if at else masked_phone(recipient)


# --- calling -------------------------------------------------------------------------------------


@bp.get("/desk/notices/calls")
@staff(MANAGE)
def calls() -> str:
    """Whom to call, and what to say."""
    return render_template("desk/notices/calls.html", people=_people_to_call())


@bp.get("/desk/notices/calls/print")
@staff(MANAGE)
def calls_on_paper() -> str:
    """The same as a sheet to tick off beside the phone."""
    return render_template(
        "desk/notices/calls_print.html", people=_people_to_call(), by=current_user.name
    )


def _people_to_call() -> Sequence[dict[str, Any]]:
    return [_to_call(notice) for notice in queries.calls(db.session(), own.scope(MANAGE))]


def _to_call(notice: Notice) -> dict[str, Any]:
    subject, text = rendering.letter(notice)
    return {
        "id": notice.id,
        "name": str(notice.facts.get("name", "")),
        "phone": spaced_phone(notice.recipient),
        "call": notice.recipient,
        "subject": subject,
        "lines": [line for line in text.splitlines() if line.strip()],
        "until": date_and_time_words(notice.send_until),
        "failed": notice.state == NoticeState.FAILED,
    }


@bp.post("/desk/notices/<int:notice_id>/called")
@staff(MANAGE)
def called(notice_id: int) -> Response:
    """The person was told on the phone."""
    with db.transaction() as session:
        _own_notice(session, notice_id)
        try:
            services.called(session, notice_id, by=current_user.account_id)
            flash(_("Noted: the person knows."), "success")
        except NoticeNotFailed:
            flash(_("Somebody has told this person already."), "info")
    return redirect(url_for("desk_notices.calls"), code=303)


def _own_notice(session: Any, notice_id: int) -> Notice:
    """Raises NotFound where it was not sent in the name of an own hall."""
    notice: Notice | None = session.get(Notice, notice_id)
    node = session.get(Node, notice.node_id) if notice and notice.node_id else None
    if notice is None or node is None:
        raise NotFound
    own.scope(MANAGE).require(node.path)
    return notice


# --- rules ---------------------------------------------------------------------------------------


@bp.route("/desk/notices/settings/<code>", methods=["GET", "POST"])
@staff(Permission.NODES_EDIT)
def rules(code: str) -> Response | str | tuple[str, int]:
    """Quiet hours and text messages a day of a hall and all below it."""
    node = db.session().scalar(select(Node).where(Node.code == code))
    if node is None:
        raise NotFound
    own.scope(Permission.NODES_EDIT).require(node.path)
    now = settings.settings_of(db.session(), node.id)
    form = SettingsForm(obj=now)
    page = {
        "node": node,
        "own": now.node_id == node.id,
        "spent": settings.spent_today(db.session(), now),
        "now": now,
    }
    if not form.is_submitted():
        return render_template("desk/notices/settings.html", form=form, **page)
    if not form.validate():
        return render_template("desk/notices/settings.html", form=form, **page), 422
    with db.transaction() as session:
        settings.keep(
            session,
            node.id,
            quiet_from=form.quiet_from.data,
            quiet_to=form.quiet_to.data,
            sms_per_day=form.sms_per_day.data,
        )
    flash(_("The rules of messages are saved."), "success")
    return redirect(url_for("desk_notices.index"), code=303)
