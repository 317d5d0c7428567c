"""Holding a draw: once, whole or not at all, by the worker when the time to apply is over.

Everything happens in one transaction that first locks the draw: a worker that dies in the middle
leaves a draw that has not begun, and a second worker finds one that is done.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from culture_cloud import clock
from culture_cloud.activities.models import Activity, ActivityState, SessionState
from culture_cloud.jobs.queue import enqueue
from culture_cloud.network.models import Node
from culture_cloud.sign_ups.models import SignUp, SignUpState

from . import entering, record, services
from .lots import Entry
from .matching import WishList
from .models import Application, ApplicationState, Draw, DrawKind, DrawState, Wish
from .weights import Weights

log = logging.getLogger(__name__)

COURSE = "course"
"""What a draw for the places of a whole course is called in its record."""

Target = tuple[int, int | None]
"""An activity and one of its sessions, or the whole course."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What is drawn for: its name in the record, and how many places there are."""

    target: Target
    name: str
    places: int
    allotment_id: int


def hold(session: Session, draw_id: int) -> bool:
    """Hold the draw if its time has come. Returns whether this call did it."""
    draw = services.locked(session, draw_id)
    if draw.state != DrawState.OPEN or clock.now() < draw.closes_at:
        return False
    applications = _applications(session, draw)
    places = _places(session, draw)
    _count_slips(session, draw, applications)
    outcomes = _draw(draw, applications, places)
    draw.state, draw.drawn_at = DrawState.DRAWN, clock.now()
    services.give_back_sign_up(session, draw)
    session.flush()
    _enter(session, applications, outcomes, places)
    enqueue(session, "draws.tell_all", {"draw_id": draw.id})
    log.info("draw held", extra={"draw": draw.id, "applications": len(applications)})
    return True


def _applications(session: Session, draw: Draw) -> Sequence[Application]:
    return session.scalars(
        select(Application)
        .options(selectinload(Application.wishes))
        .where(Application.draw_id == draw.id, Application.state == ApplicationState.APPLIED)
        .order_by(Application.number)
    ).all()


# --- what there is -------------------------------------------------------------------------------


def _places(session: Session, draw: Draw) -> dict[Target, _Place]:
    """What still takes place, with the places that are open to all."""
    found = {}
    for activity in session.scalars(
        select(Activity)
        .options(selectinload(Activity.sessions), selectinload(Activity.allotments))
        .where(Activity.id.in_([offer.activity_id for offer in draw.offers]))
        .with_for_update(of=Activity)
    ):
        stands = {s.id for s in activity.sessions if s.state == SessionState.SCHEDULED}
        if activity.state != ActivityState.PUBLISHED or not stands:
            continue
        for allotment in entering.drawn_allotments(activity):
            if allotment.session_id is None or allotment.session_id in stands:
                target = (activity.id, allotment.session_id)
                left = max(0, (allotment.capacity or 0) - allotment.taken)
                found[target] = _Place(target, _name(draw, target), left, allotment.id)
    return found


def _name(draw: Draw, target: Target) -> str:
    if draw.kind == DrawKind.WISHES:
        return str(target[0])
    return COURSE if target[1] is None else str(target[1])


# --- slips ---------------------------------------------------------------------------------------


def _count_slips(session: Session, draw: Draw, applications: Sequence[Application]) -> None:
    weights = Weights.of(draw.weights)
    came = _who_came(session, draw) if weights.first_time else set()
    paths = _paths(session, applications) if weights.township else {}
    homes = _hall_paths(session, draw) if weights.township else {}
    for application in applications:
        home = paths.get(application.residence_node_id or 0, "")
        for wish in application.wishes:
            wish.slips, wish.slip_rules = weights.slips(
                first_time=(application.phone, application.name) not in came,
                elder=application.is_elder,
                local=bool(home) and homes.get(wish.activity_id, "").startswith(home),
            )


def _who_came(session: Session, draw: Draw) -> set[tuple[str, str]]:
    """Phone and name of everybody who came to an activity of the draw's house."""
    rows = session.execute(
        select(SignUp.phone, SignUp.name)
        .join(Activity, Activity.id == SignUp.activity_id)
        .where(Activity.node_id == draw.node_id, SignUp.state == SignUpState.ATTENDED)
        .distinct()
    )
    return {(phone, name) for phone, name in rows}


def _paths(session: Session, applications: Sequence[Application]) -> dict[int, str]:
    ids = {a.residence_node_id for a in applications if a.residence_node_id}
    rows = session.execute(select(Node.id, Node.path).where(Node.id.in_(ids)))
    return {row.id: row.path for row in rows}


def _hall_paths(session: Session, draw: Draw) -> dict[int, str]:
    """Of each activity the path of the hall that holds it."""
    rows = session.execute(
        select(Activity.id, Node.path)
        .join(Node, Node.id == Activity.node_id)
        .where(Activity.id.in_([offer.activity_id for offer in draw.offers]))
    )
    return {row.id: row.path for row in rows}


# --- drawing -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of it: places, or the waiting list (`given` False), both in the order drawn."""

    number: str
    wish_rank: int
    given: bool


def _draw(
    draw: Draw, applications: Sequence[Application], places: Mapping[Target, _Place]
) -> list[_Outcome]:
    """Draw and keep the record; the outcomes in the order in which people are to be entered."""
    about = {
        "draw": draw.id,
        "held_at": clock.now().isoformat(timespec="seconds"),
        "rules": draw.weights,
    }
    if draw.kind == DrawKind.WISHES:
        return _match(draw, applications, places, about)
    listed: dict[Target, list[Entry]] = defaultdict(list)
    for application in applications:
        wish = application.wishes[0]
        if (target := (wish.activity_id, wish.session_id)) in places:
            listed[target].append(_entry(application, wish))
    ordered = sorted(places.values(), key=lambda place: place.name)
    draw.record = record.of_draw(
        draw.seed, [(p.name, p.places, listed[p.target]) for p in ordered], **about
    )
    return [
        _Outcome(number, 1, given)
        for drawn in draw.record["draws"]
        for numbers, given in ((drawn["given"], True), (drawn["waiting"], False))
        for number in numbers
    ]


def _entry(application: Application, wish: Wish) -> Entry:
    return Entry(application.number, application.party_size, wish.slips or 1)


def _match(
    draw: Draw,
    applications: Sequence[Application],
    places: Mapping[Target, _Place],
    about: Mapping[str, object],
) -> list[_Outcome]:
    """Whoever got no course waits for the dearest, in the order drawn there."""
    by_name = {place.name: place.places for place in places.values()}
    lists = []
    for application in applications:
        wishes = [
            (str(w.activity_id), w.slips or 1)
            for w in application.wishes
            if (w.activity_id, w.session_id) in places
        ]
        if wishes:
            lists.append(WishList(application.number, tuple(wishes)))
    draw.record = record.of_wishes(draw.seed, by_name, lists, **about)
    ranks = {
        (a.number, str(wish.activity_id)): wish.rank for a in applications for wish in a.wishes
    }
    got = {w["number"]: w["got"] for w in draw.record["wish_lists"]}
    first = {w.number: w.wishes[0][0] for w in lists}
    outcomes = []
    for course in draw.record["courses"]:
        name = course["name"]
        for number in course["order"]:
            if got[number] == name:
                outcomes.append(_Outcome(number, ranks[number, name], given=True))
            elif got[number] is None and first[number] == name:
                outcomes.append(_Outcome(number, ranks[number, name], given=False))
    return sorted(outcomes, key=lambda outcome: not outcome.given)


def _enter(
    session: Session,
    applications: Sequence[Application],
    outcomes: Sequence[_Outcome],
    places: Mapping[Target, _Place],
) -> None:
    """Give the places, then line up who waits; whoever has neither is told why."""
    by_number = {application.number: application for application in applications}
    for application in applications:
        application.state, application.outcome_reason = ApplicationState.NONE, "cancelled"
    for outcome in outcomes:
        application = by_number[outcome.number]
        wish = next(w for w in application.wishes if w.rank == outcome.wish_rank)
        place = places[wish.activity_id, wish.session_id]
        entered = entering.enter(
            session, application, wish, allotment_id=place.allotment_id, given=outcome.given
        )
        application.state, application.outcome_reason = entered.state, entered.reason
        application.sign_up_id = entered.sign_up_id
