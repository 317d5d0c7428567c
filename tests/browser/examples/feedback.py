"""What people said: one message that waits and one that was answered."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.feedback.models import Feedback
from tests.browser.places import Place


def values(session: Session) -> dict[str, object]:
    waiting = session.scalar(select(Feedback).where(Feedback.state == "open"))
    assert waiting is not None
    return {"feedback.message": waiting.token, "feedback_id": waiting.id}


def states(session: Session) -> list[Place]:
    answered = session.scalar(select(Feedback).where(Feedback.state == "answered"))
    assert answered is not None
    return [
        Place("feedback: answered", f"/feedback/{answered.token}"),
        Place("feedback: a question", "/feedback?kind=question"),
        Place("feedback: answered, on the desk", "/desk/feedback?answered=1", role="manager"),
    ]
