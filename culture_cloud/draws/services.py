"""Setting draws up, applying, withdrawing. Callers check permissions."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from culture_cloud import clock, db
from culture_cloud.activities import rules as ruled
from culture_cloud.activities.models import (
    TOPIC as ACTIVITIES_TOPIC,
)
from culture_cloud.activities.models import (
    Activity,
    ActivityState,
    SessionState,
    SignUpWay,
)
from culture_cloud.errors import NotFound
from culture_cloud.i18n import DEFAULT_LOCALE
from culture_cloud.jobs.queue import enqueue
from culture_cloud.sign_ups.models import Channel
from culture_cloud.sign_ups.requests import normal_name

from . import lots
from .errors import (
    AppliedAlready,
    ApplyingClosed,
    ApplyingNotOpenYet,
    CannotSetUp,
    HasApplications,
    NotWished,
)
from .matching import MOST_WISHES
from .models import (
    Application,
    ApplicationState,
    Draw,
    DrawKind,
    DrawOffer,
    DrawState,
    Wish,
)
from .weights import EVEN, Weights

LEAST_COURSES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawFacts:
    """What staff say of a draw. `title` and `about` are a season's; moments are aware."""

    activity_ids: Sequence[int]
    closes_at: datetime
    opens_at: datetime | None = None
    weights: Weights = EVEN
    title: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody applies for. `wishes` are (activity, session or None for a course), the
    dearest first; the same `idempotency_key` is the same application."""

    draw_id: int
    name: str
    phone: str
    wishes: Sequence[tuple[int, int | None]]
    idempotency_key: str
    party_size: int = 1
    is_elder: bool = False
    residence_node_id: int | None = None
    channel: Channel = Channel.WEB
    account_id: int | None = None
    locale: str = DEFAULT_LOCALE


# --- setting up ----------------------------------------------------------------------------------


def set_up(
    session: Session, kind: DrawKind, node_id: int, facts: DrawFacts, *, by_account_id: int | None
) -> Draw:
    """Let places be given by lot from now on. Raises CannotSetUp, changing nothing."""
    activities = [_drawable(session, number, facts) for number in dict.fromkeys(facts.activity_ids)]
    if kind is DrawKind.WISHES and len(activities) < LEAST_COURSES:
        raise CannotSetUp("too_few")
    seed = lots.new_seed()
    opens_at = facts.opens_at or clock.now()
    if not max(opens_at, clock.now()) < facts.closes_at:
        raise CannotSetUp("over")
    draw = Draw(
        kind=kind,
        node_id=node_id,
        title=facts.title,
        about=facts.about,
        opens_at=opens_at,
        closes_at=facts.closes_at,
        weights=facts.weights.kept(),
        seed=seed,
        commitment=lots.commitment(seed),
        created_by_id=by_account_id,
        created_at=clock.now(),
        record={},
    )
    draw.offers = [DrawOffer(activity_id=activity.id) for activity in activities]
    session.add(draw)
    for activity in activities:
        activity.sign_up = SignUpWay.DRAW
        activity.updated_at = clock.now()
    session.flush()
    _ask_to_hold(session, draw)
    return draw


def change(session: Session, draw_id: int, facts: DrawFacts) -> Draw:
    """Change a draw under which nobody has applied. The seed and its commitment stay.

    Raises HasApplications, CannotSetUp, ApplyingClosed.
    """
    draw = locked(session, draw_id)
    if draw.state != DrawState.OPEN:
        raise ApplyingClosed
    if draw.last_number:
        raise HasApplications
    if not clock.now() < facts.closes_at or (facts.opens_at or draw.opens_at) >= facts.closes_at:
        raise CannotSetUp("over")
    for offer in draw.offers:
        activity = session.get_one(Activity, offer.activity_id)
        if facts.closes_at > _first_start(activity):
            raise CannotSetUp("closes_too_late")
    draw.opens_at = facts.opens_at or draw.opens_at
    draw.closes_at, draw.weights = facts.closes_at, facts.weights.kept()
    draw.title, draw.about = facts.title, facts.about
    _ask_to_hold(session, draw)
    return draw


def call_off(session: Session, draw_id: int, reason: str) -> bool:
    """No draw after all: whoever applied is told, and sign-up is as everywhere else.

    Returns whether this call did it. The seed is never published, since nothing was drawn.
    """
    draw = locked(session, draw_id)
    if draw.state != DrawState.OPEN:
        return False
    draw.state, draw.state_reason = DrawState.CALLED_OFF, reason
    give_back_sign_up(session, draw)
    session.execute(
        update(Application)
        .where(Application.draw_id == draw.id, Application.state == ApplicationState.APPLIED)
        .values(state=ApplicationState.NONE, outcome_reason="called_off")
        .execution_options(synchronize_session=False)
    )
    draw.offers = []
    enqueue(session, "draws.tell_all", {"draw_id": draw.id})
    return True


def give_back_sign_up(session: Session, draw: Draw) -> None:
    """From now on the draw's activities take sign-ups like any other."""
    session.execute(
        update(Activity)
        .where(
            Activity.id.in_([offer.activity_id for offer in draw.offers]),
            Activity.sign_up == SignUpWay.DRAW,
        )
        .values(sign_up=SignUpWay.HERE, version=Activity.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.touch(session, ACTIVITIES_TOPIC)


def locked(session: Session, draw_id: int) -> Draw:
    """The draw, its row locked for this transaction. Raises NotFound."""
    draw = session.scalar(
        select(Draw)
        .options(selectinload(Draw.offers))
        .where(Draw.id == draw_id)
        .with_for_update(of=Draw)
        .execution_options(populate_existing=True)
    )
    if draw is None:
        raise NotFound
    return draw


def _drawable(session: Session, activity_id: int, facts: DrawFacts) -> Activity:
    activity = session.scalar(
        select(Activity)
        .options(selectinload(Activity.sessions), selectinload(Activity.allotments))
        .where(Activity.id == activity_id)
        .with_for_update(of=Activity)
    )
    if activity is None:
        raise NotFound
    if activity.state != ActivityState.PUBLISHED:
        raise CannotSetUp("not_published")
    if activity.sign_up == SignUpWay.DRAW:
        raise CannotSetUp("in_a_draw")
    if activity.sign_up != SignUpWay.HERE or not activity.capacity:
        raise CannotSetUp("no_places")
    if any(allotment.taken for allotment in activity.allotments):
        raise CannotSetUp("has_sign_ups")
    if _asks_more(ruled.of(session, activity_id)):
        raise CannotSetUp("asks_more")
    if facts.closes_at > _first_start(activity):
        raise CannotSetUp("closes_too_late")
    return activity


def _asks_more(rules: ruled.Rules) -> bool:
    """Whether signing up there asks what an application does not: a draw may not pass it by."""
    return bool(
        rules.needs_ages
        or rules.residence_node_ids
        or rules.group_name
        or rules.id_law
        or rules.questions
        or rules.review
    )


def _first_start(activity: Activity) -> datetime:
    """When the first date begins that takes place. Raises CannotSetUp where all are over."""
    coming = [
        s.starts_at
        for s in activity.sessions
        if s.state == SessionState.SCHEDULED and s.starts_at > clock.now()
    ]
    if not coming:
        raise CannotSetUp("over")
    return min(coming)


def _ask_to_hold(session: Session, draw: Draw) -> None:
    enqueue(session, "draws.hold", {"draw_id": draw.id}, due_at=draw.closes_at)


# --- applying ------------------------------------------------------------------------------------


def refusal_of(draw: Draw) -> ApplyingNotOpenYet | ApplyingClosed | None:
    """Why nobody can apply now; None where people can."""
    if draw.state != DrawState.OPEN or clock.now() >= draw.closes_at:
        return ApplyingClosed()
    if clock.now() < draw.opens_at:
        return ApplyingNotOpenYet(draw.opens_at)
    return None


def examine(session: Session, wanted: Wanted) -> Application | None:
    """The application that the same wish led to before; None where it is new. Writes nothing.

    Raises what stands in the way.
    """
    earlier = session.scalar(
        select(Application).where(Application.idempotency_key == wanted.idempotency_key)
    )
    if earlier is not None:
        return earlier
    draw = session.get(Draw, wanted.draw_id)
    if draw is None:
        raise NotFound
    refusal = refusal_of(draw)
    if refusal is not None:
        raise refusal
    present = session.scalar(
        select(Application).where(
            Application.draw_id == draw.id,
            Application.phone == wanted.phone,
            Application.name == normal_name(wanted.name),
            Application.state != ApplicationState.WITHDRAWN,
        )
    )
    if present is not None:
        mine = wanted.account_id is not None and present.account_id == wanted.account_id
        raise AppliedAlready(present.token if mine else None)
    _check_wishes(draw, wanted)
    return None


def apply(session: Session, wanted: Wanted) -> Application:
    """Write the application down. One conditional statement gives it its number, so that none
    comes in after the close; an IntegrityError means that the same key or person was written in
    the same moment: examine again. Raises ApplyingClosed."""
    now = clock.now()
    number = session.scalar(
        update(Draw)
        .where(
            Draw.id == wanted.draw_id,
            Draw.state == DrawState.OPEN,
            Draw.opens_at <= now,
            Draw.closes_at > now,
        )
        .values(last_number=Draw.last_number + 1)
        .returning(Draw.last_number)
        .execution_options(synchronize_session=False)
    )
    if number is None:
        raise ApplyingClosed
    application = Application(
        draw_id=wanted.draw_id,
        number=f"{number:04d}",
        channel=wanted.channel,
        account_id=wanted.account_id,
        name=normal_name(wanted.name),
        phone=wanted.phone,
        party_size=wanted.party_size,
        is_elder=wanted.is_elder,
        residence_node_id=wanted.residence_node_id,
        token=secrets.token_urlsafe(32),
        idempotency_key=wanted.idempotency_key,
        locale=wanted.locale,
        created_at=now,
    )
    application.wishes = [
        Wish(rank=rank, activity_id=activity_id, session_id=session_id, slip_rules=[])
        for rank, (activity_id, session_id) in enumerate(wanted.wishes, start=1)
    ]
    session.add(application)
    session.flush()
    enqueue(session, "draws.tell", {"application_id": application.id})
    return application


def withdraw(session: Session, token: str) -> bool:
    """The person takes the application back, until the close. Returns whether this call did it.

    Raises NotFound, ApplyingClosed.
    """
    application = session.scalar(select(Application).where(Application.token == token))
    if application is None:
        raise NotFound
    draw = locked(session, application.draw_id)
    if application.state == ApplicationState.WITHDRAWN:
        return False
    if refusal_of(draw) is not None:
        raise ApplyingClosed
    application.state = ApplicationState.WITHDRAWN
    return True


def _check_wishes(draw: Draw, wanted: Wanted) -> None:
    offered = {offer.activity_id for offer in draw.offers}
    asked = [activity_id for activity_id, _session_id in wanted.wishes]
    most = MOST_WISHES if draw.kind == DrawKind.WISHES else 1
    if not 1 <= len(asked) <= most or len(set(asked)) < len(asked) or not set(asked) <= offered:
        raise NotWished
