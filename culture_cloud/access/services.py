"""Giving and taking roles."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock

from .models import RoleGrant
from .permissions import Role


def grant(session: Session, *, account_id: int, node_id: int, role: Role) -> None:
    """Let the account hold the role at the node and all below it. Safe to do twice."""
    held = select(RoleGrant.id).where(
        RoleGrant.account_id == account_id, RoleGrant.node_id == node_id, RoleGrant.role == role
    )
    if session.scalar(held) is None:
        session.add(
            RoleGrant(account_id=account_id, node_id=node_id, role=role, granted_at=clock.now())
        )


def revoke(session: Session, *, account_id: int, node_id: int, role: Role) -> None:
    """Take the role at the node away; roles at other nodes stay."""
    held = select(RoleGrant).where(
        RoleGrant.account_id == account_id, RoleGrant.node_id == node_id, RoleGrant.role == role
    )
    for row in session.scalars(held):
        session.delete(row)
