"""Who comes: the list of a session, callers and visitors, cancels, the sheet for the door."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask import url_for as to
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import BooleanField, StringField

from culture_cloud import clock, db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities.models import Activity
from culture_cloud.errors import NotFound
from culture_cloud.sign_ups import (
    eligibility,
    intake,
    no_shows,
    offers,
    queries,
    review,
    services,
    wording,
)
from culture_cloud.sign_ups.errors import AlreadySignedUp, SessionOver, SignUpRefused
from culture_cloud.sign_ups.forms import CancelForm, SignUpForm, form_for, session_value
from culture_cloud.sign_ups.models import COMING, Channel, SignUp, SignUpState
from culture_cloud.sign_ups.offers import Offer
from culture_cloud.sign_ups.requests import SignUpRequest
from culture_cloud.sign_ups.states import By
from culture_cloud.web import pdf
from culture_cloud.web.fields import AtMost, ChoiceField, ListField, Needed, one_line
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.phones import masked_phone, spaced_phone
from culture_cloud.web.policies import staff
from culture_cloud.web.words import date_and_time_words

from . import navigation, own, sign_up_list
from .sign_up_list import Counts, SignUpFilter

bp = Blueprint("desk_sign_ups", __name__)


class CallerForm(SignUpForm):
    """A sign-up that staff write down for somebody."""

    channel = ChoiceField(
        _l("How did the person come to you?"),
        [Needed(_l("Please choose how the person came to you"))],
        choices=[(Channel.PHONE, _l("By phone")), (Channel.COUNTER, _l("In person"))],
    )

    may_wait = BooleanField(_l("On the waiting list where all places are taken"))
    share = ListField(_l("From which places?"))

    def offer_shares(self, offer: Offer) -> None:
        """Places that staff give themselves: named ones, and those of their own branches."""
        self.share.choices = [
            ("", _("From those that are for the person")),
            *((str(r.id), wording.share_words(r)) for r in offer.rooms if r.kind == "custom"),
        ]


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why a sign-up is cancelled, in words that the person is told."""

    reason = StringField(
        _l("Why is it cancelled?"),
        [Needed(_l("Please give a reason")), AtMost(100, _l("Please shorten the reason"))],
        filters=[one_line],
        description=_l("We tell it to the person"),
    )


class ExcuseForm(FlaskForm):  # type: ignore[misc]
    """Why a no-show does not count."""

    reason = StringField(
        _l("Why does it not count?"),
        [Needed(_l("Please give a reason")), AtMost(100, _l("Please shorten the reason"))],
        filters=[one_line],
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """An own activity, and the offer whose list is looked at."""

    activity: Activity
    offers: tuple[Offer, ...]
    offer: Offer

    def url(self, endpoint: str, **values: object) -> str:
        return to(
            f"desk_sign_ups.{endpoint}",
            activity_id=self.activity.id,
            session=session_value(self.offer),
            **values,  # type: ignore[arg-type]
        )


def desk_of(activity_id: int, permission: Permission = Permission.SIGN_UPS_MANAGE) -> Desk:
    """Raises NotFound where the activity is not the reader's own or the session not the
    activity's; without a session, the next one that is not over is meant."""
    activity = own.activity(db.session(), activity_id, permission)
    found = offers.availability(db.session(), activity_id)
    named = request.values.get("session")
    if named:
        offer = next((o for o in found if session_value(o) == named), None)
        if offer is None:
            raise NotFound
    else:
        offer = next((o for o in found if o.ends_at > clock.now()), found[-1])
    return Desk(activity, found, offer)


@bp.get("/desk/activities/<int:activity_id>/sign-ups")
@staff(Permission.SIGN_UPS_MANAGE)
def listing(activity_id: int) -> str:
    """A page of the list of one session, or of the course; `q` looks for a name, phone or number,
    `state` and `channel` narrow it."""
    desk, asked = desk_of(activity_id), SignUpFilter.parse(request.args)
    found, counts = sign_up_list.page(db.session(), activity_id, desk.offer.session_id, asked)
    full = may_see_phones(desk.activity)
    last = asked.page * sign_up_list.PAGE_SIZE >= counts.fitting
    return render_template(
        "desk/sign_ups/list.html",
        desk=desk,
        back=navigation.link("desk_activities.page", activity_id=activity_id)
        or to("activities.page", activity_id=activity_id),
        asked=asked,
        rows=[_row(s, full=full) for s in found],
        counts=counts,
        when=wording.when_words(desk.offer),
        choices=[(session_value(o), wording.when_words(o)) for o in desk.offers],
        chosen=session_value(desk.offer),
        states=[(state.value, _state_choice(state)) for state in SignUpState],
        channels=[(channel.value, channel_words(channel)) for channel in Channel],
        people=_people_words(counts),
        left=wording.left_words(desk.offer),
        may_add=eligibility.refusal_of(desk.offer, channel=Channel.COUNTER) is None,
        check_in=_check_in(desk),
        previous=desk.url("listing", **asked.args(), page=asked.page - 1)
        if asked.page > 1
        else None,
        next=None if last else desk.url("listing", **asked.args(), page=asked.page + 1),
    )


def _state_choice(state: SignUpState) -> str:
    return {
        SignUpState.PENDING: _("Waits for review"),
        SignUpState.WAITING: _("On the waiting list"),
        SignUpState.CONFIRMED: _("Confirmed"),
        SignUpState.ATTENDED: _("Came"),
        SignUpState.NO_SHOW: _("Did not come"),
        SignUpState.CANCELLED: _("Cancelled"),
        SignUpState.DECLINED: _("Not taken"),
    }[state]


def _check_in(desk: Desk) -> str | None:
    """To the list at the door: of the session, or of the course's lesson that is next."""
    lessons = [s for s in desk.activity.sessions if desk.offer.session_id in {None, s.id}]
    coming = [s for s in lessons if s.ends_at > clock.now()] or lessons[-1:]
    return navigation.link("desk_check_in.door", session_id=coming[0].id) if coming else None


def may_see_phones(activity: Activity) -> bool:
    return bool(own.scope(Permission.SIGN_UPS_EXPORT).allows(activity.node.path))


def _people_words(counts: Counts) -> str:
    people = ngettext("%(num)d person", "%(num)d people", counts.people)
    count = ngettext("%(num)d sign-up", "%(num)d sign-ups", counts.coming)
    return str(_("%(people)s in %(count)s", people=people, count=count))


def channel_words(channel: str) -> str:
    return {
        Channel.WEB: _("Online"),
        Channel.PHONE: _("By phone"),
        Channel.COUNTER: _("In person"),
        Channel.PROXY: _("Through somebody else"),
        Channel.WALK_IN: _("Without signing up"),
    }[Channel(channel)]


def state_words(sign_up: SignUp) -> str:
    return wording.state_words(sign_up)


def _row(sign_up: SignUp, *, full: bool) -> dict[str, object]:
    phone = sign_up.phone
    return {
        "id": sign_up.id,
        "name": sign_up.name,
        "companions": _(", ").join(sign_up.companions),
        "phone": spaced_phone(phone) if full else masked_phone(phone),
        "call": phone if full else "",
        "party": sign_up.party_size,
        "code": f"{sign_up.code[:3]} {sign_up.code[3:]}",
        "channel": channel_words(sign_up.channel),
        "state": state_words(sign_up),
        "at": date_and_time_words(sign_up.created_at),
        "confirmed": sign_up.state == SignUpState.CONFIRMED,
        "can_cancel": sign_up.state in services.CANCELLABLE,
        "pending": sign_up.state == SignUpState.PENDING,
        "missed": sign_up.state == SignUpState.NO_SHOW and sign_up.excused_at is None,
        "token": sign_up.token,
    }


# --- adding --------------------------------------------------------------------------------------


@bp.route("/desk/activities/<int:activity_id>/sign-ups/new", methods=["GET", "POST"])
@staff(Permission.SIGN_UPS_MANAGE)
def add(activity_id: int) -> BaseResponse:
    """Write down a caller or a visitor; the same places, the same rules (SV-01)."""
    desk = desk_of(activity_id)
    form = form_for(desk.offer.rules, CallerForm)
    form.ask(desk.offer.rules, offer=desk.offer, acting=False)
    form.session.data = session_value(desk.offer)
    form.offer_places(desk.offer, 1)
    form.offer_shares(desk.offer)
    if "residence" in form.asked:
        form.offer_residences(queries.residences(db.session()))
    if not form.is_submitted():
        form.party.data, form.channel.data = "1", Channel.PHONE
    elif form.validate():
        try:
            result = intake.sign_up(_wish(desk, form))
        except SignUpRefused as refusal:
            return _add_page(desk, form, refused=_refused_words(desk, refusal), status=409)
        if result.state == SignUpState.WAITING:
            flash(
                _(
                    "%(name)s is on the waiting list. The number is %(code)s.",
                    name=form.name.data,
                    code=f"{result.code[:3]} {result.code[3:]}",
                ),
                "success",
            )
            return redirect(desk.url("listing"), code=303)
        flash(
            _(
                "%(name)s is signed up. The number is %(code)s. Please tell it to the person.",
                name=form.name.data,
                code=f"{result.code[:3]} {result.code[3:]}",
            ),
            "success",
        )
        return redirect(desk.url("listing"), code=303)
    return _add_page(desk, form, status=422 if form.errors else 200)


def _wish(desk: Desk, form: CallerForm) -> SignUpRequest:
    """What staff write down: in their name, from the places that they may give."""
    mine = own.scope(Permission.SIGN_UPS_MANAGE)
    paths = queries.node_paths(db.session(), [r.node_id for r in desk.offer.rooms if r.node_id])
    wish = form.wish(
        desk.offer, channel=Channel(form.channel.data), may_wait=bool(form.may_wait.data)
    )
    return replace(
        wish,
        taken_by_id=current_user.account_id,
        allotment_id=int(form.share.data) if form.share.data else None,
        branch_node_ids=frozenset(i for i, path in paths.items() if mine.allows(path)),
    )


def _refused_words(desk: Desk, refusal: SignUpRefused) -> tuple[str, str]:
    if isinstance(refusal, AlreadySignedUp):
        return _("This person is signed up already"), _("Look for the name in the list.")
    return wording.refusal_words(refusal, desk.offer)


def _add_page(
    desk: Desk, form: CallerForm, *, status: int, refused: tuple[str, str] | None = None
) -> Response:
    html = render_template(
        "desk/sign_ups/add.html",
        desk=desk,
        form=form,
        refused=refused,
        when=wording.when_words(desk.offer),
        left=wording.left_words(desk.offer),
    )
    return make_response(html, status)


# --- cancelling ----------------------------------------------------------------------------------


@bp.route(
    "/desk/activities/<int:activity_id>/sign-ups/<int:sign_up_id>/cancel", methods=["GET", "POST"]
)
@staff(Permission.SIGN_UPS_MANAGE)
def cancel(activity_id: int, sign_up_id: int) -> BaseResponse:
    """Cancel for somebody, with a reason that the person is told."""
    desk = desk_of(activity_id)
    found = queries.with_activity(db.session(), [sign_up_id])
    if not found or found[0].activity_id != activity_id:
        raise NotFound
    form = ReasonForm()
    refused = None
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                services.cancel_by_staff(session, sign_up_id, form.reason.data or "", _me())
        except SessionOver as refusal:
            refused = wording.refusal_words(refusal, desk.offer)
        else:
            flash(_("The sign-up is cancelled. We tell the person."), "success")
            return redirect(desk.url("listing"), code=303)
    shown = queries.with_activity(db.session(), [sign_up_id])[0]
    html = render_template(
        "desk/sign_ups/cancel.html",
        desk=desk,
        form=form,
        refused=refused,
        row=_row(shown, full=may_see_phones(desk.activity)),
    )
    return make_response(html, 409 if refused else 422 if form.errors else 200)


# --- looking at one, and excusing ----------------------------------------------------------------


@bp.route(
    "/desk/activities/<int:activity_id>/sign-ups/<int:sign_up_id>/review", methods=["GET", "POST"]
)
@staff(Permission.SIGN_UPS_MANAGE)
def look(activity_id: int, sign_up_id: int) -> BaseResponse:
    """Look at a sign-up with its answers: take it, or say why not (the person is told)."""
    desk, sign_up = _one(activity_id, sign_up_id)
    form = ReasonForm()
    if "confirm" in request.form and CancelForm().validate_on_submit():
        with db.transaction() as session:
            review.confirm(session, sign_up_id, _me())
        flash(_("The sign-up is confirmed. We tell the person."), "success")
        return redirect(desk.url("listing"), code=303)
    if "decline" in request.form and form.validate_on_submit():
        with db.transaction() as session:
            review.decline(session, sign_up_id, form.reason.data or "", _me())
        flash(_("The sign-up was not taken. We tell the person why."), "success")
        return redirect(desk.url("listing"), code=303)
    return _look_page(desk, sign_up, form)


def _look_page(desk: Desk, sign_up: SignUp, form: ReasonForm) -> Response:
    row = _row(sign_up, full=may_see_phones(desk.activity))
    asked = desk.offer.rules.questions
    questions = [(q.label, str(sign_up.answers.get(q.key, "–"))) for q in asked]
    ages = [(_("Ages"), _(", ").join(map(str, sign_up.ages)))] if sign_up.ages else []
    guardian = [(_("Guardian"), sign_up.guardian_name)] if sign_up.guardian_name else []
    proxy = [(_("Signed up by"), sign_up.proxy.name)] if sign_up.proxy else []
    html = render_template(
        "desk/sign_ups/review.html",
        desk=desk,
        form=form,
        row=row,
        facts=[*ages, *guardian, *proxy, *questions],
        missed=no_shows.count(db.session(), sign_up.phone, sign_up.name, 120),
    )
    return make_response(html, 422 if form.errors else 200)


@bp.route(
    "/desk/activities/<int:activity_id>/sign-ups/<int:sign_up_id>/excuse", methods=["GET", "POST"]
)
@staff(Permission.SIGN_UPS_MANAGE)
def excuse(activity_id: int, sign_up_id: int) -> BaseResponse:
    """Somebody who did not come had a reason: it does not count."""
    desk, sign_up = _one(activity_id, sign_up_id)
    if sign_up.state != SignUpState.NO_SHOW:
        return redirect(desk.url("listing"), code=303)
    form = ExcuseForm()
    if form.validate_on_submit():
        with db.transaction() as session:
            no_shows.excuse(session, sign_up_id, form.reason.data or "", _me())
        flash(_("It is excused and does not count."), "success")
        return redirect(desk.url("listing"), code=303)
    html = render_template(
        "desk/sign_ups/excuse.html",
        desk=desk,
        form=form,
        row=_row(sign_up, full=may_see_phones(desk.activity)),
    )
    return make_response(html, 422 if form.errors else 200)


def _one(activity_id: int, sign_up_id: int) -> tuple[Desk, SignUp]:
    """Raises NotFound where the sign-up is not one of this own activity."""
    desk = desk_of(activity_id)
    found = queries.with_activity(db.session(), [sign_up_id])
    if not found or found[0].activity_id != activity_id:
        raise NotFound
    return desk, found[0]


def _me() -> By:
    return By(current_user.account_id, current_user.name, is_staff=True)


# --- the sheet for the door ----------------------------------------------------------------------


@bp.get("/desk/activities/<int:activity_id>/sign-ups/sheet.pdf")
@staff(Permission.SIGN_UPS_MANAGE)
def sheet_pdf(activity_id: int) -> Response:
    """The sheet as a file, where the server can make one."""
    return pdf.answer(sheet(activity_id), name="sheet.pdf", is_personal=True)


@bp.get("/desk/activities/<int:activity_id>/sign-ups/sheet")
@staff(Permission.SIGN_UPS_MANAGE)
def sheet(activity_id: int) -> str:
    """A sheet to sign on at the door; phones on paper are always masked."""
    desk = desk_of(activity_id)
    found = queries.of_activity(db.session(), activity_id, desk.offer.session_id)
    coming = sorted((s for s in found if s.state in COMING), key=lambda s: s.name)
    return render_template(
        "desk/sign_ups/sheet.html",
        desk=desk,
        when=wording.when_words(desk.offer),
        place=wording.place_words(desk.activity),
        people=[
            {"name": s.name, "phone": masked_phone(s.phone), "party": s.party_size} for s in coming
        ],
        by=current_user.name,
    )
