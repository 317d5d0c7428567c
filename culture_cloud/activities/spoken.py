"""What is said when the page of an activity is read aloud: what decides first, then the rest.

How many places are left is said only when they run out: else each sign-up would change the sound.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from culture_cloud import clock
from culture_cloud.network.site import current_site
from culture_cloud.web import words

from . import occasions, presenter, queries
from .asked import Day
from .models import Activity, ActivitySession, ActivityState
from .standing import Stand, Standing

FEW_PLACES = 5


def activity_page(activity: Activity) -> list[str]:
    """The paragraphs of a loaded activity's page, without menus."""
    return _paragraphs(activity, with_places=True)


def lasting(activity: Activity) -> list[str]:
    """The same without how it stands with signing up: what staff read, and what makes a recording
    stale when it changes."""
    return _paragraphs(activity, with_places=False)


def _paragraphs(activity: Activity, *, with_places: bool) -> list[str]:
    standings = queries.session_standings(activity)
    shown = occasions.shown(activity, clock.now())
    main = occasions.main(shown, standings)
    said = [activity.title, *_warnings(activity, main)]
    when = _when(main) if main else str(_("Not fixed yet"))
    said.append(labelled(_("Time"), when))
    if len(shown) > 1:
        others = len(shown) - 1
        said.append(
            ngettext("There is %(num)d more date.", "There are %(num)d more dates.", others)
        )
    said += _place(activity)
    said.append(labelled(_("Price"), presenter.fee_words(activity.is_free, activity.fee)))
    if activity.bring:
        said.append(labelled(_("Please bring"), activity.bring))
    if main is not None and with_places:
        said += _taking_part(standings[main.id], main)
    said += words.paragraphs(activity.description)
    phone = presenter.contact_phone(activity)
    if phone:
        said.append(labelled(_("Phone"), phone))
    return said


def week(whose: str, days: Sequence[Day]) -> list[str]:
    """The week of a hall for the village loudspeaker: day by day, what, when, where, what it costs.
    How many places are left is not said: it is long past when people hear it."""
    said = [whose, _("What is on this week")]
    for day in days:
        said.append(day.date)
        for card in day.cards:
            said.append(card.title)
            said += [card.when.removeprefix(day.date), card.place, card.fee]
    if current_site().phone:
        said.append(_("Sign up and ask by phone: %(phone)s", phone=current_site().phone))
    return said


def labelled(label: str, value: str) -> str:
    return f"{label}：{value}"


def _when(occurrence: ActivitySession) -> str:
    return words.when_words(
        occurrence.starts_at,
        occurrence.ends_at,
        all_day=occurrence.all_day,
        end_known=occurrence.end_known,
    )


def _warnings(activity: Activity, main: ActivitySession | None) -> list[str]:
    """What has changed, as the notice at the top of the page says it."""
    if activity.state == ActivityState.CANCELLED:
        return [_("This activity does not take place"), activity.state_reason]
    if main is None:
        return []
    said = []
    if main.state == "cancelled":
        said.append(_("This session does not take place."))
    if main.recurrence_id:
        was = words.date_and_time_words(main.recurrence_id)
        said.append(_("Moved; it was to be %(moment)s.", moment=was))
    return [*said, main.note]


def _place(activity: Activity) -> list[str]:
    place = presenter.whole_place_words(activity)
    address = presenter.address_words(activity)
    said = [labelled(_("Place"), place)]
    if address and address != place:
        said.append(labelled(_("Address"), address))
    return said


def _taking_part(standing: Standing, main: ActivitySession) -> list[str]:
    """How it stands with signing up, in a sentence or two."""
    match standing.stand:
        case Stand.OPEN:
            said = [_("There are places; you can sign up now.")]
            if standing.left is not None and standing.left <= FEW_PLACES:
                said = [presenter.places_words(standing)]
            if standing.closes_at and standing.closes_at < main.starts_at:
                last = words.date_and_time_words(standing.closes_at)
                said.append(_("Sign up until %(moment)s.", moment=last))
            return said
        case Stand.NOT_YET if standing.opens_at is not None:
            opens = words.date_and_time_words(standing.opens_at)
            return [_("Sign-up has not begun"), _("It begins on %(moment)s.", moment=opens)]
        case Stand.OVER:
            return [_("This activity is over")]
        case Stand.CANCELLED:
            return []
        case _:
            return [presenter.places_words(standing)]
