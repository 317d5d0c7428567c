"""The page of the form: its answers, its folded parts, and what it shows after a clash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import current_app, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import BooleanField, Field, FieldList, FileField, HiddenField

from culture_cloud import clock, db
from culture_cloud.activities import queries
from culture_cloud.activities.models import Activity, ActivityState, SignUpWay
from culture_cloud.i18n import named
from culture_cloud.media import addresses
from culture_cloud.media.pictures import PictureStore
from culture_cloud.network.models import Node
from culture_cloud.web import words

from . import navigation, own, prefill, wording
from .forms import ActivityForm
from .saving import UNPUBLISHED, Outcome
from .spans import span_of

PARTS: dict[str, tuple[str, ...]] = {
    "dates": ("repeat", "rows", "weekdays", "until", "times", "skipped", "last_day"),
    "sign_up": (
        "sign_up", "capacity", "max_party", "course", "opens_day", "opens_time", "closes_day",
        "closes_time", "sign_up_url",
    ),
    "about": (
        "description", "fee_kind", "fee", "bring", "audiences", "access", "address", "phone",
        "teacher", "organiser", "co_organisers",
    ),
    "poster": ("picture", "poster_alt", "poster_gone"),
}  # fmt: skip
"""The folded parts of the form and their questions; one that failed stands open."""

MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that two people answered in two ways."""

    label: str
    saved: str
    typed: str


def picture_store() -> PictureStore:
    return PictureStore(Path(str(current_app.config["DATA_FOLDER"])) / "media")


def open_form(halls: Sequence[Node], data: dict[str, Any]) -> ActivityForm:
    """The form as it is first seen, with some empty rows for dates."""
    form = ActivityForm(formdata=None, data=data)
    _offer(form, halls)
    form.more_rows()
    return form


def sent_form(halls: Sequence[Node]) -> ActivityForm:
    """The form as it was sent."""
    form = ActivityForm()
    _offer(form, halls)
    return form


def _offer(form: ActivityForm, halls: Sequence[Node]) -> None:
    session = db.session()
    form.offer(
        nodes=own.hall_choices(halls),
        kinds=[(kind.code, named(kind)) for kind in queries.kinds(session)],
        audiences=[(a.code, named(a)) for a in queries.audiences(session)],
        weekdays=[words.weekday_words(MONDAY + timedelta(days=n)) for n in range(7)],
    )


def form_page(
    form: ActivityForm,
    activity: Activity | None,
    *,
    status: int = 200,
    open_parts: set[str] | None = None,
    differences: Sequence[Difference] | None = None,
    preview: dict[str, Any] | None = None,
) -> Response:
    """Draw the form; with 422 what is to be looked at stands on top and beside the questions."""
    failed = {part for part, names in PARTS.items() if any(form[name].errors for name in names)}
    hall = own.node(db.session(), form.node.data or "")
    html = render_template(
        "desk/activities/form.html",
        form=form,
        activity=activity,
        hall=hall,
        open_parts=prefill.chosen_parts(form.data) | failed | (open_parts or set()),
        dates_fixed=activity is not None and prefill.dates_of(activity) is None,
        is_public=activity is not None and activity.state == ActivityState.PUBLISHED,
        sessions=_coming(activity) if activity else [],
        may_publish=hall is None or own.may_publish(hall),
        picture=addresses.poster(form.poster.data, form.poster_alt.data or "")
        if form.poster.data
        else None,
        differences=differences,
        preview=preview,
    )
    return make_response(html, status)


def _coming(activity: Activity) -> list[dict[str, Any]]:
    return [
        {"session": s, "when": wording.session_words(s)}
        for s in activity.sessions
        if s.state == "scheduled" and not span_of(s).is_over
    ]


def conflict_page(form: ActivityForm, activity_id: int) -> Response:
    """Somebody saved first: show both, keep what was typed; a second press saves it."""
    current = own.activity(db.session(), activity_id)
    halls = own.halls(db.session(), also=current.node)
    data = prefill.of_activity(current, prefill.dates_of(current))
    saved = ActivityForm(formdata=None, data=data)
    _offer(saved, halls)
    differences = [
        Difference(str(field.label.text), theirs, yours)
        for field in form
        if not isinstance(field, (FileField, HiddenField))
        and (theirs := shown(saved[field.name])) != (yours := shown(field))
    ]
    form.version.data = str(current.version)
    return form_page(form, current, status=409, differences=differences)


def shown(field: Field) -> str:
    """An answer in words."""
    if isinstance(field, FieldList):
        rows = [entry.form for entry in field.entries if _row_text(entry.form)]
        return "; ".join(_row_text(row) for row in rows)
    if isinstance(field, BooleanField):
        return _("Yes") if field.data else _("No")
    if hasattr(field, "iter_choices"):
        return ", ".join(str(c[1]).strip() for c in field.iter_choices() if c[2] and c[0])
    return _held(field)


def _row_text(row: Any) -> str:
    return " ".join(text for text in map(_held, row) if text)


def _held(field: Any) -> str:
    """What the control of a field of text holds."""
    return str(field._value())  # noqa: SLF001  (WTForms' own widgets ask the same)


def seen_version(form: ActivityForm) -> int:
    text = form.version.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def may_edit(activity: Activity) -> bool:
    """Own and not over and done with; what is public only by whoever may publish there."""
    if activity.state in UNPUBLISHED:
        return True
    return activity.state == ActivityState.PUBLISHED and own.may_publish(activity.node)


@dataclass(frozen=True, slots=True)
class Ways:
    """The addresses of what can be done with an activity; None where it cannot be done."""

    copy: str
    page: str | None
    preview: str | None
    edit: str | None
    rules: str | None
    sign_ups: str | None
    publish: str | None
    send_back: str | None
    cancel: str | None
    withdraw: str | None


def ways(activity: Activity) -> Ways:
    """What the reader can do with an own activity."""
    number, state = activity.id, activity.state
    is_public = state in queries.PUBLIC_STATES
    is_open = state in UNPUBLISHED
    may_send_back = state == ActivityState.SUBMITTED and own.may_publish(activity.node)

    def way(endpoint: str, possible: bool) -> str | None:
        return navigation.link(endpoint, activity_id=number) if possible else None

    return Ways(
        copy=url_for("desk_activities.new", copy=number),
        page=way("activities.page", is_public),
        preview=way("desk_steps.preview", is_open),
        edit=way("desk_activities.edit", may_edit(activity)),
        rules=way("desk_rules.rules", may_edit(activity) and activity.sign_up == SignUpWay.HERE),
        sign_ups=way("desk_sign_ups.listing", is_public and activity.sign_up == SignUpWay.HERE),
        publish=way("desk_steps.publish", is_open),
        send_back=way("desk_steps.send_back", may_send_back),
        cancel=way("desk_steps.cancel", state == ActivityState.PUBLISHED),
        withdraw=way("desk_steps.withdraw", state != ActivityState.WITHDRAWN),
    )


def draw_way(activity: Activity) -> str | None:
    """To the draw of its places, or to setting one up; None where there can be none."""
    if not _may_be_drawn(activity):
        return None
    return navigation.link("desk_draws.set_up", activity_id=activity.id)


def _may_be_drawn(activity: Activity) -> bool:
    """Published, with places of which none is taken yet; or a draw of it is under way."""
    if activity.state != ActivityState.PUBLISHED:
        return False
    untouched = bool(activity.capacity) and not any(a.taken for a in activity.allotments)
    is_coming = activity.first_starts_at is not None and activity.first_starts_at > clock.now()
    free = activity.sign_up == SignUpWay.HERE and untouched and is_coming
    return activity.sign_up == SignUpWay.DRAW or (free and own.may_publish(activity.node))


def outcome_words(outcome: Outcome) -> str:
    return {
        Outcome.SAVED: _("It is saved."),
        Outcome.PUBLISHED: _("It is published. Everybody can see it now."),
        Outcome.SUBMITTED: _("It is sent for review. You see here when it is published."),
    }.get(outcome, "")
