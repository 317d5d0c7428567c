"""Signing up: questions, the check page, and what stands in the way (ST-15 to ST-22)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.accounts.models import FamilyMember
from culture_cloud.activities import presenter
from culture_cloud.activities.models import Activity
from culture_cloud.errors import NotFound
from culture_cloud.network.site import current_site
from culture_cloud.web import modes
from culture_cloud.web.phones import spaced_phone
from culture_cloud.web.policies import public

from . import checking, eligibility, intake, offers, queries, relatives, services, wording
from . import flow as flows
from .blueprint import bp
from .errors import AlreadySignedUp, SessionFull, SignUpRefused
from .forms import ALWAYS, GUARDIAN, SignUpForm, fields_of, form_for, session_value
from .offers import Offer


@dataclass(frozen=True, slots=True)
class Visit:
    """What one request for a sign-up is about."""

    activity: Activity
    offers: tuple[Offer, ...]
    offer: Offer | None
    form: SignUpForm
    flow: flows.Flow
    several_dates: bool
    #: the link named the date, so it is not asked again
    is_dated: bool
    #: somebody signs up for somebody else
    is_acting: bool
    #: the person agreed to stand on the waiting list where nothing is free
    may_wait: bool

    @property
    def action(self) -> str:
        return url_for("sign_ups.form", activity_id=self.activity.id)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What every page of the visit carries along besides the answers."""
        found = {"dated": self.is_dated, "acting": self.is_acting, "wait": self.may_wait}
        return [(name, "1") for name, value in found.items() if value] + [
            ("seen", key) for key in self.seen
        ]

    @property
    def seen(self) -> list[str]:
        """The activity's own questions that were shown already: they may be left empty."""
        shown = set(request.form.getlist("asked") + request.form.getlist("seen"))
        return [question.key for question in self.form.own if question.key in shown]


@bp.get("/activities/<int:activity_id>/sign-up")
@public
def form(activity_id: int) -> Response:
    """The first question; or the page that says why there is nothing to ask."""
    visit = _visit(activity_id)
    asked = visit.form
    if visit.offer is not None:
        refusal = eligibility.refusal_of(visit.offer)
        if refusal is not None and not _waits(visit, refusal):
            return _refused(visit, refusal, status=200)
    asked.session.data = session_value(visit.offer) if visit.offer else None
    if current_user.is_authenticated:
        name, phone = ("proxy_name", "proxy_phone") if visit.is_acting else ("name", "phone")
        asked[name].data, asked[phone].data = current_user.name, current_user.phone
    if visit.is_acting and (member := _relative()):
        relatives.fill_in(asked, member)
    if not visit.flow.one_by_one:
        asked.party.data = "1"
    return _questions(visit, visit.flow.page_of(visit.flow.asked[0]))


@bp.post("/activities/<int:activity_id>/sign-up")
@public
def answer(activity_id: int) -> BaseResponse:
    """The next question, the check page, or, once confirmed, the ticket."""
    visit = _visit(activity_id)
    asked = visit.form
    if visit.offer is not None:
        asked.session.data = session_value(visit.offer)
    change = request.form.get("change", "")
    if change in (*asked.asked, GUARDIAN):
        return _questions(visit, visit.flow.page_of(change))
    if asked.from_robot:
        page = visit.flow.page_of(visit.flow.asked[0])
        again = _("Please send the form once more")
        return _questions(visit, page, status=422, more=[("#questions", again)])
    asked.validate()
    confirmed = "confirm" in request.form
    wrong = flows.failed(asked)
    if wrong:
        shown = asked.questions if confirmed else tuple(request.form.getlist("asked"))
        mine = [name for name in wrong if name in shown]
        if mine:
            return _questions(visit, visit.flow.page_of(mine[0]), status=422)
    unseen = [q.key for q in asked.own if q.key not in visit.seen] if not confirmed else []
    if wrong or unseen:
        flows.forget_errors(asked)
        ahead = [name for name in asked.questions if name in {*wrong, *unseen}]
        return _questions(visit, visit.flow.page_of(ahead[0]))
    if visit.offer is None:
        raise NotFound
    return _confirm(visit, visit.offer) if confirmed else _check(visit, visit.offer)


def _relative() -> FamilyMember | None:
    return relatives.chosen(relatives.of_reader(db.session()), request.args.get("person", ""))


def _waits(visit: Visit, refusal: SignUpRefused) -> bool:
    return visit.may_wait and isinstance(refusal, SessionFull) and refusal.may_wait


def _confirm(visit: Visit, offer: Offer) -> BaseResponse:
    """Take the places. A second press, a reload or a retry leads to the same ticket."""
    wish = visit.form.wish(offer, current_user.account_id, may_wait=visit.may_wait)
    try:
        result = intake.sign_up(wish)
    except AlreadySignedUp as refusal:
        return _already(visit, refusal)
    except SignUpRefused as refusal:
        return _refused(_visit(visit.activity.id), refusal)
    return redirect(url_for("sign_ups.ticket", token=result.token), code=303)


def _visit(activity_id: int) -> Visit:
    """Raises NotFound where the activity or the named session is not there."""
    found = offers.availability(db.session(), activity_id)
    may_wait = request.values.get("wait") == "1"
    named = request.values.get("session")
    if named:
        offer = next((o for o in found if session_value(o) == named), None)
        if offer is None:
            raise NotFound
    else:
        offer = flows.chosen(found)
    several = len(flows.dates_to_choose(found, offer)) > 1
    dated = bool(named) if request.method == "GET" else "dated" in request.form
    acting = request.values.get("acting") == "1"
    rules = found[0].rules
    asked = form_for(rules, SignUpForm)
    asked.ask(rules, offer=offer or found[0], acting=acting)
    _give_choices(asked, found, offer)
    flow = flows.flow(
        asked.asked,
        elder=modes.current_mode() == modes.ELDER,
        several_dates=several,
        is_dated=dated,
        is_known=bool(current_user.is_authenticated and current_user.phone) and not acting,
    )
    activity = queries.activity(db.session(), activity_id)
    return Visit(activity, found, offer, asked, flow, several, dated, acting, may_wait)


def _give_choices(asked: SignUpForm, found: tuple[Offer, ...], offer: Offer | None) -> None:
    dates = flows.dates_to_choose(found, offer)
    asked.offer_sessions([(session_value(o), wording.when_words(o)) for o in dates])
    asked.offer_places(offer, eligibility.largest_party(found[0]))
    if "residence" in asked.asked:
        asked.offer_residences(queries.residences(db.session()))


def _questions(
    visit: Visit,
    page: tuple[str, ...],
    *,
    status: int = 200,
    more: list[tuple[str, str]] | None = None,
) -> Response:
    """A page of questions; the answers of other pages are carried along."""
    html = render_template(
        "sign_ups/questions.html",
        visit=visit,
        form=visit.form,
        page=page,
        fields_of=fields_of,
        standard=ALWAYS,
        step=visit.flow.step_of(page),
        kept=visit.form.kept(without=page),
        before=visit.flow.before(page),
        failed=status == 422,
        more=more or [],
        relatives=() if visit.is_acting else relatives.of_reader(db.session()),
        place=wording.place_words(visit.activity),
        when=wording.when_words(visit.offer) if visit.offer else "",
        left=wording.left_words(visit.offer) if visit.offer else "",
        left_of={session_value(o): wording.left_words(o) for o in visit.offers},
    )
    return _page(html, status)


def _check(visit: Visit, offer: Offer) -> Response:
    """All answers, each with a way to change it; what stands in the way is said now."""
    wish = visit.form.wish(offer, current_user.account_id, may_wait=visit.may_wait)
    waits = False
    try:
        way = services.examine(db.session(), wish)
    except AlreadySignedUp as refusal:
        return _already(visit, refusal)
    except SignUpRefused as refusal:
        return _refused(visit, refusal)
    if isinstance(way, services.Way):
        waits = way.waits(wish.party_size)
    html = render_template(
        "sign_ups/check.html",
        visit=visit,
        form=visit.form,
        rows=checking.answer_rows(visit.form, visit.several_dates, wording.when_words(offer)),
        place=wording.place_words(visit.activity),
        phone=spaced_phone(visit.form.phone.normal or ""),
        kept=visit.form.kept(),
        waits=waits,
        waiting=wording.waiting_words(offer.waiting),
        clashes=checking.clash_lines(offer, current_user.account_id),
    )
    return _page(html, 200)


def _refused(visit: Visit, refusal: SignUpRefused, *, status: int = 409) -> Response:
    """Full, closed, not yet open, cancelled, over, for others: a page with next steps, never a
    field error."""
    offer = visit.offer or visit.offers[0]
    others = [o for o in visit.offers if flows.is_open(o) and o != offer][: flows.MOST_DATES]
    title, text = wording.refusal_words(refusal, offer)
    form = visit.form if request.method == "POST" else None
    html = render_template(
        "sign_ups/refused.html",
        visit=visit,
        title=title,
        text=text,
        offer=offer,
        when=wording.when_words(offer),
        left=getattr(refusal, "left", 0),
        most=getattr(refusal, "most", 0),
        may_wait=getattr(refusal, "may_wait", False),
        waiting=wording.waiting_words(offer.waiting),
        form=form,
        kept=visit.form.kept(without=("session",)) if form else [],
        session=session_value(offer),
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
