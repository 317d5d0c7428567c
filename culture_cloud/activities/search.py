"""Activities as search finds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from culture_cloud.i18n import named
from culture_cloud.search.documents import Document, Hit, Viewer
from culture_cloud.search.sources import Rows, Source
from culture_cloud.web import words

from . import presenter, queries
from .models import Activity, SessionState
from .standing import Stand

KIND = "activity"


def documents(session: Session, ids: Sequence[int]) -> Iterable[Document]:
    """The activities that the public may see; a cancelled one too, since people look for it."""
    for activity in _public(session, ids):
        yield Document(
            kind=KIND,
            id=activity.id,
            title=activity.title,
            body=activity.description,
            names=[n for n in (activity.teacher, activity.organiser, activity.co_organisers) if n],
            place=" ".join(
                filter(
                    None,
                    (activity.node.plate_name, activity.place_name, activity.address),
                )
            ),
            node_path=activity.node.path,
            starts_at=activity.first_starts_at,
            ends_at=activity.last_ends_at,
            over_at=activity.last_ends_at,
            dated_at=activity.published_at,
            audiences=[audience.code for audience in activity.audiences],
            category=activity.kind_code,
        )


def hits(session: Session, ids: Sequence[int], _viewer: Viewer) -> Mapping[int, Hit]:
    return {activity.id: _hit(activity) for activity in _public(session, ids)}


def _public(session: Session, ids: Sequence[int]) -> Sequence[Activity]:
    return session.scalars(
        select(Activity)
        .options(
            joinedload(Activity.node),
            joinedload(Activity.place_node),
            joinedload(Activity.kind),
            selectinload(Activity.audiences),
            selectinload(Activity.sessions),
            selectinload(Activity.allotments),
        )
        .where(Activity.id.in_(ids), Activity.state.in_(queries.PUBLIC_STATES))
    ).all()


def _hit(activity: Activity) -> Hit:
    standings = queries.session_standings(activity)
    live = [s for s in activity.sessions if s.state == SessionState.SCHEDULED] or activity.sessions
    coming = [s for s in live if standings[s.id].stand is not Stand.OVER]
    shown = (coming or live[-1:])[:1]
    facts = [
        (
            "clock",
            words.when_words(s.starts_at, s.ends_at, all_day=s.all_day, end_known=s.end_known),
        )
        for s in shown
    ]
    place = presenter.whole_place_words(activity)
    if place:
        facts.append(("place", place))
    return Hit(
        kind=KIND,
        id=activity.id,
        title=activity.title,
        href=url_for("activities.page", activity_id=activity.id),
        label=named(activity.kind),
        facts=facts,
        state=presenter.state_tag(standings[shown[0].id]) if shown else None,
    )


SOURCE = Source(
    kind=KIND,
    label=_l("Activities"),
    position=10,
    documents=documents,
    hits=hits,
    rows=Rows(
        id=Activity.id,
        text=(Activity.title, Activity.description, Activity.place_name),
        where=(Activity.state.in_(queries.PUBLIC_STATES),),
    ),
    categories=lambda session: {kind.code: named(kind) for kind in queries.kinds(session)},
    audiences=lambda session: {a.code: named(a) for a in queries.audiences(session)},
)
