"""Examples of what comes after a sign-up: messages, calls, the audit trail."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.audit.models import AuditEntry
from tests.browser.places import Place

KEY = {"desk_check_in.door", "my.index"}


def values(session: Session) -> dict[str, object]:
    about = select(AuditEntry.subject_id).where(AuditEntry.subject_kind == "activity")
    return {"desk_audit.kind": "activity", "subject_id": session.scalar(about)}


def states(session: Session) -> list[Place]:
    del session
    return [Place("messages that did not arrive", "/desk/notices?state=failed", "manager")]
