"""A hall into which tests import, and how they do it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud.activities.importing import services
from culture_cloud.activities.importing.planning import Terms, plan
from culture_cloud.activities.importing.plans import ImportPlan, Showing, Step
from culture_cloud.activities.importing.rows import Parsed
from culture_cloud.activities.importing.services import Imported
from culture_cloud.activities.importing.sources import Origin
from culture_cloud.activities.models import Activity
from culture_cloud.network.models import Node

from .books import ZONE


def planned(session: Session, node: Node, data: bytes | Parsed, **terms: Any) -> ImportPlan:
    """What importing a file into the hall would do."""
    if isinstance(data, Parsed):
        parsed, origin = data, terms.pop("origin", Origin.SHEET)
    else:
        read = services.read(data, zone=ZONE)
        parsed, origin = read.parsed, read.origin
    wanted = Terms(origin=origin, **{"showing": Showing.PUBLISH, **terms})
    return plan(session, parsed, node_id=node.id, zone=ZONE, terms=wanted)


def imported(session: Session, node: Node, data: bytes | Parsed, **terms: Any) -> Imported:
    """Import a file into the hall, and let everybody see it."""
    done = services.apply(session, planned(session, node, data, **terms), by_account_id=None)
    session.commit()
    session.expire_all()
    return done


def counts(done: Imported | ImportPlan) -> dict[str, int]:
    return {step.value: done.count(step) for step in Step if done.count(step)}


def only_activity(session: Session) -> Activity:
    return session.scalars(select(Activity)).one()


def activity_count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Activity)) or 0
