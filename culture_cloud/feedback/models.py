"""What people told us, and what was answered."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from culture_cloud.db import Base
from culture_cloud.i18n import DEFAULT_LOCALE
from culture_cloud.network.models import Node


class Kind(StrEnum):
    """Why somebody writes."""

    HARD_TO_USE = "hard"
    QUESTION = "question"


class Reply(StrEnum):
    """How the person wants to hear from us."""

    TEXT_MESSAGE = "sms"
    CALL = "call"
    ON_THE_PAGE = "page"


class State(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Feedback(Base):
    """One message to us. Its address (token) is the person's own page about it."""

    __tablename__ = "feedback"
    __topic__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(43), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=State.OPEN)
    #: who answers: the hall that was asked, else the top of the tree
    node_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"), index=True)
    #: the page that is hard to use, a path of ours; empty where none was named
    page: Mapped[str] = mapped_column(String(300), default="")
    #: how the page looked to the person
    mode: Mapped[str] = mapped_column(String(16), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    reply: Mapped[str] = mapped_column(String(16))
    #: digits only; forgotten some time after the answer
    phone: Mapped[str] = mapped_column(String(20), default="")
    may_show: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(String(16), default=DEFAULT_LOCALE)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    #: the last day on which our promise is kept
    due_on: Mapped[date]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: the question as the public list shows it; empty: not shown
    shown_words: Mapped[str] = mapped_column(Text, default="")

    node: Mapped[Node | None] = relationship()
    voice: Mapped[Voice | None] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name="state"),
        CheckConstraint("kind IN ('hard', 'question')", name="kind"),
        CheckConstraint("reply IN ('sms', 'call', 'page')", name="reply"),
        Index("ix_feedback_state_due_on", "state", "due_on"),
    )


class Voice(Base):
    """A voice note. In the database, since it is as private as the words and goes with them."""

    __tablename__ = "feedback_voices"

    feedback_id: Mapped[int] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )
    content_type: Mapped[str] = mapped_column(String(60))
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
