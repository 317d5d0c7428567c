"""Sign-ups in the words that pages, tickets and calendar files show."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from culture_cloud.activities import presenter
from culture_cloud.activities.models import Activity, Enrolment, SessionState
from culture_cloud.web import words
from culture_cloud.web.phones import spaced_phone

from . import tickets
from .errors import (
    GuardianNeeded,
    NotEligible,
    PlacesByLot,
    SessionCancelled,
    SessionFull,
    SessionOver,
    SignUpClosed,
    SignUpNotOpenYet,
    SignUpRefused,
    TooManyInParty,
    TooManyProxied,
)
from .models import SignUp, SignUpState
from .offers import Offer, Room


def when_words(offer: Offer) -> str:
    """When it is; for a course its first lesson."""
    said = words.when_words(
        offer.starts_at, offer.ends_at, all_day=offer.all_day, end_known=offer.end_known
    )
    if offer.session_id is None and offer.last_starts_at != offer.starts_at:
        first = words.date_and_time_words(offer.starts_at)
        last = words.date_words(offer.last_starts_at)
        return str(_("first lesson %(first)s, last lesson %(last)s", first=first, last=last))
    return said


def place_words(activity: Activity) -> str:
    """Where it is: hall and room, and the postal address where it says more."""
    hall = (activity.place_node or activity.node).plate_name if activity.place_node_id else ""
    place = presenter.place_words(hall, activity.place_name, activity.address)
    address = presenter.address_words(activity)
    return place if not address or address in place else f"{place} · {address}"


def left_words(offer: Offer) -> str:
    """Open places left, and those that are still kept for elders."""
    if offer.left is None:
        return str(_("Places for everyone"))
    said = str(ngettext("%(num)d place left", "%(num)d places left", offer.left))
    if not offer.left_for_elders:
        return said
    kept = ngettext(
        "%(num)d more kept for people of 60 and over",
        "%(num)d more kept for people of 60 and over",
        offer.left_for_elders,
    )
    return f"{said} · {kept}"


def share_words(room: Room) -> str:
    """A share of the places as staff call it, with what is left of it."""
    left = ngettext("%(num)d place left", "%(num)d places left", room.left or 0)
    return f"{room.name} · {left}"


def waiting_words(number: int) -> str:
    if not number:
        return str(_("Nobody is waiting yet"))
    return str(ngettext("%(num)d person is waiting", "%(num)d people are waiting", number))


def party_words(sign_up: SignUp) -> str:
    said = str(ngettext("%(num)d person", "%(num)d people", sign_up.party_size))
    if not sign_up.companions:
        return said
    named = _(", ").join([sign_up.name, *sign_up.companions])
    return str(_("%(people)s: %(names)s", people=said, names=named))


def relation_words() -> list[tuple[str, str]]:
    """What somebody who acts for a person is to them, by (code, words)."""
    return [
        ("family", _("Family")),
        ("neighbour", _("Neighbour or friend")),
        ("village_worker", _("Village or community worker")),
        ("carer", _("Carer")),
        ("other", _("Somebody else")),
    ]


def state_words(sign_up: SignUp) -> str:
    """Where a sign-up is in its life, with the reason where there is one."""
    match SignUpState(sign_up.state):
        case SignUpState.CONFIRMED:
            return str(_("Confirmed"))
        case SignUpState.PENDING:
            return str(_("Being looked at"))
        case SignUpState.WAITING if sign_up.holds:
            return str(_("Places offered"))
        case SignUpState.WAITING:
            return str(_("On the waiting list"))
        case SignUpState.ATTENDED:
            return str(_("Came"))
        case SignUpState.NO_SHOW:
            return str(_("Did not come"))
        case SignUpState.DECLINED:
            return str(_("Not taken: %(reason)s", reason=sign_up.state_reason))
        case _:
            return str(
                _("Cancelled: %(reason)s", reason=sign_up.state_reason or _("by the person"))
            )


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket shows. `whens` has a line per session or lesson."""

    sign_up: SignUp
    activity: Activity
    whens: list[str]
    #: what staff say of a session, such as why it was moved
    notes: list[str]
    place: str
    phone: str
    is_confirmed: bool
    is_over: bool
    takes_place: bool
    can_be_cancelled: bool
    can_change_party: bool
    #: what it is where it is not confirmed: heading and lead of the page
    otherwise: tuple[str, str] | None
    is_course: bool
    url: str

    @property
    def title(self) -> str:
        return self.activity.title

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Terms and values, for the ticket and for paper."""
        rows = [
            (_("Activity"), self.activity.title),
            (_("When"), Markup("<br>").join(self.whens)),
            (_("Where"), self.place),
            (_("Who"), self.sign_up.name),
            (_("How many"), party_words(self.sign_up)),
            (_("Your phone"), spaced_phone(self.sign_up.phone)),
        ]
        if self.activity.bring:
            rows.append((_("Please bring"), self.activity.bring))
        if not self.activity.is_free:
            rows.append((_("Costs"), presenter.fee_words(False, self.activity.fee)))
        return rows


def _otherwise(sign_up: SignUp) -> tuple[str, str] | None:
    """Heading and lead of a sign-up that is not confirmed."""
    match SignUpState(sign_up.state):
        case SignUpState.PENDING:
            return _("We look at your sign-up"), _(
                "Your places are held. We tell you as soon as it is decided."
            )
        case SignUpState.WAITING if sign_up.offered_until is not None:
            until = words.date_and_time_words(sign_up.offered_until)
            return _("Places are free for you"), _(
                "Please say until %(when)s whether you come. After that they go to the next.",
                when=until,
            )
        case SignUpState.WAITING:
            return _("You are on the waiting list"), _(
                "When a place becomes free, we tell you at once."
            )
        case SignUpState.DECLINED:
            return _("This sign-up was not taken"), _("The places are free for others now.")
        case SignUpState.CANCELLED:
            return _("This sign-up is cancelled"), _("The places are free for others now.")
        case _:
            return None


def ticket_words(sign_up: SignUp) -> Ticket:
    activity = sign_up.activity
    occurrences = tickets.occurrences(sign_up)
    return Ticket(
        sign_up=sign_up,
        activity=activity,
        whens=[
            words.when_words(s.starts_at, s.ends_at, all_day=s.all_day, end_known=s.end_known)
            + (_(" (cancelled)") if s.state == SessionState.CANCELLED else "")
            for s in occurrences
        ],
        notes=[s.note for s in occurrences if s.note],
        place=place_words(activity),
        phone=presenter.contact_phone(activity),
        is_confirmed=tickets.is_confirmed(sign_up),
        is_over=tickets.is_over(sign_up),
        takes_place=tickets.takes_place(sign_up),
        can_be_cancelled=tickets.can_be_cancelled(sign_up),
        can_change_party=tickets.can_change_party(sign_up),
        otherwise=_otherwise(sign_up),
        is_course=activity.enrolment == Enrolment.COURSE,
        url=address(sign_up),
    )


def address(sign_up: SignUp) -> str:
    """Where the ticket is found from outside; the worker asks too, so no route is built here."""
    return presenter.absolute(f"/sign-ups/{sign_up.token}")


def _not_eligible_words(refusal: NotEligible, offer: Offer) -> tuple[str, str]:
    rules = offer.rules
    if refusal.why == "age":
        if rules.max_age is None:
            who = _("It is for people of %(age)s and over", age=rules.min_age)
        elif rules.min_age is None:
            who = _("It is for people up to the age of %(age)s", age=rules.max_age)
        else:
            who = _(
                "It is for people from %(least)s to %(most)s",
                least=rules.min_age,
                most=rules.max_age,
            )
    elif refusal.why == "group":
        who = _("It is for: %(group)s", group=rules.group_name)
    else:
        who = _("It is for people who live nearby")
    return str(who), _("Please call us if you have questions, or look at what else is on.")


def refusal_words(refusal: SignUpRefused, offer: Offer) -> tuple[str, str]:
    """What the page of a refusal says: heading and one or two sentences."""
    match refusal:
        case PlacesByLot():
            return _("Places by lot"), _("Open the page of the activity and apply there.")
        case SignUpNotOpenYet():
            opens = words.date_and_time_words(refusal.opens_at)
            return _("Sign-up has not begun yet"), _("Sign-up begins: %(when)s.", when=opens)
        case SignUpClosed():
            return _("Sign-up has ended"), _(
                "Sign-up was possible until %(when)s. Please call us, perhaps we can still help.",
                when=words.date_and_time_words(offer.standing.closes_at or offer.starts_at),
            )
        case NotEligible():
            return _not_eligible_words(refusal, offer)
        case GuardianNeeded():
            return _("A guardian has to agree"), _(
                "A child under 14 can only come if its guardian agrees. Please call us."
            )
        case TooManyProxied():
            most = ngettext(
                "You can sign up at most %(num)d other person here",
                "You can sign up at most %(num)d other people here",
                refusal.most,
            )
            return str(most), _("Please call us, we gladly write down the others.")
        case SessionFull() if refusal.left:
            left = ngettext(
                "Only %(num)d place is left", "Only %(num)d places are left", refusal.left
            )
            return str(left), _("You can come with fewer people, or choose another date.")
        case SessionFull():
            return _("All places are taken"), _(
                "Places become free when somebody cancels. Look again later, or call us."
            )
        case SessionCancelled():
            return _("It does not take place"), _("The organiser has cancelled it.")
        case SessionOver():
            return _("It has already taken place"), _("Please look at what comes next.")
        case TooManyInParty():
            most = ngettext(
                "At most %(num)d person can sign up together",
                "At most %(num)d people can sign up together",
                refusal.most,
            )
            return str(most), _("Are you more people? Please call us.")
        case _:
            return _("No sign-up is needed here"), _(
                "Look at the page of the activity: it says how to take part."
            )
