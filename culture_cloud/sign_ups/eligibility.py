"""Who may take places from where: the one rule book of every channel (R82–R84, SV-01, SV-02)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from culture_cloud import clock
from culture_cloud.activities.models import AllotmentKind
from culture_cloud.activities.rules import GUARDIAN_UNDER
from culture_cloud.activities.shares import ELDERS_FROM
from culture_cloud.activities.standing import Stand

from .errors import (
    GuardianNeeded,
    NotEligible,
    NotOnline,
    PlacesByLot,
    SessionCancelled,
    SessionFull,
    SessionOver,
    SignUpClosed,
    SignUpNotOpenYet,
    SignUpRefused,
    TooManyInParty,
)
from .models import Channel
from .offers import Offer, Room
from .requests import SignUpRequest

MOST_IN_PARTY = 10
"""One sign-up brings at most ten people, the person included; an activity may allow fewer."""

ELDERS_COMPANIONS = 1
"""Kept places are for elders and one person who comes along to help; larger parties sit together
on open places, unless all of them are elders."""

BY_STAFF = frozenset({Channel.PHONE, Channel.COUNTER, Channel.WALK_IN})
"""Channels over which staff write the sign-up down: they may add people after the close."""


def largest_party(offer: Offer) -> int:
    return min(MOST_IN_PARTY, offer.max_party)


def refusal_of(
    offer: Offer, *, party_size: int = 1, channel: Channel = Channel.WEB
) -> SignUpRefused | None:
    """Why nobody can be signed up here now, whoever it is; None where somebody can.

    All channels open at the same moment. Staff may add callers and visitors after the close, until
    it is over. Where all places are taken it is a refusal only if nobody may wait.
    """
    refusal = _standing_refusal(offer, channel)
    if refusal is not None:
        return refusal
    most = largest_party(offer)
    if party_size > most:
        return TooManyInParty(most)
    rooms = [room for room in offer.rooms if _is_open(offer, room, channel) and room.public]
    if any(room.fits(party_size) for room in rooms):
        return None
    left = max((room.left or 0 for room in rooms), default=0)
    return SessionFull(left, may_wait=may_wait(offer), waiting=offer.waiting)


def _standing_refusal(offer: Offer, channel: Channel) -> SignUpRefused | None:
    standing = offer.standing
    if standing.stand in {Stand.COME, Stand.ELSEWHERE} or not offer.rooms:
        return NotOnline()
    if standing.stand is Stand.DRAW:
        return PlacesByLot()
    if standing.stand is Stand.CANCELLED:
        return SessionCancelled()
    if standing.stand is Stand.OVER:
        return SessionOver()
    if any(_is_open(offer, room, channel) for room in offer.rooms if room.public):
        return None
    if standing.stand is Stand.NOT_YET and standing.opens_at is not None:
        return SignUpNotOpenYet(min(_openings(offer), default=standing.opens_at))
    return SignUpClosed() if channel not in BY_STAFF else None


def _openings(offer: Offer) -> Iterator[datetime]:
    """When each share that people can sign up for opens."""
    for room in offer.rooms:
        opens_at = room.opens_at or offer.standing.opens_at
        if room.public and opens_at is not None:
            yield opens_at


def _is_open(offer: Offer, room: Room, channel: Channel) -> bool:
    """Whether the share's window, or the activity's, is open: from the first moment inclusive to
    the last exclusive, and never after the start."""
    now, standing = clock.now(), offer.standing
    opens_at = room.opens_at or standing.opens_at
    if opens_at is not None and now < opens_at:
        return False
    if channel in BY_STAFF:
        return True
    closes_at = min(room.closes_at or offer.starts_at, offer.starts_at)
    if room.closes_at is None and standing.closes_at is not None:
        closes_at = min(standing.closes_at, offer.starts_at)
    return now < closes_at


def may_wait(offer: Offer) -> bool:
    """Whether there is a waiting list: never after the start."""
    return offer.rules.waiting and clock.now() < offer.starts_at


# --- this person ---------------------------------------------------------------------------------


def refusal_for(offer: Offer, request: SignUpRequest) -> SignUpRefused | None:
    """Why this request is refused whatever places there are; None where it is not."""
    refusal = _standing_refusal(offer, request.channel)
    if refusal is not None:
        return refusal
    most = largest_party(offer)
    if request.party_size > most:
        return TooManyInParty(most)
    return not_eligible(offer, request)


def not_eligible(offer: Offer, request: SignUpRequest) -> SignUpRefused | None:
    """Age, residence, group, and the guardian of a child; None where all of it fits.

    Ages that were not told are not judged here: the form demands them where a rule needs them.
    """
    rules = offer.rules
    refusal = not_eligible_party(offer, request.ages, has_guardian=request.guardian is not None)
    if refusal is not None:
        return refusal
    if rules.residence_node_ids and request.residence_node_id not in rules.residence_node_ids:
        return NotEligible("residence")
    if rules.group_name and not request.in_group:
        return NotEligible("group")
    return None


def not_eligible_party(
    offer: Offer, ages: Sequence[int], *, has_guardian: bool
) -> SignUpRefused | None:
    """Why people of these ages cannot come; None where they can."""
    rules = offer.rules
    for age in ages:
        if rules.min_age is not None and age < rules.min_age:
            return NotEligible("age")
        if rules.max_age is not None and age > rules.max_age:
            return NotEligible("age")
    if any(age < GUARDIAN_UNDER for age in ages) and not has_guardian:
        return GuardianNeeded()
    return None


def rooms_for(offer: Offer, request: SignUpRequest) -> list[Room]:
    """The shares from which this request may take, the one that is meant for it first.

    Kept places go first, so that a kept place never stays empty while an elder sits on an open
    one. What is released is not kept any more: its places have become open ones.
    """
    wanted = [r for r in offer.rooms if r.id == request.allotment_id or is_meant_for(r, request)]
    wanted.sort(key=lambda room: (room.id != request.allotment_id, room.kind == AllotmentKind.OPEN))
    return [room for room in wanted if _is_open(offer, room, request.channel)]


def is_meant_for(room: Room, request: SignUpRequest) -> bool:
    """Whether a share is for this person, whatever its window."""
    match room.kind:
        case AllotmentKind.OPEN:
            return True
        case AllotmentKind.ELDERS:
            return takes_elders_places(request)
        case AllotmentKind.WALK_IN:
            return request.channel is Channel.WALK_IN
        case AllotmentKind.BRANCH:
            return room.node_id in {request.residence_node_id, *request.branch_node_ids}
        case _:
            return False


def takes_elders_places(request: SignUpRequest) -> bool:
    """Whether kept places are for this party (see ELDERS_COMPANIONS)."""
    if len(request.ages) == request.party_size and all(a >= ELDERS_FROM for a in request.ages):
        return True
    return is_elder(request) and request.party_size <= 1 + ELDERS_COMPANIONS


def is_elder(request: SignUpRequest) -> bool:
    return request.ages[0] >= ELDERS_FROM if request.ages else request.is_elder
