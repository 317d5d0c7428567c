"""What people do with a sign-up of theirs: take offered places, change the party, end a proxy."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.web.phones import masked_phone
from culture_cloud.web.policies import public
from culture_cloud.web.words import date_and_time_words

from . import offered, offers, proxies, queries, services, tickets, wording
from .blueprint import bp
from .eligibility import largest_party, not_eligible_party
from .errors import OfferEnded, SignUpRefused
from .forms import CancelForm, PartyForm, people_words
from .models import SignUp
from .states import By


@bp.post("/sign-ups/<token>/accept")
@public
def accept(token: str) -> BaseResponse:
    """The person takes the places that came free; late, the ticket says how things stand."""
    found = queries.ticket(db.session(), token)
    if CancelForm().validate_on_submit():
        try:
            with db.transaction() as session:
                offered.accept(session, found.id, By(found.account_id, found.name))
        except OfferEnded:
            pass
    return redirect(url_for("sign_ups.ticket", token=token), code=303)


@bp.route("/sign-ups/<token>/party", methods=["GET", "POST"])
@public
def party(token: str) -> BaseResponse:
    """The leader changes who comes, until check-in."""
    found = queries.ticket(db.session(), token)
    offer = offers.offer(db.session(), found.activity_id, found.session_id)
    form = PartyForm()
    most = max(largest_party(offer), found.party_size)
    form.party.choices = [(str(n), people_words(n)) for n in range(1, most + 1)]
    asks_ages = offer.rules.needs_ages
    if not form.is_submitted():
        form.party.data = str(found.party_size)
        form.companions.data = _(", ").join(found.companions)
        form.ages.data = _(", ").join(map(str, found.ages))
    refused = None
    if tickets.can_change_party(found) and form.validate_on_submit():
        if asks_ages and len(form.age_list) != form.party_size:
            form.ages.errors = [_("Please write one age for each person")]
        else:
            refused = _change(found, offer, form)
            if refused is None:
                return redirect(url_for("sign_ups.ticket", token=token), code=303)
    return _party_page(found, form, refused, asks_ages=asks_ages)


def _change(found: SignUp, offer: offers.Offer, form: PartyForm) -> SignUpRefused | None:
    """Returns what stands in the way; None where it is done."""
    ages = form.age_list if offer.rules.needs_ages else ()
    refusal = not_eligible_party(offer, ages, has_guardian=found.guardian_consented_at is not None)
    if refusal is not None:
        return refusal
    try:
        with db.transaction() as session:
            services.change_party(
                session,
                found.id,
                size=form.party_size,
                companions=form.companion_names,
                ages=ages,
                by=By(found.account_id, found.name),
            )
    except SignUpRefused as refusal:
        return refusal
    return None


def _party_page(
    found: SignUp, form: PartyForm, refused: SignUpRefused | None, *, asks_ages: bool
) -> Response:
    shown = queries.ticket(db.session(), found.token)
    offer = offers.offer(db.session(), shown.activity_id, shown.session_id)
    html = render_template(
        "sign_ups/party.html",
        ticket=wording.ticket_words(shown),
        form=form,
        asks_ages=asks_ages,
        can_change=tickets.can_change_party(shown),
        refused=wording.refusal_words(refused, offer) if refused else None,
    )
    return _private(make_response(html, 409 if refused else 422 if form.errors else 200))


@bp.route("/proxies/<token>", methods=["GET", "POST"])
@public
def proxy(token: str) -> BaseResponse:
    """Who acts for the person, what was signed up for, and the button that ends it (SV-03)."""
    found = proxies.by_token(db.session(), token)
    if CancelForm().validate_on_submit():
        with db.transaction() as session:
            proxies.revoke(session, token)
        return redirect(url_for("sign_ups.proxy", token=token), code=303)
    ids = [sign_up.id for sign_up in proxies.sign_ups_of(db.session(), found)]
    html = render_template(
        "sign_ups/proxy.html",
        proxy=found,
        phone=masked_phone(found.phone),
        relation=dict(wording.relation_words()).get(found.relation, ""),
        since=date_and_time_words(found.consented_at),
        revoked=date_and_time_words(found.revoked_at) if found.revoked_at else "",
        rows=[_row(sign_up) for sign_up in queries.with_activity(db.session(), ids)],
    )
    return _private(make_response(html))


def _row(sign_up: SignUp) -> dict[str, str]:
    shown = wording.ticket_words(sign_up)
    return {
        "title": shown.title,
        "note": f"{shown.whens[0]} · {wording.state_words(sign_up)}",
        "href": url_for("sign_ups.ticket", token=sign_up.token),
        "picture": "ticket",
    }


def _private(response: Response) -> Response:
    """The address opens it: nobody keeps the page, no search engine lists it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
