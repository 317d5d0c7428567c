"""Sign-ups and the people they bring."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from culture_cloud.activities.models import Activity, ActivitySession, Allotment
from culture_cloud.db import Base
from culture_cloud.i18n import DEFAULT_LOCALE


class SignUpState(StrEnum):
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Channel(StrEnum):
    """How a sign-up came in; all take from the same places (R82–R84)."""

    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"


class SignUp(Base):
    """A resident's places at a session or in a course."""

    __tablename__ = "sign_ups"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    #: None: the whole course
    session_id: Mapped[int | None] = mapped_column(ForeignKey("activity_sessions.id"), index=True)
    allotment_id: Mapped[int] = mapped_column(ForeignKey("allotments.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default=SignUpState.CONFIRMED)
    channel: Mapped[str] = mapped_column(String(16), default=Channel.WEB)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    #: digits only
    phone: Mapped[str] = mapped_column(String(20))
    #: names of those who come along, as far as they were given
    companions: Mapped[list[str]] = mapped_column(default=list)
    #: all who come, the person included
    party_size: Mapped[int] = mapped_column(default=1)
    #: six digits that can be read aloud; good together with the phone only
    code: Mapped[str] = mapped_column(String(6))
    #: the unguessable part of the ticket's address
    token: Mapped[str] = mapped_column(String(43), unique=True)
    #: made when the form was drawn: the same form sent twice is one sign-up
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    #: the language in which the person signed up and is told
    locale: Mapped[str] = mapped_column(String(16), default=DEFAULT_LOCALE)
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    #: why staff cancelled it, in words; empty where the person did
    cancel_reason: Mapped[str] = mapped_column(String(200), default="")

    activity: Mapped[Activity] = relationship()
    session: Mapped[ActivitySession | None] = relationship()
    allotment: Mapped[Allotment] = relationship()

    __table_args__ = (
        CheckConstraint("party_size BETWEEN 1 AND 10", name="party_size"),
        CheckConstraint("state IN ('confirmed', 'cancelled')", name="state"),
        UniqueConstraint("phone", "code"),
        # one person, one active sign-up; a phone may serve several people
        Index(
            "uq_sign_ups_person",
            "allotment_id",
            "phone",
            "name",
            unique=True,
            sqlite_where=text("state = 'confirmed'"),
            postgresql_where=text("state = 'confirmed'"),
        ),
    )
