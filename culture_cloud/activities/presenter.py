"""Activities in the words that pages, feeds and calendars show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from culture_cloud.i18n import named
from culture_cloud.media import addresses
from culture_cloud.web import words

from .models import Activity, ActivityKind
from .queries import Card
from .standing import Stand, Standing


@dataclass(frozen=True, slots=True)
class CardWords:
    """The arguments of the activity_card macro."""

    title: str
    href: str
    when: str
    day: date
    place: str
    fee: str
    places: str
    kind: str
    state: tuple[str, str] | None
    cover: addresses.Picture


def card_words(card: Card, kinds: dict[str, ActivityKind]) -> CardWords:
    kind = kinds[card.kind_code]
    standing = card.standing
    href = url_for("activities.page", activity_id=card.activity_id)
    return CardWords(
        title=card.title,
        href=href,
        when=words.when_words(
            card.starts_at, card.ends_at, all_day=card.all_day, end_known=card.end_known
        ),
        day=words.local(card.starts_at).date(),
        place=place_words(card.node_name, card.place_name, card.address),
        fee=fee_words(card.is_free, card.fee),
        places=places_words(standing, is_free=card.is_free),
        kind=named(kind),
        state=state_tag(standing),
        cover=picture(kind.motif, card.title, card.poster, card.poster_alt),
    )


def picture(motif: str, title: str, poster: str | None, alt: str) -> addresses.Picture:
    return addresses.poster(poster, alt) if poster else addresses.cover(motif, title)


def place_words(node_name: str, place_name: str, address: str = "") -> str:
    """Where it is: the hall and the room, or what the organiser wrote."""
    if place_name and node_name and node_name not in place_name:
        return f"{node_name} {place_name}"
    return place_name or address or node_name


def whole_place_words(activity: Activity) -> str:
    """Where a loaded activity is; the hall is named where it was chosen as the place."""
    hall = (activity.place_node or activity.node).plate_name if activity.place_node_id else ""
    return place_words(hall, activity.place_name, activity.address)


def fee_words(is_free: bool, fee: str) -> str:
    return _("Free") if is_free else fee or _("Paid")


_PLACES = {
    Stand.COME: _l("No sign-up needed, just come"),
    Stand.ELSEWHERE: _l("Sign up with the organiser"),
    Stand.DRAW: _l("Places by lot: apply"),
    Stand.FULL: _l("All places are taken"),
    Stand.CLOSED: _l("Sign-up has ended"),
    Stand.NOT_YET: _l("Sign-up has not begun"),
}
_TAGS = {
    Stand.CANCELLED: (_l("Cancelled"), "bad"),
    Stand.FULL: (_l("Full"), "bad"),
    Stand.OVER: (_l("Over"), "plain"),
}


def places_words(standing: Standing, *, is_free: bool = True) -> str:
    """How many places are left, in words; empty where the question does not arise.

    What costs something and takes no sign-up here is not said to be open to who just comes.
    """
    if standing.stand is Stand.COME and not is_free:
        return ""
    if standing.stand is Stand.OPEN:
        if standing.left is None:
            return _("Places for everyone")
        return str(ngettext("%(num)d place left", "%(num)d places left", standing.left))
    return str(_PLACES.get(standing.stand, ""))


def state_tag(standing: Standing) -> tuple[str, str] | None:
    """The tag that warns before the click: (words, kind of tag)."""
    found = _TAGS.get(standing.stand)
    return (str(found[0]), found[1]) if found else None


def address_words(activity: Activity) -> str:
    """The postal address of where it is; empty where a source named a place without one."""
    if activity.address:
        return activity.address
    if activity.place_node is not None:
        return activity.place_node.address
    return activity.node.address if activity.source == "desk" else ""


def contact_phone(activity: Activity) -> str:
    return activity.contact_phone or activity.node.phone


def absolute(path: str) -> str:
    """The path as an address that works outside the site."""
    return f"{current_app.config['PUBLIC_URL']}{path}"
