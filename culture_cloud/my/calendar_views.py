"""One's own calendar, to be subscribed to by a secret address."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from culture_cloud import db
from culture_cloud.accounts import family
from culture_cloud.activities import presenter
from culture_cloud.network.site import current_site
from culture_cloud.sign_ups import queries
from culture_cloud.sign_ups.calendar_file import calendar_of
from culture_cloud.sign_ups.models import SignUpState
from culture_cloud.web.policies import public, signed_in

from .blueprint import bp, private

SHOWN = frozenset({SignUpState.CONFIRMED, SignUpState.ATTENDED, SignUpState.CANCELLED})
"""What is waited for is no date yet; what was cancelled says so, so that phones take it out."""


@bp.get("/my/calendar")
@signed_in
def calendar() -> FlaskResponse:
    """The secret address, and how to end it."""
    token = family.calendar_token(db.session(), current_user.account_id)
    address = presenter.absolute(url_for("my.calendar_file", token=token)) if token else ""
    return private(
        render_template(
            "my/calendar.html",
            address=address,
            webcal=address.replace("https://", "webcal://").replace("http://", "webcal://"),
        )
    )


@bp.post("/my/calendar/renew")
@signed_in
def renew_calendar() -> Response:
    """Make an address, or a new one in the place of one that others have seen."""
    with db.transaction() as session:
        family.renew_calendar(session, current_user.account_id)
    flash(_("Here is the address of your calendar."), "success")
    return redirect(url_for("my.calendar"), code=303)


@bp.post("/my/calendar/end")
@signed_in
def end_calendar() -> Response:
    """From now on the address leads nowhere."""
    with db.transaction() as session:
        family.end_calendar(session, current_user.account_id)
    flash(_("The address does not work any more."), "success")
    return redirect(url_for("my.calendar"), code=303)


@bp.get("/my/calendar/<token>.ics")
@public
def calendar_file(token: str) -> FlaskResponse:
    """All that the person comes to. Whoever has the address may read it: it is the secret."""
    account_id = family.account_of_calendar(db.session(), token)
    mine = [s for s in queries.of_account(db.session(), account_id) if s.state in SHOWN]
    name = _("My activities: %(site)s", site=current_site().name)
    response = make_response(calendar_of(mine, name))
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
