"""Heritage items with their media, versions and relations; collections; contributions; groups."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from culture_cloud.db import Base
from culture_cloud.media.models import MediaOriginal
from culture_cloud.network.models import Node

from .rights import Visibility

TOPIC = "heritage"


class ItemState(StrEnum):
    """From the village up: entered, asked for, looked at by the branch, shown by the main hall."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class HeritageItem(Base):
    """A record of local heritage. What was ever public is withdrawn, never deleted: OAI-PMH and
    whoever cites it must find out that it is gone."""

    __tablename__ = "heritage_items"
    __topic__ = TOPIC
    __search__ = ("heritage_item", "id")

    id: Mapped[int] = mapped_column(primary_key=True)
    #: never changes; imports know an item by it
    uid: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default=ItemState.DRAFT)
    #: why it was sent back or withdrawn
    state_reason: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    other_titles: Mapped[list[str]] = mapped_column(default=list)
    #: 简明说明, at most 150 characters (RD-07)
    summary: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    #: as it was said: 清光绪年间
    date_text: Mapped[str] = mapped_column(String(120), default="")
    #: the same as EDTF, and its first and last day (see edtf.model)
    date_edtf: Mapped[str] = mapped_column(String(40), default="")
    date_first: Mapped[int | None]
    date_last: Mapped[int | None]
    period: Mapped[str] = mapped_column(String(16), default="")
    #: the place it is about, in words; its node of the tree; WGS 84
    place_text: Mapped[str] = mapped_column(String(200), default="")
    place_node_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"), index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    #: BCP 47 codes, scripts included: zh-Hans, tdd (Tai Nüa), ii (Nuosu)
    languages: Mapped[list[str]] = mapped_column(default=list)
    subjects: Mapped[list[str]] = mapped_column(default=list)
    #: where what stands here is from
    sources: Mapped[str] = mapped_column(Text, default="")
    rights: Mapped[str] = mapped_column(String(20), default="")
    rights_holder: Mapped[str] = mapped_column(String(200), default="")
    visibility: Mapped[str] = mapped_column(String(16), default=Visibility.PUBLIC)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("heritage_groups.id"))
    #: what only `restricted_to` may read, and why the others may not
    restricted_text: Mapped[str] = mapped_column(Text, default="")
    restricted_to: Mapped[str] = mapped_column(String(16), default=Visibility.GROUP)
    restricted_reason: Mapped[str] = mapped_column(String(200), default="")
    #: fields of the kind (heritage.kinds)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: the category among them (ICH I to X), where it can be counted
    category: Mapped[str] = mapped_column(String(16), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    #: when what harvesters see of it last changed (OAI-PMH datestamp); none while never public
    harvested_at: Mapped[datetime | None]

    node: Mapped[Node] = relationship(foreign_keys=[node_id])
    place_node: Mapped[Node | None] = relationship(foreign_keys=[place_node_id])
    group: Mapped[HeritageGroup | None] = relationship()
    agents: Mapped[list[Agent]] = relationship(
        cascade="all, delete-orphan", order_by="Agent.position", foreign_keys="Agent.item_id"
    )
    media: Mapped[list[ItemMedia]] = relationship(
        cascade="all, delete-orphan", order_by="ItemMedia.position"
    )
    relations: Mapped[list[Relation]] = relationship(
        cascade="all, delete-orphan", foreign_keys="Relation.item_id", order_by="Relation.id"
    )

    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'reviewed', 'published', 'withdrawn')", name="state"
        ),
        CheckConstraint(
            "visibility IN ('public', 'signed_in', 'on_site', 'group')", name="visibility"
        ),
        CheckConstraint("visibility <> 'group' OR group_id IS NOT NULL", name="group"),
        # facets and maps are counted in the index alone
        Index(
            "ix_heritage_items_facets",
            "state",
            "visibility",
            "kind",
            "period",
            "category",
            "place_node_id",
            "node_id",
        ),
        Index("ix_heritage_items_newest", "state", "published_at", "id"),
        Index("ix_heritage_items_state_date", "state", "date_first"),
        Index("ix_heritage_items_harvested", "harvested_at", "id"),
    )


class Agent(Base):
    """Somebody who had to do with it, in a role; linked where they have an item of their own."""

    __tablename__ = "heritage_agents"
    __topic__ = TOPIC
    __search__ = ("heritage_item", "item_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(
        ForeignKey("heritage_items.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(120), index=True)
    #: a code of relations.ROLES
    role: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("heritage_items.id", ondelete="SET NULL"), index=True
    )


class Relation(Base):
    """This item is part of, depicts, was made by, see also … another one."""

    __tablename__ = "heritage_relations"
    __topic__ = TOPIC

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("heritage_items.id", ondelete="CASCADE"))
    #: a code of relations.RELATIONS
    kind: Mapped[str] = mapped_column(String(20))
    other_id: Mapped[int] = mapped_column(
        ForeignKey("heritage_items.id", ondelete="CASCADE"), index=True
    )

    other: Mapped[HeritageItem] = relationship(foreign_keys=[other_id], viewonly=True)

    __table_args__ = (
        UniqueConstraint("item_id", "kind", "other_id"),
        CheckConstraint("item_id <> other_id", name="another"),
    )


class ItemMedia(Base):
    """A picture, recording or document of an item."""

    __tablename__ = "heritage_media"
    __topic__ = TOPIC
    __search__ = ("heritage_item", "item_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(
        ForeignKey("heritage_items.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    original_id: Mapped[int] = mapped_column(ForeignKey("media_originals.id"), index=True)
    #: picture, audio, video, pdf
    family: Mapped[str] = mapped_column(String(16))
    #: what the sender's file was called
    filename: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    #: what is to be seen on it, for who does not see it (RD-07)
    alt: Mapped[str] = mapped_column(String(500), default="")
    visibility: Mapped[str] = mapped_column(String(16), default=Visibility.PUBLIC)
    #: why not everybody may see it
    withheld_reason: Mapped[str] = mapped_column(String(200), default="")
    #: what is said, as it is said, and its language (BCP 47)
    transcript: Mapped[str] = mapped_column(Text, default="")
    transcript_language: Mapped[str] = mapped_column(String(20), default="")
    #: the same in Putonghua
    translation: Mapped[str] = mapped_column(Text, default="")
    #: sentences with their times: [[starts, ends, text], …], in seconds
    cues: Mapped[list[Any]] = mapped_column(JSON, default=list)
    #: text of each page of a document
    pages: Mapped[list[str]] = mapped_column(default=list)

    original: Mapped[MediaOriginal] = relationship()
    item: Mapped[HeritageItem] = relationship(overlaps="media")


class ItemVersion(Base):
    """An item as somebody left it. Never changed; restoring makes a new one."""

    __tablename__ = "heritage_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("heritage_items.id", ondelete="CASCADE"))
    number: Mapped[int]
    facts: Mapped[dict[str, Any]]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    #: entered, changed, restored, imported
    deed: Mapped[str] = mapped_column(String(20))

    __table_args__ = (UniqueConstraint("item_id", "number"),)


class HeritageGroup(Base):
    """A named group of people who may see what others may not: a village, a clan, bearers."""

    __tablename__ = "heritage_groups"
    __topic__ = TOPIC

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"), index=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    about: Mapped[str] = mapped_column(String(300), default="")

    node: Mapped[Node] = relationship()
    members: Mapped[list[GroupMember]] = relationship(cascade="all, delete-orphan")


class GroupMember(Base):
    """An account that belongs to a group."""

    __tablename__ = "heritage_group_members"
    __topic__ = TOPIC

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("heritage_groups.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )

    __table_args__ = (UniqueConstraint("group_id", "account_id"),)


class Collection(Base):
    """A curated group of items 专题库; with blocks of text and pictures, an exhibition 线上展览."""

    __tablename__ = "heritage_collections"
    __topic__ = TOPIC
    __search__ = ("heritage_collection", "id")

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"), index=True)
    is_exhibition: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default=ItemState.DRAFT)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(300), default="")
    #: see exhibitions.blocks
    blocks: Mapped[list[Any]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    node: Mapped[Node] = relationship()
    entries: Mapped[list[CollectionEntry]] = relationship(
        cascade="all, delete-orphan", order_by="CollectionEntry.position"
    )

    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name="state"),
    )


class CollectionEntry(Base):
    """An item's place in a collection."""

    __tablename__ = "heritage_collection_entries"
    __topic__ = TOPIC
    __search__ = ("heritage_item", "item_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(
        ForeignKey("heritage_collections.id", ondelete="CASCADE")
    )
    item_id: Mapped[int] = mapped_column(
        ForeignKey("heritage_items.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("collection_id", "item_id"),)


class Contribution(Base):
    """What a resident brought: a photograph, a memory, a recording, a correction. Staff decide."""

    __tablename__ = "heritage_contributions"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: the key of the form it came by, so that a second press is the same
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    #: the item it is about (a correction, a memory of it)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("heritage_items.id"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(20), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    when_text: Mapped[str] = mapped_column(String(120), default="")
    original_id: Mapped[int | None] = mapped_column(ForeignKey("media_originals.id"))
    filename: Mapped[str] = mapped_column(String(200), default="")
    #: the version of the consent that was agreed to, when, and whether the name may be shown
    consent: Mapped[str] = mapped_column(String(20))
    consented_at: Mapped[datetime]
    may_name: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    answer: Mapped[str] = mapped_column(Text, default="")
    made_item_id: Mapped[int | None] = mapped_column(ForeignKey("heritage_items.id"))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))

    node: Mapped[Node] = relationship()
    original: Mapped[MediaOriginal | None] = relationship()
    item: Mapped[HeritageItem | None] = relationship(foreign_keys=[item_id])

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'accepted', 'declined')", name="state"),
        Index("ix_heritage_contributions_state", "state", "id"),
    )


class HeritageImport(Base):
    """A list of items that was uploaded: kept from the preview to the import."""

    __tablename__ = "heritage_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    filename: Mapped[str] = mapped_column(String(200), default="")
    #: name in the table → the id of its stored original
    files: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: the rows as they were read
    rows: Mapped[list[Any]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)

    node: Mapped[Node] = relationship()
