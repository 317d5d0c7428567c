"""What follows from the content on a given day: the sign-ups one by one, and what is seen."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from culture_cloud.demo.content.people import People, Resident, SignUpCount
from culture_cloud.demo.content.programme import Activity, SignUpRule
from culture_cloud.demo.content.when import Run

FEW_LEFT_AT_LEAST = 3
NOT_HOLDING = ("waiting", "cancelled")


@dataclass(frozen=True)
class DealtSignUp:
    """One sign-up of one resident of the pool. `kept` places are those for older people."""

    activity: str
    session: int
    resident: Resident
    places: int
    kept: bool
    state: str
    channel: str

    @property
    def holds_places(self) -> bool:
        return self.state not in NOT_HOLDING


def deal(people: People) -> tuple[DealtSignUp, ...]:
    """The counted sign-ups handed out to the pool; the same on every call.

    Nobody signs up twice for one session, and the order is the order of signing up.
    """
    return tuple(sign_up for count in people.sign_ups for sign_up in _deal_one(count, people.pool))


def _deal_one(count: SignUpCount, pool: tuple[Resident, ...]) -> Iterator[DealtSignUp]:
    # Seeded by the session: the demo must come out the same each time it is set up.
    draw = random.Random(f"{count.activity} {count.session}")  # noqa: S311
    residents = iter(draw.sample(pool, count.people))
    channels = _channels(count, draw)
    pairs, kept = count.pairs, count.kept
    for state in ("attended", "confirmed", "no_show", "waiting", "cancelled"):
        left: int = getattr(count, state)
        holds = state not in NOT_HOLDING
        while left:
            party = 2 if pairs and left >= 2 and state in ("attended", "confirmed") else 1
            for_elder = holds and kept >= party
            yield DealtSignUp(
                count.activity, count.session, next(residents), party, for_elder, state,
                next(channels),
            )  # fmt: skip
            left -= party
            pairs -= party == 2
            kept -= party if for_elder else 0


def _channels(count: SignUpCount, draw: random.Random) -> Iterator[str]:
    known = ["phone"] * count.phone + ["counter"] * count.counter + ["proxy"] * count.proxy
    channels = known + ["web"] * (count.people - len(known))
    draw.shuffle(channels)
    return iter(channels)


def state_at(activity: Activity, people: People, set_up: datetime, now: datetime) -> str:
    """One of `programme.STATES`: what a visitor sees at `now` of a demo set up at `set_up`.

    Both are local times without a zone.
    """
    slots = activity.when.slots(set_up.date())
    if activity.status != "published":
        return activity.status
    if slots[-1].end.date() < now.date():
        return "ended"
    if activity.moved_from:
        return "moved"
    if activity.by_phone:
        return "by_phone"
    if activity.sign_up:
        return _sign_up_state(activity, activity.sign_up, people, set_up, now)
    shows_now = isinstance(activity.when, Run) and slots[0].start.date() <= now.date()
    return "running" if shows_now else "free_entry"


def _sign_up_state(
    activity: Activity, rule: SignUpRule, people: People, set_up: datetime, now: datetime
) -> str:
    today = set_up.date()
    if rule.opens(today) > now:
        return "not_yet_open"
    left = [
        rule.bookable_places - places_taken(people, activity.code, session)
        for session, slot in enumerate(activity.bookable(today), start=1)
        if rule.closes(slot) > now
    ]
    if not left:
        return "closed"
    if max(left) == 0:
        return "full"
    few = max(FEW_LEFT_AT_LEAST, rule.capacity // 10)
    return "nearly_full" if max(left) <= few else "open"


def places_taken(people: People, activity: str, session: int) -> int:
    """The places held in a bookable session, counted from 1, by the pool and the accounts."""
    held = sum(
        count.places
        for count in people.sign_ups
        if (count.activity, count.session) == (activity, session)
    )
    if session == 1:
        held += sum(own.places_held for own in people.own_sign_ups if own.activity == activity)
    return held
