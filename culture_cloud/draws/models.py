"""Draws, what they are about, and who applies."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from culture_cloud.activities.models import Activity, ActivitySession
from culture_cloud.audit.watching import Watch
from culture_cloud.db import Base
from culture_cloud.i18n import DEFAULT_LOCALE
from culture_cloud.network.models import Node
from culture_cloud.sign_ups.models import SignUp

TOPIC = "draws"


class DrawKind(StrEnum):
    #: the places of one activity
    DRAW = "draw"
    #: the courses of a season, ranked by everybody
    WISHES = "wishes"


class DrawState(StrEnum):
    #: people apply, from `opens_at` to `closes_at`
    OPEN = "open"
    DRAWN = "drawn"
    #: it does not take place; whoever wants signs up as usual
    CALLED_OFF = "called_off"


class ApplicationState(StrEnum):
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"
    #: has places
    GIVEN = "given"
    #: stands on a waiting list, in the order of the draw
    WAITING = "waiting"
    #: has none and waits for none; `outcome_reason` says why
    NONE = "none"


class Draw(Base):
    """Places that are given by lot.

    `seed` stays secret until the draw is held; `commitment` fixes it before anybody applies.
    """

    __tablename__ = "draws"
    __topic__ = TOPIC
    __audit__ = Watch(
        "draw",
        ("state", "state_reason", "title", "opens_at", "closes_at", "weights"),
        node=lambda row: row.node_id,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"), index=True)
    #: of a season; a draw of one activity has the activity's
    title: Mapped[str] = mapped_column(String(100), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16), default=DrawState.OPEN)
    state_reason: Mapped[str] = mapped_column(String(300), default="")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    #: further slips by rule, see `weights.RULES`
    weights: Mapped[dict[str, Any]] = mapped_column(default=dict)
    seed: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[str] = mapped_column(String(64))
    #: the last number that was given out; counts every application there ever was
    last_number: Mapped[int] = mapped_column(default=0)
    drawn_at: Mapped[datetime | None]
    #: as it is published, see draws.record; empty until it is held
    record: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]

    node: Mapped[Node] = relationship()
    offers: Mapped[list[DrawOffer]] = relationship(
        cascade="all, delete-orphan", order_by="DrawOffer.activity_id"
    )

    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="span"),
        CheckConstraint("kind IN ('draw', 'wishes')", name="kind"),
        CheckConstraint("state IN ('open', 'drawn', 'called_off')", name="state"),
    )


class DrawOffer(Base):
    """An activity whose places a draw gives; each is in one draw at most."""

    __tablename__ = "draw_offers"
    __topic__ = TOPIC

    draw_id: Mapped[int] = mapped_column(
        ForeignKey("draws.id", ondelete="CASCADE"), primary_key=True
    )
    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True
    )
    activity: Mapped[Activity] = relationship()

    __table_args__ = (UniqueConstraint("activity_id"),)


class Application(Base):
    """Somebody who wants places, known to the public by a number alone."""

    __tablename__ = "draw_applications"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"))
    #: four digits or more, counted through the draw
    number: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(16), default=ApplicationState.APPLIED)
    #: a word for why there is no place: cancelled, full, called_off
    outcome_reason: Mapped[str] = mapped_column(String(16), default="")
    channel: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    #: digits only
    phone: Mapped[str] = mapped_column(String(20))
    party_size: Mapped[int] = mapped_column(default=1)
    #: what the person said, where a rule asks for it
    is_elder: Mapped[bool] = mapped_column(default=False)
    residence_node_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"))
    #: the unguessable part of its page's address
    token: Mapped[str] = mapped_column(String(43), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    locale: Mapped[str] = mapped_column(String(16), default=DEFAULT_LOCALE)
    created_at: Mapped[datetime]
    #: the places or the waiting that came of it
    sign_up_id: Mapped[int | None] = mapped_column(ForeignKey("sign_ups.id"), index=True)

    draw: Mapped[Draw] = relationship()
    residence: Mapped[Node | None] = relationship()
    sign_up: Mapped[SignUp | None] = relationship()
    wishes: Mapped[list[Wish]] = relationship(cascade="all, delete-orphan", order_by="Wish.rank")

    __table_args__ = (
        CheckConstraint("party_size BETWEEN 1 AND 10", name="party_size"),
        UniqueConstraint("draw_id", "number"),
        # one person, one application
        Index(
            "uq_draw_applications_person",
            "draw_id",
            "phone",
            "name",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
    )


class Wish(Base):
    """What an application asks for, the dearest first; in a draw of one activity there is one."""

    __tablename__ = "draw_wishes"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("draw_applications.id", ondelete="CASCADE"), primary_key=True
    )
    #: 1 is the dearest
    rank: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    #: None: the whole course
    session_id: Mapped[int | None] = mapped_column(ForeignKey("activity_sessions.id"))
    #: None until the draw is held
    slips: Mapped[int | None]
    #: why more than one: names of rules, see `weights.RULES`
    slip_rules: Mapped[list[str]] = mapped_column(default=list)

    activity: Mapped[Activity] = relationship()
    session: Mapped[ActivitySession | None] = relationship()

    __table_args__ = (
        CheckConstraint("rank BETWEEN 1 AND 5", name="rank"),
        UniqueConstraint("application_id", "activity_id"),
    )
