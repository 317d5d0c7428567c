"""What is being typed, as people will see it: on the page of the form, nothing saved.

Without scripts the button “Show me how it looks” draws it; with them static/js/live-preview.js asks
for it again whenever somebody pauses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities import presenter, queries
from culture_cloud.i18n import named
from culture_cloud.network.models import Node
from culture_cloud.web import words
from culture_cloud.web.policies import staff

from . import editor, own
from .dates import read_dates
from .forms import ActivityForm
from .spans import Span

bp = Blueprint("desk_live", __name__)

MOST_DATES = 6


@bp.post("/desk/activities/live-preview")
@staff(Permission.ACTIVITIES_EDIT)
def fragment() -> str:
    """The preview alone, to be put into the page of the form."""
    form = editor.sent_form(own.halls(db.session()))
    form.validate()
    return render_template("desk/activities/live.html", shown=shown(form))


def shown(form: ActivityForm) -> dict[str, Any]:
    """The form's answers as a card and its facts; what is missing says so. The form's faults are
    forgotten: nobody is scolded for an answer that is not written yet."""
    session = db.session()
    spans = [] if form.day.errors else list(read_dates(form).spans)
    node = own.node(session, form.node.data or "")
    kind = next((k for k in queries.kinds(session) if k.code == form.kind.data), None)
    title = form.title.data or _("No title yet")
    poster = form.poster.data
    cover = (
        presenter.picture(kind.motif if kind else "", title, poster or None, "")
        if kind or poster
        else None
    )
    for field in form:
        field.errors = []
    return {
        "title": title,
        "kind": named(kind) if kind else None,
        "when": _when(spans[0]) if spans else _("No date yet"),
        "day": words.local(spans[0].starts_at).date() if spans else None,
        "dates": [_when(span) for span in spans[:MOST_DATES]],
        "more": max(0, len(spans) - MOST_DATES),
        "place": _place(form, node),
        "fee": presenter.fee_words(form.fee_kind.data != "paid", form.fee.data or ""),
        "places": _places(form),
        "cover": cover,
        "description": form.description.data or "",
        "missing": _missing(form, spans),
    }


def _when(span: Span) -> str:
    return words.when_words(
        span.starts_at,
        span.ends_at or span.starts_at,
        all_day=span.all_day,
        end_known=span.ends_at is not None,
    )


def _place(form: ActivityForm, node: Node | None) -> str:
    place, hall = form.place.data or "", node.plate_name if node else ""
    return presenter.place_words("" if form.address.data else hall, place, form.address.data or "")


def _places(form: ActivityForm) -> str:
    if form.sign_up.data == "elsewhere":
        return _("Sign up with the organiser")
    if form.sign_up.data != "here":
        return _("No sign-up needed, just come")
    if form.capacity.data is None:
        return _("Places for everyone")
    return _("%(num)s places", num=form.capacity.data)


def _missing(form: ActivityForm, spans: Sequence[Span]) -> list[str]:
    """What publishing still needs, in words."""
    needs: list[tuple[str, bool]] = [
        (_("the title"), bool(form.title.data)),
        (_("the date"), bool(spans)),
        (_("the place"), bool(form.place.data or form.address.data)),
        (_("what the picture shows"), not form.poster.data or bool(form.poster_alt.data)),
        (_("the price"), form.fee_kind.data != "paid" or bool(form.fee.data)),
    ]
    return [words_ for words_, there in needs if not there]
