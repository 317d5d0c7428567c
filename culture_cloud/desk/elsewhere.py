"""What waits for the reader in the other parts of the desk, each part a line that leads there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud.access.permissions import Permission
from culture_cloud.feedback import queries as feedback
from culture_cloud.heritage.contributions import services as gifts
from culture_cloud.heritage.models import HeritageItem, ItemState
from culture_cloud.network.models import Node
from culture_cloud.reading.models import Intake

from . import own
from .navigation import link


def waiting(session: Session) -> list[dict[str, Any]]:
    """The lines with something behind them: `title`, `href`, and how many (`end`)."""
    return [
        {"title": title, "href": href, "end": str(count)}
        for title, href, count in _parts(session)
        if count and href
    ]


def _parts(session: Session) -> Iterator[tuple[str, str | None, int]]:
    answers = own.scope(Permission.FEEDBACK_ANSWER)
    if answers:
        yield (
            _("Residents' messages without an answer"),
            link("desk_feedback.index"),
            feedback.waiting_count(session, answers),
        )
    reviews = own.scope(Permission.HERITAGE_REVIEW)
    if reviews:
        yield (
            _("What residents brought for the local heritage"),
            link("desk_heritage.gifts"),
            gifts.waiting_count(session, reviews),
        )
    for permission, state, title in (
        (Permission.HERITAGE_REVIEW, ItemState.SUBMITTED, _("Heritage entries to look at")),
        (Permission.HERITAGE_PUBLISH, ItemState.REVIEWED, _("Heritage entries to publish")),
    ):
        if scope := own.scope(permission):
            items = select(func.count(HeritageItem.id)).join(Node, Node.id == HeritageItem.node_id)
            items = items.where(HeritageItem.state == state, scope.rows(Node.path))
            yield title, link("desk_heritage.index", state=state.value), session.scalar(items) or 0
    if scope := own.scope(Permission.READING_EDIT):
        files = select(func.count(Intake.id)).join(Node, Node.id == Intake.node_id)
        files = files.where(Intake.state == "refused", scope.rows(Node.path))
        title = _("Files for the reading room that could not be used")
        yield title, link("desk_reading.index"), session.scalar(files) or 0
