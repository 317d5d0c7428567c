"""How sending went."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.access.scope import Scope
from culture_cloud.network.models import Node

from .models import Notice, NoticeState


def failed(session: Session, scope: Scope | None = None, *, limit: int = 100) -> list[Notice]:
    """Notices that finally failed, latest first: those in the name of the scope's nodes.

    Without a scope (the operator) all of them, also those about accounts, which belong to no node.
    """
    query = select(Notice).where(Notice.state == NoticeState.FAILED)
    if scope is not None:
        query = query.join(Node, Node.id == Notice.node_id).where(scope.rows(Node.path))
    return list(session.scalars(query.order_by(Notice.created_at.desc(), Notice.id).limit(limit)))
