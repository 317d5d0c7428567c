"""A scope answers for one object and narrows a query by the same rule."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from culture_cloud.errors import NotFound, NotPermitted
from culture_cloud.network.models import Node

from .models import RoleGrant
from .permissions import ROLE_PERMISSIONS, Permission, Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role and the path of the node at which it is held."""

    role: Role
    node_path: str


@dataclass(frozen=True, slots=True)
class Scope:
    """The subtrees in which somebody holds one permission."""

    paths: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.paths)

    def allows(self, node_path: str) -> bool:
        return any(node_path.startswith(path) for path in self.paths)

    def rows(self, path: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """The condition that keeps the rows whose node lies inside."""
        if not self.paths:
            return false()
        return or_(*(path.startswith(prefix, autoescape=True) for prefix in self.paths))

    def require(self, node_path: str, *, hide: bool = True) -> None:
        """Raise where the node lies outside: as if it were not there, unless `hide` is off.

        A stranger's object answers 404, so that ids tell nothing (ASVS 8.2.2).
        """
        if not self.allows(node_path):
            raise NotFound if hide else NotPermitted


def grants_of(session: Session, account_id: int) -> tuple[Grant, ...]:
    rows = session.execute(
        select(RoleGrant.role, Node.path).join(Node).where(RoleGrant.account_id == account_id)
    )
    return tuple(Grant(Role(role), path) for role, path in rows)


def scope_of(grants: tuple[Grant, ...], permission: Permission) -> Scope:
    return Scope(
        tuple(sorted({g.node_path for g in grants if permission in ROLE_PERMISSIONS[g.role]}))
    )
