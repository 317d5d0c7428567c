"""Activities in the words of the desk."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from culture_cloud.activities.models import Activity, ActivitySession, ActivityState, SessionState
from culture_cloud.web import words

from .spans import span_of


def state_words(state: str) -> str:
    names = {
        ActivityState.DRAFT: _("Draft"),
        ActivityState.SUBMITTED: _("Waits for review"),
        ActivityState.PUBLISHED: _("Published"),
        ActivityState.CANCELLED: _("Cancelled"),
        ActivityState.WITHDRAWN: _("Taken off the site"),
    }
    return names[ActivityState(state)]


def state_kind(state: str) -> str:
    """The kind of tag that repeats the state."""
    return {
        ActivityState.PUBLISHED: "calm",
        ActivityState.SUBMITTED: "warn",
        ActivityState.CANCELLED: "bad",
    }.get(ActivityState(state), "plain")


def session_words(occurrence: ActivitySession) -> str:
    return words.when_words(
        occurrence.starts_at,
        occurrence.ends_at,
        all_day=occurrence.all_day,
        end_known=occurrence.end_known,
    )


def session_state_words(activity: Activity, occurrence: ActivitySession) -> str:
    """What there is to say of a session besides its time; mostly nothing."""
    if occurrence.state == SessionState.CANCELLED:
        return _("Cancelled")
    if span_of(occurrence).is_over:
        return _("Over")
    if occurrence.recurrence_id is not None and activity.state == ActivityState.PUBLISHED:
        return _("Moved")
    return ""


def places_words(sign_up: str, capacity: int | None, taken: int) -> str:
    """How many places are taken, in words."""
    if sign_up == "none":
        return _("People just come")
    if sign_up == "draw":
        return _("Places by lot")
    if sign_up == "elsewhere":
        return _("Sign-up elsewhere")
    if capacity is None:
        return str(ngettext("%(num)d place taken", "%(num)d places taken", taken))
    return _("%(taken)s of %(capacity)s places taken", taken=taken, capacity=capacity)


def told_words(sign_ups: int, people: int) -> str:
    """Whom a message will reach."""
    if sign_ups == 0:
        return _("Nobody has signed up. Nobody needs to be told.")
    return str(
        ngettext(
            "%(num)d sign-up for %(people)d people: whoever signed up gets a message.",
            "%(num)d sign-ups for %(people)d people: whoever signed up gets a message.",
            sign_ups,
            people=people,
        )
    )
