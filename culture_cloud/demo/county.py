"""Putting the demo county into an empty site, in one transaction."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.accounts.models import Account
from culture_cloud.activities.models import Activity
from culture_cloud.config import Config
from culture_cloud.jobs.models import Job
from culture_cloud.network.models import Network, Node
from culture_cloud.web.words import site_zone

from . import after, content, draws, feedback, heritage, network, people, programme, rules


class CountyNotEmpty(RuntimeError):
    """The site has data of its own; nothing invented may be mixed with it."""


def is_empty(session: Session) -> bool:
    """Whether nobody has entered anything yet."""
    entities = (Network.id, Node.id, Account.id, Activity.id)
    return all(session.scalar(select(entity).limit(1)) is None for entity in entities)


def is_wanted() -> bool:
    """Whether this site begins with the demo county: it is empty and not in production."""
    config: Config = current_app.config["CULTURE_CLOUD"]
    return not config.production and is_empty(db.session())


def load_county() -> None:
    """Write network, people, programme and sign-ups with dates around now.

    Raises CountyNotEmpty, changing nothing.
    """
    demo, now = content.load(), clock.now().astimezone(site_zone())
    with db.transaction() as session:
        if not is_empty(session):
            raise CountyNotEmpty
        nodes = network.add(session, demo, now)
        accounts = people.add_accounts(session, demo, nodes, now)
        activities = programme.add(session, demo, nodes, accounts, now)
        people.add_sign_ups(session, demo, activities, accounts, now)
        after.add_after(session, accounts, now)
        draws.add(session, nodes, now)
        rules.add(session, nodes, now)
        feedback.add(session, accounts, now)
        heritage.add(session, accounts, now)
        _leave_nobody_to_be_told(session)


def _leave_nobody_to_be_told(session: Session) -> None:
    """What moved or was cancelled did so before anybody could look: no message goes out."""
    session.execute(delete(Job).where(Job.name.startswith("sign_ups.")))
