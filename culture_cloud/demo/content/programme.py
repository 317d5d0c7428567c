"""The demo programme: kinds, audiences and activities, one file per kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from culture_cloud.demo.content.fields import Fields, by_code, read_json
from culture_cloud.demo.content.network import Network, Term, read_terms
from culture_cloud.demo.content.when import (
    Dated,
    Run,
    Schedule,
    SessionRule,
    Slot,
    read_schedule,
)
from culture_cloud.network.facts import ACCESS_FACTS

MOTIFS = ("papercut", "brocade", "tile", "terraces", "drum", "lantern", "scroll", "screen")
STATUSES = ("draft", "submitted", "published", "cancelled")
STATES = (
    "draft", "submitted", "cancelled", "moved", "ended", "running", "free_entry", "by_phone",
    "not_yet_open", "open", "nearly_full", "full", "closed",
)  # fmt: skip
ENROLMENTS = ("session", "course")
TITLE_LENGTH = 30


@dataclass(frozen=True)
class Kind:
    """A kind of activity and the motif drawn on its cover."""

    code: str
    zh: str
    en: str
    motif: str


@dataclass(frozen=True)
class SignUpRule:
    """How places are given. `each` is "session" or "course" (all sessions under one enrolment).

    `elders` and `walk_in` are kept out of `capacity` for older people and for those who come
    without signing up (R84). Sign-up opens on a day counted from today and closes so many
    hours before the session, or before the first session of a course.
    """

    each: str
    opens_day: int
    opens_time: time
    closes_hours: int
    capacity: int
    elders: int
    walk_in: int
    max_party: int

    @property
    def open_places(self) -> int:
        """The places that anybody may take by signing up."""
        return self.capacity - self.elders - self.walk_in

    @property
    def bookable_places(self) -> int:
        """All places that are given by signing up, those kept for older people among them."""
        return self.capacity - self.walk_in

    def opens(self, today: date) -> datetime:
        return datetime.combine(today + timedelta(days=self.opens_day), self.opens_time)

    def closes(self, slot: Slot) -> datetime:
        return slot.start - timedelta(hours=self.closes_hours)


@dataclass(frozen=True)
class ByPhone:
    """Sign-up by telephone only, elsewhere."""

    phone: str
    note: str


@dataclass(frozen=True)
class MovedFrom:
    """Where and when a moved activity was to be at first."""

    place: str
    session: SessionRule


@dataclass(frozen=True)
class Activity:
    """One activity. `state` is what visitors shall see when the demo has just been set up."""

    code: str
    kind: str
    title: str
    node: str
    place: str
    description: tuple[str, ...]
    bring: str | None
    access: tuple[str, ...]
    access_note: str | None
    audiences: tuple[str, ...]
    co_organisers: tuple[str, ...]
    when: Schedule
    sign_up: SignUpRule | None
    by_phone: ByPhone | None
    fee: str | None
    status: str
    notice: str | None
    moved_from: MovedFrom | None
    state: str

    def bookable(self, today: date) -> tuple[Slot, ...]:
        """What people sign up for: each session still to come, or the course by its first.

        Where all is past, all sessions, so that an ended activity still has its sign-ups.
        """
        slots = self.when.slots(today)
        if self.sign_up is None:
            return ()
        if self.sign_up.each == "course":
            return slots[:1]
        return tuple(slot for slot in slots if slot.start.date() > today) or slots


@dataclass(frozen=True)
class Programme:
    """All activities with their vocabularies, by code, in the order of the files."""

    kinds: Mapping[str, Kind]
    audiences: Mapping[str, Term]
    activities: Mapping[str, Activity]


def read_programme(folder: Path, network: Network) -> Programme:
    """The programme from kinds.json, audiences.json and activities/<kind>.json.

    Raises ValueError with the place of the first mistake.
    """
    kinds_file = read_json(folder / "kinds.json")
    kinds = by_code([_read_kind(item) for item in kinds_file.children("kinds")], "kinds.json")
    kinds_file.close()
    audiences_file = read_json(folder / "audiences.json")
    audiences = read_terms(audiences_file, "audiences")
    audiences_file.close()
    found: list[Activity] = []
    for kind in kinds:
        file = read_json(folder / "activities" / f"{kind}.json")
        items = file.children("activities")
        found += [_read_activity(item, kind, network, audiences) for item in items]
        file.close()
    activities = by_code(found, "activities")
    titles = [activity.title for activity in found]
    for title in titles:
        if titles.count(title) > 1:
            raise ValueError(f"activities: the title {title} stands twice")
    return Programme(kinds, audiences, activities)


def _read_kind(item: Fields) -> Kind:
    kind = Kind(item.text("code"), item.text("zh"), item.text("en"), item.code("motif", MOTIFS))
    item.close()
    return kind


def _read_activity(
    item: Fields, kind: str, network: Network, audiences: Mapping[str, Term]
) -> Activity:
    schedule = read_schedule(item.child("when"))
    activity = Activity(
        code=item.text("code"),
        kind=kind,
        title=item.text("title"),
        node=item.code("node", network.nodes),
        place=item.text("place"),
        description=item.texts("description"),
        bring=item.optional_text("bring"),
        access=item.codes("access", ACCESS_FACTS),
        access_note=item.optional_text("access_note"),
        audiences=item.codes("audiences", audiences),
        co_organisers=item.texts("co_organisers"),
        when=schedule,
        sign_up=_read_sign_up(item.child("sign_up"), schedule) if item.has("sign_up") else None,
        by_phone=_read_by_phone(item.child("by_phone")) if item.has("by_phone") else None,
        fee=item.optional_text("fee"),
        status=item.code("status", STATUSES),
        notice=item.optional_text("notice"),
        moved_from=_read_moved(item.child("moved_from")) if item.has("moved_from") else None,
        state=item.code("state", STATES),
    )
    item.close()
    _check_activity(activity, item)
    return activity


def _check_activity(activity: Activity, item: Fields) -> None:
    if len(activity.title) > TITLE_LENGTH:
        raise item.fault(f"the title is longer than {TITLE_LENGTH} characters")
    if not 2 <= len(activity.description) <= 5:
        raise item.fault("the description must have two to five paragraphs")
    if not activity.audiences:
        raise item.fault("it needs an audience")
    if activity.sign_up and activity.by_phone:
        raise item.fault("sign-up is either here or by telephone, not both")
    needs_notice = activity.status == "cancelled" or activity.moved_from is not None
    if needs_notice != (activity.notice is not None):
        raise item.fault("a notice belongs to what is cancelled or moved, and to nothing else")


def _read_sign_up(item: Fields, schedule: Schedule) -> SignUpRule:
    today = date(2026, 1, 1)
    slots = schedule.slots(today)
    if isinstance(schedule, Run):
        raise item.fault("an exhibition that runs for days takes no sign-up")
    opens = item.child("opens")
    rule = SignUpRule(
        each=item.code("each", ENROLMENTS) if item.has("each") or len(slots) > 1 else "course",
        opens_day=opens.whole("day"),
        opens_time=opens.clock("time"),
        closes_hours=item.count("closes_hours"),
        capacity=item.count("capacity"),
        elders=item.count("elders"),
        walk_in=item.count("walk_in"),
        max_party=item.count("max_party"),
    )
    opens.close()
    item.close()
    if rule.open_places < 0:
        raise item.fault("more places are kept than there are")
    if rule.max_party < 1:
        raise item.fault("a party has at least one person")
    if rule.opens(today) >= rule.closes(slots[0]):
        raise item.fault("sign-up closes before it opens")
    return rule


def _read_by_phone(item: Fields) -> ByPhone:
    by_phone = ByPhone(item.text("phone"), item.text("note"))
    item.close()
    return by_phone


def _read_moved(item: Fields) -> MovedFrom:
    schedule = read_schedule(item.child("when"))
    if not isinstance(schedule, Dated) or len(schedule.sessions) != 1:
        raise item.fault("only a single session can be moved")
    moved = MovedFrom(item.text("place"), schedule.sessions[0])
    item.close()
    return moved
