"""Stored originals: what is known of each file, and whether it is still what was stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from culture_cloud.db import Base

WAITING, READY, FAILED = "waiting", "ready", "failed"


class MediaOriginal(Base):
    """One file of the original store. Several features may refer to the same one."""

    __tablename__ = "media_originals"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 as hex; the name of the file in the store
    checksum: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(80))
    #: in pixels, of pictures, as they are looked at (turned upright)
    width: Mapped[int | None]
    height: Mapped[int | None]
    #: of recordings
    seconds: Mapped[float | None]
    #: whether what is shown to the public has been made: waiting, ready, failed
    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    #: why making it failed (a word of media.wording)
    fault: Mapped[str] = mapped_column(String(40), default="")
    #: whether tiles for deep zoom were made
    tiled: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    #: when the file was last compared with its checksum, and what was wrong: missing, damaged
    checked_at: Mapped[datetime | None]
    damage: Mapped[str] = mapped_column(String(16), default="")

    #: when it last came with a form, until it is found in use: what nobody took goes after a while
    loose_since: Mapped[datetime | None]

    __topic__ = "media"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="state"),)
