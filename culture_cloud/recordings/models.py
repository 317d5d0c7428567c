"""Which recording belongs to which page."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from culture_cloud.db import Base
from culture_cloud.media.models import MediaOriginal


class Recording(Base):
    """A page as somebody read it. `subject_kind` and `subject_id` say which page, as in the audit
    trail: activity 12, node 539901-WHG, page help."""

    __tablename__ = "recordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(60))
    original_id: Mapped[int] = mapped_column(ForeignKey("media_originals.id"), index=True)
    #: who speaks, as the page tells it; may be empty
    spoken_by: Mapped[str] = mapped_column(String(60), default="")
    #: of the words of the page when it was read (recordings.digest)
    words_digest: Mapped[str] = mapped_column(String(32))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )

    original: Mapped[MediaOriginal] = relationship(lazy="joined")

    __topic__ = "recordings"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id"),)
