"""Reading activities: lists, one activity, calendars. Only columns that are shown are loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload, selectinload

from culture_cloud import clock
from culture_cloud.errors import Gone, NotFound
from culture_cloud.network.models import Level, Node

from .accessible import has
from .filters import ActivityFilter, Cursor, day_start
from .models import (
    EVERYWHERE,
    Activity,
    ActivityKind,
    ActivitySession,
    ActivityState,
    AgendaEntry,
    Allotment,
    AllotmentKind,
    Audience,
    Enrolment,
    SessionState,
    SignUpWay,
    activity_audiences,
)
from .standing import Standing, standing

PAGE_SIZE = 20
PUBLIC_STATES = (ActivityState.PUBLISHED, ActivityState.CANCELLED)

_session_places = aliased(Allotment)
_course_places = aliased(Allotment)


@dataclass(frozen=True, slots=True)
class Card:
    """One session of an activity, with what a list shows of it."""

    activity_id: int
    session_id: int
    title: str
    kind_code: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    end_known: bool
    activity_state: str
    session_state: str
    note: str
    node_code: str
    node_name: str
    place_name: str
    address: str
    is_free: bool
    fee: str
    is_course: bool
    sign_up: str
    opens_at: datetime | None
    closes_at: datetime | None
    capacity: int | None
    taken: int
    poster: str | None
    poster_alt: str

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.starts_at, self.session_id)

    @property
    def standing(self) -> Standing:
        return standing(
            clock.now(),
            activity_state=self.activity_state,
            session_state=self.session_state,
            sign_up=self.sign_up,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            capacity=self.capacity,
            taken=self.taken,
        )

    @property
    def is_cancelled(self) -> bool:
        return (
            self.session_state == SessionState.CANCELLED
            or self.activity_state == ActivityState.CANCELLED
        )


_CARD_COLUMNS: tuple[Any, ...] = (
    Activity.id,
    ActivitySession.id,
    Activity.title,
    Activity.kind_code,
    ActivitySession.starts_at,
    ActivitySession.ends_at,
    ActivitySession.all_day,
    ActivitySession.end_known,
    Activity.state,
    ActivitySession.state,
    ActivitySession.note,
    Node.code,
    Node.plate_name,
    Activity.place_name,
    Activity.address,
    Activity.is_free,
    Activity.fee,
    (Activity.enrolment == Enrolment.COURSE),
    Activity.sign_up,
    Activity.sign_up_opens_at,
    Activity.sign_up_closes_at,
    func.coalesce(_session_places.capacity, _course_places.capacity),
    func.coalesce(_session_places.taken, _course_places.taken, 0),
    Activity.poster,
    Activity.poster_alt,
)


def _cards_query() -> Select[Any]:
    """Agenda entries with their facts; conditions, order and limit are the caller's."""
    return (
        select(*_CARD_COLUMNS)
        .select_from(AgendaEntry)
        .join(ActivitySession, ActivitySession.id == AgendaEntry.session_id)
        .join(Activity, Activity.id == AgendaEntry.activity_id)
        .join(Node, Node.id == Activity.node_id)
        .outerjoin(
            _session_places,
            (_session_places.session_id == ActivitySession.id)
            & (_session_places.kind == AllotmentKind.OPEN),
        )
        .outerjoin(
            _course_places,
            (_course_places.activity_id == Activity.id)
            & (_course_places.session_id.is_(None) & (_course_places.kind == AllotmentKind.OPEN)),
        )
    )


def _cards(session: Session, query: Select[Any]) -> list[Card]:
    return [Card(*row) for row in session.execute(query)]


# --- the list ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list and the places before and after it."""

    cards: list[Card]
    next: Cursor | None
    previous: Cursor | None


def conditions(
    asked: ActivityFilter,
    ancestor_id: int | InstrumentedAttribute[int],
    now: datetime,
    zone: ZoneInfo,
) -> list[ColumnElement[bool]]:
    """What an agenda entry must meet to answer the filter."""
    first, end = asked.span(now, zone)
    found: list[ColumnElement[bool]] = [
        AgendaEntry.ancestor_id == ancestor_id,
        AgendaEntry.listed.is_(True),
        AgendaEntry.starts_at >= first,
    ]
    if end is not None:
        found.append(AgendaEntry.starts_at < end)
    if not asked.includes_past:
        found.append(AgendaEntry.ends_at > now)
    return found + _same_questions(asked, now)


def _same_questions(asked: ActivityFilter, now: datetime) -> list[ColumnElement[bool]]:
    """The questions that have nothing to do with days."""
    found: list[ColumnElement[bool]] = []
    if asked.kind:
        found.append(AgendaEntry.kind_code == asked.kind)
    if asked.free:
        found.append(AgendaEntry.is_free.is_(True))
    if asked.audience:
        found.append(is_for(asked.audience))
    found += [has(fact) for fact in asked.access]
    if asked.open:
        found.append(_open_for_sign_up(now))
    return found


def is_for(audience: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether an agenda entry's activity is made for an audience, by its code."""
    return (
        select(activity_audiences.c.activity_id)
        .where(
            activity_audiences.c.activity_id == AgendaEntry.activity_id,
            activity_audiences.c.audience_code == audience,
        )
        .correlate(AgendaEntry, Audience)
        .exists()
    )


def _open_for_sign_up(now: datetime) -> ColumnElement[bool]:
    """The rule of standing.standing in SQL: a test holds the two together."""
    places = aliased(Allotment)
    return (
        select(Activity.id)
        .join(ActivitySession, ActivitySession.id == AgendaEntry.session_id)
        .join(
            places,
            or_(
                places.session_id == ActivitySession.id,
                and_(places.activity_id == Activity.id, places.session_id.is_(None)),
            ),
        )
        .where(
            Activity.id == AgendaEntry.activity_id,
            Activity.state == ActivityState.PUBLISHED,
            ActivitySession.state == SessionState.SCHEDULED,
            Activity.sign_up == SignUpWay.HERE,
            ActivitySession.starts_at > now,
            or_(Activity.sign_up_opens_at.is_(None), Activity.sign_up_opens_at <= now),
            or_(Activity.sign_up_closes_at.is_(None), Activity.sign_up_closes_at > now),
            places.kind == AllotmentKind.OPEN,
            or_(places.capacity.is_(None), places.taken < places.capacity),
        )
        .exists()
    )


def list_page(
    session: Session,
    asked: ActivityFilter,
    *,
    ancestor_id: int = EVERYWHERE,
    zone: ZoneInfo,
    size: int = PAGE_SIZE,
) -> ListPage:
    """The page of the list that the filter asks for, in order of start.

    Pages hang on a row, not on a count: what comes or goes meanwhile shifts nothing.
    """
    now = clock.now()
    query = _cards_query().where(*conditions(asked, ancestor_id, now, zone)).limit(size + 1)
    key = tuple_(AgendaEntry.starts_at, AgendaEntry.session_id)
    if asked.before is not None:
        query = query.where(key < (asked.before.starts_at, asked.before.session_id))
        query = query.order_by(AgendaEntry.starts_at.desc(), AgendaEntry.session_id.desc())
        cards = _cards(session, query)
        more = len(cards) > size
        cards = cards[:size][::-1]
        following = cards[-1].cursor if cards else None
        return ListPage(cards, following, cards[0].cursor if more else None)
    if asked.after is not None:
        query = query.where(key > (asked.after.starts_at, asked.after.session_id))
    cards = _cards(session, query.order_by(AgendaEntry.starts_at, AgendaEntry.session_id))
    following = cards[size - 1].cursor if len(cards) > size else None
    cards = cards[:size]
    previous = cards[0].cursor if asked.after is not None and cards else None
    return ListPage(cards, following, previous)


def lasting_cards(
    session: Session,
    asked: ActivityFilter,
    *,
    ancestor_id: int = EVERYWHERE,
    zone: ZoneInfo,
    limit: int,
) -> list[Card]:
    """Exhibitions and the like that began before the days asked for and last into them."""
    now = clock.now()
    first, _end = asked.span(now, zone)
    query = (
        _cards_query()
        .where(
            AgendaEntry.ancestor_id == ancestor_id,
            AgendaEntry.lasting.is_(True),
            AgendaEntry.starts_at < first,
            AgendaEntry.ends_at > (first if asked.includes_past else now),
            *_same_questions(asked, now),
        )
        .order_by(AgendaEntry.ends_at, AgendaEntry.session_id)
        .limit(limit)
    )
    return _cards(session, query)


def upcoming_cards(
    session: Session, *, ancestor_id: int = EVERYWHERE, limit: int = 6, zone: ZoneInfo
) -> list[Card]:
    """What is on next at a node and below, from now on."""
    return list_page(
        session, ActivityFilter(), ancestor_id=ancestor_id, zone=zone, size=limit
    ).cards


def cards_between(
    session: Session,
    first: datetime,
    end: datetime,
    *,
    ancestor_id: int = EVERYWHERE,
    limit: int,
    narrowed_by: ActivityFilter | None = None,
) -> list[Card]:
    """Every session, later lessons too, that starts in [first, end), for calendars."""
    extra = _same_questions(narrowed_by, clock.now()) if narrowed_by else []
    query = (
        _cards_query()
        .where(
            AgendaEntry.ancestor_id == ancestor_id,
            AgendaEntry.starts_at >= first,
            AgendaEntry.starts_at < end,
            *extra,
        )
        .order_by(AgendaEntry.starts_at, AgendaEntry.session_id)
        .limit(limit)
    )
    return _cards(session, query)


def counts_by_day(
    session: Session,
    first: datetime,
    end: datetime,
    *,
    ancestor_id: int,
    zone: ZoneInfo,
    narrowed_by: ActivityFilter,
) -> dict[str, int]:
    """How many sessions start on each local day in [first, end): ISO date → count."""
    rows = session.scalars(
        select(AgendaEntry.starts_at).where(
            AgendaEntry.ancestor_id == ancestor_id,
            AgendaEntry.starts_at >= first,
            AgendaEntry.starts_at < end,
            *_same_questions(narrowed_by, clock.now()),
        )
    )
    counts: dict[str, int] = {}
    for starts_at in rows:
        day = starts_at.astimezone(zone).date().isoformat()
        counts[day] = counts.get(day, 0) + 1
    return counts


# --- what the filters offer ----------------------------------------------------------------------


def kinds(session: Session) -> Sequence[ActivityKind]:
    return session.scalars(select(ActivityKind).order_by(ActivityKind.position)).all()


def audiences(session: Session) -> Sequence[Audience]:
    return session.scalars(select(Audience).order_by(Audience.position)).all()


@dataclass(frozen=True, slots=True)
class NodeChoice:
    """A node that the filter offers."""

    id: int
    code: str
    name: str


def node_choices(session: Session) -> list[NodeChoice]:
    """The halls and branches: all levels but the lowest in use, which would be too long a list."""
    lowest = (
        select(func.max(Level.position)).join(Node, Node.level_code == Level.code).scalar_subquery()
    )
    rows = session.execute(
        select(Node.id, Node.code, Node.plate_name)
        .join(Level, Level.code == Node.level_code)
        .where(or_(Level.position < lowest, Level.position == 0), Node.closed_down.is_(False))
        .order_by(Level.position, Node.position, Node.id)
        .limit(60)
    )
    return [NodeChoice(*row) for row in rows]


def node_by_code(session: Session, code: str) -> Node | None:
    return session.scalar(select(Node).where(Node.code == code))


# --- one activity --------------------------------------------------------------------------------


def _whole_activities() -> Select[Activity]:
    """Activities with all that their pages show."""
    return select(Activity).options(
        joinedload(Activity.node).joinedload(Node.level),
        joinedload(Activity.place_node),
        joinedload(Activity.kind),
        selectinload(Activity.audiences),
        selectinload(Activity.sessions),
        selectinload(Activity.allotments),
    )


def public_activity(session: Session, activity_id: int) -> Activity:
    """An activity that the public may see. Raises NotFound, or Gone where it was withdrawn."""
    activity = session.scalar(_whole_activities().where(Activity.id == activity_id))
    if activity is None:
        raise NotFound
    if activity.state == ActivityState.WITHDRAWN:
        raise Gone
    if activity.state not in PUBLIC_STATES:
        raise NotFound
    return activity


def public_coming(session: Session, *, limit: int) -> Sequence[Activity]:
    """Published activities that are not over, the next first."""
    query = _whole_activities().where(
        Activity.state == ActivityState.PUBLISHED, Activity.last_ends_at > clock.now()
    )
    return session.scalars(query.order_by(Activity.first_starts_at, Activity.id).limit(limit)).all()


def session_standings(activity: Activity) -> dict[int, Standing]:
    """How it stands with each session of a loaded activity: session id → standing.

    The lessons of a course share its places and its window, which ends as the first one starts.
    """
    now = clock.now()
    by_session = {a.session_id: a for a in activity.allotments if a.kind == AllotmentKind.OPEN}
    is_course = activity.enrolment == Enrolment.COURSE
    live = [s for s in activity.sessions if s.state == SessionState.SCHEDULED]
    course_start = min((s.starts_at for s in live), default=None)
    found: dict[int, Standing] = {}
    for occurrence in activity.sessions:
        places = by_session.get(None if is_course else occurrence.id)
        found[occurrence.id] = standing(
            now,
            activity_state=activity.state,
            session_state=occurrence.state,
            sign_up=activity.sign_up,
            starts_at=course_start if is_course and course_start else occurrence.starts_at,
            ends_at=occurrence.ends_at,
            opens_at=activity.sign_up_opens_at,
            closes_at=activity.sign_up_closes_at,
            capacity=places.capacity if places else None,
            taken=places.taken if places else 0,
        )
    return found


def month_span(year: int, month: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a local month and of the next, in UTC."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return day_start(date(year, month, 1), zone), day_start(following, zone)
