"""Examples of what comes after a sign-up: messages, calls, the audit trail."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.accounts.models import FamilyMember
from culture_cloud.audit.models import AuditEntry
from culture_cloud.check_in.models import Arrival
from culture_cloud.notifications.models import Notice
from culture_cloud.sign_ups.models import SignUp
from tests.browser.places import Place

KEY = {"desk_check_in.door", "my.index"}


def values(session: Session) -> dict[str, object]:
    about = select(AuditEntry.subject_id).where(AuditEntry.subject_kind == "activity")
    member = session.scalars(select(FamilyMember)).first()
    inbox = select(Notice.id).where(Notice.channel == "inbox")
    came = select(SignUp.token).where(SignUp.state == "attended")
    held = select(Arrival.session_id)
    return {
        "desk_audit.kind": "activity",
        "subject_id": session.scalar(about),
        "member_id": member.id if member else 0,
        "my.notice_id": session.scalar(inbox) or 0,
        "notice_id": 1,
        "report_id": 1,
        "follow_up.token": session.scalar(came) or "",
        "desk_check_in.session_id": session.scalar(held) or 0,
    }


def states(session: Session) -> list[Place]:
    del session
    return [Place("messages that did not arrive", "/desk/notices?state=failed", "manager")]
