"""A person's sign-ups as their own page shows them."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.accounts.models import Account
from culture_cloud.errors import NotFound
from culture_cloud.sign_ups import proxies, queries, tickets, waiting, wording
from culture_cloud.sign_ups.models import Proxy, SignUp, SignUpState
from culture_cloud.web.words import date_and_time_words

SHOWN = 5


def coming(session: Session, account_id: int) -> list[dict[str, Any]]:
    """What comes next, with the place on a waiting list; at most SHOWN."""
    mine = [
        sign_up
        for sign_up in queries.of_account(session, account_id)
        if tickets.stands(sign_up) and not tickets.is_over(sign_up)
    ]
    mine.sort(key=tickets.cancellable_until)
    return [row(session, sign_up) for sign_up in mine[:SHOWN]]


def row(session: Session, sign_up: SignUp) -> dict[str, Any]:
    """A sign-up as a line that leads to its ticket."""
    shown = wording.ticket_words(sign_up)
    return {
        "title": shown.title,
        "note": f"{sign_up.name} · {shown.whens[0]} · {shown.place}",
        "end": state_words(session, sign_up),
        "href": url_for("sign_ups.ticket", token=sign_up.token),
        "picture": "ticket",
    }


def state_words(session: Session, sign_up: SignUp) -> str:
    """How it stands, in a few words."""
    if sign_up.state == SignUpState.WAITING:
        if sign_up.holds:
            return str(_("A place is free: please answer"))
        place = waiting.position(session, sign_up)
        return str(_("Number %(place)s on the waiting list", place=place))
    if sign_up.state == SignUpState.CONFIRMED and not tickets.takes_place(sign_up):
        return str(_("Does not take place"))
    return str(
        {
            SignUpState.PENDING: _("Is being looked at"),
            SignUpState.CONFIRMED: _("You have a place"),
            SignUpState.ATTENDED: _("You were there"),
            SignUpState.NO_SHOW: _("You did not come"),
            SignUpState.CANCELLED: _("Cancelled"),
            SignUpState.DECLINED: _("No place"),
        }[SignUpState(sign_up.state)]
    )


def for_others(session: Session, account_id: int) -> list[dict[str, Any]]:
    """What the person signed others up for, as their proxy; the newest first."""
    ids = session.scalars(
        select(SignUp.id)
        .join(Proxy, Proxy.id == SignUp.proxy_id)
        .where(Proxy.account_id == account_id, Proxy.revoked_at.is_(None))
        .order_by(SignUp.id.desc())
        .limit(50)
    )
    found = queries.with_activity(session, list(ids))
    return [row(session, sign_up) for sign_up in reversed(found)]


def acting(session: Session, account_id: int) -> list[dict[str, Any]]:
    """Who signs up in the person's name (SV-03).

    Only where the account's number was proved to be the person's. Without the proxy's own page and
    its tickets: that page belongs to whoever signed up.
    """
    relations = dict(wording.relation_words())
    return [
        {
            "id": proxy.id,
            "name": proxy.name,
            "relation": relations.get(proxy.relation, ""),
            "since": date_and_time_words(proxy.consented_at),
            "consent": proxy.consent,
        }
        for proxy in _acting(session, account_id)
    ]


def end_acting(session: Session, account_id: int, proxy_id: int) -> str:
    """This proxy no longer acts for the person; the proxy's name. Raises NotFound."""
    found = [proxy for proxy in _acting(session, account_id) if proxy.id == proxy_id]
    if not found:
        raise NotFound
    proxies.revoke(session, found[0].token)
    return found[0].name


def _acting(session: Session, account_id: int) -> list[Proxy]:
    person = session.get_one(Account, account_id)
    return proxies.acting_for(session, person.name, person.proved_phone)
