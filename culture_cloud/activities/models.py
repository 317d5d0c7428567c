"""Activities, their sessions, how places are split, and the agenda that lists read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from culture_cloud.audit import Watch
from culture_cloud.db import Base
from culture_cloud.network.models import Node

TOPIC = "activities"
PLACES_TOPIC = "places"

EVERYWHERE = 0
"""The agenda's pseudo-ancestor: everything of the site."""


class ActivityState(StrEnum):
    """Where an activity is in its life. That it has ended follows from its sessions."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    #: taken back by its source or by staff: its page answers 410
    WITHDRAWN = "withdrawn"


class SignUpWay(StrEnum):
    """How one takes part."""

    #: just come
    NONE = "none"
    #: places are given here, over every channel
    HERE = "here"
    #: given here by lot: people apply until a time, nobody takes a place meanwhile (see draws)
    DRAW = "draw"
    #: somebody else gives them (a phone number or another site)
    ELSEWHERE = "elsewhere"


class Enrolment(StrEnum):
    """What one signs up for: one session, or all lessons of a course together."""

    SESSION = "session"
    COURSE = "course"


class AllotmentKind(StrEnum):
    """For whom places are kept (R82–R84, SV-02)."""

    #: anybody who signs up
    OPEN = "open"
    #: people of sixty and over
    ELDERS = "elders"
    #: whoever comes without signing up
    WALK_IN = "walk_in"
    #: a branch's own people (`node_id` says which)
    BRANCH = "branch"
    #: what staff name; they give these places themselves
    CUSTOM = "custom"


class SessionState(StrEnum):
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class ActivityKind(Base):
    """A kind of activity (R39), as data."""

    __tablename__ = "activity_kinds"
    __topic__ = TOPIC

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40))
    #: the pattern of generated covers, see culture_cloud.covers.MOTIFS
    motif: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]


class Audience(Base):
    """Whom an activity is made for (R82–R88), as data."""

    __tablename__ = "audiences"
    __topic__ = TOPIC

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]


activity_audiences = Table(
    "activity_audiences",
    Base.metadata,
    Column("activity_id", ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True),
    Column("audience_code", ForeignKey("audiences.code"), primary_key=True),
    Index("ix_activity_audiences_audience_code", "audience_code", "activity_id"),
)


class Activity(Base):
    """Anything people come to, organised by a node."""

    __tablename__ = "activities"
    __topic__ = TOPIC
    __search__ = ("activity", "id")
    __audit__ = Watch(
        "activity",
        (
            *("state", "state_reason", "title", "kind_code", "node_id", "description"),
            *("place_name", "place_node_id", "address", "is_free", "fee", "bring", "access"),
            *("organiser", "teacher", "co_organisers", "contact_phone", "poster", "poster_alt"),
            *("sign_up", "sign_up_url", "enrolment", "capacity", "sign_up_opens_at"),
            *("sign_up_closes_at", "max_party", "rrule"),
        ),
        node=lambda row: row.node_id,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: RFC 5545 UID, stable over imports and feeds
    uid: Mapped[str] = mapped_column(String(255), unique=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default=ActivityState.DRAFT)
    title: Mapped[str] = mapped_column(String(200))
    kind_code: Mapped[str] = mapped_column(ForeignKey("activity_kinds.code"))
    #: plain text; blank lines part paragraphs
    description: Mapped[str] = mapped_column(Text, default="")

    #: the room or ground; where it is not at a node, `address` says where
    place_name: Mapped[str] = mapped_column(String(200), default="")
    place_node_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"))
    address: Mapped[str] = mapped_column(String(300), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    is_free: Mapped[bool] = mapped_column(default=True)
    #: what it costs, in words; empty where it is free
    fee: Mapped[str] = mapped_column(String(300), default="")
    bring: Mapped[str] = mapped_column(String(300), default="")
    #: codes of network.facts.ACCESS_FACTS
    access: Mapped[list[str]] = mapped_column(default=list)
    organiser: Mapped[str] = mapped_column(String(200), default="")
    #: who teaches, leads or plays, by name; one person or troupe
    teacher: Mapped[str] = mapped_column(String(100), default="", server_default="")
    co_organisers: Mapped[str] = mapped_column(String(500), default="")
    contact_phone: Mapped[str] = mapped_column(String(60), default="")

    #: key of the stored poster, and what it shows, in words (ST-27)
    poster: Mapped[str | None] = mapped_column(String(80))
    poster_alt: Mapped[str] = mapped_column(String(300), default="")

    sign_up: Mapped[str] = mapped_column(String(16), default=SignUpWay.NONE)
    sign_up_url: Mapped[str] = mapped_column(String(500), default="")
    enrolment: Mapped[str] = mapped_column(String(16), default=Enrolment.SESSION)
    #: places of each session, or of the course; None is without limit
    capacity: Mapped[int | None]
    #: None: as soon as it is published
    sign_up_opens_at: Mapped[datetime | None]
    #: None: until the session starts
    sign_up_closes_at: Mapped[datetime | None]
    #: how many people one sign-up may bring in all
    max_party: Mapped[int] = mapped_column(default=5)

    #: RFC 5545 RRULE of which the sessions are the instances; empty where they are single
    rrule: Mapped[str] = mapped_column(String(500), default="")

    #: where it came from: desk, file, feed
    source: Mapped[str] = mapped_column(String(16), default="desk")
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("activity_feeds.id"), index=True)
    source_name: Mapped[str] = mapped_column(String(200), default="")
    source_url: Mapped[str] = mapped_column(String(1000), default="")
    #: what the source carried beyond the fields above: nothing is lost
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)

    #: why it was cancelled or sent back, in words
    state_reason: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    #: the span of its sessions, kept by agenda.refresh
    first_starts_at: Mapped[datetime | None]
    last_ends_at: Mapped[datetime | None]
    #: two clerks who edit at once: the later one is told instead of overwriting the earlier
    version: Mapped[int] = mapped_column(default=1)

    node: Mapped[Node] = relationship(foreign_keys=[node_id])
    place_node: Mapped[Node | None] = relationship(foreign_keys=[place_node_id])
    kind: Mapped[ActivityKind] = relationship()
    audiences: Mapped[list[Audience]] = relationship(
        secondary=activity_audiences, order_by=Audience.position
    )
    sessions: Mapped[list[ActivitySession]] = relationship(
        back_populates="activity",
        cascade="all, delete-orphan",
        order_by="ActivitySession.starts_at",
    )
    allotments: Mapped[list[Allotment]] = relationship(
        back_populates="activity", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own form)
    __table_args__ = (
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity"),
        CheckConstraint("max_party BETWEEN 1 AND 10", name="max_party"),
        Index("ix_activities_node_id_title", "node_id", "title"),
        Index("ix_activities_state_updated_at", "state", "updated_at"),
    )


class ActivitySession(Base):
    """One dated occurrence 场次; for a course, one lesson 课次."""

    __tablename__ = "activity_sessions"
    __topic__ = TOPIC
    __search__ = ("activity", "activity_id")
    __audit__ = Watch(
        "activity",
        ("starts_at", "ends_at", "all_day", "state", "note"),
        subject=lambda row: row.activity_id,
        node=lambda row: row.activity.node_id if row.activity else None,
        part="date",
        shown=("starts_at",),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activities.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    #: whether the source named an end, or it was taken as two hours after the start
    end_known: Mapped[bool] = mapped_column(default=True)
    all_day: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default=SessionState.SCHEDULED)
    #: said on its page, such as why it was moved
    note: Mapped[str] = mapped_column(String(300), default="")
    #: where it stood before it was moved (RFC 5545 RECURRENCE-ID)
    recurrence_id: Mapped[datetime | None]

    activity: Mapped[Activity] = relationship(back_populates="sessions")

    __table_args__ = (
        CheckConstraint("starts_at <= ends_at", name="span"),
        Index("ix_activity_sessions_starts_at", "starts_at"),
    )


class Allotment(Base):
    """A share of a session's places (or of a course's): how many there are, how many are taken.

    `taken` is moved by one conditional statement only (sign_ups.places); the checks make an
    impossible count impossible whatever else happens. Every session with sign-up has exactly one
    allotment of the kind open; it comes first wherever several rows are locked, and it numbers
    the waiting list of the whole session.
    """

    __tablename__ = "allotments"
    __topic__ = PLACES_TOPIC

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activities.id", ondelete="CASCADE"), index=True
    )
    #: None: the places of a course, good for all its lessons
    session_id: Mapped[int | None] = mapped_column(
        ForeignKey("activity_sessions.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(String(16), default=AllotmentKind.OPEN)
    #: what staff named it (custom), the branch's code (branch), else empty
    name: Mapped[str] = mapped_column(String(40), default="")
    node_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"))
    #: None: without limit
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    #: its own window; None: the activity's
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    #: so many hours before the start what is left opens to all; None: never
    release_hours: Mapped[int | None]
    released_at: Mapped[datetime | None]
    #: the last number given on the waiting list (of the open allotment alone)
    wait_seq: Mapped[int] = mapped_column(default=0)

    activity: Mapped[Activity] = relationship(back_populates="allotments")
    session: Mapped[ActivitySession | None] = relationship()

    __table_args__ = (
        CheckConstraint("taken >= 0", name="taken_not_negative"),
        CheckConstraint("capacity IS NULL OR taken <= capacity", name="never_oversold"),
        CheckConstraint("kind IN ('open', 'elders', 'walk_in', 'branch', 'custom')", name="kind"),
        # only what is open to all can be without limit: nothing is kept of the endless
        CheckConstraint("capacity IS NOT NULL OR kind = 'open'", name="limited"),
        CheckConstraint("(kind = 'branch') = (node_id IS NOT NULL)", name="branch"),
        CheckConstraint("release_hours IS NULL OR release_hours >= 0", name="release_hours"),
        CheckConstraint("wait_seq >= 0", name="wait_seq"),
        UniqueConstraint("session_id", "kind", "name"),
        Index(
            "uq_allotments_course",
            "activity_id",
            "kind",
            "name",
            unique=True,
            sqlite_where=text("session_id IS NULL"),
            postgresql_where=text("session_id IS NULL"),
        ),
    )


class SignUpRules(Base):
    """What an activity asks of those who sign up, beyond its window; no row: all defaults."""

    __tablename__ = "sign_up_rules"
    __topic__ = TOPIC

    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True
    )
    #: the kept shares of each session's places, see activities.shares.Share
    shares: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    #: whether people may wait for places that come free
    waiting: Mapped[bool] = mapped_column(default=True)
    #: hours in which an offered place must be confirmed; None: it is given without asking
    confirm_hours: Mapped[int | None]
    #: staff look at each sign-up before it is confirmed
    review: Mapped[bool] = mapped_column(default=False)
    #: ages in years, both included
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    #: whether everybody's age is asked even where no rule needs it
    ask_ages: Mapped[bool] = mapped_column(default=False)
    #: only for people who live in these parts (ids of nodes); empty: for all
    residence_node_ids: Mapped[list[int]] = mapped_column(default=list)
    #: only for members of this group, in words; empty: for all
    group_name: Mapped[str] = mapped_column(String(60), default="")
    #: one sign-up for each person in the whole activity, or for each of its sessions
    once_per_activity: Mapped[bool] = mapped_column(default=False)
    #: who did not come so often within so many days waits first; None: nobody does
    no_show_limit: Mapped[int | None]
    no_show_days: Mapped[int] = mapped_column(default=120)
    #: the law that demands an ID number; empty: none is asked for (PIPL art. 6, least data)
    id_law: Mapped[str] = mapped_column(String(120), default="")
    #: the activity's own questions, see activities.questions.Question
    questions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    #: for how many people at most one proxy signs up here
    proxy_limit: Mapped[int] = mapped_column(default=5)

    __table_args__ = (
        CheckConstraint("confirm_hours IS NULL OR confirm_hours >= 1", name="confirm_hours"),
        CheckConstraint("min_age IS NULL OR min_age BETWEEN 0 AND 120", name="min_age"),
        CheckConstraint("max_age IS NULL OR max_age BETWEEN 0 AND 120", name="max_age"),
        CheckConstraint("no_show_limit IS NULL OR no_show_limit >= 1", name="no_show_limit"),
        CheckConstraint("no_show_days >= 1", name="no_show_days"),
        CheckConstraint("proxy_limit >= 1", name="proxy_limit"),
    )


class AgendaEntry(Base):
    """What lists and calendars read: each public session once per node above it.

    Written by agenda.refresh alone. It lets a list page of any subtree come from one index range,
    however large the county.
    """

    __tablename__ = "agenda"

    #: a node that organises it or lies above; EVERYWHERE for the whole site
    ancestor_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(
        ForeignKey("activity_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activities.id", ondelete="CASCADE"), index=True
    )
    ends_at: Mapped[datetime]
    kind_code: Mapped[str] = mapped_column(String(32))
    is_free: Mapped[bool]
    #: lasts past the day on which it starts: an exhibition
    lasting: Mapped[bool]
    #: False for the later lessons of a course: calendars show them, the list does not
    listed: Mapped[bool]

    __table_args__ = (
        Index("ix_agenda_session_id", "session_id"),
        Index("ix_agenda_lasting", "ancestor_id", "lasting", "ends_at"),
        Index("ix_agenda_kind", "ancestor_id", "kind_code", "starts_at"),
        {"sqlite_with_rowid": False},
    )


class ActivityFeed(Base):
    """An address from which a node's activities are fetched on schedule (R32)."""

    __tablename__ = "activity_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"), index=True)
    url: Mapped[str] = mapped_column(String(1000))
    #: name of the mapping for JSON that is not schema.org; empty for known formats
    mapping: Mapped[str] = mapped_column(String(64), default="")
    every_hours: Mapped[int] = mapped_column(default=6)
    #: whether new activities are shown at once, or wait as drafts
    publish: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    #: what the source asked us to send back (RFC 9110 conditional requests)
    etag: Mapped[str] = mapped_column(String(200), default="")
    last_modified: Mapped[str] = mapped_column(String(80), default="")
    #: when it was last asked for, and when it was last read whole
    fetched_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    #: what came of it, in words for staff
    outcome: Mapped[str] = mapped_column(String(500), default="")
    #: how often in a row it could not be fetched or read
    failures: Mapped[int] = mapped_column(default=0)

    node: Mapped[Node] = relationship()


class ImportBatch(Base):
    """A file that somebody uploaded: looked at first, then imported, then what came of it."""

    __tablename__ = "import_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: in its address, and the name of the kept file
    key: Mapped[str] = mapped_column(String(64), unique=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    #: as the person's device named it
    filename: Mapped[str] = mapped_column(String(200))
    #: what becomes of new activities, see importing.planning.Showing
    showing: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    #: None: looked at, not imported
    imported_at: Mapped[datetime | None]
    created: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    #: {"rows": […]}, the rows as the result page shows them, see importing.outcome
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)

    node: Mapped[Node] = relationship()
