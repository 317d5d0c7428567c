"""Applying: the questions, the answers once more, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import clock, db
from culture_cloud.activities.models import Activity
from culture_cloud.errors import NotFound
from culture_cloud.network.site import current_site
from culture_cloud.sign_ups import offers as sign_ups
from culture_cloud.sign_ups.eligibility import largest_party
from culture_cloud.sign_ups.forms import session_value
from culture_cloud.sign_ups.wording import when_words
from culture_cloud.web import modes, words
from culture_cloud.web.policies import public

from . import applying, queries, services, wording
from .asking import Asking, failed, forget_errors
from .blueprint import bp
from .errors import AppliedAlready, ApplyingNotOpenYet, DrawRefused
from .forms import WISHES, DrawForm, PersonForm, Question, WishForm
from .models import Draw, DrawKind
from .weights import Weights


@dataclass(frozen=True, slots=True)
class Visit:
    """What one request to apply is about."""

    draw: Draw
    asking: Asking
    form: DrawForm | WishForm
    #: what a draw of one activity is about, where more than one date can be chosen
    offers: tuple[sign_ups.Offer, ...] = ()
    courses: list[Activity] = field(default_factory=list)

    @property
    def title(self) -> str:
        return wording.title_of(self.draw)

    @property
    def back(self) -> str:
        return page_url(self.draw)

    @property
    def wishes(self) -> list[tuple[int, int | None]]:
        """What the answers ask for. Raises NotFound where it is not there."""
        if isinstance(self.form, WishForm):
            by_id = {str(a.id): target_of(a) for a in self.courses}
            return [by_id[value] for value in self.form.wished if value in by_id]
        chosen = str(self.form.session.data) if "session" in self.form else ""
        for offer in self.offers:
            if len(self.offers) == 1 or session_value(offer) == chosen:
                return [(offer.activity_id, offer.session_id)]
        raise NotFound


def page_url(draw: Draw) -> str:
    if draw.kind == DrawKind.WISHES:
        return url_for("draws.season", draw_id=draw.id)
    return url_for("draws.page", activity_id=draw.offers[0].activity_id)


def target_of(activity: Activity) -> tuple[int, int | None]:
    """What a wish for the activity asks for: the course, or the one session there is."""
    if activity.enrolment == "course":
        return activity.id, None
    return activity.id, next((s.id for s in activity.sessions if s.state == "scheduled"), None)


def visit(
    draw: Draw,
    *,
    elder: bool,
    draw_form: type[DrawForm] = DrawForm,
    wish_form: type[WishForm] = WishForm,
) -> Visit:
    """The form of a draw, with what it asks; staff bring forms of their own."""
    weights = Weights.of(draw.weights)
    person: list[Question] = [("name",), ("phone",)]
    person += [("residence",)] if weights.township else []
    person += [("elder",)] if weights.elders else []
    if draw.kind == DrawKind.WISHES:
        wish = wish_form()
        courses = [offer.activity for offer in draw.offers]
        wish.offer([(str(a.id), a.title) for a in courses])
        questions = [WISHES, *person]
        found = Visit(draw, Asking(questions, elder), wish, courses=courses)
    else:
        activity = draw.offers[0].activity
        offers = tuple(
            o
            for o in sign_ups.availability(db.session(), activity.id)
            if o.starts_at > clock.now() and o.stand != "cancelled"
        )
        form = draw_form()
        dates = [(session_value(o), when_words(o)) for o in offers]
        form.offer(dates, largest_party(offers[0]) if offers else 1)
        questions = [*([("session",)] if len(offers) > 1 else []), ("party",), *person]
        found = Visit(draw, Asking(questions, elder), form, offers=offers)
    found.form.ask(questions, queries.townships(db.session()))
    return found


def _elder() -> bool:
    return modes.current_mode() == modes.ELDER


@bp.get("/activities/<int:activity_id>/draw/apply")
@public
def apply(activity_id: int) -> Response:
    """The first question; or the page that says why there is nothing to ask."""
    return _first_page(_of_activity(activity_id))


@bp.post("/activities/<int:activity_id>/draw/apply")
@public
def send(activity_id: int) -> BaseResponse:
    """The next question, the answers once more, or, once confirmed, the application."""
    return _answer(_of_activity(activity_id))


@bp.get("/seasons/<int:draw_id>/wishes")
@public
def wishes(draw_id: int) -> Response:
    """The first question of a wish list."""
    return _first_page(queries.draw(db.session(), draw_id, DrawKind.WISHES))


@bp.post("/seasons/<int:draw_id>/wishes")
@public
def send_wishes(draw_id: int) -> BaseResponse:
    """The next question, the answers once more, or, once confirmed, the wish list."""
    return _answer(queries.draw(db.session(), draw_id, DrawKind.WISHES))


def _of_activity(activity_id: int) -> Draw:
    found = queries.of_activity(db.session(), activity_id)
    if found is None:
        raise NotFound
    return queries.draw(db.session(), found.id, DrawKind.DRAW)


def _first_page(draw: Draw) -> Response:
    refusal = services.refusal_of(draw)
    if refusal is not None:
        return _refused(draw, refusal, status=200)
    asked = visit(draw, elder=_elder())
    if current_user.is_authenticated:
        asked.form.name.data, asked.form.phone.data = current_user.name, current_user.phone
    if isinstance(asked.form, DrawForm) and not asked.asking.one_by_one:
        asked.form.party.data = "1"
    wished = request.args.get("course", "")
    if isinstance(asked.form, WishForm) and wished:
        asked.form.wish1.data = wished
    return _questions(asked, asked.asking.pages[0])


def _answer(draw: Draw) -> BaseResponse:
    refusal = services.refusal_of(draw)
    if refusal is not None:
        return _refused(draw, refusal, status=409)
    asked = visit(draw, elder=_elder())
    form, asking = asked.form, asked.asking
    known = {name for page in asking.pages for name in page}
    change = request.form.get("change", "")
    if change in known:
        return _questions(asked, asking.page_of(change))
    if form.from_robot:
        again = _("Please send the form once more")
        return _questions(asked, asking.pages[0], status=422, more=[("#questions", again)])
    form.validate()
    confirmed = "confirm" in request.form
    wrong = failed(form, asking)
    if wrong:
        shown = known if confirmed else set(request.form.getlist("asked"))
        mine = [name for name in wrong if name in shown]
        if mine:
            return _questions(asked, asking.page_of(mine[0]), status=422)
        forget_errors(form)
        return _questions(asked, asking.page_of(wrong[0]))
    return _confirm(asked) if confirmed else _check(asked)


def _confirm(asked: Visit) -> BaseResponse:
    """Write it down. A second press, a reload or a retry leads to the same application."""
    wanted = asked.form.wanted(
        asked.draw.id,
        asked.wishes,
        party_size=asked.form.party_size if isinstance(asked.form, DrawForm) else 1,
        account_id=current_user.account_id,
    )
    try:
        token = applying.apply(wanted)
    except DrawRefused as refusal:
        return _refused(queries.draw(db.session(), asked.draw.id), refusal, status=409)
    return redirect(url_for("draws.application", token=token), code=303)


# --- pages ---------------------------------------------------------------------------------------


def _questions(
    asked: Visit,
    page: Question,
    *,
    status: int = 200,
    more: list[tuple[str, str]] | None = None,
) -> Response:
    carried = [(n, v) for n, v in asked.form.answers() if n not in page]
    forget_errors(asked.form, but=page)
    html = render_template(
        "draws/questions.html",
        visit=asked,
        form=asked.form,
        page=page,
        step=asked.asking.step_of(page),
        kept=carried,
        before=asked.asking.before(page),
        more=more or [],
        closes=words.date_and_time_words(asked.draw.closes_at),
        hints={str(a.id): wording.course_words(a) for a in asked.courses},
        courses=[(a.title, wording.course_words(a)) for a in asked.courses],
    )
    return _page(html, status)


def _check(asked: Visit) -> Response:
    """All answers, each with a way to change it."""
    form = asked.form
    rows: list[tuple[str, str | None, str | None]] = [(_("For"), asked.title, None)]
    if isinstance(form, WishForm):
        rows += [
            (
                str(form[name].label.text).partition(" (")[0].partition("（")[0],
                _chosen(form, name),
                name,
            )
            for name in WISHES
            if form[name].data
        ]
    else:
        whens = {session_value(o): when_words(o) for o in asked.offers}
        if "session" in form:
            rows.append((_("When"), whens.get(str(form.session.data), ""), "session"))
        elif asked.offers:
            rows.append((_("When"), when_words(asked.offers[0]), None))
        rows.append((_("How many"), wording.people_words(form.party_size), "party"))
    rows.append((_("Your name"), form.name.data, "name"))
    rows.append((_("Your phone"), form.phone.data, "phone"))
    rows += [
        (str(form[name].label.text), _chosen(form, name), name)
        for name in ("residence", "elder")
        if name in form
    ]
    html = render_template(
        "draws/check.html",
        visit=asked,
        form=form,
        rows=rows,
        kept=form.answers(),
        closes=words.date_and_time_words(asked.draw.closes_at),
    )
    return _page(html, 200)


def _chosen(form: PersonForm, name: str) -> str:
    """The label of the answer."""
    return next((str(c[1]) for c in form[name].iter_choices() if c[2]), "")


def _refused(draw: Draw, refusal: DrawRefused, *, status: int) -> Response:
    """Not yet, no longer, already: a page with next steps, never a field error (ST-17)."""
    if isinstance(refusal, ApplyingNotOpenYet):
        title = _("Applying has not begun yet")
        text = _("It begins: %(when)s.", when=words.date_and_time_words(refusal.opens_at))
    elif isinstance(refusal, AppliedAlready):
        title = _("You have applied already")
        text = _(
            "There is an application with this name and this phone. One is enough: a second one "
            "would not raise your chance."
        )
    else:
        title = _("The time to apply is over")
        text = _(
            "Applying was possible until %(when)s.", when=words.date_and_time_words(draw.closes_at)
        )
    html = render_template(
        "draws/refused.html",
        title=title,
        text=text,
        draw=draw,
        subject=wording.title_of(draw),
        back=page_url(draw) if draw.offers else url_for("activities.listing"),
        token=getattr(refusal, "token", None),
        phone=draw.node.phone or current_site().phone,
    )
    return _page(html, status)


def _page(html: str, status: int) -> Response:
    response = make_response(html, status)
    if request.method == "POST":
        # the browser's Back shows the page again instead of asking to send the form anew (EL-18)
        response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
