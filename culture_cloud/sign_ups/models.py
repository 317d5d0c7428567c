"""Sign-ups, the people they bring, and who may act for whom."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from culture_cloud.activities.models import Activity, ActivitySession, Allotment
from culture_cloud.db import Base
from culture_cloud.i18n import DEFAULT_LOCALE


class SignUpState(StrEnum):
    """Where a sign-up is in its life."""

    #: staff look at it first; its places are held
    PENDING = "pending"
    #: on the waiting list; `offered_until` says that places are held for an answer
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    #: staff did not take it, with a reason
    DECLINED = "declined"


COMING = (SignUpState.CONFIRMED, SignUpState.ATTENDED)
"""Who is on the list at the door."""

HOLDING = (
    SignUpState.PENDING,
    SignUpState.CONFIRMED,
    SignUpState.ATTENDED,
    SignUpState.NO_SHOW,
)
"""States whose places are counted; a waiting sign-up's are while an offer runs (`holds`)."""

ENDED = (SignUpState.CANCELLED, SignUpState.DECLINED)
"""Who may sign up anew."""


class Channel(StrEnum):
    """How a sign-up came in; all take from the same places (R82–R84)."""

    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    #: somebody else signs up for the person, who agreed (SV-03)
    PROXY = "proxy"
    WALK_IN = "walk_in"


class Proxy(Base):
    """Who may sign up for whom, since when, and how the person said so (SV-03).

    Revoked, it stays as a record; nothing more is done in the person's name.
    """

    __tablename__ = "proxies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(20), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    person_name: Mapped[str] = mapped_column(String(80))
    person_phone: Mapped[str] = mapped_column(String(20), index=True)
    #: family, neighbour, village_worker, carer, other
    relation: Mapped[str] = mapped_column(String(16))
    #: what was agreed to, word for word
    consent: Mapped[str] = mapped_column(String(300))
    consented_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    #: the unguessable part of the page where the person sees and revokes it
    token: Mapped[str] = mapped_column(String(43), unique=True)

    __table_args__ = (
        Index(
            "uq_proxies_pair",
            "phone",
            "name",
            "person_phone",
            "person_name",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )


_ACTIVE = "state NOT IN ('cancelled', 'declined') AND phone <> ''"


class SignUp(Base):
    """A resident's places at a session or in a course."""

    __tablename__ = "sign_ups"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    #: None: the whole course
    session_id: Mapped[int | None] = mapped_column(ForeignKey("activity_sessions.id"), index=True)
    #: what one person signs up for once: the session's id, 0 for the whole activity
    once_for: Mapped[int] = mapped_column(default=0)
    allotment_id: Mapped[int] = mapped_column(ForeignKey("allotments.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default=SignUpState.CONFIRMED)
    #: whether its places are counted in the allotment's `taken`
    holds: Mapped[bool] = mapped_column(default=True)
    channel: Mapped[str] = mapped_column(String(16), default=Channel.WEB)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    proxy_id: Mapped[int | None] = mapped_column(ForeignKey("proxies.id"), index=True)
    #: who wrote it down at the desk
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: empty only for a walk-in who gave none
    name: Mapped[str] = mapped_column(String(80))
    #: digits only; empty only for a walk-in
    phone: Mapped[str] = mapped_column(String(20))
    #: names of those who come along, as far as they were given
    companions: Mapped[list[str]] = mapped_column(default=list)
    #: all who come, the person included
    party_size: Mapped[int] = mapped_column(default=1)
    #: ages in years where they were asked, the person's first
    ages: Mapped[list[int]] = mapped_column(default=list)
    #: where the person lives, where that was asked
    residence_node_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"))
    #: answers to the activity's own questions, by the question's key
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: only where a law demands it (`sign_up_rules.id_law`); forgotten after the session
    id_number: Mapped[str] = mapped_column(String(32), default="")
    #: who agreed for a child under fourteen, when, and to which words (PIPL art. 31)
    guardian_name: Mapped[str] = mapped_column(String(80), default="")
    guardian_phone: Mapped[str] = mapped_column(String(20), default="")
    guardian_consent: Mapped[str] = mapped_column(String(300), default="")
    guardian_consented_at: Mapped[datetime | None]
    #: six digits that can be read aloud; good together with the phone only
    code: Mapped[str] = mapped_column(String(6))
    #: the unguessable part of the ticket's address
    token: Mapped[str] = mapped_column(String(43), unique=True)
    #: made when the form was drawn: the same form sent twice is one sign-up
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    #: the language in which the person signed up and is told
    locale: Mapped[str] = mapped_column(String(16), default=DEFAULT_LOCALE)
    created_at: Mapped[datetime]

    #: number on the session's waiting list, given once and never again
    wait_no: Mapped[int | None]
    #: not promoted before (who often did not come waits until the day before)
    wait_until: Mapped[datetime | None]
    #: the offered places are held until then
    offered_until: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    #: why staff cancelled or declined it, in words; empty where the person did
    state_reason: Mapped[str] = mapped_column(String(200), default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reviewed_at: Mapped[datetime | None]

    #: how many of the party came
    attended_count: Mapped[int] = mapped_column(default=0)
    checked_in_at: Mapped[datetime | None]
    checked_in_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: a no-show that does not count, and why
    excused_at: Mapped[datetime | None]
    excuse: Mapped[str] = mapped_column(String(200), default="")

    activity: Mapped[Activity] = relationship()
    session: Mapped[ActivitySession | None] = relationship()
    allotment: Mapped[Allotment] = relationship()
    proxy: Mapped[Proxy | None] = relationship()

    __table_args__ = (
        CheckConstraint("party_size BETWEEN 1 AND 10", name="party_size"),
        CheckConstraint(
            "state IN ('pending', 'waiting', 'confirmed', 'attended', 'no_show', 'cancelled',"
            " 'declined')",
            name="state",
        ),
        CheckConstraint(
            "channel IN ('web', 'phone', 'counter', 'proxy', 'walk_in')", name="channel"
        ),
        # places are counted in these states alone, and for a waiting sign-up while an offer runs
        CheckConstraint(
            "holds = (state IN ('pending', 'confirmed', 'attended', 'no_show')"
            " OR offered_until IS NOT NULL)",
            name="holds",
        ),
        CheckConstraint("offered_until IS NULL OR state = 'waiting'", name="offered"),
        CheckConstraint("state <> 'waiting' OR wait_no IS NOT NULL", name="waiting_number"),
        CheckConstraint("attended_count BETWEEN 0 AND party_size", name="attended_count"),
        # a deleted account's sign-ups stay for the counts, without the person
        CheckConstraint("phone <> '' OR channel = 'walk_in' OR name = ''", name="reachable"),
        Index(
            "uq_sign_ups_code",
            "phone",
            "code",
            unique=True,
            sqlite_where=text("phone <> ''"),
            postgresql_where=text("phone <> ''"),
        ),
        # one person, one active sign-up; a phone may serve several people
        Index(
            "uq_sign_ups_person",
            "activity_id",
            "once_for",
            "phone",
            "name",
            unique=True,
            sqlite_where=text(_ACTIVE),
            postgresql_where=text(_ACTIVE),
        ),
        Index(
            "ix_sign_ups_waiting",
            "activity_id",
            "wait_no",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        # what waits for staff, few among many
        Index(
            "ix_sign_ups_pending",
            "activity_id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_sign_ups_phone", "phone"),
    )
