"""A notice is kept as template name and facts, and rendered when it is sent or read."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from culture_cloud import clock
from culture_cloud.audit import Watch
from culture_cloud.db import Base


class NoticeChannel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    #: 站内信: lies on the person's own page until it is read
    INBOX = "inbox"
    #: for those with neither: staff call them, from a printed list
    CALL = "call"


class NoticeState(StrEnum):
    QUEUED = "queued"
    #: handed to the gateway; whoever finds it so after a crash cannot know whether it arrived
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    #: staff told the person on the phone
    CALLED = "called"


class Notice(Base):
    """One message to one person over one channel."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: the same event tells the same person once, however often the job runs
    key: Mapped[str] = mapped_column(String(200), unique=True)
    template: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]]
    channel: Mapped[str] = mapped_column(String(16))
    #: phone number or e-mail address; empty in the inbox
    recipient: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: the node in whose name it is sent; its staff see how it went
    node_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"))
    state: Mapped[str] = mapped_column(String(16), default=NoticeState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    #: when it goes out at the earliest: later than now in quiet hours and after a failed try
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    #: later than this it helps nobody; it is not tried any more
    send_until: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    #: who called, where staff did
    called_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (
        Index("ix_notices_state_created_at", "state", "created_at"),
        Index("ix_notices_node_id_id", "node_id", "id"),
        Index("ix_notices_account_id_channel_id", "account_id", "channel", "id"),
        Index(
            "ix_notices_unread",
            "account_id",
            sqlite_where=text("channel = 'inbox' AND read_at IS NULL"),
            postgresql_where=text("channel = 'inbox' AND read_at IS NULL"),
        ),
    )


class NoticeChoice(Base):
    """What a person wants to be told of, and how. No row: by text message and by e-mail."""

    __tablename__ = "notice_choices"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    #: a NoticeKind
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    sms: Mapped[bool]
    email: Mapped[bool]


class NoticeSettings(Base):
    """Quiet hours and text messages a day of a node and all below it that has no row of its own."""

    __tablename__ = "notice_settings"
    __audit__ = Watch(
        "node",
        ("quiet_from", "quiet_to", "sms_per_day"),
        subject=lambda row: row.node_id,
        node=lambda row: row.node_id,
        part="notices",
    )

    node_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    #: local times; phones do not ring from the one to the other, over midnight where they say so.
    #: The same time twice: there are no quiet hours
    quiet_from: Mapped[time]
    quiet_to: Mapped[time]
    #: None: as many as it takes
    sms_per_day: Mapped[int | None]

    __table_args__ = (CheckConstraint("sms_per_day >= 0", name="sms_per_day"),)


class SmsDay(Base):
    """How many text messages went out in a node's name on a local day."""

    __tablename__ = "sms_days"

    node_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    sent: Mapped[int]
