"""Taking in what people say, answering it, forgetting whom it came from."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.errors import NotFound
from culture_cloud.network.models import Node
from culture_cloud.notifications.services import notify

from .models import Feedback, Kind, Reply, State, Voice

PROMISED_DAYS = 5
"""Working days within which we answer (ST-33; 无障碍环境建设法 §62 asks for an answer)."""
PERSON_KEPT_FOR = timedelta(days=180)
"""How long after the answer number and voice stay; then only words and answer do."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody sends."""

    kind: Kind
    words: str
    reply: Reply
    phone: str
    may_show: bool
    page: str
    node_code: str
    mode: str
    locale: str
    account_id: int | None
    idempotency_key: str
    voice: tuple[bytes, str] | None = None


def working_days_after(day: date, days: int) -> date:
    """Monday to Friday count. Public holidays count too: then we answer earlier than we must."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def take_in(session: Session, message: Message, today: date) -> str:
    """Keep a message; the token of its page. The same message sent twice is one."""
    known: str | None = session.scalar(
        select(Feedback.token).where(Feedback.idempotency_key == message.idempotency_key)
    )
    if known is not None:
        return known
    feedback = Feedback(
        token=secrets.token_urlsafe(32),
        kind=message.kind,
        state=State.OPEN,
        node_id=_who_answers(session, message.node_code),
        page=message.page,
        mode=message.mode,
        words=message.words,
        reply=message.reply,
        phone=message.phone,
        may_show=message.may_show,
        locale=message.locale,
        account_id=message.account_id,
        idempotency_key=message.idempotency_key,
        created_at=clock.now(),
        due_on=working_days_after(today, PROMISED_DAYS),
    )
    if message.voice is not None:
        body, content_type = message.voice
        feedback.voice = Voice(body=body, content_type=content_type)
    session.add(feedback)
    session.flush()
    return feedback.token


def _who_answers(session: Session, code: str) -> int | None:
    """The hall that was asked; else the top of the tree."""
    asked: int | None = session.scalar(
        select(Node.id).where(Node.code == code, Node.closed_down.is_(False))
    )
    if asked is not None:
        return asked
    return top_node(session)


def top_node(session: Session) -> int | None:
    """The hall that answers what was asked of no hall in particular; None without any."""
    top: int | None = session.scalar(
        select(Node.id).order_by(func.length(Node.path), Node.position, Node.id).limit(1)
    )
    return top


def answer(
    session: Session,
    feedback_id: int,
    *,
    words: str,
    shown_words: str,
    account_id: int,
    link: str,
) -> None:
    """Answer a message, or mend the answer; who asked for a text message is sent one.

    `shown_words`: the question as the public list shows it, only where the person agreed.
    Raises NotFound where it is not there or was taken back.
    """
    feedback = session.get(Feedback, feedback_id, with_for_update=True)
    if feedback is None or feedback.state == State.WITHDRAWN:
        raise NotFound
    feedback.state = State.ANSWERED
    feedback.answer = words
    feedback.answered_at = feedback.answered_at or clock.now()
    feedback.answered_by = account_id
    feedback.shown_words = shown_words if feedback.may_show else ""
    if feedback.reply == Reply.TEXT_MESSAGE and feedback.phone:
        notify(
            session,
            key=f"feedback:{feedback.id}:{secrets.token_hex(4)}",
            template="feedback/answered",
            facts={"answer": words, "link": link},
            locale=feedback.locale,
            phone=feedback.phone,
            node_id=feedback.node_id,
        )


def withdraw(session: Session, token: str) -> None:
    """The person takes the message back: what it said is forgotten. Raises NotFound."""
    feedback = session.scalar(select(Feedback).where(Feedback.token == token))
    if feedback is None:
        raise NotFound
    take_back(feedback)


def take_back(feedback: Feedback) -> None:
    """Forget what a message said and from whom it came; that there was one is still counted."""
    feedback.state = State.WITHDRAWN
    feedback.words = feedback.phone = feedback.shown_words = ""
    feedback.may_show = False
    feedback.voice = None


def forget_people() -> None:
    """Job: numbers and voices of what was answered long ago."""
    with db.transaction() as session:
        old = select(Feedback.id).where(
            Feedback.state != State.OPEN,
            func.coalesce(Feedback.answered_at, Feedback.created_at)
            < clock.now() - PERSON_KEPT_FOR,
        )
        session.execute(delete(Voice).where(Voice.feedback_id.in_(old)))
        session.execute(
            update(Feedback)
            .where(Feedback.id.in_(old), Feedback.phone != "")
            .values(phone="", account_id=None)
        )
