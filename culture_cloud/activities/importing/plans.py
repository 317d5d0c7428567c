"""The shapes of a plan: every row of a source, and what would become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from culture_cloud.activities.importing.occurrences import Occurrence
from culture_cloud.activities.importing.rows import RowNote
from culture_cloud.activities.models import ActivityState
from culture_cloud.activities.services import ActivityFacts
from culture_cloud.tabular import Reason


class Step(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    CHANGE = "change"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class Showing(StrEnum):
    """What becomes of new activities, and of drafts that an import made before."""

    DRAFT = "draft"
    SUBMIT = "submit"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that changes: its name in ActivityFacts, and its values. Those of `sessions` are
    tuples of Occurrence, those of `audience_codes` and `kind_code` are names."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the source. `reason` (and `field`, a key of FIELD_LABELS) say why it is refused;
    `missing` what a new activity lacks, so that it stays a draft for now."""

    source_ref: str
    title: str
    step: Step
    activity_id: int | None = None
    facts: ActivityFacts | None = None
    sessions: tuple[tuple[int | None, Occurrence], ...] = ()
    state: ActivityState = ActivityState.DRAFT
    state_before: ActivityState | None = None
    changes: tuple[FieldChange, ...] = ()
    missing: tuple[str, ...] = ()
    reason: Reason | None = None
    field: str = ""

    @property
    def starts(self) -> Occurrence | None:
        """The first session, by which people know the activity."""
        return min((o for _id, o in self.sessions), key=lambda o: o.starts_at, default=None)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Every row of the source, in its order; then what could not be read. Nothing is written."""

    node_id: int
    rows: tuple[PlannedRow, ...]
    notes: tuple[RowNote, ...] = ()
    skipped: tuple[RowNote, ...] = ()
    #: whether every entry of the source was read: only then is what it no longer names gone
    is_complete: bool = True
    #: activities that the source names, also in rows that are refused
    named_ids: frozenset[int] = frozenset()
    counts: Mapping[Step, int] = field(default_factory=dict)

    def count(self, step: Step) -> int:
        return self.counts.get(step, 0)
