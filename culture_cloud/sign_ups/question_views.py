"""Signing up: questions, the check page, and what stands in the way (ST-15 to ST-22)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.activities import presenter
from culture_cloud.activities.models import Activity
from culture_cloud.errors import NotFound
from culture_cloud.network.site import current_site
from culture_cloud.web import modes
from culture_cloud.web.phones import spaced_phone
from culture_cloud.web.policies import public

from . import eligibility, intake, offers, queries, wording
from . import flow as flows
from .blueprint import bp
from .errors import AlreadySignedUp, SignUpRefused
from .forms import QUESTIONS, SignUpForm, session_value
from .offers import Offer


@dataclass(frozen=True, slots=True)
class Visit:
    """What one request for a sign-up is about."""

    activity: Activity
    offers: tuple[Offer, ...]
    offer: Offer | None
    flow: flows.Flow
    several_dates: bool
    #: the link named the date, so it is not asked again
    is_dated: bool

    @property
    def action(self) -> str:
        return url_for("sign_ups.form", activity_id=self.activity.id)


@bp.get("/activities/<int:activity_id>/sign-up")
@public
def form(activity_id: int) -> Response:
    """The first question; or the page that says why there is nothing to ask."""
    visit = _visit(activity_id)
    if visit.offer is not None:
        refusal = eligibility.refusal_of(visit.offer)
        if refusal is not None:
            return _refused(visit, refusal, status=200)
    asked = _form(visit)
    asked.session.data = session_value(visit.offer) if visit.offer else None
    if current_user.is_authenticated:
        asked.name.data, asked.phone.data = current_user.name, current_user.phone
    if not visit.flow.one_by_one:
        asked.party.data = "1"
    return _questions(visit, asked, visit.flow.page_of(visit.flow.asked[0]))


@bp.post("/activities/<int:activity_id>/sign-up")
@public
def answer(activity_id: int) -> BaseResponse:
    """The next question, the check page, or, once confirmed, the ticket."""
    visit = _visit(activity_id)
    asked = _form(visit)
    if visit.offer is not None:
        asked.session.data = session_value(visit.offer)
    change = request.form.get("change", "")
    if change in QUESTIONS:
        return _questions(visit, asked, visit.flow.page_of(change))
    if asked.from_robot:
        page = visit.flow.page_of(visit.flow.asked[0])
        again = _("Please send the form once more")
        return _questions(visit, asked, page, status=422, more=[("#questions", again)])
    asked.validate()
    confirmed = "confirm" in request.form
    wrong = flows.failed(asked)
    if wrong:
        shown = QUESTIONS if confirmed else tuple(request.form.getlist("asked"))
        mine = [name for name in wrong if name in shown]
        if mine:
            return _questions(visit, asked, visit.flow.page_of(mine[0]), status=422)
        flows.forget_errors(asked)
        return _questions(visit, asked, visit.flow.page_of(wrong[0]))
    if visit.offer is None:
        raise NotFound
    refusal = eligibility.refusal_of(visit.offer, party_size=asked.party_size)
    if refusal is not None and not confirmed:
        return _refused(visit, refusal, asked)
    return _confirm(visit, visit.offer, asked) if confirmed else _check(visit, asked)


def _confirm(visit: Visit, offer: Offer, asked: SignUpForm) -> BaseResponse:
    """Take the places. A second press, a reload or a retry leads to the same ticket."""
    try:
        result = intake.sign_up(asked.wish(offer, current_user.account_id))
    except AlreadySignedUp as refusal:
        return _already(visit, refusal)
    except SignUpRefused as refusal:
        return _refused(_visit(visit.activity.id), refusal, asked)
    return redirect(url_for("sign_ups.ticket", token=result.token), code=303)


def _visit(activity_id: int) -> Visit:
    """Raises NotFound where the activity or the named session is not there."""
    found = offers.availability(db.session(), activity_id)
    named = request.values.get("session")
    if named:
        offer = next((o for o in found if session_value(o) == named), None)
        if offer is None:
            raise NotFound
    else:
        offer = flows.chosen(found)
    several = len(flows.dates_to_choose(found, offer)) > 1
    dated = bool(named) if request.method == "GET" else "dated" in request.form
    flow = flows.flow(
        elder=modes.current_mode() == modes.ELDER,
        several_dates=several,
        is_dated=dated,
        is_known=bool(current_user.is_authenticated and current_user.phone),
    )
    activity = queries.activity(db.session(), activity_id)
    return Visit(activity, found, offer, flow, several, dated)


def _form(visit: Visit) -> SignUpForm:
    asked = SignUpForm()
    dates = flows.dates_to_choose(visit.offers, visit.offer)
    asked.offer_sessions([(session_value(o), wording.when_words(o)) for o in dates])
    asked.offer_places(visit.offer, eligibility.largest_party(visit.offers[0]))
    return asked


def _questions(
    visit: Visit,
    asked: SignUpForm,
    page: tuple[str, ...],
    *,
    status: int = 200,
    more: list[tuple[str, str]] | None = None,
) -> Response:
    """A page of questions; the answers of other pages are carried along."""
    html = render_template(
        "sign_ups/questions.html",
        visit=visit,
        form=asked,
        page=page,
        step=visit.flow.step_of(page),
        kept=asked.kept(without=page),
        before=visit.flow.before(page),
        failed=status == 422,
        more=more or [],
        place=wording.place_words(visit.activity),
        when=wording.when_words(visit.offer) if visit.offer else "",
        left=wording.left_words(visit.offer) if visit.offer else "",
        left_of={session_value(o): wording.left_words(o) for o in visit.offers},
    )
    return _page(html, status)


def _check(visit: Visit, asked: SignUpForm) -> Response:
    """All answers, each with a way to change it."""
    companions = _(", ").join(asked.companion_names)
    html = render_template(
        "sign_ups/check.html",
        visit=visit,
        form=asked,
        place=wording.place_words(visit.activity),
        when=wording.when_words(visit.offer) if visit.offer else "",
        phone=spaced_phone(asked.phone.normal or ""),
        party=asked.party_words,
        companions=companions,
        kept=asked.kept(),
    )
    return _page(html, 200)


def _refused(
    visit: Visit, refusal: SignUpRefused, asked: SignUpForm | None = None, *, status: int = 409
) -> Response:
    """Full, closed, not yet open, cancelled, over: a page with next steps, never a field error."""
    offer = visit.offer or visit.offers[0]
    others = [o for o in visit.offers if flows.is_open(o) and o != offer][: flows.MOST_DATES]
    title, text = wording.refusal_words(refusal, offer)
    html = render_template(
        "sign_ups/refused.html",
        visit=visit,
        title=title,
        text=text,
        offer=offer,
        when=wording.when_words(offer),
        left=getattr(refusal, "left", 0),
        most=getattr(refusal, "most", 0),
        form=asked,
        kept=asked.kept(without=("session",)) if asked else [],
        others=[(session_value(o), wording.when_words(o), wording.left_words(o)) for o in others],
        phone=presenter.contact_phone(visit.activity) or current_site().phone,
    )
    return _page(html, status)


def _already(visit: Visit, refusal: AlreadySignedUp) -> Response:
    html = render_template(
        "sign_ups/already.html",
        visit=visit,
        token=refusal.token,
        phone=presenter.contact_phone(visit.activity) or current_site().phone,
    )
    return _page(html, refusal.status)


def _page(html: str, status: int) -> Response:
    response = make_response(html, status)
    if request.method == "POST":
        # the browser's Back shows the page again instead of asking to send the form anew (EL-18)
        response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
