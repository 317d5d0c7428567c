"""Tickets: on the screen, on paper, in the calendar; finding them again and giving them back."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.speech.speaking import listening
from culture_cloud.web import pdf, throttle
from culture_cloud.web.policies import public
from culture_cloud.web.qr import qr_svg

from . import calendar_file, queries, services, spoken, tickets, waiting, wording
from .blueprint import bp
from .errors import TooLateToCancel
from .forms import CancelForm, FindForm
from .models import SignUp, SignUpState

TRIES_PER_PHONE = throttle.Limit("sign-ups.find.phone", 5, timedelta(minutes=15))
TRIES_PER_ADDRESS = throttle.Limit("sign-ups.find.address", 20, timedelta(hours=1))


@bp.get("/sign-ups/<token>")
@public
def ticket(token: str) -> Response:
    """The ticket. Its address may be kept: it always says how things stand."""
    sign_up = queries.ticket(db.session(), token)
    found = wording.ticket_words(sign_up)
    audio = listening(spoken.ticket(found), is_personal=True)
    html = render_template(
        "sign_ups/ticket.html",
        ticket=found,
        qr=_qr(found),
        audio=audio,
        ahead=_ahead(sign_up),
        is_ended=tickets.is_ended(sign_up),
    )
    return _private(make_response(html))


@bp.get("/sign-ups/<token>/slip")
@public
def slip(token: str) -> Response:
    """The ticket on paper, A5 or 80 mm (SV-04)."""
    return _private(make_response(_slip(token)))


@bp.get("/sign-ups/<token>/slip.pdf")
@public
def slip_pdf(token: str) -> Response:
    """The same as a file, where the server can make one."""
    return _private(pdf.answer(_slip(token), name="ticket.pdf", is_personal=True))


def _slip(token: str) -> str:
    found = wording.ticket_words(queries.ticket(db.session(), token))
    paper = "strip" if request.args.get("paper") == "strip" else "a5"
    return render_template("sign_ups/slip.html", ticket=found, qr=_qr(found), paper=paper)


@bp.get("/sign-ups/<token>.ics")
@public
def calendar(token: str) -> Response:
    """The ticket as a calendar file."""
    response = make_response(calendar_file.calendar_file(queries.ticket(db.session(), token)))
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="sign-up.ics"'
    return _private(response)


@bp.route("/sign-ups/<token>/cancel", methods=["GET", "POST"])
@public
def cancel(token: str) -> BaseResponse:
    """Ask once, in words, on a page; then the places are free for others (ST-21, EL-17)."""
    form = CancelForm()
    found = queries.ticket(db.session(), token)
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                services.cancel(session, token)
        except TooLateToCancel:
            return _cancel_page(queries.ticket(db.session(), token), status=409)
        return redirect(url_for("sign_ups.ticket", token=token), code=303)
    return _cancel_page(found, status=200)


def _cancel_page(sign_up: SignUp, *, status: int) -> Response:
    shown = wording.ticket_words(sign_up)
    return _private(make_response(render_template("sign_ups/cancel.html", ticket=shown), status))


def _ahead(sign_up: SignUp) -> str:
    """How many come before on the waiting list."""
    if sign_up.state != SignUpState.WAITING or sign_up.holds:
        return ""
    ahead = waiting.position(db.session(), sign_up) - 1
    if not ahead:
        return str(_("You are the next."))
    return str(ngettext("%(num)d sign-up is ahead", "%(num)d sign-ups are ahead", ahead))


def _qr(shown: wording.Ticket) -> Markup:
    return qr_svg(shown.url, label=_("QR code of this ticket"))


def _private(response: Response) -> Response:
    """The address opens the ticket: nobody keeps the page, no search engine lists it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


# --- finding it again --------------------------------------------------------------------------


@bp.route("/my/sign-ups", methods=["GET", "POST"])
@public
def find() -> BaseResponse:
    """Phone and number lead to the ticket; whoever is signed in sees all their sign-ups too."""
    form = FindForm()
    unknown = False
    if form.validate_on_submit():
        phone = form.phone.normal or ""
        with db.transaction() as session:
            token = _try(session, phone, form.digits)
        if token is not None:
            return redirect(url_for("sign_ups.ticket", token=token), code=303)
        unknown = True
    status = 422 if unknown or form.errors else 200
    html = render_template(
        "sign_ups/find.html",
        form=form,
        failed=status == 422,
        more=[("#phone", _not_found_words())] if unknown else [],
        mine=_mine(),
    )
    return _private(make_response(html, status))


def _try(session: Session, phone: str, code: str) -> str | None:
    """The token of the ticket, where phone and number fit. Every try counts; a hit forgives.

    Raises TooManyAttempts. Whether it was the phone or the number that did not fit is not told.
    """
    address = throttle.caller_address()
    throttle.check(session, TRIES_PER_PHONE, phone)
    throttle.check(session, TRIES_PER_ADDRESS, address)
    found = queries.find(session, phone, code)
    if found is None:
        throttle.record(session, TRIES_PER_PHONE, phone)
        throttle.record(session, TRIES_PER_ADDRESS, address)
        return None
    throttle.forgive(session, TRIES_PER_PHONE, phone)
    return found.token


def _not_found_words() -> str:
    return str(_("We do not find a sign-up with this phone and this number. Please check both."))


def _mine() -> dict[str, list[dict[str, str]]] | None:
    """The sign-ups of whoever is signed in, what comes apart from what is past; else None."""
    if not current_user.is_authenticated:
        return None
    coming: list[SignUp] = []
    past: list[SignUp] = []
    for sign_up in queries.of_account(db.session(), current_user.account_id):
        stands = not tickets.is_ended(sign_up) and not tickets.is_over(sign_up)
        (coming if stands else past).append(sign_up)
    coming.sort(key=tickets.cancellable_until)
    return {"coming": [_row(s) for s in coming], "past": [_row(s) for s in past]}


def _row(sign_up: SignUp) -> dict[str, str]:
    shown = wording.ticket_words(sign_up)
    if sign_up.state == SignUpState.CANCELLED:
        state = _("Cancelled by you") if not sign_up.state_reason else _("Cancelled")
    elif not shown.is_confirmed:
        state = wording.state_words(sign_up)
    elif not shown.takes_place:
        state = _("Does not take place")
    else:
        state = "" if not shown.is_over else _("Over")
    return {
        "title": shown.title,
        "note": " · ".join(filter(None, (shown.whens[0], shown.place, state))),
        "href": url_for("sign_ups.ticket", token=sign_up.token),
        "picture": "ticket",
    }
