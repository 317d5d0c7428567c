"""Grants: a role, held by an account, at a node and all below it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from culture_cloud.accounts.models import Account
from culture_cloud.audit import Watch
from culture_cloud.db import Base
from culture_cloud.network.models import Node


class RoleGrant(Base):
    """An account holds a role at a node and all below it."""

    __tablename__ = "role_grants"
    __audit__ = Watch(
        "account",
        ("role", "node_id"),
        subject=lambda row: row.account_id,
        node=lambda row: row.node_id,
        part="role",
        shown=("role", "node_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(32))
    granted_at: Mapped[datetime]

    account: Mapped[Account] = relationship()
    node: Mapped[Node] = relationship()

    __table_args__ = (UniqueConstraint("account_id", "node_id", "role"),)
