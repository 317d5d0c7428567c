"""Makers of rows for tests: keyword-only, everything else filled in sensibly."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.models import RoleGrant
from culture_cloud.access.permissions import Role
from culture_cloud.accounts import passwords
from culture_cloud.accounts.models import Account
from culture_cloud.activities.models import (
    Activity,
    ActivitySession,
    ActivityState,
    Allotment,
    Enrolment,
    SignUpWay,
)
from culture_cloud.network.models import Level, Network, Node, OpeningHours

_number = count(1)
PASSWORD = "a long enough password"
_PASSWORD_HASH = passwords.hashed(PASSWORD)

LEVELS = (
    ("centre", "中心馆", "Centre hall", "{name}"),
    ("main", "总馆", "Main hall", "{name}"),
    ("branch", "分馆", "Branch", "{name}分馆"),
    ("service_point", "服务点", "Service point", "{name}服务点"),
)


def make_network(session: Session, **facts: Any) -> Network:
    network = Network(
        **{
            "region_code": f"5399{next(_number):02d}",
            "name": "云岭县",
            "site_name": "云岭文化云",
            "phone": "0877-5550100",
            "sms_phone": "19900000100",
            "phone_hours": "每天 8:30—18:00",
            **facts,
        }
    )
    session.add(network)
    session.flush()
    return network


def make_levels(session: Session) -> None:
    for position, (code, name, name_en, rule) in enumerate(LEVELS):
        if session.get(Level, code) is None:
            session.add(
                Level(code=code, name=name, name_en=name_en, position=position, plate_rule=rule)
            )
    session.flush()


def make_node(session: Session, *, parent: Node | None = None, **facts: Any) -> Node:
    """A node below its parent; without one, a main hall."""
    make_levels(session)
    number = next(_number)
    name = facts.pop("name", f"第{number}")
    node = Node(
        **{
            "code": f"N{number}",
            "parent_id": parent.id if parent else None,
            "level_code": "branch" if parent else "main",
            "path": f"/new-{number}/",
            "name": name,
            "plate_name": f"{name}文化馆",
            "lines": ["culture_hall"],
            "access": [],
            "phone": "0877-5550101",
            "address": "文化路1号",
            "updated_at": clock.now(),
            **facts,
        }
    )
    session.add(node)
    session.flush()
    node.path = f"{parent.path if parent else '/'}{node.id}/"
    session.flush()
    return node


def make_hours(session: Session, *, node: Node, **facts: Any) -> OpeningHours:
    hours = OpeningHours(node_id=node.id, **facts)
    session.add(hours)
    session.flush()
    return hours


def make_account(session: Session, **facts: Any) -> Account:
    number = next(_number)
    account = Account(
        **{
            "name": f"居民{number}",
            "phone": f"1990001{number:04d}",
            "phone_proved_at": clock.now(),
            "password_hash": _PASSWORD_HASH,
            "created_at": clock.now(),
            **facts,
        }
    )
    session.add(account)
    session.flush()
    return account


def make_staff(
    session: Session, *, node: Node, role: Role = Role.BRANCH_EDITOR, **facts: Any
) -> Account:
    """An account that holds a role at a node."""
    account = make_account(session, **facts)
    session.add(
        RoleGrant(account_id=account.id, node_id=node.id, role=role, granted_at=clock.now())
    )
    session.flush()
    return account


def make_activity(
    session: Session,
    *,
    node: Node | None = None,
    sessions: int = 1,
    starts_at: Any = None,
    hours: float = 2,
    every: timedelta = timedelta(days=7),
    places: int | None = 20,
    **facts: Any,
) -> Activity:
    """A published activity with sessions that take sign-ups, in the agenda.

    `places` are those of each session, or of the course where `enrolment` says so.
    """
    from culture_cloud.activities import agenda

    number = next(_number)
    node = node or make_node(session)
    first = starts_at or clock.ahead(days=2)
    activity = Activity(
        **{
            "uid": f"activity-{number}@example.org",
            "node_id": node.id,
            "state": ActivityState.PUBLISHED,
            "title": f"花灯演出第{number}场",
            "kind_code": "performance",
            "description": "老艺人演唱花灯小调。",
            "place_name": "一楼小剧场",
            "place_node_id": node.id,
            "sign_up": SignUpWay.HERE,
            "capacity": places,
            "access": [],
            "created_at": clock.now(),
            "updated_at": clock.now(),
            "published_at": clock.now(),
            **facts,
        }
    )
    for index in range(sessions):
        starts = first + index * every
        activity.sessions.append(
            ActivitySession(starts_at=starts, ends_at=starts + timedelta(hours=hours))
        )
    session.add(activity)
    session.flush()
    if activity.sign_up == SignUpWay.HERE:
        if activity.enrolment == Enrolment.COURSE:
            activity.allotments.append(Allotment(capacity=places))
        else:
            for occurrence in activity.sessions:
                activity.allotments.append(Allotment(session_id=occurrence.id, capacity=places))
    session.flush()
    agenda.refresh(session, activity)
    session.flush()
    return activity


def first_allotment(session: Session, activity: Activity) -> Allotment:
    found = session.scalar(
        select(Allotment).where(Allotment.activity_id == activity.id).order_by(Allotment.id)
    )
    assert found is not None
    return found
