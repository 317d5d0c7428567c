"""What somebody has typed into a form of several pages, kept on the server (ST-22: at least 20 h).

A draft belongs to a form and to a random token in a cookie, never to a name. It is made by the
first answer, ends when the form is sent or thrown away, and is forgotten after KEPT_FOR in any
case. Passwords are never kept.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import (
    Blueprint,
    Flask,
    after_this_request,
    current_app,
    g,
    has_request_context,
    redirect,
    request,
)
from sqlalchemy import LargeBinary, String, Text, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.wrappers import Response

from culture_cloud import clock, db
from culture_cloud.errors import Unavailable

from . import modes
from .policies import public
from .redirects import own_path

bp = Blueprint("drafts", __name__)
log = logging.getLogger(__name__)

COOKIE = "draft"
KEPT_FOR = timedelta(hours=48)
MOST_TEXT = 40_000
"""Characters of all answers together; more than any of our forms takes."""

Answers = list[tuple[str, str]]


class Draft(db.Base):
    """The answers given so far to one form by whoever holds the token."""

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    form: Mapped[str] = mapped_column(String(60))
    answers: Mapped[str] = mapped_column(Text, default="[]")
    file: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    file_type: Mapped[str] = mapped_column(String(60), default="")
    changed_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("token_hash", "form"),)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of one form; `file_type` is empty where no file was sent."""

    answers: Answers
    file_type: str = ""


NOTHING = Kept([])

NOT_ANSWERS = frozenset(
    {"csrf_token", "idempotency_key", "website", "asked", "change", "next", "confirm", "all"}
    | {"onward", "password", "new_password"}
)
"""What a form carries besides answers; and what is never written down."""


def init_app(app: Flask) -> None:
    app.extensions["drafts"] = {}
    app.register_blueprint(bp)
    app.after_request(_note)
    app.extensions["handlers"].add({"drafts.forget_old": forget_old})
    app.extensions["handlers"].every("drafts.forget_old", timedelta(hours=6))
    app.jinja_env.globals["draft_of"] = _of_this_page


def watch(app: Flask, endpoint: str, name: str) -> None:
    """Keep what is typed into a form of several pages whose answers this endpoint takes.

    `name` names the draft with the parts of the address: "sign-up:{activity_id}". While the
    endpoint answers with another page of questions the answers are kept; when it sends the reader
    on, the form is done. Only where one question is asked a page (elder mode): who fills in one
    page and the next holds all of it, and a rush for places needs no writes but its own. The page
    offers to go on with the macro `resume_draft(name, action)`.
    """
    app.extensions["drafts"][endpoint] = name


def _note(response: Response) -> Response:
    name = current_app.extensions["drafts"].get(request.endpoint)
    if name is None or request.method != "POST":
        return response
    form = name.format(**(request.view_args or {}))
    try:
        if response.status_code in {200, 422} and modes.current_mode() == modes.ELDER:
            keep(form, [(k, v) for k, v in request.form.items(multi=True) if k not in NOT_ANSWERS])
        elif response.status_code == 303 and _token() is not None:
            with db.transaction() as session:
                forget(session, form)
    except Unavailable:
        log.warning("a draft could not be kept; the page itself carries the answers")
    token = g.get("draft_token")
    if token:
        _hand_out(response, token)
    return response


def _of_this_page(form: str) -> Answers:
    """The answers of an earlier visit, for the first page of a form; none while it is filled in."""
    return read(form).answers if has_request_context() and request.method == "GET" else []


@bp.post("/drafts/forget")
@public
def throw_away() -> Response:
    """The reader does not want what was kept of a form."""
    with db.transaction() as session:
        forget(session, request.form.get("form", ""))
    return redirect(own_path(request.form.get("next")) or "/", code=303)


def read(form: str) -> Kept:
    """The present reader's draft of a form."""
    token = _token()
    if token is None:
        return NOTHING
    found = _find(db.session(), token, form)
    if found is None or found.changed_at < clock.now() - KEPT_FOR:
        return NOTHING
    return Kept([(name, value) for name, value in json.loads(found.answers)], found.file_type)


def keep(form: str, answers: Answers, file: tuple[bytes, str] | None = None) -> None:
    """Keep the answers of a form, and a file with its type where one was sent now.

    What is too long for any form of ours is not kept; the page itself still carries it.
    """
    text = json.dumps(answers, ensure_ascii=False)
    if len(text) > MOST_TEXT:
        return
    token = _token() or _new_token()
    with db.transaction() as session:
        draft = _find(session, token, form)
        if draft is None:
            draft = Draft(token_hash=_hashed(token), form=form)
            session.add(draft)
        draft.answers, draft.changed_at = text, clock.now()
        if file is not None:
            draft.file, draft.file_type = file


def file_of(session: Session, form: str) -> tuple[bytes, str] | None:
    """The file that was sent with an earlier page of the form, and its type."""
    token = _token()
    found = _find(session, token, form) if token else None
    return (found.file, found.file_type) if found is not None and found.file else None


def forget(session: Session, form: str) -> None:
    """The form was sent, or its draft is not wanted any more."""
    token = _token()
    if token is not None:
        session.execute(delete(Draft).where(Draft.token_hash == _hashed(token), Draft.form == form))


def forget_old() -> None:
    """Job: drafts that nobody came back to."""
    with db.transaction() as session:
        session.execute(delete(Draft).where(Draft.changed_at < clock.now() - KEPT_FOR))


def without(answers: Sequence[tuple[str, str]], *names: str) -> Answers:
    """The answers but those of the given fields."""
    return [(name, value) for name, value in answers if name not in names]


def _find(session: Session, token: str, form: str) -> Draft | None:
    return session.scalar(
        select(Draft).where(Draft.token_hash == _hashed(token), Draft.form == form)
    )


def _token() -> str | None:
    """The token that this request brought, or that it was just given."""
    new: str | None = g.get("draft_token")
    return new or request.cookies.get(COOKIE) or None


def _new_token() -> str:
    token = secrets.token_urlsafe(24)
    g.draft_token = token

    @after_this_request
    def hand_out(response: Response) -> Response:
        _hand_out(response, token)
        return response

    return token


def _hand_out(response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(KEPT_FOR.total_seconds()),
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        path="/",
    )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
