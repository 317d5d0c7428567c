"""Nodes, their levels, opening hours and closings. Levels and naming rules are data (R120)."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from culture_cloud.audit import Watch
from culture_cloud.db import Base

TOPIC = "network"


class Network(Base):
    """The one network of this site: what it is called and whom people can call."""

    __tablename__ = "networks"
    __topic__ = TOPIC

    id: Mapped[int] = mapped_column(primary_key=True)
    #: official code of the administrative division, such as 530428
    region_code: Mapped[str] = mapped_column(String(20), unique=True)
    #: the county or city
    name: Mapped[str] = mapped_column(String(80))
    #: what the site is called
    site_name: Mapped[str] = mapped_column(String(80))
    #: the help line that every page shows (ST-25), its text-message number, its hours in words
    phone: Mapped[str] = mapped_column(String(40), default="")
    sms_phone: Mapped[str] = mapped_column(String(40), default="")
    phone_hours: Mapped[str] = mapped_column(String(120), default="")


class Level(Base):
    """A level of the tree: its name and the rule by which nodes are named on their plate (R8)."""

    __tablename__ = "levels"
    __topic__ = TOPIC

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40))
    #: 0 is the top
    position: Mapped[int] = mapped_column(unique=True)
    #: such as "{main}{name}分馆": {name} the node's own, {main} the main halls', {parent}, {county}
    plate_rule: Mapped[str] = mapped_column(String(120), default="{name}")


class Node(Base):
    """One place in the tree: a hall, a library, a branch, a service point."""

    __tablename__ = "nodes"
    __topic__ = TOPIC
    __search__ = ("node", "id")
    __audit__ = Watch(
        "node",
        (
            *("name", "plate_name", "level_code", "lines", "about", "address", "phone"),
            *("sms_phone", "access", "review_required", "closed_down", "parent_id"),
        ),
        node=lambda row: row.id,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: what the address of its page and imports know it by
    code: Mapped[str] = mapped_column(String(40), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"), index=True)
    level_code: Mapped[str] = mapped_column(ForeignKey("levels.code"))
    #: ids from the root down to this node, "/1/7/": all below it begin with the same
    path: Mapped[str] = mapped_column(String(200), unique=True)
    #: where it stands among its siblings
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(80))
    #: the public name by the level's rule, or one of its own
    plate_name: Mapped[str] = mapped_column(String(120))
    #: business lines 业务线: culture_hall, library, or both
    lines: Mapped[list[str]] = mapped_column(default=list)
    about: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    phone: Mapped[str] = mapped_column(String(40), default="")
    sms_phone: Mapped[str] = mapped_column(String(40), default="")
    #: the person who answers for the node towards the main hall (R22)
    liaison: Mapped[str] = mapped_column(String(80), default="")
    #: codes of network.facts.ACCESS_FACTS (SV-07)
    access: Mapped[list[str]] = mapped_column(default=list)
    #: key of the stored picture of the place
    photo: Mapped[str | None] = mapped_column(String(80))
    photo_alt: Mapped[str] = mapped_column(String(200), default="")
    #: whether a clerk's activity waits for somebody with activities:publish
    review_required: Mapped[bool] = mapped_column(default=False)
    closed_down: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]

    parent: Mapped[Node | None] = relationship(remote_side="Node.id")
    level: Mapped[Level] = relationship()
    hours: Mapped[list[OpeningHours]] = relationship(
        cascade="all, delete-orphan",
        order_by="(OpeningHours.weekday, OpeningHours.opens)",
    )
    closings: Mapped[list[Closing]] = relationship(
        cascade="all, delete-orphan", order_by="Closing.starts_on"
    )


class OpeningHours(Base):
    """A span in which the node is open on a weekday; a lunch break makes two."""

    __tablename__ = "opening_hours"
    __topic__ = TOPIC

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id", ondelete="CASCADE"), index=True)
    #: 0 is Monday, as in datetime
    weekday: Mapped[int]
    #: local time of the site
    opens: Mapped[time]
    closes: Mapped[time]

    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens < closes", name="span"),
        UniqueConstraint("node_id", "weekday", "opens"),
    )


class Closing(Base):
    """Days on which the node is closed, or open at other hours, against its weekly hours."""

    __tablename__ = "closings"
    __topic__ = TOPIC
    __audit__ = Watch(
        "node",
        ("starts_on", "ends_on", "reason", "opens", "closes"),
        subject=lambda row: row.node_id,
        node=lambda row: row.node_id,
        part="closing",
        shown=("starts_on",),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id", ondelete="CASCADE"), index=True)
    starts_on: Mapped[date]
    #: the last closed day
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200), default="")
    #: where both are given the node is open at these hours instead of closed
    opens: Mapped[time | None]
    closes: Mapped[time | None]

    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="days"),)
