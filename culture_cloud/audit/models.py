"""Entries as they are written, and the chain of seals that the worker lays over them.

No row of either table is ever changed or deleted: triggers of the database refuse it
(culture_cloud/audit/triggers.py), on both engines.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from culture_cloud.db import Base


class AuditEntry(Base):
    """One change of one thing."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    #: the account that did it; None: the site itself (a job, a command). No foreign key: an
    #: account may be deleted, what it did stays
    actor_id: Mapped[int | None] = mapped_column(index=True)
    #: a word of the trade in the past tense, such as "moved"
    action: Mapped[str] = mapped_column(String(40))
    #: what it was done to: "activity", "sign_up", …, and its id
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    #: the node whose staff may read it; None: only who may read everything
    node_id: Mapped[int | None]
    #: {field: [before, after]} as JSON text, exactly as it was hashed
    changes: Mapped[str] = mapped_column(Text)
    #: why, in the words of whoever did it
    reason: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_kind", "subject_id", "id"),
        Index("ix_audit_entries_node_id_id", "node_id", "id"),
        {"sqlite_autoincrement": True},
    )


class AuditSeal(Base):
    """A link of the chain: one entry, hashed together with the link before."""

    __tablename__ = "audit_seals"

    #: 1, 2, 3 … without a gap
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entries.id"), unique=True)
    #: SHA-256 in hex, see culture_cloud/audit/chain.py
    digest: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]
