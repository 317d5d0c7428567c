"""Draws in the words that pages show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from culture_cloud.activities.models import Activity
from culture_cloud.sign_ups.offers import Offer
from culture_cloud.sign_ups.wording import when_words
from culture_cloud.web import words

from .errors import CannotSetUp
from .holding import COURSE
from .models import Application, ApplicationState, Draw, DrawKind
from .weights import ELDERS, FIRST_TIME, TOWNSHIP, Weights


def rule_words(rule: str) -> str:
    return {
        FIRST_TIME: _("Never came to an activity of this hall"),
        ELDERS: _("60 years old or older"),
        TOWNSHIP: _("Lives in the township of the activity"),
    }[rule]


def slips_table(draw: Draw) -> list[tuple[str, str]]:
    """For whom how many slips lie in the box."""
    rows = [(_("Everybody"), _slips(1))]
    for rule, further in Weights.of(draw.weights).kept().items():
        if further:
            words_ = ngettext("%(num)d slip more", "%(num)d slips more", further)
            rows.append((rule_words(rule), str(words_)))
    return rows


def _slips(number: int) -> str:
    return str(ngettext("%(num)d slip", "%(num)d slips", number))


def slips_words(count: int, rules: Sequence[str]) -> str:
    """3 slips: lives in the township, 60 years old or older."""
    if not rules:
        return _slips(count)
    reasons = _(", ").join(rule_words(rule) for rule in rules)
    return _("%(slips)s (%(reasons)s)", slips=_slips(count), reasons=reasons)


def people_words(number: int) -> str:
    return str(ngettext("%(num)d person", "%(num)d people", number))


def applications_words(number: int) -> str:
    return str(ngettext("%(num)d application", "%(num)d applications", number))


def title_of(draw: Draw) -> str:
    if draw.title or not draw.offers:
        return draw.title or _("A draw")
    return draw.offers[0].activity.title


def state_words(application: Application) -> tuple[str, str]:
    """What came of it: (words, kind of tag)."""
    if application.state == ApplicationState.APPLIED:
        return _("Waits for the draw"), "plain"
    if application.state == ApplicationState.WITHDRAWN:
        return _("Withdrawn"), "plain"
    if application.state == ApplicationState.GIVEN:
        return _("Has places"), "calm"
    if application.state == ApplicationState.WAITING:
        return _("On the waiting list"), "warn"
    return none_words(application.outcome_reason), "bad"


def none_words(reason: str) -> str:
    return {
        "called_off": _("The draw was called off"),
        "cancelled": _("It does not take place"),
        "signed_up": _("Signed up already"),
    }.get(reason, _("No places"))


def refused_set_up_words(refusal: CannotSetUp) -> str:
    """Why places cannot be given by lot here, and what to do."""
    return {
        "not_published": _("Please publish the activity first."),
        "no_places": _(
            "Please set sign-up on this site and a number of places in the activity first."
        ),
        "has_sign_ups": _(
            "People have signed up already. A draw can only begin while nobody has a place."
        ),
        "in_a_draw": _("Its places are given by another draw already."),
        "asks_more": _(
            "Its sign-up asks for ages, homes, groups, answers or review. A draw cannot ask that: "
            "please take it away in the activity first."
        ),
        "closes_too_late": _(
            "The time to apply must end before the first date begins. Please write an earlier end."
        ),
        "over": _("Please write an end that lies ahead, after the beginning."),
        "too_few": _("Please choose at least two courses."),
    }[refusal.why]


# --- what is published ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A line of a published order."""

    place: int
    number: str
    party: str
    slips: str
    outcome: str


@dataclass(frozen=True, slots=True)
class DrawnList:
    """What was drawn for, and the whole order."""

    title: str
    places: int
    rows: list[DrawnRow] = field(default_factory=list)


def drawn_lists(draw: Draw, offers: Mapping[str, str]) -> list[DrawnList]:
    """The published order of a draw; `offers` says when each of its names is."""
    return [
        DrawnList(
            title=offers.get(said["name"], ""),
            places=said["places"],
            rows=list(_rows(said)),
        )
        for said in draw.record.get("draws", [])
    ]


def _rows(said: Mapping[str, Any]) -> list[DrawnRow]:
    facts = {a["number"]: a for a in said["applications"]}
    waiting = {number: place for place, number in enumerate(said["waiting"], start=1)}
    return [
        DrawnRow(
            place=place,
            number=number,
            party=str(facts[number]["party"]),
            slips=str(facts[number]["slips"]),
            outcome=_("Waits as number %(place)s", place=waiting[number])
            if number in waiting
            else _("Has places"),
        )
        for place, number in enumerate(said["order"], start=1)
    ]


def course_lists(draw: Draw, titles: Mapping[str, str]) -> list[DrawnList]:
    """For each course of a season the order in which people were drawn there."""
    lists = {w["number"]: w for w in draw.record.get("wish_lists", [])}
    found = []
    for course in draw.record.get("courses", []):
        name = course["name"]
        rows = []
        for place, number in enumerate(course["order"], start=1):
            got = lists[number]["got"]
            slips = next(w["slips"] for w in lists[number]["wishes"] if w["course"] == name)
            outcome = _("Has places") if got == name else _no_place_here(got, titles)
            rows.append(DrawnRow(place, number, "1", str(slips), outcome))
        found.append(DrawnList(titles.get(name, ""), course["places"], rows))
    return found


def _no_place_here(got: str | None, titles: Mapping[str, str]) -> str:
    if got is None:
        return _("No place")
    return _("Has a place in %(course)s", course=titles.get(got, got))


def explained(draw: Draw, number: str, titles: Mapping[str, str]) -> list[str]:
    """What came of an application, step by step, in sentences; empty where the record knows it
    not. Says nothing but what the record says, so anybody may read it."""
    if draw.kind == DrawKind.WISHES:
        return _wishes_explained(draw.record, number, titles)
    for said in draw.record.get("draws", []):
        if number in said["order"]:
            return _draw_explained(said, number)
    return []


def _draw_explained(said: Mapping[str, Any], number: str) -> list[str]:
    place, drawn = said["order"].index(number) + 1, len(said["order"])
    sentences = [
        _(
            "Number %(number)s was drawn %(place)s of %(all)s.",
            number=number,
            place=place,
            all=drawn,
        ),
    ]
    if number in said["given"]:
        return [*sentences, _("There was still room, so it got its places.")]
    waits = said["waiting"].index(number) + 1
    return [
        *sentences,
        _(
            "The %(places)s places went to those who were drawn before, as far as their people "
            "fitted in.",
            places=said["places"],
        ),
        _("It stands on the waiting list as number %(place)s.", place=waits),
    ]


def _wishes_explained(
    record: Mapping[str, Any], number: str, titles: Mapping[str, str]
) -> list[str]:
    said = next((w for w in record.get("wish_lists", []) if w["number"] == number), None)
    if said is None:
        return []
    courses = {c["name"]: c for c in record["courses"]}
    inside = {w["number"]: w["got"] for w in record["wish_lists"]}
    sentences = []
    for rank, wish in enumerate(said["wishes"], start=1):
        name, order = wish["course"], courses[wish["course"]]["order"]
        facts = {
            "rank": rank,
            "course": titles.get(name, name),
            "place": order.index(number) + 1,
            "all": len(order),
        }
        if said["got"] == name:
            sentences.append(
                _(
                    "Wish %(rank)s, %(course)s: drawn %(place)s of %(all)s there. That was early "
                    "enough: this is the place.",
                    **facts,
                )
            )
            return sentences
        last = max((order.index(n) + 1 for n in order if inside[n] == name), default=0)
        sentences.append(
            _(
                "Wish %(rank)s, %(course)s: drawn %(place)s of %(all)s there. Its %(places)s "
                "places went to people who were drawn earlier, the last of them %(last)s.",
                places=courses[name]["places"],
                last=last,
                **facts,
            )
        )
    sentences.append(_("No wish was left. The waiting list of the first wish keeps the number."))
    return sentences


def offer_titles(draw: Draw, offers: Sequence[Offer]) -> dict[str, str]:
    """When each thing is that a draw of one activity is about, by its name in the record."""
    del draw
    return {
        COURSE if offer.session_id is None else str(offer.session_id): when_words(offer)
        for offer in offers
    }


def course_titles(draw: Draw) -> dict[str, str]:
    return {str(offer.activity_id): offer.activity.title for offer in draw.offers}


def course_words(activity: Activity) -> str:
    """When a course begins and where it is, for a choice."""
    coming = sorted(s.starts_at for s in activity.sessions if s.state == "scheduled")
    begins = words.date_and_time_words(coming[0]) if coming else _("No date yet")
    lessons = ngettext("%(num)d lesson", "%(num)d lessons", len(coming))
    return _(
        "begins %(when)s, %(lessons)s, %(place)s",
        when=begins,
        lessons=str(lessons),
        place=activity.place_name or activity.node.plate_name,
    )
