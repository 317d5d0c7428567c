"""The demo's programme, written by the services that the desk uses, at the moments it happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.accounts.models import Account
from culture_cloud.activities import services
from culture_cloud.activities.models import Activity, Enrolment, SignUpWay
from culture_cloud.activities.services import ActivityFacts, SessionFacts
from culture_cloud.demo.content import DemoContent
from culture_cloud.demo.content import programme as told
from culture_cloud.demo.content.when import Dated, Recurring, Run, Slot

from .network import Nodes

Activities = dict[str, Activity]
"""The written activities by the code of their entry."""

PUBLISHED_BEFORE = timedelta(days=3)
"""How long before sign-up opens (or before today) an activity was published."""


def add(
    session: Session,
    demo: DemoContent,
    nodes: Nodes,
    accounts: Mapping[str, Account],
    now: datetime,
) -> Activities:
    """Write all activities. `now` is local and aware; all dates are told relative to its day."""
    authors = {
        account.node: accounts[account.code].id
        for account in demo.people.accounts.values()
        if account.node
    }
    return {
        entry.code: _add_one(session, entry, demo=demo, nodes=nodes, authors=authors, now=now)
        for entry in demo.programme.activities.values()
    }


def _add_one(
    session: Session,
    entry: told.Activity,
    *,
    demo: DemoContent,
    nodes: Nodes,
    authors: Mapping[str, int],
    now: datetime,
) -> Activity:
    facts = _facts(entry, demo, nodes, now)
    published = _published_at(entry, facts, now)
    with clock.frozen(published - timedelta(days=1)):
        author = _author(entry.node, demo, authors)
        activity = services.create(session, facts, by_account_id=author)
    if entry.status == "draft":
        return activity
    with clock.frozen(published):
        if entry.status == "submitted":
            return services.submit(session, activity.id)
        services.publish(session, activity.id)
    with clock.frozen(max(published, now - timedelta(hours=5))):
        if entry.status == "cancelled":
            services.cancel(session, activity.id, entry.notice or "")
        elif entry.moved_from is not None:
            slot = entry.when.slots(now.date())[0]
            starts_at, ends_at = moment(slot.start, now), moment(slot.end, now)
            first = activity.sessions[0].id
            services.move_session(session, first, starts_at, ends_at, entry.notice or "")
    return activity


def _published_at(entry: told.Activity, facts: ActivityFacts, now: datetime) -> datetime:
    """Some days before people could sign up or come, and always before now."""
    first = facts.sign_up_opens_at or facts.sessions[0].starts_at
    # An hour of its own each, so that the order of publishing is not that of the files.
    hours = sum(entry.code.encode()) % 70
    return min(first, now) - PUBLISHED_BEFORE - timedelta(hours=hours)


def _author(node: str | None, demo: DemoContent, authors: Mapping[str, int]) -> int:
    """Who works at the node, or at the nearest one above."""
    while node is not None:
        if node in authors:
            return authors[node]
        node = demo.network.nodes[node].parent
    raise ValueError("no member of staff answers for the main hall")


def _facts(entry: told.Activity, demo: DemoContent, nodes: Nodes, now: datetime) -> ActivityFacts:
    rule, by_phone, node = entry.sign_up, entry.by_phone, nodes[entry.node]
    room = _room(entry.place, node.plate_name)
    sessions = _sessions(entry, now)
    is_course = rule is not None and rule.each == "course" and len(sessions) > 1
    closes = None
    if rule and (is_course or len(sessions) == 1):
        closes = moment(rule.closes(entry.when.slots(now.date())[0]), now)
    notes = (entry.access_note, by_phone.note if by_phone else None)
    return ActivityFacts(
        title=entry.title,
        kind_code=entry.kind,
        node_id=node.id,
        sessions=sessions,
        description="\n\n".join([*entry.description, *filter(None, notes)]),
        place_name=entry.place if room is None else room,
        place_node_id=None if room is None else node.id,
        address=_outdoor_address(entry, demo) if room is None else "",
        is_free=entry.fee is None,
        fee=entry.fee or "",
        bring=entry.bring or "",
        access=entry.access,
        audience_codes=entry.audiences,
        co_organisers="、".join(entry.co_organisers),
        contact_phone=by_phone.phone if by_phone else "",
        sign_up=SignUpWay.HERE if rule else SignUpWay.ELSEWHERE if by_phone else SignUpWay.NONE,
        enrolment=Enrolment.COURSE if is_course else Enrolment.SESSION,
        capacity=rule.bookable_places if rule else None,
        sign_up_opens_at=moment(rule.opens(now.date()), now) if rule else None,
        sign_up_closes_at=closes,
        max_party=rule.max_party if rule else 5,
        rrule=entry.when.rrule if isinstance(entry.when, Recurring) else "",
        uid=f"{entry.code}@mumiandu.example.org",
    )


def _room(place: str, plate_name: str) -> str | None:
    """Where in the node's own house it is; None where it is elsewhere.

    盐坡镇分馆院子 at …盐坡镇分馆 → 院子.
    """
    for length in range(len(place), 2, -1):
        if plate_name.endswith(place[:length]):
            return place[length:]
    return None


def _outdoor_address(entry: told.Activity, demo: DemoContent) -> str:
    """County, township and ground: 木棉渡县棕林乡竹笋坡村舞场."""
    node = demo.network.nodes[entry.node]
    while node.level == "service_point" and node.parent:
        node = demo.network.nodes[node.parent]
    township = node.name if node.level == "branch" and not entry.place.startswith(node.name) else ""
    return f"{demo.network.county.name}{township}{entry.place}"


def _sessions(entry: told.Activity, now: datetime) -> list[SessionFacts]:
    """An exhibition is one long session; what was moved stands where it stood at first."""
    when, today = entry.when, now.date()
    if entry.moved_from is not None:
        when = Dated((entry.moved_from.session,))
    if isinstance(when, Run):
        return [_session(when.span(today), now)]
    if not isinstance(when, Recurring):
        return [_session(slot, now) for slot in when.slots(today)]
    by_rule = [
        start for number, start in enumerate(when.starts(today), 1) if number not in when.skip
    ]
    return [
        _session(slot, now, was=start if start != slot.start else None)
        for start, slot in zip(by_rule, when.slots(today), strict=True)
    ]


def _session(slot: Slot, now: datetime, was: datetime | None = None) -> SessionFacts:
    return SessionFacts(
        starts_at=moment(slot.start, now),
        ends_at=moment(slot.end, now),
        recurrence_id=moment(was, now) if was else None,
    )


def moment(local: datetime, now: datetime) -> datetime:
    """A local time of the content as a moment, in the zone of `now`."""
    return local.replace(tzinfo=now.tzinfo).astimezone(UTC)
