"""What an import would do, row by row, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities.importing.carrying import Carried, Vocabulary, carried
from culture_cloud.activities.importing.matching import Known, first_start
from culture_cloud.activities.importing.occurrences import (
    CANCELLED_BY_SOURCE,
    Occurrence,
    Pairing,
    occurrences,
    pair,
)
from culture_cloud.activities.importing.plans import (
    FieldChange,
    ImportPlan,
    PlannedRow,
    Showing,
    Step,
)
from culture_cloud.activities.importing.rows import ImportRow, Parsed
from culture_cloud.activities.importing.sources import Origin, Source
from culture_cloud.activities.models import Activity, ActivityState, SignUpWay
from culture_cloud.activities.recurrence import BadRule
from culture_cloud.activities.services import ActivityFacts, missing_facts
from culture_cloud.activities.shares import totals
from culture_cloud.errors import NotFound
from culture_cloud.network.models import Node
from culture_cloud.tabular import N_, Reason

GONE_FROM_SOURCE = "来源已撤下"
"""The reason with which a feed's activities are withdrawn, and by which they may come back."""

_TWICE = N_("It stands in this file twice. It was taken from: %(text)s")
_NO_SUCH_DATE = N_("The repetition “%(text)s” cannot be read.")
_TOO_FEW = N_("%(taken)d places are taken already. %(capacity)d would be too few.")
_WITHDRAWN = N_("It was taken off this site on purpose. It stays off.")


@dataclass(frozen=True, slots=True)
class Terms:
    """How a source is to be taken. `feed_id` names the feed that it is."""

    source: Source = Source.FILE
    origin: Origin = Origin.SHEET
    showing: Showing = Showing.DRAFT
    feed_id: int | None = None


def plan(
    session: Session, parsed: Parsed, *, node_id: int, zone: ZoneInfo, terms: Terms
) -> ImportPlan:
    """Hold the rows against what the node has. Raises NotFound where there is no such node."""
    node = session.get(Node, node_id)
    if node is None:
        raise NotFound
    planner = _Planner(session, node, parsed.rows, terms=terms, zone=zone)
    rows = planner.rows()
    rows += [
        PlannedRow(p.source_ref, "", Step.REFUSED, reason=p.reason, field=p.field)
        for p in parsed.problems
    ]
    return ImportPlan(
        node_id=node_id,
        rows=tuple(rows),
        notes=parsed.notes,
        skipped=parsed.skipped,
        is_complete=not parsed.problems,
        named_ids=frozenset(planner.named),
        counts=Counter(row.step for row in rows),
    )


def too_few_places(taken: int, capacity: int) -> Reason:
    """Why a number of places cannot be taken over."""
    return Reason(_TOO_FEW, {"taken": taken, "capacity": capacity})


class _Refused(Exception):
    """The row cannot be imported."""

    def __init__(self, reason: Reason, field: str = "") -> None:
        self.reason, self.field = reason, field


class _Planner:
    def __init__(
        self,
        session: Session,
        node: Node,
        rows: Sequence[ImportRow],
        *,
        terms: Terms,
        zone: ZoneInfo,
    ) -> None:
        self._rows, self._node, self._terms, self._zone = rows, node, terms, zone
        self._now = clock.now()
        self._vocabulary = Vocabulary.load(session)
        self._known = Known(session, node, rows)
        self._claimed = self._claims()
        self._taken: dict[object, str] = {}
        #: ids of the activities that the rows name
        self.named: set[int] = set()

    def _claims(self) -> dict[int, str]:
        """Activities that a row names by UID: activity id → that row."""
        found: dict[int, str] = {}
        for row in self._rows:
            activity = self._known.by_uid(row.uid) if row.uid else None
            if activity is not None:
                found.setdefault(activity.id, row.source_ref)
        return found

    def rows(self) -> list[PlannedRow]:
        return [self._row(row) for row in self._rows]

    def _row(self, row: ImportRow) -> PlannedRow:
        try:
            try:
                sessions = occurrences(row, zone=self._zone, now=self._now)
            except BadRule as error:
                raise _Refused(Reason(_NO_SUCH_DATE, {"text": row.rrule or ""}), "rrule") from error
            found = self._find(row, sessions)
            said = carried(
                row, origin=self._terms.origin, node_id=self._node.id, vocabulary=self._vocabulary
            )
            if found is None:
                return self._create(row, sessions, said)
            return self._change(row, sessions, said, *found)
        except _Refused as refused:
            return PlannedRow(
                row.source_ref, row.title, Step.REFUSED, reason=refused.reason, field=refused.field
            )

    def _find(self, row: ImportRow, sessions: Sequence[Occurrence]) -> tuple[Activity, bool] | None:
        """The activity that the row is and whether its UID says so; None where it is new."""
        by_uid = self._known.by_uid(row.uid) if row.uid else None
        if by_uid is not None:
            self.named.add(by_uid.id)
            self._only_once(("id", by_uid.id), row.source_ref)
            return by_uid, True
        alike = self._known.by_start(row.title, sessions, is_series=bool(row.rrule))
        free = [a for a in alike if a.id not in self._claimed]
        if free:
            here = row.place_name or row.address
            best = next((a for a in free if here in (a.place_name, a.address)), free[0])
            self.named.add(best.id)
            self._only_once(("id", best.id), row.source_ref)
            return best, False
        if row.uid:
            self._only_once(("uid", row.uid), row.source_ref)
        where = (row.place_name, row.address)
        self._only_once(("new", row.title, first_start(sessions), where), row.source_ref)
        return None

    def _only_once(self, key: object, source_ref: str) -> None:
        if key in self._taken:
            raise _Refused(Reason(_TWICE, {"text": self._taken[key]}))
        self._taken[key] = source_ref

    def _create(self, row: ImportRow, sessions: Sequence[Occurrence], said: Carried) -> PlannedRow:
        facts = ActivityFacts(
            node_id=self._node.id,
            uid=self._known.new_uid(row.uid) if row.uid else None,
            source=self._terms.source,
            feed_id=self._terms.feed_id,
            extra=said.extra,
            sessions=[o.facts() for o in sessions],
            **(said.defaults | said.fields),
        )
        missing = missing_facts(facts)
        return PlannedRow(
            row.source_ref,
            row.title,
            Step.CREATE,
            facts=facts,
            sessions=tuple((None, o) for o in sessions),
            state=self._shown(ActivityState.DRAFT, row, missing),
            missing=missing,
        )

    def _change(
        self,
        row: ImportRow,
        sessions: Sequence[Occurrence],
        said: Carried,
        activity: Activity,
        by_uid: bool,
    ) -> PlannedRow:
        before = ActivityState(activity.state)
        pairing = pair(
            activity.sessions,
            sessions,
            is_public=before not in {ActivityState.DRAFT, ActivityState.SUBMITTED},
            complete=by_uid or bool(row.rrule),
            now=self._now,
        )
        values = self._new_values(activity, said, by_uid=by_uid)
        changes = self._changes(activity, values, pairing)
        self._require_places(activity, values)
        facts = ActivityFacts(
            **(_values_of(activity) | values),
            sessions=[o.facts(number) for number, o in pairing.sessions],
            extra={**activity.extra, **said.extra},
        )
        missing = missing_facts(facts)
        state = self._next_state(activity, row, missing)
        # values such as counters and time stamps change daily and mean nothing; names are facts
        more_said = set(said.extra) - set(activity.extra)
        is_changed = bool(values or pairing.differs or state != before or more_said)
        return PlannedRow(
            row.source_ref,
            row.title,
            Step.CHANGE if is_changed else Step.UNCHANGED,
            activity_id=activity.id,
            facts=facts,
            sessions=pairing.sessions,
            state=state,
            state_before=before,
            changes=changes,
            missing=missing if state == ActivityState.DRAFT else (),
        )

    def _new_values(self, activity: Activity, said: Carried, *, by_uid: bool) -> dict[str, Any]:
        """What the row says otherwise than the activity, by column."""
        values = dict(said.fields)
        if by_uid and "rrule" not in values:
            values["rrule"] = ""
        if self._terms.origin is not Origin.SHEET and activity.sign_up == SignUpWay.HERE:
            # places that are given here are for staff to change, not for others' lists
            for name in ("sign_up", "sign_up_url", "capacity"):
                values.pop(name, None)
        present = _values_of(activity)
        differing = {name: value for name, value in values.items() if present[name] != value}
        if "place_name" in differing or "address" in differing:
            differing["place_node_id"] = None
        return differing

    def _changes(
        self, activity: Activity, values: Mapping[str, Any], pairing: Pairing
    ) -> tuple[FieldChange, ...]:
        present = _values_of(activity)
        found = [
            FieldChange(name, self._named(name, present[name]), self._named(name, value))
            for name, value in values.items()
            if name not in _NOT_SHOWN
        ]
        if pairing.differs:
            kept = {s.id: s for s in activity.sessions}
            before = tuple(Occurrence(s.starts_at, s.ends_at, s.all_day) for s in kept.values())
            after = tuple(o for _id, o in pairing.sessions if not o.cancelled)
            found.append(FieldChange("sessions", before, after))
        return tuple(found)

    def _named(self, name: str, value: Any) -> Any:
        if name == "kind_code":
            return self._vocabulary.kinds.get(value, value)
        if name == "audience_codes":
            return tuple(self._vocabulary.audiences.get(code, code) for code in value)
        return value

    def _require_places(self, activity: Activity, values: Mapping[str, Any]) -> None:
        """Nobody who has a place is put out by a smaller number in a table."""
        capacity = values.get("capacity")
        taken = max((t.taken for t in totals(activity.allotments).values()), default=0)
        if capacity is not None and taken > capacity:
            raise _Refused(too_few_places(taken, capacity), "capacity")

    def _next_state(
        self, activity: Activity, row: ImportRow, missing: tuple[str, ...]
    ) -> ActivityState:
        state = ActivityState(activity.state)
        if state == ActivityState.DRAFT and activity.source != "desk":
            return self._shown(state, row, missing)
        if state == ActivityState.PUBLISHED and row.status == "cancelled":
            return ActivityState.CANCELLED
        if state == ActivityState.CANCELLED and row.status != "cancelled":
            by_source = activity.state_reason == CANCELLED_BY_SOURCE
            return ActivityState.PUBLISHED if by_source else state
        if state == ActivityState.WITHDRAWN:
            if activity.state_reason != GONE_FROM_SOURCE:
                raise _Refused(Reason(_WITHDRAWN))
            return ActivityState.PUBLISHED if activity.published_at else ActivityState.DRAFT
        return state

    def _shown(
        self, state: ActivityState, row: ImportRow, missing: tuple[str, ...]
    ) -> ActivityState:
        """What a draft becomes: what people need to know must be said before it is shown."""
        if missing or self._terms.showing is Showing.DRAFT:
            return state
        if self._terms.showing is Showing.SUBMIT:
            return ActivityState.SUBMITTED
        cancelled = row.status == "cancelled"
        return ActivityState.CANCELLED if cancelled else ActivityState.PUBLISHED


_NOT_VALUES = {"sessions", "extra", "uid", "rules"}
_NOT_SHOWN = {"place_node_id", "rrule"}


def _values_of(activity: Activity) -> dict[str, Any]:
    """The facts of an activity as they stand, without its sessions and extras."""
    values = {
        item.name: getattr(activity, item.name)
        for item in fields(ActivityFacts)
        if item.name not in {*_NOT_VALUES, "audience_codes"}
    }
    values["audience_codes"] = tuple(sorted(a.code for a in activity.audiences))
    return values
