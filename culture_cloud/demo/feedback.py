"""What people of the demo county said about the site, and what was answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import resources

from sqlalchemy.orm import Session

from culture_cloud.accounts.models import Account
from culture_cloud.feedback.models import Feedback, Kind, State
from culture_cloud.feedback.services import PROMISED_DAYS, top_node, working_days_after

PHONE = "19900000188"


def add(session: Session, accounts: Mapping[str, Account], now: datetime) -> None:
    """Write the messages; one waits, one is late, so that staff see both."""
    text = (
        resources.files("culture_cloud.demo.content").joinpath("feedback.json").read_text("utf-8")
    )
    staff = next(iter(accounts.values()))
    for number, told in enumerate(json.loads(text)):
        said_at = now - timedelta(days=told["days_ago"])
        answered = "answer" in told
        session.add(
            Feedback(
                token=f"demo-feedback-{number}-{'x' * 20}",
                kind=Kind.HARD_TO_USE,
                state=State.ANSWERED if answered else State.OPEN,
                node_id=top_node(session),
                page=told["page"],
                mode=told["mode"],
                words=told["words"],
                reply=told["reply"],
                phone="" if told["reply"] == "page" else PHONE,
                may_show=told["show"],
                idempotency_key=f"demo-feedback-{number}",
                created_at=said_at,
                due_on=working_days_after(said_at.date(), PROMISED_DAYS),
                answer=told.get("answer", ""),
                answered_at=said_at + timedelta(days=told["after_days"]) if answered else None,
                answered_by=staff.id if answered else None,
                shown_words=told["words"] if answered and told["show"] else "",
            )
        )
    session.flush()
