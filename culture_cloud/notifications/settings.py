"""Quiet hours and the day's text messages of a node: its own, or those of the node above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.network.models import Node
from culture_cloud.web.words import local

from .models import NoticeSettings, SmsDay

QUIET_FROM, QUIET_TO = time(21), time(8)
"""Where no node says otherwise, no phone rings from nine in the evening to eight in the morning."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for one node; `node_id` is the node that said so, None where nobody did."""

    node_id: int | None = None
    quiet_from: time = QUIET_FROM
    quiet_to: time = QUIET_TO
    sms_per_day: int | None = None


def settings_of(session: Session, node_id: int | None) -> Settings:
    """The settings of the node, or of the nearest node above it that has some."""
    path = session.scalar(select(Node.path).where(Node.id == node_id)) if node_id else None
    ids = [int(part) for part in (path or "").split("/") if part]
    rows = {
        row.node_id: row
        for row in session.scalars(select(NoticeSettings).where(NoticeSettings.node_id.in_(ids)))
    }
    for nearest in reversed(ids):
        if nearest in rows:
            row = rows[nearest]
            return Settings(nearest, row.quiet_from, row.quiet_to, row.sms_per_day)
    return Settings()


def keep(
    session: Session, node_id: int, *, quiet_from: time, quiet_to: time, sms_per_day: int | None
) -> None:
    """Set what holds for the node and all below it."""
    session.merge(
        NoticeSettings(
            node_id=node_id, quiet_from=quiet_from, quiet_to=quiet_to, sms_per_day=sms_per_day
        )
    )


def loud_again(settings: Settings, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into."""
    start, end, here = settings.quiet_from, settings.quiet_to, local(moment)
    now = here.time()
    over_midnight = start > end
    quiet = (now >= start or now < end) if over_midnight else start <= now < end
    if not quiet:
        return moment
    day = here.date() + timedelta(days=1 if over_midnight and now >= start else 0)
    return datetime.combine(day, end, tzinfo=here.tzinfo)


def spend(session: Session, settings: Settings, *, share: int) -> bool:
    """Take one text message from the day's; False where that many are gone (nothing is taken).

    One conditional statement, so that workers side by side never send more than there are.
    """
    if settings.node_id is None or settings.sms_per_day is None:
        return True
    limit = settings.sms_per_day * share // 100
    day = local(clock.now()).date()
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(
        dialect.insert(SmsDay)
        .values(node_id=settings.node_id, day=day, sent=0)
        .on_conflict_do_nothing(index_elements=["node_id", "day"])
    )
    taken = session.execute(
        update(SmsDay)
        .where(SmsDay.node_id == settings.node_id, SmsDay.day == day, SmsDay.sent < limit)
        .values(sent=SmsDay.sent + 1)
        .returning(SmsDay.sent)
    )
    return taken.scalar() is not None


def spent_today(session: Session, settings: Settings) -> int:
    """How many text messages of the day are gone."""
    if settings.node_id is None:
        return 0
    day = local(clock.now()).date()
    return (
        session.scalar(
            select(SmsDay.sent).where(SmsDay.node_id == settings.node_id, SmsDay.day == day)
        )
        or 0
    )


def tomorrow_morning(settings: Settings) -> datetime:
    """When the next day's text messages begin to go out."""
    here = local(clock.now())
    start = datetime.combine(here.date() + timedelta(days=1), time(0), tzinfo=here.tzinfo)
    return loud_again(settings, start)
