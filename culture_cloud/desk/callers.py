"""Somebody calls: who it is, what is on and free, written down and read aloud, on one page (SV-01).

The page needs no account of the caller, no e-mail and no mobile phone; one phone may serve many
people. The same places and the same rules as on the web.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from wtforms import BooleanField

from culture_cloud import clock, db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities.models import Activity, ActivitySession, ActivityState, SignUpWay
from culture_cloud.activities.rules import DEFAULT
from culture_cloud.network.models import Node
from culture_cloud.sign_ups import eligibility, intake, offers, queries, wording
from culture_cloud.sign_ups.errors import AlreadySignedUp, SignUpRefused
from culture_cloud.sign_ups.forms import (
    ALWAYS,
    SignUpForm,
    fields_of,
    form_for,
    session_value,
)
from culture_cloud.sign_ups.models import Channel, SignUpState
from culture_cloud.sign_ups.offers import Offer
from culture_cloud.web.fields import one_line
from culture_cloud.web.phones import masked_phone, spaced_phone
from culture_cloud.web.policies import staff

from . import own

bp = Blueprint("desk_callers", __name__)

Offers = dict[str, tuple[Offer, str]]
"""Value of the session field → what can be signed up for, and its words."""

MOST_CHOICES = 20
"""What is on next; what comes later is reached from its own page."""


class CallForm(SignUpForm):
    """What is written down while somebody is on the phone."""

    may_wait = BooleanField()


@bp.route("/desk/callers", methods=["GET", "POST"])
@staff(Permission.SIGN_UPS_MANAGE)
def call() -> Response:
    """One page that is gone through from top to bottom as the call goes on."""
    wanted = one_line(request.form.get("q"))[:40]
    found = _on_next()
    chosen = found.get(request.form.get("session", ""))
    form = _form(found, chosen[0] if chosen else None)
    done = refused = None
    is_saved = "save" in request.form
    if is_saved and _is_whole(form, chosen):
        done, refused = _sign_up(form, chosen[0]) if chosen else (None, None)
    elif not is_saved:
        _fill_in(form, wanted)
    html = render_template(
        "desk/sign_ups/call.html",
        form=form,
        wanted=wanted,
        people=_people(wanted) if wanted else [],
        more=[name for name in form.questions if name not in ALWAYS],
        left_of={key: wording.left_words(offer) for key, (offer, _words) in found.items()},
        elders=any(offer.left_for_elders for offer, _words in found.values()),
        done=done,
        refused=refused,
    )
    return make_response(html, 409 if refused else 422 if form.errors else 200)


def _form(found: Offers, offer: Offer | None) -> CallForm:
    """The questions of a call, with those that the chosen activity asks besides."""
    rules = offer.rules if offer else DEFAULT
    form = form_for(rules, CallForm)
    form.ask(rules, offer=offer, acting=False)
    form.offer_sessions([(key, words) for key, (_offer, words) in found.items()])
    most = eligibility.largest_party(offer) if offer else eligibility.MOST_IN_PARTY
    form.party.choices = [(str(n), str(n)) for n in range(1, most + 1)]
    if "residence" in form.asked:
        form.offer_residences(queries.residences(db.session()))
    return form


def _is_whole(form: CallForm, chosen: tuple[Offer, str] | None) -> bool:
    """Whether all is answered. What the chosen activity asks besides was not on the page before
    it was chosen, so its questions appear first, without blame."""
    form.validate()
    if chosen is None and not form.session.errors:
        form.session.errors = [_("Please choose a date")]
    fresh = set(form.questions) - set(ALWAYS) - set(request.form.getlist("asked"))
    for question in fresh:
        for name in fields_of(question):
            form[name].errors = []
    return not form.errors and not fresh


def _fill_in(form: CallForm, wanted: str) -> None:
    """Whoever was found, or what was typed to find somebody."""
    form.party.data = form.party.data or "1"
    picked = request.form.get("person", "")
    scope = own.scope(Permission.SIGN_UPS_MANAGE)
    if picked.isascii() and picked.isdigit() and len(picked) < 10:
        person = queries.person(db.session(), int(picked), scope.rows(Node.path))
        if person is not None:
            form.name.data, form.phone.data = person.name, person.phone
            return
    digits = "".join(c for c in wanted if c.isdigit())
    if len(digits) >= 7:
        form.phone.data = digits
    elif wanted and not digits:
        form.name.data = wanted


def _on_next() -> Offers:
    """What can be signed up for in the reader's halls: value of the field → offer and words."""
    query = (
        select(Activity.id, Activity.title)
        .join(Node, Node.id == Activity.node_id)
        .join(ActivitySession, ActivitySession.activity_id == Activity.id)
        .where(
            own.scope(Permission.SIGN_UPS_MANAGE).rows(Node.path),
            Activity.state == ActivityState.PUBLISHED,
            Activity.sign_up == SignUpWay.HERE,
            ActivitySession.starts_at > clock.now(),
        )
        .group_by(Activity.id, Activity.title)
        .order_by(Activity.first_starts_at, Activity.id)
        .limit(MOST_CHOICES)
    )
    found: Offers = {}
    for row in db.session().execute(query):
        for offer in offers.availability(db.session(), row.id):
            refusal = eligibility.refusal_of(offer, channel=Channel.PHONE)
            if refusal is None or getattr(refusal, "may_wait", False):
                key = f"{row.id}-{session_value(offer)}"
                found[key] = (offer, f"{row.title} · {wording.when_words(offer)}")
    ordered = sorted(found.items(), key=lambda item: item[1][0].starts_at)
    return dict(ordered[:MOST_CHOICES])


def _people(wanted: str) -> list[dict[str, str]]:
    """Who signed up here before and fits; a press takes name and phone over."""
    scope = own.scope(Permission.SIGN_UPS_MANAGE)
    return [
        {
            "name": person.name,
            "phone": masked_phone(person.phone),
            "id": str(person.id),
        }
        for person in queries.people_like(db.session(), wanted, scope.rows(Node.path))
    ]


def _sign_up(
    form: CallForm, offer: Offer
) -> tuple[dict[str, object] | None, tuple[str, str] | None]:
    """What is read aloud, or what stands in the way."""
    wish = form.wish(offer, channel=Channel.PHONE, may_wait=bool(form.may_wait.data))
    try:
        result = intake.sign_up(replace(wish, taken_by_id=current_user.account_id))
    except AlreadySignedUp:
        return None, (_("This person is signed up already"), _("Look for the name in the list."))
    except SignUpRefused as refusal:
        return None, wording.refusal_words(refusal, offer)
    return {
        "name": form.name.data,
        "code": result.code,
        "when": wording.when_words(offer),
        "waits": result.state == SignUpState.WAITING,
        "pending": result.state == SignUpState.PENDING,
        "phone": spaced_phone(form.phone.normal or ""),
        "slip": url_for("sign_ups.slip", token=result.token),
    }, None
