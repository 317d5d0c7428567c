"""Activities and people of the demo that are not told in its content files. All is invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities import services
from culture_cloud.activities.models import Activity, Enrolment, SignUpWay
from culture_cloud.activities.rules import Rules
from culture_cloud.activities.services import ActivityFacts, SessionFacts
from culture_cloud.network.models import Node

FAMILY, GIVEN = "岩玉刀李杨白罗普段沙张王赵孙周", "秀兰建国丽华志强玉香罕叶波文英光明春燕学军"


def name_of(number: int) -> str:
    """The same name for the same number."""
    given = 2 * (number % 11)
    return FAMILY[number % len(FAMILY)] + GIVEN[given : given + 2]


def publish(
    session: Session,
    hall: Node,
    title: str,
    starts: Sequence[datetime],
    *,
    kind: str,
    places: int,
    max_party: int,
    teacher: str,
    description: str,
    room: str = "渡口码头",
    course: bool = False,
    rules: Rules | None = None,
) -> Activity:
    """An activity of the hall that is public from `clock.now()` on, two hours each date."""
    facts = ActivityFacts(
        title=title,
        kind_code=kind,
        node_id=hall.id,
        sessions=[SessionFacts(starts_at=at, ends_at=at + timedelta(hours=2)) for at in starts],
        description=description,
        place_name=room,
        place_node_id=hall.id,
        teacher=teacher,
        sign_up=SignUpWay.HERE,
        enrolment=Enrolment.COURSE if course else Enrolment.SESSION,
        capacity=places,
        max_party=max_party,
        sign_up_opens_at=clock.now(),
        rules=rules,
    )
    activity = services.create(session, facts, by_account_id=None)
    return services.publish(session, activity.id)
