"""What heritage knows of a person who has an account: what they brought, their groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from culture_cloud.accounts.models import Account
from culture_cloud.accounts.personal import Holder
from culture_cloud.web.fields import lazy as _l

from .models import Contribution, GroupMember, HeritageGroup


def _export(session: Session, account: Account) -> Sequence[Mapping[str, Any]]:
    gifts = session.scalars(
        select(Contribution)
        .where(Contribution.account_id == account.id)
        .order_by(Contribution.id.desc())
    )
    groups = session.scalars(
        select(HeritageGroup.name)
        .join(GroupMember, GroupMember.group_id == HeritageGroup.id)
        .where(GroupMember.account_id == account.id)
    )
    return [
        *(
            {
                "title": gift.title,
                "text": gift.text,
                "name": gift.name,
                "phone": gift.phone,
                "state": gift.state,
                "created_at": gift.created_at,
            }
            for gift in gifts
        ),
        *({"group": name} for name in groups),
    ]


def _forget(session: Session, account: Account) -> None:
    """What was given stays, as it was agreed to; who gave it goes. Rows that only point to the
    account (who entered a version, who decided) are emptied by the database."""
    session.execute(
        update(Contribution)
        .where(Contribution.account_id == account.id)
        .values(name="", phone="", account_id=None)
    )


HOLDER = Holder(
    name="heritage",
    title=_l("What I brought for local heritage"),
    tables=(
        "heritage_contributions",
        "heritage_group_members",
        "heritage_imports",
        "heritage_items",
        "heritage_versions",
    ),
    export=_export,
    forget=_forget,
)
