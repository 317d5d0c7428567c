"""What every reader gives: rows that can be imported, and what was wrong with the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from culture_cloud.tabular.reasons import N_, FileNotReadable, Reason

SessionState = Literal["confirmed", "cancelled"]
RowStatus = Literal["confirmed", "tentative", "postponed", "cancelled"]

FIELD_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "title": N_("Name of the activity"),
        "starts_at": N_("Start time"),
        "ends_at": N_("End time"),
        "rrule": N_("Repetition"),
        "record": N_("Whole entry"),
    }
)
"""The msgid of every value of `RowProblem.field`."""

MOST_SESSIONS = 2_000
TOO_MANY_SESSIONS = N_("The activity has more than %(text)s sessions. Import it in parts.")


@dataclass(frozen=True, slots=True)
class ImportSession:
    """One dated occurrence; moments are aware. A whole-day session starts at midnight and ends at
    the midnight after its last day (RFC 5545 3.6.1). `recurrence_id` names the occurrence of the
    series that this one replaces. Place and address are given where they differ from the row's."""

    starts_at: datetime
    ends_at: datetime | None = None
    all_day: bool = False
    state: SessionState = "confirmed"
    recurrence_id: datetime | None = None
    title: str = ""
    place_name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One activity as its source describes it. Texts are trimmed, plain and "" if missing.

    With an `rrule` (RFC 5545 value without its name) the first session is the series' first
    occurrence; the others replace or add single ones. `kind` is the source's word, for
    kinds.kind_code. `is_free` is None where the source does not say. `extra` holds every
    non-empty value of the source that has no field here, by its own name.
    """

    source_ref: str
    title: str
    sessions: tuple[ImportSession, ...]
    uid: str | None = None
    kind: str | None = None
    rrule: str | None = None
    exdates: tuple[datetime, ...] = ()
    rdates: tuple[datetime, ...] = ()
    place_name: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    fee: str | None = None
    is_free: bool | None = None
    capacity: int | None = None
    description: str = ""
    audiences: tuple[str, ...] = ()
    bring: str = ""
    organiser: str = ""
    co_organisers: tuple[str, ...] = ()
    contact_phone: str = ""
    url: str = ""
    image_url: str = ""
    source_name: str = ""
    source_modified_at: datetime | None = None
    status: RowStatus = "confirmed"
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row is left out. `field` is a key of FIELD_LABELS."""

    source_ref: str
    field: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class RowNote:
    """Something to look at in what is read, or a part of the file that is left out on purpose."""

    source_ref: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Parsed:
    """The whole file: every row of the source is in `rows`, `problems` or `skipped`."""

    rows: tuple[ImportRow, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[RowNote, ...] = ()
    skipped: tuple[RowNote, ...] = ()


__all__ = [
    "FIELD_LABELS",
    "MOST_SESSIONS",
    "TOO_MANY_SESSIONS",
    "FileNotReadable",
    "ImportRow",
    "ImportSession",
    "Parsed",
    "Reason",
    "RowNote",
    "RowProblem",
    "RowStatus",
    "SessionState",
]
