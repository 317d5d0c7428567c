"""The demo's accounts and sign-ups."""

from __future__ import annotations

import random
import secrets
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from culture_cloud.access.models import RoleGrant
from culture_cloud.access.permissions import Role
from culture_cloud.accounts import passwords
from culture_cloud.accounts.models import Account
from culture_cloud.activities.models import Activity, Allotment, AllotmentKind, Enrolment
from culture_cloud.demo.content import DemoContent
from culture_cloud.demo.content import people as told
from culture_cloud.demo.content.dealing import deal
from culture_cloud.sign_ups import places
from culture_cloud.sign_ups.models import Channel, SignUp, SignUpState

from .network import Nodes
from .programme import Activities, moment
from .welcome import PASSWORD


def add_accounts(
    session: Session, demo: DemoContent, nodes: Nodes, now: datetime
) -> dict[str, Account]:
    """Write the accounts with their roles; all share the one password that is printed."""
    password_hash = passwords.hashed(PASSWORD)
    since = now - timedelta(days=120)
    accounts = {
        account.code: Account(
            name=account.name,
            phone=account.phone,
            phone_proved_at=since,
            email=account.email,
            password_hash=password_hash,
            mode=account.display if account.display != "standard" else None,
            created_at=since,
        )
        for account in demo.people.accounts.values()
    }
    session.add_all(accounts.values())
    session.flush()
    for account in demo.people.accounts.values():
        for node_id in _granted_at(account, nodes):
            session.add(
                RoleGrant(
                    account_id=accounts[account.code].id,
                    node_id=node_id,
                    role=Role(account.role),
                    granted_at=since,
                )
            )
    session.flush()
    return accounts


def _granted_at(account: told.Account, nodes: Nodes) -> list[int]:
    """Where a role is held: an administrator's over every tree of the network."""
    if account.node is None:
        return []
    if account.role == Role.SYSTEM_ADMINISTRATOR:
        return [node.id for node in nodes.values() if node.parent_id is None]
    return [nodes[account.node].id]


# --- sign-ups ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wish:
    """A sign-up of the content, in the terms of this site."""

    name: str
    phone: str
    party_size: int
    confirmed: bool
    channel: Channel
    account_id: int | None = None


def add_sign_ups(
    session: Session,
    demo: DemoContent,
    activities: Activities,
    accounts: dict[str, Account],
    now: datetime,
) -> None:
    """Write who has signed up. The places of each session are taken by one statement at once."""
    wishes = _wishes(demo, accounts)
    # Six digits, never the same twice; drawn from a seed, so that a demo is like another.
    codes = iter(random.Random("codes").sample(range(10**6), sum(map(len, wishes.values()))))  # noqa: S311
    for (code, number), of_session in wishes.items():
        activity = activities[code]
        slot = demo.programme.activities[code].bookable(now.date())[number - 1]
        starts_at = moment(slot.start, now)
        allotment = _allotment(activity, starts_at)
        held = sum(wish.party_size for wish in of_session if wish.confirmed)
        if held and not places.take(session, allotment.id, held):
            raise ValueError(f"{code}: the places are fewer than the sign-ups")
        closes_at = activity.sign_up_closes_at or starts_at
        first, last = activity.sign_up_opens_at or starts_at, min(closes_at, now)
        for index, wish in enumerate(of_session):
            at = first + (last - first) * (index + 1) / (len(of_session) + 2)
            session.add(
                _sign_up(
                    wish, allotment, at, code=f"{next(codes):06d}", key=f"{code}-{number}-{index}"
                )
            )
    session.flush()


def _wishes(demo: DemoContent, accounts: dict[str, Account]) -> dict[tuple[str, int], list[_Wish]]:
    """(activity, number of its bookable session) → sign-ups in their order."""
    found: dict[tuple[str, int], list[_Wish]] = defaultdict(list)
    for dealt in deal(demo.people):
        if dealt.holds_places or dealt.state == "cancelled":
            found[dealt.activity, dealt.session].append(
                _Wish(
                    name=dealt.resident.name,
                    phone=dealt.resident.phone,
                    party_size=dealt.places,
                    confirmed=dealt.holds_places,
                    channel=_channel(dealt.channel),
                )
            )
    for activity, wish in _own_wishes(demo, accounts):
        found[activity, 1].append(wish)
    return found


def _own_wishes(demo: DemoContent, accounts: dict[str, Account]) -> Iterator[tuple[str, _Wish]]:
    for own in demo.people.own_sign_ups:
        if own.places_held:
            account = accounts[own.account]
            wish = _Wish(
                name=account.name,
                phone=account.phone or "",
                party_size=own.places,
                confirmed=True,
                channel=_channel(own.channel),
                account_id=account.id,
            )
            yield own.activity, wish


def _channel(told_channel: str) -> Channel:
    """Who signs up for somebody else calls."""
    return Channel.PHONE if told_channel == "proxy" else Channel(told_channel)


def _allotment(activity: Activity, starts_at: datetime) -> Allotment:
    if activity.enrolment == Enrolment.COURSE:
        return next(a for a in activity.allotments if a.kind == AllotmentKind.OPEN)
    session_id = next(s.id for s in activity.sessions if s.starts_at == starts_at)
    return next(
        a
        for a in activity.allotments
        if a.session_id == session_id and a.kind == AllotmentKind.OPEN
    )


def _sign_up(wish: _Wish, allotment: Allotment, at: datetime, *, code: str, key: str) -> SignUp:
    return SignUp(
        activity_id=allotment.activity_id,
        session_id=allotment.session_id,
        allotment_id=allotment.id,
        once_for=allotment.session_id or 0,
        state=SignUpState.CONFIRMED if wish.confirmed else SignUpState.CANCELLED,
        holds=wish.confirmed,
        channel=wish.channel,
        account_id=wish.account_id,
        name=wish.name,
        phone=wish.phone,
        companions=[],
        party_size=wish.party_size,
        code=code,
        token=secrets.token_urlsafe(32),
        idempotency_key=f"demo-{key}",
        created_at=at,
        cancelled_at=None if wish.confirmed else at + timedelta(minutes=20),
    )
