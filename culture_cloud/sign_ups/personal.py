"""What sign-ups know of a person: told on request, forgotten on request (PIPL art. 44–47)."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask
from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.accounts.models import Account
from culture_cloud.accounts.personal import Holder, register
from culture_cloud.web.fields import lazy as _l

from . import changes, queries, tickets
from .models import Proxy, SignUp, SignUpState
from .services import CANCELLABLE
from .states import By


def _mine(account: Account) -> Any:
    """Sign-ups of the account; and those made by phone for the same person, where the number is
    known to be theirs."""
    person = and_(SignUp.phone == account.proved_phone, SignUp.name == account.name)
    return or_(and_(SignUp.account_id == account.id, SignUp.proxy_id.is_(None)), person)


def _sign_ups(session: Session, account: Account) -> list[dict[str, Any]]:
    ids = session.scalars(select(SignUp.id).where(_mine(account)).order_by(SignUp.id.desc()))
    return [
        {
            "activity": sign_up.activity.title,
            "starts_at": tickets.occurrences(sign_up)[0].starts_at,
            "state": sign_up.state,
            "channel": sign_up.channel,
            "name": sign_up.name,
            "phone": sign_up.phone,
            "companions": sign_up.companions,
            "people": sign_up.party_size,
            "ages": sign_up.ages,
            "answers": sign_up.answers,
            "number": sign_up.code,
            "guardian_name": sign_up.guardian_name,
            "guardian_phone": sign_up.guardian_phone,
            "guardian_consent": sign_up.guardian_consent,
            "created_at": sign_up.created_at,
            "checked_in_at": sign_up.checked_in_at,
            "cancelled_at": sign_up.cancelled_at,
        }
        for sign_up in reversed(queries.with_activity(session, list(ids)))
    ]


def _forget(session: Session, account: Account) -> None:
    """What is still to come is cancelled, so that others get the places; of what is past the count
    stays and the person goes."""
    ids = list(session.scalars(select(SignUp.id).where(_mine(account))))
    for sign_up in queries.with_activity(session, ids):
        if tickets.can_be_cancelled(sign_up):
            changes.change(
                session,
                sign_up.id,
                SignUpState.CANCELLED,
                was=CANCELLABLE,
                by=By(account.id),
                told=None,
                cancelled_at=clock.now(),
            )
    for sign_up_id in ids:
        session.execute(
            update(SignUp)
            .where(SignUp.id == sign_up_id)
            .values(
                name="",
                phone="",
                companions=[],
                ages=[],
                answers={},
                residence_node_id=None,
                id_number="",
                guardian_name="",
                guardian_phone="",
                guardian_consent="",
                excuse="",
                account_id=None,
                token=secrets.token_urlsafe(32),
            )
            .execution_options(synchronize_session=False)
        )
    session.execute(update(SignUp).where(SignUp.account_id == account.id).values(account_id=None))
    for column in (SignUp.taken_by_id, SignUp.reviewed_by_id, SignUp.checked_in_by_id):
        session.execute(update(SignUp).where(column == account.id).values({column.key: None}))


def _proxies(session: Session, account: Account) -> list[dict[str, Any]]:
    rows = session.scalars(select(Proxy).where(_acts_or_is_acted_for(account)))
    return [
        {
            "proxy": row.name,
            "person": row.person_name,
            "relation": row.relation,
            "consent": row.consent,
            "consented_at": row.consented_at,
            "revoked_at": row.revoked_at,
        }
        for row in rows
    ]


def _acts_or_is_acted_for(account: Account) -> Any:
    return or_(
        Proxy.account_id == account.id,
        and_(Proxy.phone == account.proved_phone, Proxy.name == account.name),
        and_(Proxy.person_phone == account.proved_phone, Proxy.person_name == account.name),
    )


def _forget_proxies(session: Session, account: Account) -> None:
    """That somebody acted stays as a record; the person in it goes, and nobody acts any more."""
    for row in session.scalars(select(Proxy).where(_acts_or_is_acted_for(account))):
        if row.person_phone == account.proved_phone and row.person_name == account.name:
            row.person_name = row.person_phone = ""
        else:
            row.name = row.phone = ""
        row.account_id = None if row.account_id == account.id else row.account_id
        row.revoked_at = row.revoked_at or clock.now()
        row.token = secrets.token_urlsafe(32)


HOLDERS = (
    Holder("sign_ups", _l("My sign-ups"), ("sign_ups",), _sign_ups, _forget),
    Holder("proxies", _l("Who acts for whom"), ("proxies",), _proxies, _forget_proxies),
)


def init_app(app: Flask) -> None:
    for holder in HOLDERS:
        register(app, holder)
