"""Signing up for somebody else 代约: who acts for whom, agreed, seen and revoked (SV-03)."""

from __future__ import annotations

import secrets

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from culture_cloud import audit, clock
from culture_cloud.activities.rules import Rules
from culture_cloud.errors import NotFound

from .errors import TooManyProxied
from .models import ENDED, Proxy, SignUp
from .requests import SignUpRequest

RELATIONS = ("family", "neighbour", "village_worker", "carer", "other")


def check_limit(session: Session, request: SignUpRequest, rules: Rules) -> None:
    """One proxy signs up for so many people at an activity. Raises TooManyProxied."""
    acting = request.acting
    if acting is None:
        return
    others = session.scalar(
        select(func.count())
        .select_from(SignUp)
        .join(Proxy, Proxy.id == SignUp.proxy_id)
        .where(
            SignUp.activity_id == request.activity_id,
            SignUp.state.not_in(ENDED),
            Proxy.phone == acting.phone,
            Proxy.name == acting.name,
        )
    )
    if (others or 0) >= rules.proxy_limit:
        raise TooManyProxied(rules.proxy_limit)


def record(session: Session, request: SignUpRequest) -> int | None:
    """The record of who acts for whom, made anew where there is none that stands; its id."""
    acting = request.acting
    if acting is None:
        return None
    standing = session.scalar(
        select(Proxy).where(
            Proxy.phone == acting.phone,
            Proxy.name == acting.name,
            Proxy.person_phone == request.phone,
            Proxy.person_name == request.name,
            Proxy.revoked_at.is_(None),
        )
    )
    if standing is not None:
        return standing.id
    proxy = Proxy(
        name=acting.name,
        phone=acting.phone,
        account_id=acting.account_id,
        person_name=request.name,
        person_phone=request.phone,
        relation=acting.relation,
        consent=acting.consent,
        consented_at=clock.now(),
        token=secrets.token_urlsafe(32),
    )
    session.add(proxy)
    session.flush()
    audit.record(
        session,
        actor=acting.account_id,
        action="agreed",
        subject_kind="proxy",
        subject_id=proxy.id,
        changes={
            "proxy": [None, proxy.name],
            "person": [None, proxy.person_name],
            "relation": [None, proxy.relation],
        },
    )
    return proxy.id


def acting_for(session: Session, name: str, phone: str | None) -> list[Proxy]:
    """Who may sign up in this person's name today, the newest first; nobody without a phone."""
    if not phone:
        return []
    return list(
        session.scalars(
            select(Proxy)
            .where(
                Proxy.person_phone == phone,
                Proxy.person_name == name,
                Proxy.revoked_at.is_(None),
            )
            .order_by(Proxy.id.desc())
            .limit(50)
        )
    )


def by_token(session: Session, token: str) -> Proxy:
    """The record that the person's own page shows. Raises NotFound."""
    found = session.scalar(select(Proxy).where(Proxy.token == token))
    if found is None:
        raise NotFound
    return found


def sign_ups_of(session: Session, proxy: Proxy) -> list[SignUp]:
    """What was signed up for in the person's name, the newest first."""
    return list(
        session.scalars(
            select(SignUp)
            .where(SignUp.proxy_id == proxy.id)
            .order_by(SignUp.created_at.desc(), SignUp.id.desc())
            .limit(100)
        )
    )


def revoke(session: Session, token: str) -> bool:
    """The person no longer wants it: nothing more is done in their name. What was signed up for
    stays until the person cancels it. Returns whether this call did it."""
    revoked = session.scalar(
        update(Proxy)
        .where(Proxy.token == token, Proxy.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(Proxy.id)
    )
    if revoked is None:
        return False
    audit.record(session, actor=None, action="revoked", subject_kind="proxy", subject_id=revoked)
    return True
