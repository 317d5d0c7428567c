"""Every change of a watched row is recorded, whoever wrote the code that made it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.access.permissions import Role
from culture_cloud.access.services import grant, revoke
from culture_cloud.activities import services
from culture_cloud.audit.models import AuditEntry
from tests import factories
from tests.client import Browser
from tests.signing_in import sign_in


def entries(session: Session, kind: str, subject_id: int) -> list[tuple[str, dict[str, Any]]]:
    session.expire_all()
    found = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_kind == kind, AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.id)
    )
    return [(entry.action, json.loads(entry.changes)) for entry in found]


def test_a_change_says_from_what_to_what(session: Session, app: Flask) -> None:
    activity = factories.make_activity(session, title="花灯")
    session.commit()
    with db.transaction() as writing:
        services.cancel(writing, activity.id, "演员生病")
    action, changes = entries(session, "activity", activity.id)[-1]
    assert action == "changed"
    assert changes == {
        "state": ["published", "cancelled"],
        "state_reason": [None, "演员生病"],
    }


def test_a_moved_date_is_recorded_with_its_activity(session: Session, app: Flask) -> None:
    activity = factories.make_activity(session)
    session.commit()
    before = activity.sessions[0].starts_at
    after = before + timedelta(hours=3)
    with db.transaction() as writing:
        services.move_session(writing, activity.sessions[0].id, after, None, "下雨")
    found = dict(entries(session, "activity", activity.id))["date_changed"]
    assert found["starts_at"] == [before.isoformat(), after.isoformat()]
    assert found["note"] == [None, "下雨"]


def test_what_did_not_change_is_not_recorded(session: Session) -> None:
    node = factories.make_node(session)
    session.commit()
    count = len(entries(session, "node", node.id))
    node.name, node.lines = node.name, list(node.lines)
    node.updated_at = clock.now()
    session.commit()
    assert len(entries(session, "node", node.id)) == count


def test_a_role_given_and_taken_is_recorded(session: Session) -> None:
    node, account = factories.make_node(session), factories.make_account(session)
    grant(session, account_id=account.id, node_id=node.id, role=Role.BRANCH_EDITOR)
    session.commit()
    revoke(session, account_id=account.id, node_id=node.id, role=Role.BRANCH_EDITOR)
    session.commit()
    found = entries(session, "account", account.id)
    assert [action for action, _changes in found] == ["created", "role_added", "role_removed"]
    assert found[2][1]["role"] == ["branch_editor", None]


def test_the_trail_knows_who_asked(session: Session, client: Browser) -> None:
    node = factories.make_node(session)
    staff = factories.make_staff(session, node=node)
    session.commit()
    sign_in(client, staff)
    page = client.get("/account/details")
    client.submit(page, {"name": "新名字", "password": factories.PASSWORD}, form="name")
    session.expire_all()
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.subject_id == staff.id, AuditEntry.action == "changed")
    ).one()
    assert entry.actor_id == staff.id
    assert json.loads(entry.changes)["name"][1] == "新**"
