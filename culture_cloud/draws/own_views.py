"""The application's own page: its number, what came of it and why, taking it back."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.network.site import current_site
from culture_cloud.sign_ups import offers as sign_ups
from culture_cloud.web import words
from culture_cloud.web.policies import public

from . import queries, services, wording
from .apply_views import page_url
from .blueprint import bp
from .errors import ApplyingClosed
from .forms import WithdrawForm
from .models import Application, ApplicationState, Draw, DrawKind, DrawState


def stand_words(draw: Draw) -> str:
    """How it stands with a draw, in one line."""
    if draw.state == DrawState.CALLED_OFF:
        return _("Called off")
    if draw.state == DrawState.DRAWN:
        return _(
            "Drawn on %(when)s", when=words.date_and_time_words(draw.drawn_at or draw.closes_at)
        )
    refusal = services.refusal_of(draw)
    if refusal is None:
        return _("Apply until %(when)s", when=words.date_and_time_words(draw.closes_at))
    if isinstance(refusal, ApplyingClosed):
        return _("The draw is being held")
    return _("Apply from %(when)s on", when=words.date_and_time_words(draw.opens_at))


@bp.get("/draw-applications/<token>")
@public
def application(token: str) -> Response:
    """How it stands with an application; whoever has its address may see it."""
    found = queries.application(db.session(), token)
    draw = queries.draw(db.session(), found.draw_id)
    titles = _titles(draw)
    drawn = draw.state == DrawState.DRAWN
    return _page(
        render_template(
            "draws/application.html",
            application=found,
            draw=draw,
            subject=_subject(draw, found),
            wishes=_wishes(draw, found),
            stand=stand_words(draw),
            state=wording.state_words(found),
            explained=wording.explained(draw, found.number, titles) if drawn else [],
            slips=[
                (wish.activity.title, wording.slips_words(wish.slips, wish.slip_rules))
                for wish in found.wishes
                if wish.slips is not None
            ],
            is_wishes=draw.kind == DrawKind.WISHES,
            page_url=page_url(draw) if draw.offers else None,
            ticket_url=url_for("sign_ups.ticket", token=found.sign_up.token)
            if found.sign_up
            else None,
            can_withdraw=_can_withdraw(draw, found),
            closes=words.date_and_time_words(draw.closes_at),
            phone=draw.node.phone or current_site().phone,
        )
    )


@bp.route("/draw-applications/<token>/withdraw", methods=["GET", "POST"])
@public
def withdraw(token: str) -> BaseResponse:
    """Take the application back, until the time to apply is over."""
    found = queries.application(db.session(), token)
    draw = queries.draw(db.session(), found.draw_id)
    here = redirect(url_for("draws.application", token=token), code=303)
    if not _can_withdraw(draw, found):
        return here
    form = WithdrawForm()
    if not form.validate_on_submit():
        html = render_template(
            "draws/withdraw.html", application=found, subject=_subject(draw, found), form=form
        )
        return _page(html)
    try:
        with db.transaction() as session:
            services.withdraw(session, token)
    except ApplyingClosed:
        flash(_("The time to apply is over: the draw is being held."), "warning")
        return here
    flash(_("Your application is withdrawn."), "success")
    return here


def _can_withdraw(draw: Draw, application: Application) -> bool:
    applied = application.state == ApplicationState.APPLIED
    return applied and services.refusal_of(draw) is None


def _subject(draw: Draw, application: Application) -> str:
    if draw.offers:
        return wording.title_of(draw)
    return draw.title or application.wishes[0].activity.title


def _titles(draw: Draw) -> dict[str, str]:
    if draw.kind == DrawKind.WISHES:
        return wording.course_titles(draw)
    if not draw.offers:
        return {}
    activity_id = draw.offers[0].activity_id
    return wording.offer_titles(draw, sign_ups.availability(db.session(), activity_id))


def _wishes(draw: Draw, application: Application) -> list[str]:
    """What was asked for: the courses by rank, or the date."""
    if draw.kind == DrawKind.WISHES:
        return [wish.activity.title for wish in application.wishes]
    occurrence = application.wishes[0].session
    if occurrence is None:
        return [_("the whole course")]
    return [
        words.when_words(
            occurrence.starts_at,
            occurrence.ends_at,
            all_day=occurrence.all_day,
            end_known=occurrence.end_known,
        )
    ]


def _page(html: str) -> Response:
    response = make_response(html)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
