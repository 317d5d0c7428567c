"""Publications and what readers do with them: facts only."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from culture_cloud.db import Base
from culture_cloud.network.models import Node

if TYPE_CHECKING:
    from .lending.models import Licence

TOPIC = "reading"


class Kind(StrEnum):
    """What a publication is (R34, R35)."""

    BOOK = "book"
    PERIODICAL = "periodical"
    AUDIO_BOOK = "audio_book"
    PICTURE_BOOK = "picture_book"
    VIDEO = "video"
    LOCAL = "local"


class State(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Form(StrEnum):
    """In which forms it can be had; one publication may have several."""

    TEXT = "text"
    PAGES = "pages"
    AUDIO = "audio"
    VIDEO = "video"
    BRAILLE = "braille"


class Rights(StrEnum):
    """On which terms it may be read."""

    PUBLIC_DOMAIN = "public_domain"
    OPEN_LICENCE = "open_licence"
    #: licensed to the network: so many copies where a Licence says so
    LICENSED = "licensed"
    #: only inside the halls, known by their network addresses
    ON_SITE = "on_site"


class Subject(Base):
    """A top class of the Chinese Library Classification 中图法, as data."""

    __tablename__ = "reading_subjects"
    __topic__ = TOPIC

    code: Mapped[str] = mapped_column(String(4), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]


class ReadingAudience(Base):
    """For whom a publication is, with the age from which it is open to children, as data."""

    __tablename__ = "reading_audiences"
    __topic__ = TOPIC

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40))
    age_from: Mapped[int] = mapped_column(default=0)
    position: Mapped[int]


class Publication(Base):
    """A book, periodical issue, audio book, picture book, video lesson or local document."""

    __tablename__ = "publications"
    __topic__ = TOPIC
    __search__ = ("publication", "id")

    id: Mapped[int] = mapped_column(primary_key=True)
    #: urn:uuid, stable over exports and catalogues
    urn: Mapped[str] = mapped_column(String(64), unique=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default=State.DRAFT)
    kind: Mapped[str] = mapped_column(String(16), default=Kind.BOOK)
    title: Mapped[str] = mapped_column(String(300))
    subtitle: Mapped[str] = mapped_column(String(300), default="")
    #: pinyin of the title: titles in order as people look them up
    sort_key: Mapped[str] = mapped_column(String(120), default="")
    authors: Mapped[list[str]] = mapped_column(default=list)
    contributors: Mapped[list[str]] = mapped_column(default=list)
    publisher: Mapped[str] = mapped_column(String(200), default="")
    #: as the source tells it: 2019, 2019-05, 清光绪年间
    published: Mapped[str] = mapped_column(String(40), default="")
    series: Mapped[str] = mapped_column(String(200), default="")
    #: which issue of a periodical
    issue: Mapped[str] = mapped_column(String(80), default="")
    isbn: Mapped[str] = mapped_column(String(20), default="", index=True)
    issn: Mapped[str] = mapped_column(String(12), default="")
    #: BCP 47
    language: Mapped[str] = mapped_column(String(35), default="zh")
    summary: Mapped[str] = mapped_column(Text, default="")
    #: the whole class mark (K892.474) and its top class
    class_mark: Mapped[str] = mapped_column(String(40), default="")
    subject_code: Mapped[str | None] = mapped_column(ForeignKey("reading_subjects.code"))
    keywords: Mapped[list[str]] = mapped_column(default=list)
    audience_code: Mapped[str] = mapped_column(ForeignKey("reading_audiences.code"))
    rights: Mapped[str] = mapped_column(String(16), default=Rights.PUBLIC_DOMAIN)
    #: the licence or permission in words, and where it stands
    rights_note: Mapped[str] = mapped_column(String(500), default="")
    #: EPUB Accessibility 1.1: property → values
    access: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: what the record carried beyond the fields above: a MARC record as JSON
    record: Mapped[dict[str, Any]] = mapped_column(default=dict)

    #: names the book folder; empty where there is nothing to read yet
    book_key: Mapped[str] = mapped_column(String(40), default="")
    #: text, pages, audio, video: how it is shown
    form: Mapped[str] = mapped_column(String(16), default="")
    has_cover: Mapped[bool] = mapped_column(default=False)
    chapters: Mapped[int] = mapped_column(default=0)
    characters: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[int] = mapped_column(default=0)
    #: a scan without text: nothing to search, nothing to hear
    only_pictures: Mapped[bool] = mapped_column(default=False)
    #: its words were read from the pictures by a machine, and may be wrong
    machine_read: Mapped[bool] = mapped_column(default=False)
    #: how the voice reads words of this text: {"重庆": "chong2 qing4"}
    readings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: the checksum of the original file, and what it is
    original: Mapped[str] = mapped_column(String(64), default="", index=True)
    original_name: Mapped[str] = mapped_column(String(255), default="")
    original_type: Mapped[str] = mapped_column(String(80), default="")
    original_bytes: Mapped[int] = mapped_column(default=0)
    #: whether readers may take the file itself along
    downloadable: Mapped[bool] = mapped_column(default=True)

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    #: two clerks who edit at once: the later one is told
    version: Mapped[int] = mapped_column(default=1)

    node: Mapped[Node] = relationship()
    subject: Mapped[Subject | None] = relationship()
    audience: Mapped[ReadingAudience] = relationship()
    forms: Mapped[list[PublicationForm]] = relationship(cascade="all, delete-orphan")
    licence: Mapped[Licence | None] = relationship("Licence", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own form)
    __table_args__ = (
        Index("ix_publications_state_published_at", "state", "published_at", "id"),
        Index("ix_publications_state_sort_key", "state", "sort_key", "id"),
    )


class PublicationForm(Base):
    """A form in which a publication can be had."""

    __tablename__ = "publication_forms"
    __topic__ = TOPIC

    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True
    )
    form: Mapped[str] = mapped_column(String(16), primary_key=True)


class Intake(Base):
    """A file that came in: what it is, what was found in it, what became of it.

    A refused file stays, kept aside with the reason, until staff throw it away.
    """

    __tablename__ = "reading_intakes"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: the name of the kept file and of the book folder that comes of it
    key: Mapped[str] = mapped_column(String(40), unique=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    filename: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    #: waiting, done, refused
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    #: {"list": [finding]}, see intake.findings
    findings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: what becomes of it: {"publish": bool, "publication_id": the one whose file it replaces, …}
    wishes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    publication_id: Mapped[int | None] = mapped_column(
        ForeignKey("publications.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    node: Mapped[Node] = relationship()
    publication: Mapped[Publication | None] = relationship()

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'refused')", name="state"),
        Index("ix_reading_intakes_state_created_at", "state", "created_at"),
    )


class Shelf(Base):
    """A shelf curated by staff: 本月推荐, a festival."""

    __tablename__ = "reading_shelves"
    __topic__ = TOPIC

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(300), default="")
    #: local days, both included; None is without end
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    node: Mapped[Node] = relationship()
    entries: Mapped[list[ShelfEntry]] = relationship(
        cascade="all, delete-orphan", order_by="ShelfEntry.position"
    )


class ShelfEntry(Base):
    __tablename__ = "reading_shelf_entries"
    __topic__ = TOPIC

    shelf_id: Mapped[int] = mapped_column(
        ForeignKey("reading_shelves.id", ondelete="CASCADE"), primary_key=True
    )
    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)

    publication: Mapped[Publication] = relationship()


class ReadingPosition(Base):
    """Where an account is in a publication 阅读进度."""

    __tablename__ = "reading_positions"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    chapter: Mapped[int] = mapped_column(default=1)
    #: the first block in view; audio and video: whole seconds
    block: Mapped[int] = mapped_column(default=1)
    #: how much of the whole lies before it, 0 to 1
    share: Mapped[float] = mapped_column(default=0.0)
    #: which sign-in moved it last, in words ("手机")
    device: Mapped[str] = mapped_column(String(40), default="")
    #: moves with every change: a device that did not see the last one may not move back
    version: Mapped[int] = mapped_column(default=1)
    moved_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    publication: Mapped[Publication] = relationship()

    __table_args__ = (Index("ix_reading_positions_account_moved", "account_id", "moved_at"),)


class Mark(Base):
    """A bookmark, a highlight or a note; only its owner ever sees it."""

    __tablename__ = "reading_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE"), index=True
    )
    #: bookmark, highlight (with or without a note)
    kind: Mapped[str] = mapped_column(String(16))
    chapter: Mapped[int]
    block: Mapped[int]
    #: characters of the block's text that are marked; both 0 for a bookmark
    begin: Mapped[int] = mapped_column(default=0)
    end: Mapped[int] = mapped_column(default=0)
    #: the marked words, so that an export reads well and a new edition can be matched
    quote: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]

    publication: Mapped[Publication] = relationship()

    __table_args__ = (
        CheckConstraint("kind IN ('bookmark', 'highlight')", name="kind"),
        Index("ix_reading_marks_owner", "account_id", "publication_id", "chapter", "block"),
    )


class ReaderSettings(Base):
    """What a reader decided for their own reading."""

    __tablename__ = "reading_settings"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    #: off: no position is kept, what was kept is deleted
    history: Mapped[bool] = mapped_column(default=True)
    #: the account is used by a child of this age; None: by a grown-up
    child_age: Mapped[int | None]


class OnSiteNetwork(Base):
    """A range of network addresses inside a hall, where on-site titles are open."""

    __tablename__ = "reading_networks"

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id", ondelete="CASCADE"), index=True)
    #: CIDR, IPv4 or IPv6
    network: Mapped[str] = mapped_column(String(50))
    note: Mapped[str] = mapped_column(String(100), default="")

    node: Mapped[Node] = relationship()

    __table_args__ = (UniqueConstraint("node_id", "network"),)


class ReadingDay(Base):
    """How much a title was read on a day. Counts only: nobody's name is ever in it."""

    __tablename__ = "reading_days"

    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    reads: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[int] = mapped_column(default=0)
    finishes: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_reading_days_day", "day"),)


class ReadingCount(Base):
    """How much a title was read in all: what "most read" goes by."""

    __tablename__ = "reading_counts"

    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True
    )
    reads: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[int] = mapped_column(default=0)
    finishes: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_reading_counts_reads", "reads"),)


class Recording(Base):
    """A chapter read by a person: heard before any machine's voice."""

    __tablename__ = "reading_recordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    chapter: Mapped[int]
    #: name of the kept file, its media type
    key: Mapped[str] = mapped_column(String(48))
    media_type: Mapped[str] = mapped_column(String(40))
    seconds: Mapped[int] = mapped_column(default=0)
    reader: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("publication_id", "chapter"),)


class ReadingPage(Base):
    """A page of a text, for search over all books; its words lie in the book folder."""

    __tablename__ = "reading_pages"
    __search__ = ("page", "id")

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    chapter: Mapped[int]
    page: Mapped[int]
    #: the chapter's title
    title: Mapped[str] = mapped_column(String(300), default="")

    publication: Mapped[Publication] = relationship()

    __table_args__ = (UniqueConstraint("publication_id", "chapter", "page"),)
