"""The sessions of a row as they are kept: series followed, ends settled, changes in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from culture_cloud.activities.importing.rows import ImportRow, ImportSession
from culture_cloud.activities.models import ActivitySession, SessionState
from culture_cloud.activities.recurrence import HORIZON, MOST_SESSIONS, BadRule, instances
from culture_cloud.activities.services import SessionFacts

LOOKING_BACK = timedelta(days=30)
"""How far into the past a series is kept that began long ago and has no end."""

# What residents read beside a session; like all content it is in the language of the site.
CANCELLED_BY_SOURCE = "主办方已取消"
POSTPONED = "延期，新的时间另行通知"
TENTATIVE = "时间暂定"
SOURCE_NOTES = frozenset((CANCELLED_BY_SOURCE, POSTPONED, TENTATIVE))
"""Notes that only an import writes, and that an import may therefore take away."""

_MINUTE = timedelta(minutes=1)
_FINITE = re.compile(r"(?:^|;)(?:COUNT|UNTIL)=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A session as it is to be. Moments in UTC; a whole day ends at 23:59 of its last day."""

    starts_at: datetime
    ends_at: datetime | None = None
    all_day: bool = False
    cancelled: bool = False
    recurrence_id: datetime | None = None
    note: str = ""

    def facts(self, session_id: int | None = None) -> SessionFacts:
        return SessionFacts(
            id=session_id,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            all_day=self.all_day,
            state=SessionState.CANCELLED if self.cancelled else SessionState.SCHEDULED,
            recurrence_id=self.recurrence_id,
        )


def as_it_stands(occurrence: ActivitySession) -> Occurrence:
    """A kept session, to be compared."""
    return Occurrence(
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at if occurrence.end_known else None,
        all_day=occurrence.all_day,
        cancelled=occurrence.state == SessionState.CANCELLED,
        recurrence_id=occurrence.recurrence_id,
        note=occurrence.note,
    )


def occurrences(row: ImportRow, *, zone: ZoneInfo, now: datetime) -> list[Occurrence]:
    """The sessions of a row in order of start. Raises BadRule where its series yields none."""
    if row.rrule or row.rdates or row.exdates:
        found = _series(row, zone, now)
    else:
        found = [_occurrence(session, zone) for session in row.sessions]
    return sorted((_with_status(o, row) for o in found), key=lambda o: (o.starts_at, o.note))


def _series(row: ImportRow, zone: ZoneInfo, now: datetime) -> list[Occurrence]:
    main, others = row.sessions[0], row.sessions[1:]
    first = _occurrence(main, zone)
    starts: set[datetime] = set()
    if row.rrule:
        starts |= set(_rule_starts(row.rrule, main.starts_at, zone, now))
    # RFC 5545 3.8.5.3: the start counts whether or not it follows the rule
    if main.recurrence_id is None and (not row.rrule or _is_kept(row.rrule, first, now)):
        starts.add(first.starts_at)
    starts |= {moment.astimezone(UTC) for moment in row.rdates}
    starts -= {moment.astimezone(UTC) for moment in row.exdates}
    replaced = {o.recurrence_id for o in others if o.recurrence_id is not None}
    starts -= {moment.astimezone(UTC) for moment in replaced}
    found = [_like(first, moment, zone) for moment in sorted(starts)]
    found += [_occurrence(session, zone) for session in others]
    if not found:
        raise BadRule(row.rrule or "EXDATE")
    return found


def _is_kept(rule: str, first: Occurrence, now: datetime) -> bool:
    return first.starts_at >= now - LOOKING_BACK or _FINITE.search(rule) is not None


def _rule_starts(rule: str, first: datetime, zone: ZoneInfo, now: datetime) -> list[datetime]:
    """All dates of a rule that has an end; of one without, or with too many, those around today."""
    if _FINITE.search(rule):
        whole = instances(rule, first, zone=zone, horizon=max(now - first, timedelta()) + HORIZON)
        if len(whole) < MOST_SESSIONS:
            return whole
    try:
        return instances(rule, first, zone=zone, since=now - LOOKING_BACK)
    except BadRule:
        return instances(rule, first, zone=zone)


def _like(first: Occurrence, starts_at: datetime, zone: ZoneInfo) -> Occurrence:
    """The first session at another day, as long by the clock on the wall."""
    if first.ends_at is None:
        return replace(first, starts_at=starts_at)
    length = _wall(first.ends_at, zone) - _wall(first.starts_at, zone)
    ends_at = (_wall(starts_at, zone) + length).replace(tzinfo=zone).astimezone(UTC)
    return replace(first, starts_at=starts_at, ends_at=ends_at)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _occurrence(session: ImportSession, zone: ZoneInfo) -> Occurrence:
    starts_at = session.starts_at.astimezone(UTC)
    was = session.recurrence_id.astimezone(UTC) if session.recurrence_id else None
    own = (session.title, session.place_name, session.address)
    return Occurrence(
        starts_at=starts_at,
        ends_at=_end(session, zone),
        all_day=session.all_day,
        cancelled=session.state == "cancelled",
        recurrence_id=was if was != starts_at else None,
        note="，".join(text for text in own if text)[:300],
    )


def _end(session: ImportSession, zone: ZoneInfo) -> datetime | None:
    ends_at = session.ends_at
    if ends_at is not None and ends_at <= session.starts_at:
        ends_at = None
    if session.all_day:
        next_day = _wall(session.starts_at, zone) + timedelta(days=1)
        return ((ends_at or next_day.replace(tzinfo=zone)) - _MINUTE).astimezone(UTC)
    return ends_at.astimezone(UTC) if ends_at else None


def _with_status(occurrence: Occurrence, row: ImportRow) -> Occurrence:
    """A row that is off is off with all its sessions; what has no fixed date yet is off, too."""
    if row.status == "postponed":
        return replace(occurrence, cancelled=True, note=POSTPONED)
    if row.status == "cancelled" or occurrence.cancelled:
        return replace(occurrence, cancelled=True, note=occurrence.note or CANCELLED_BY_SOURCE)
    if row.status == "tentative":
        return replace(occurrence, note=occurrence.note or TENTATIVE)
    return occurrence


# --- what becomes of the sessions that are there -------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pairing:
    """The sessions of an activity as they are to be: (id of the one replaced, the session)."""

    sessions: tuple[tuple[int | None, Occurrence], ...]
    differs: bool


def pair(
    present: Sequence[ActivitySession],
    wanted: Sequence[Occurrence],
    *,
    is_public: bool,
    complete: bool,
    now: datetime,
) -> Pairing:
    """Which session is which, so that whoever signed up for one keeps the place.

    First by start, then by the start that was, then, where as many are left over here as there,
    in their order: they were moved. What is over stays. What is to come and no longer named goes
    if the row names all sessions (`complete`): deleted from a draft, cancelled in public. A
    session that staff cancelled stays so.
    """
    free, rest = list(present), list(wanted)
    pairs: list[tuple[ActivitySession, Occurrence]] = []
    for same in (_same_start_and_note, _same_start, _was_there):
        still: list[Occurrence] = []
        for occurrence in rest:
            match = next((s for s in free if same(s, occurrence)), None)
            if match is None:
                still.append(occurrence)
            else:
                free.remove(match)
                pairs.append((match, occurrence))
        rest = still
    movable = [s for s in free if s.state == SessionState.SCHEDULED and s.ends_at > now]
    if complete and len(movable) == len(rest):
        pairs += zip(movable, rest, strict=True)
        free = [s for s in free if s not in movable]
        rest = []
    found: list[tuple[int | None, Occurrence]] = [(s.id, _settled(s, o)) for s, o in pairs]
    found += [(None, occurrence) for occurrence in rest]
    dropped = 0
    for s in free:
        goes = complete and s.ends_at > now and s.state == SessionState.SCHEDULED
        if not goes:
            found.append((s.id, as_it_stands(s)))
        elif is_public:
            note = s.note or CANCELLED_BY_SOURCE
            found.append((s.id, replace(as_it_stands(s), cancelled=True, note=note)))
        else:
            dropped += 1
    before = {s.id: as_it_stands(s) for s in present}
    differs = dropped > 0 or any(
        number is None or _shown(before[number]) != _shown(occurrence)
        for number, occurrence in found
    )
    return Pairing(tuple(sorted(found, key=lambda pair: pair[1].starts_at)), differs)


def _same_start_and_note(present: ActivitySession, wanted: Occurrence) -> bool:
    return present.starts_at == wanted.starts_at and present.note == wanted.note


def _same_start(present: ActivitySession, wanted: Occurrence) -> bool:
    return present.starts_at == wanted.starts_at


def _was_there(present: ActivitySession, wanted: Occurrence) -> bool:
    if wanted.recurrence_id is not None and wanted.recurrence_id in (
        present.starts_at,
        present.recurrence_id,
    ):
        return True
    return present.recurrence_id is not None and present.recurrence_id == wanted.starts_at


def _settled(present: ActivitySession, wanted: Occurrence) -> Occurrence:
    """The wanted session with what staff said of the present one."""
    by_source = not present.note or present.note in SOURCE_NOTES
    note = wanted.note or ("" if by_source else present.note)
    if present.state == SessionState.CANCELLED and present.note not in SOURCE_NOTES:
        return replace(wanted, cancelled=True, note=present.note)
    return replace(wanted, note=note)


def _shown(occurrence: Occurrence) -> tuple[object, ...]:
    o = occurrence
    return (o.starts_at, o.ends_at, o.all_day, o.cancelled, o.note)
