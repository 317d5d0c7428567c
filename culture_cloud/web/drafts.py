"""What somebody has typed into a form of several pages, kept on the server (ST-22: at least 20 h).

A draft belongs to a form and to a random token in a cookie, never to a name. It is made by the
first answer, ends when the form is sent or thrown away, and is forgotten after KEPT_FOR in any
case. Passwords are never kept.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import after_this_request, current_app, g, request
from sqlalchemy import LargeBinary, String, Text, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.wrappers import Response

from culture_cloud import clock, db

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
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(KEPT_FOR.total_seconds()),
            samesite="Lax",
            httponly=True,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            path="/",
        )
        return response

    return token


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
