"""Plans and results in words, for the desk, the command line and the worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from culture_cloud.activities.importing.occurrences import Occurrence
from culture_cloud.activities.importing.plans import FieldChange, PlannedRow, Step
from culture_cloud.activities.importing.rows import FIELD_LABELS
from culture_cloud.activities.models import ActivityState, SignUpWay
from culture_cloud.tabular import N_, Reason
from culture_cloud.web import words

FIELD_NAMES = {
    **FIELD_LABELS,
    "kind_code": N_("Kind"),
    "description": N_("What it is about"),
    "place_name": N_("Where"),
    "address": N_("Address"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "is_free": N_("Free"),
    "fee": N_("Price"),
    "bring": N_("Bring"),
    "organiser": N_("Organiser"),
    "co_organisers": N_("Together with"),
    "contact_phone": N_("Phone"),
    "sign_up": N_("Sign-up"),
    "sign_up_url": N_("Address of the sign-up"),
    "capacity": N_("Places"),
    "audience_codes": N_("For"),
    "source_name": N_("Name of the source"),
    "source_url": N_("Page of the source"),
    "sessions": N_("Dates"),
    "poster_alt": N_("What the poster shows"),
}
"""Field of ActivityFacts, of FieldChange or of RowProblem → its msgid."""

_SHOWN = 60
_SESSIONS_SHOWN = 3


def reason_words(reason: Reason) -> str:
    """The reason in the reader's language."""
    return str(_(reason.msgid, **reason.params))


def field_words(name: str) -> str:
    msgid = FIELD_NAMES.get(name)
    return str(_(msgid)) if msgid else ""


def refusal_words(row: PlannedRow) -> str:
    """Why a row is refused: Start time: The date is missing."""
    if row.reason is None:
        return ""
    said, label = reason_words(row.reason), field_words(row.field)
    return _("%(field)s: %(what)s", field=label, what=said) if label else said


def step_words(step: Step) -> str:
    return {
        Step.CREATE: _("New"),
        Step.CHANGE: _("Changed"),
        Step.UNCHANGED: _("Unchanged"),
        Step.REFUSED: _("Left out"),
    }[step]


def row_words(row: PlannedRow) -> list[str]:
    """What becomes of a row, line by line, besides its step."""
    if row.step is Step.REFUSED:
        return [refusal_words(row)]
    lines = [change_words(change) for change in row.changes]
    lines += [deed for deed in [_state_words(row)] if deed]
    if row.missing:
        names = _(", ").join(field_words(name) or name for name in row.missing)
        lines.append(_("It stays a draft. Still missing: %(what)s", what=names))
    if row.step is Step.CHANGE and not lines:
        lines.append(_("Further particulars are kept with it."))
    return lines


def _state_words(row: PlannedRow) -> str:
    if row.state == (row.state_before or ActivityState.DRAFT):
        return ""
    return {
        ActivityState.DRAFT: _("It is in the source again and becomes a draft."),
        ActivityState.SUBMITTED: _("It goes to review."),
        ActivityState.PUBLISHED: _("Everybody can see it."),
        ActivityState.CANCELLED: _("It is cancelled. Whoever signed up is told."),
    }.get(row.state, "")


def change_words(change: FieldChange) -> str:
    """Where: 一楼小剧场 → 二楼展厅."""
    return _(
        "%(field)s: %(before)s → %(after)s",
        field=field_words(change.name) or change.name,
        before=_value_words(change.name, change.before),
        after=_value_words(change.name, change.after),
    )


def _value_words(name: str, value: Any) -> str:
    if value in (None, "", (), []):
        return str(_("nothing"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name == "sign_up":
        return _sign_up_words(value)
    if isinstance(value, tuple) and isinstance(value[0], Occurrence):
        return sessions_words(value)
    text = _(", ").join(map(str, value)) if isinstance(value, tuple) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _sign_up_words(value: str) -> str:
    return {
        SignUpWay.NONE: _("just come"),
        SignUpWay.HERE: _("on this site"),
        SignUpWay.ELSEWHERE: _("elsewhere"),
    }[SignUpWay(value)]


def sessions_words(sessions: tuple[Occurrence, ...]) -> str:
    """The first dates, and how many more there are."""
    shown = "；".join(when_words(o) for o in sessions[:_SESSIONS_SHOWN])
    more = len(sessions) - _SESSIONS_SHOWN
    if more > 0:
        shown += " " + ngettext("and %(num)d more date", "and %(num)d more dates", more)
    return shown


def when_words(occurrence: Occurrence) -> str:
    ends_at: datetime = occurrence.ends_at or occurrence.starts_at
    return words.when_words(
        occurrence.starts_at,
        ends_at,
        all_day=occurrence.all_day,
        end_known=occurrence.ends_at is not None,
    )
