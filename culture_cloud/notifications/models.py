"""A notice is kept as template name and facts, and rendered when it is sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from culture_cloud.db import Base


class NoticeChannel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class NoticeState(StrEnum):
    QUEUED = "queued"
    #: handed to the gateway; whoever finds it so after a crash cannot know whether it arrived
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Notice(Base):
    """One message to one person over one channel."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: the same event tells the same person once, however often the job runs
    key: Mapped[str] = mapped_column(String(200), unique=True)
    template: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]]
    channel: Mapped[str] = mapped_column(String(16))
    #: phone number or e-mail address
    recipient: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    #: the node in whose name it is sent; its staff see how it went
    node_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"))
    state: Mapped[str] = mapped_column(String(16), default=NoticeState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    #: later than this it helps nobody; it is not tried any more
    send_until: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_notices_state_created_at", "state", "created_at"),)
