"""Places by lot, for staff: set a draw up, follow it, write down who calls, call it off."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from culture_cloud import clock, db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities.models import Activity, ActivityState, Allotment, SignUpWay
from culture_cloud.draws import applying, queries, services, wording
from culture_cloud.draws.apply_views import Visit, page_url, visit
from culture_cloud.draws.errors import AppliedAlready, CannotSetUp, DrawRefused, HasApplications
from culture_cloud.draws.forms import DrawForm
from culture_cloud.draws.models import Application, Draw, DrawKind, DrawState
from culture_cloud.draws.own_views import stand_words
from culture_cloud.errors import NotFound, NotPermitted
from culture_cloud.network.models import Node
from culture_cloud.sign_ups.models import Channel
from culture_cloud.web.phones import masked_phone
from culture_cloud.web.policies import staff

from . import own
from .draw_forms import CallerDrawForm, CallerWishForm, DrawRulesForm, SeasonForm, saved
from .forms import ReasonForm, refuse

bp = Blueprint("desk_draws", __name__, url_prefix="/desk")

MOST_COURSES = 200


@bp.get("/draws")
@staff(Permission.ACTIVITIES_EDIT)
def index() -> str:
    """The draws of the reader's halls, the newest first."""
    rows = [
        {
            "title": wording.title_of(draw),
            "href": url_for("desk_draws.page", draw_id=draw.id),
            "note": f"{draw.node.plate_name} · {stand_words(draw)}",
            "end": str(draw.last_number),
        }
        for draw in queries.of_scope(db.session(), own.scope())
    ]
    return render_template("desk/draws/index.html", rows=rows)


# --- setting up ----------------------------------------------------------------------------------


@bp.route("/activities/<int:activity_id>/draw", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def set_up(activity_id: int) -> Response:
    """Let the places of an activity be given by lot."""
    activity = own.activity(db.session(), activity_id)
    present = queries.of_activity(db.session(), activity_id)
    if present is not None:
        return redirect(url_for("desk_draws.page", draw_id=present.id), code=303)
    _require_publishing(activity.node)
    form = DrawRulesForm()
    if form.validate_on_submit():
        node_id = activity.node_id
        draw = _made(DrawKind.DRAW, node_id, form, [activity_id])
        if draw is not None:
            return draw
    return _rules_page(form, activity=activity)


@bp.route("/seasons/new", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def new_season() -> Response:
    """Gather courses into a season for which people write wish lists."""
    form = SeasonForm()
    halls = own.halls(db.session())
    form.node.choices = own.hall_choices(halls)
    courses = _free_courses()
    form.courses.choices = [(str(a.id), f"{a.title} ({a.node.plate_name})") for a in courses]
    if not form.is_submitted() and halls:
        form.node.data = halls[0].code
    if form.validate_on_submit():
        node = own.node(db.session(), form.node.data)
        if node is None:
            raise NotFound
        _require_publishing(node)
        chosen = [int(number) for number in form.courses.data or ()]
        made = _made(DrawKind.WISHES, node.id, form, chosen)
        if made is not None:
            return made
    return _rules_page(form, has_courses=bool(courses))


def _free_courses() -> list[Activity]:
    """Own activities whose places a season could give, by title."""
    nodes = select(Node.id).where(own.scope().rows(Node.path))
    taken = select(Allotment.activity_id).where(Allotment.taken > 0)
    return list(
        db.session().scalars(
            select(Activity)
            .options(joinedload(Activity.node))
            .where(
                Activity.node_id.in_(nodes),
                Activity.state == ActivityState.PUBLISHED,
                Activity.sign_up == SignUpWay.HERE,
                Activity.capacity > 0,
                Activity.first_starts_at > clock.now(),
                Activity.id.not_in(taken),
            )
            .order_by(Activity.title, Activity.id)
            .limit(MOST_COURSES)
        )
    )


def _made(
    kind: DrawKind, node_id: int, form: DrawRulesForm, activity_ids: list[int]
) -> Response | None:
    """Set it up and go to its page; None where it cannot be, which then stands beside the field."""
    try:
        with db.transaction() as session:
            draw = services.set_up(
                session,
                kind,
                node_id,
                form.facts(activity_ids),
                by_account_id=current_user.account_id,
            )
            draw_id = draw.id
    except CannotSetUp as refusal:
        _say(form, refusal)
        return None
    flash(_("People can apply now. The draw is held by itself at the end."), "success")
    return redirect(url_for("desk_draws.page", draw_id=draw_id), code=303)


def _say(form: DrawRulesForm, refusal: CannotSetUp) -> None:
    words = wording.refused_set_up_words(refusal)
    field = form["courses"] if refusal.why == "too_few" else form.closes_day
    refuse(field, words)


def _require_publishing(node: Node) -> None:
    if not own.may_publish(node):
        raise NotPermitted


def _rules_page(
    form: DrawRulesForm,
    *,
    activity: Activity | None = None,
    draw: Draw | None = None,
    has_courses: bool = True,
) -> Response:
    html = render_template(
        "desk/draws/rules.html",
        form=form,
        activity=activity,
        draw=draw,
        is_season=isinstance(form, SeasonForm),
        has_courses=has_courses,
        subject=wording.title_of(draw) if draw else activity.title if activity else "",
    )
    return make_response(html, 422 if form.errors else 200)


# --- following it --------------------------------------------------------------------------------


def _own_draw(draw_id: int, permission: Permission = Permission.ACTIVITIES_EDIT) -> Draw:
    draw = queries.draw(db.session(), draw_id)
    own.scope(permission).require(draw.node.path)
    return draw


@bp.get("/draws/<int:draw_id>")
@staff(Permission.ACTIVITIES_EDIT)
def page(draw_id: int) -> str:
    """How it stands with a draw, and who has applied."""
    draw = _own_draw(draw_id)
    may_publish = own.may_publish(draw.node)
    applications = queries.applications(db.session(), draw_id)
    titles = wording.course_titles(draw)
    return render_template(
        "desk/draws/page.html",
        draw=draw,
        subject=wording.title_of(draw),
        stand=stand_words(draw),
        public_url=page_url(draw) if draw.offers else None,
        offers=[
            {
                "title": offer.activity.title,
                "href": url_for("desk_activities.page", activity_id=offer.activity_id),
            }
            for offer in draw.offers
        ],
        slips=wording.slips_table(draw),
        rows=[_row(application, titles) for application in applications],
        is_open=draw.state == DrawState.OPEN,
        takes=services.refusal_of(draw) is None and current_user.may(Permission.SIGN_UPS_MANAGE),
        may_change=may_publish and draw.state == DrawState.OPEN and not draw.last_number,
        may_call_off=may_publish and draw.state == DrawState.OPEN,
    )


def _row(application: Application, titles: dict[str, str]) -> dict[str, Any]:
    """An application as staff see it; the phone masked, since nobody needs to call before."""
    slips = max((w.slips or 0 for w in application.wishes), default=0)
    return {
        "number": application.number,
        "name": application.name,
        "phone": masked_phone(application.phone),
        "party": application.party_size,
        "wishes": _(", ").join(titles.get(str(w.activity_id), "") for w in application.wishes),
        "slips": str(slips) if slips else "–",
        "state": wording.state_words(application)[0],
        "href": url_for("draws.application", token=application.token),
    }


@bp.route("/draws/<int:draw_id>/edit", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def edit(draw_id: int) -> Response:
    """Change the rules, as long as nobody has applied under them."""
    draw = _own_draw(draw_id)
    _require_publishing(draw.node)
    here = redirect(url_for("desk_draws.page", draw_id=draw_id), code=303)
    if draw.state != DrawState.OPEN or draw.last_number:
        flash(_("People have applied under these rules. They stay as they are."), "warning")
        return here
    is_season = draw.kind == DrawKind.WISHES
    form = (SeasonForm if is_season else DrawRulesForm)(data=saved(draw))
    if is_season:
        del form.node
        del form.courses
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                services.change(session, draw_id, form.facts([]))
        except CannotSetUp as refusal:
            _say(form, refusal)
        except HasApplications:
            flash(_("People have applied under these rules. They stay as they are."), "warning")
            return here
        else:
            flash(_("It is saved."), "success")
            return here
    return _rules_page(form, draw=draw)


@bp.route("/draws/<int:draw_id>/call-off", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def call_off(draw_id: int) -> Response:
    """No draw after all: whoever applied is told why."""
    draw = _own_draw(draw_id)
    _require_publishing(draw.node)
    here = redirect(url_for("desk_draws.page", draw_id=draw_id), code=303)
    if draw.state != DrawState.OPEN:
        return here
    form = ReasonForm()
    if not form.validate_on_submit():
        html = render_template(
            "desk/draws/call_off.html",
            draw=draw,
            form=form,
            subject=wording.title_of(draw),
            told=wording.applications_words(queries.count(db.session(), draw_id)),
        )
        return make_response(html, 422 if form.errors else 200)
    with db.transaction() as session:
        services.call_off(session, draw_id, form.words)
    flash(_("The draw is called off. Whoever applied is told now."), "success")
    return here


# --- who calls -----------------------------------------------------------------------------------


@bp.route("/draws/<int:draw_id>/applications/new", methods=["GET", "POST"])
@staff(Permission.SIGN_UPS_MANAGE)
def add(draw_id: int) -> Response:
    """Write down a caller or a visitor: the same box, the same rules (SV-01)."""
    draw = _own_draw(draw_id, Permission.SIGN_UPS_MANAGE)
    here = url_for("desk_draws.page", draw_id=draw_id)
    if services.refusal_of(draw) is not None:
        flash(_("Nobody can apply now."), "warning")
        return redirect(here, code=303)
    asked = visit(draw, elder=False, draw_form=CallerDrawForm, wish_form=CallerWishForm)
    if not asked.form.is_submitted():
        asked.form.channel.data = Channel.PHONE
        if isinstance(asked.form, DrawForm):
            asked.form.party.data = "1"
    elif asked.form.validate():
        try:
            token = applying.apply(_wanted(asked))
        except AppliedAlready:
            refuse(asked.form.name, _("This person has applied already. One application is enough"))
        except DrawRefused:
            flash(_("Nobody can apply now."), "warning")
            return redirect(here, code=303)
        else:
            made = queries.application(db.session(), token)
            flash(
                _(
                    "%(name)s has applied. The number is %(number)s. Please tell it to the person.",
                    name=made.name,
                    number=made.number,
                ),
                "success",
            )
            return redirect(here, code=303)
    return _add_page(asked)


def _wanted(asked: Visit) -> services.Wanted:
    form = asked.form
    return form.wanted(
        asked.draw.id,
        asked.wishes,
        party_size=form.party_size if isinstance(form, DrawForm) else 1,
        channel=Channel(form.channel.data),
    )


def _add_page(asked: Visit) -> Response:
    html = render_template(
        "desk/draws/add.html",
        visit=asked,
        form=asked.form,
        questions=asked.asking.pages[0],
        courses=[(a.title, wording.course_words(a)) for a in asked.courses],
        back=url_for("desk_draws.page", draw_id=asked.draw.id),
    )
    return make_response(html, 422 if request.method == "POST" else 200)
