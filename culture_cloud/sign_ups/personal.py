"""What sign-ups know of a person: told on request, forgotten on request (PIPL art. 44–47)."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.accounts import personal
from culture_cloud.accounts.models import Account
from culture_cloud.web.fields import lazy as _l

from . import changes, queries, tickets
from .models import Proxy, SignUp, SignUpState
from .services import CANCELLABLE
from .states import By

_WITHOUT_THE_PERSON: dict[str, Any] = {
    "account_id": None,
    "proxy_id": None,
    "name": "",
    "phone": "",
    "companions": [],
    "ages": [],
    "residence_node_id": None,
    "answers": {},
    "id_number": "",
    "guardian_name": "",
    "guardian_phone": "",
}


def init_app(app: Flask) -> None:
    personal.register(
        app,
        personal.Holder(
            name="sign_ups",
            title=_l("My sign-ups"),
            tables=("sign_ups", "proxies"),
            export=export,
            forget=forget,
        ),
    )


def export(session: Session, account: Account) -> list[dict[str, Any]]:
    """The person's sign-ups, and who acts for whom."""
    rows: list[dict[str, Any]] = [
        {
            "activity": found.activity.title,
            "starts_at": tickets.occurrences(found)[0].starts_at,
            "state": found.state,
            "channel": found.channel,
            "name": found.name,
            "phone": found.phone,
            "party_size": found.party_size,
            "companions": found.companions,
            "ages": found.ages,
            "answers": found.answers,
            "guardian": found.guardian_name,
            "created_at": found.created_at,
        }
        for found in queries.of_account(session, account.id)
    ]
    rows += [
        {
            "proxy": proxy.name,
            "person": proxy.person_name,
            "relation": proxy.relation,
            "consent": proxy.consent,
            "consented_at": proxy.consented_at,
            "revoked_at": proxy.revoked_at,
        }
        for proxy in session.scalars(select(Proxy).where(_of(account)))
    ]
    return rows


def _of(account: Account) -> Any:
    found = Proxy.account_id == account.id
    return or_(found, Proxy.person_phone == account.phone) if account.phone else found


def forget(session: Session, account: Account) -> None:
    """Give back what is still to come; of the rest keep the counts and remove the person."""
    standing = session.scalars(
        select(SignUp.id).where(SignUp.account_id == account.id, SignUp.state.in_(CANCELLABLE))
    ).all()
    for sign_up in queries.with_activity(session, standing):
        if clock.now() < tickets.cancellable_until(sign_up):
            changes.change(
                session,
                sign_up.id,
                SignUpState.CANCELLED,
                was=CANCELLABLE,
                by=By(account.id),
                told=None,
                cancelled_at=clock.now(),
            )
    session.execute(
        update(SignUp)
        .where(SignUp.account_id == account.id)
        .values(**_WITHOUT_THE_PERSON)
        .execution_options(synchronize_session=False)
    )
    for column in (SignUp.taken_by_id, SignUp.reviewed_by_id, SignUp.checked_in_by_id):
        session.execute(
            update(SignUp)
            .where(column == account.id)
            .values({column: None})
            .execution_options(synchronize_session=False)
        )
    gone = select(Proxy.id).where(Proxy.account_id == account.id)
    session.execute(
        update(SignUp)
        .where(SignUp.proxy_id.in_(gone))
        .values(proxy_id=None)
        .execution_options(synchronize_session=False)
    )
    for proxy in session.scalars(select(Proxy).where(Proxy.account_id == account.id)).all():
        session.delete(proxy)
    session.flush()
