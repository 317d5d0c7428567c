"""Every permission, every role, and the one table that joins them.

A permission is `resource:action`. A grant gives a role at a node and all below it (R19–R22), so
the question is always two: may this role do it, and is the object inside the granted subtree.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """What staff may do, in alphabetical order."""

    ACCOUNTS_MANAGE = "accounts:manage"
    ACTIVITIES_EDIT = "activities:edit"
    ACTIVITIES_IMPORT = "activities:import"
    ACTIVITIES_PUBLISH = "activities:publish"
    AUDIT_READ = "audit:read"
    DESK_OPEN = "desk:open"
    FEEDBACK_ANSWER = "feedback:answer"
    HERITAGE_EDIT = "heritage:edit"
    HERITAGE_PUBLISH = "heritage:publish"
    HERITAGE_REVIEW = "heritage:review"
    JOBS_MANAGE = "jobs:manage"
    NETWORK_MANAGE = "network:manage"
    NODES_EDIT = "nodes:edit"
    READING_EDIT = "reading:edit"
    READING_PUBLISH = "reading:publish"
    SEARCH_MANAGE = "search:manage"
    SIGN_UPS_EXPORT = "sign-ups:export"
    SIGN_UPS_MANAGE = "sign-ups:manage"


class Role(StrEnum):
    """What a member of staff is at a node (R22)."""

    SYSTEM_ADMINISTRATOR = "system_administrator"
    MAIN_HALL_MANAGER = "main_hall_manager"
    BRANCH_EDITOR = "branch_editor"
    SERVICE_POINT_CLERK = "service_point_clerk"


_CLERK = frozenset(
    {
        Permission.ACTIVITIES_EDIT,
        Permission.ACTIVITIES_IMPORT,
        Permission.AUDIT_READ,
        Permission.DESK_OPEN,
        Permission.HERITAGE_EDIT,
        Permission.READING_EDIT,
        Permission.SIGN_UPS_EXPORT,
        Permission.SIGN_UPS_MANAGE,
    }
)
_BRANCH = _CLERK | {
    Permission.ACTIVITIES_PUBLISH,
    Permission.FEEDBACK_ANSWER,
    Permission.HERITAGE_REVIEW,
    Permission.NODES_EDIT,
    Permission.READING_PUBLISH,
}
_MAIN_HALL = _BRANCH | {
    Permission.ACCOUNTS_MANAGE,
    Permission.HERITAGE_PUBLISH,
    Permission.NETWORK_MANAGE,
    Permission.SEARCH_MANAGE,
}

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.SERVICE_POINT_CLERK: _CLERK,
        Role.BRANCH_EDITOR: _BRANCH,
        Role.MAIN_HALL_MANAGER: _MAIN_HALL,
        Role.SYSTEM_ADMINISTRATOR: frozenset(Permission),
    }
)
"""A clerk publishes too, except where the node's policy asks for review (see activities)."""


def roles_with(permission: Permission) -> tuple[Role, ...]:
    return tuple(role for role, granted in ROLE_PERMISSIONS.items() if permission in granted)
