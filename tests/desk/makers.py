"""What the tests of the desk begin with: a hall above two branches, and somebody at one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from culture_cloud.access.permissions import Role
from culture_cloud.accounts.models import Account
from culture_cloud.activities.models import Activity
from culture_cloud.db import Base
from culture_cloud.network.models import Node
from tests import factories
from tests.client import Browser, Page
from tests.signing_in import sign_in


@dataclass
class County:
    """A main hall, a branch below it with a service point, and a branch of others."""

    main: Node
    branch: Node
    point: Node
    other: Node


def make_county(session: Session, **branch_facts: Any) -> County:
    factories.make_network(session)
    main = factories.make_node(session, name="云岭县")
    branch = factories.make_node(session, parent=main, name="东升镇", **branch_facts)
    point = factories.make_node(
        session, parent=branch, name="平山村", level_code="service_point", **branch_facts
    )
    other = factories.make_node(session, parent=main, name="南屏乡")
    session.commit()
    return County(main, branch, point, other)


def enter(client: Browser, session: Session, node: Node, role: Role) -> Account:
    """Somebody with the role at the node signs in; whoever was signed in before is not."""
    account = factories.make_staff(session, node=node, role=role)
    session.commit()
    sign_in_afresh(client, account)
    return account


def sign_in_afresh(client: Browser, account: Account) -> None:
    client.flask.delete_cookie("sign-in")
    sign_in(client, account)


FIVE = {
    "title": "中秋花灯晚会",
    "kind": "performance",
    "day": "2099-09-20",
    "starts": "晚上7点半",
    "ends": "21:00",
}
"""The five answers that are enough (the place is filled in)."""


def press(client: Browser, page: Page, do: str, values: dict[str, Any], **options: Any) -> Page:
    """Fill in the form of an activity and press the button that does `do`."""
    return client.submit(page, values, form="title", button=("do", do), **options)


def reread(session: Session, activity_id: int) -> Activity:
    """An activity as it is now, whole; the test holds nothing locked meanwhile."""
    found = session.scalars(
        select(Activity)
        .options(selectinload(Activity.sessions), selectinload(Activity.allotments))
        .where(Activity.id == activity_id)
        .execution_options(populate_existing=True)
    ).one()
    session.commit()
    return found


def only(session: Session) -> Activity:
    """The one activity there is."""
    found = session.scalars(select(Activity.id)).one()
    return reread(session, found)


def count(session: Session, model: type[Base]) -> int:
    found = session.scalar(select(func.count()).select_from(model)) or 0
    session.commit()
    return found
