"""What everybody may see of draws: the rules before, the seed and the order after."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.activities.models import ActivityState
from culture_cloud.errors import NotFound
from culture_cloud.network.site import current_site
from culture_cloud.sign_ups import offers as sign_ups
from culture_cloud.web.policies import public

from . import own_views, queries, record, services, wording
from .blueprint import bp
from .errors import ApplyingNotOpenYet
from .forms import NumberForm
from .models import Draw, DrawKind, DrawState

MOST_ROWS = 1000
"""Lines of an order on its page; the record has all."""


@bp.get("/activities/<int:activity_id>/draw")
@public
def page(activity_id: int) -> str | BaseResponse:
    """The draw of one activity; a course of a season leads to its season."""
    found = queries.of_activity(db.session(), activity_id)
    if found is not None and found.kind == DrawKind.WISHES:
        return redirect(url_for("draws.season", draw_id=found.id), code=303)
    draw = _of_activity(activity_id)
    activity = draw.offers[0].activity
    offers = sign_ups.availability(db.session(), activity_id)
    titles = wording.offer_titles(draw, offers)
    form = NumberForm(request.args)
    number = _number(form)
    return render_template(
        "draws/draw.html",
        draw=draw,
        activity=activity,
        subject=activity.title,
        whens=list(titles.values())[:12],
        lists=wording.drawn_lists(draw, titles),
        record_url=url_for("draws.record_file", activity_id=activity_id),
        apply_url=url_for("draws.apply", activity_id=activity_id),
        form=form,
        explained=wording.explained(draw, number, titles) if number else None,
        looked_up=number,
        **_facts(draw),
    )


@bp.get("/activities/<int:activity_id>/draw.json")
@public
def record_file(activity_id: int) -> Response:
    """The published record; before the draw its commitment and rules."""
    draw = _of_activity(activity_id)
    return _record(draw, f"draw-{activity_id}")


@bp.get("/seasons")
@public
def seasons() -> str:
    """Seasons of courses for which people write wish lists."""
    rows = [
        {
            "title": draw.title,
            "href": url_for("draws.season", draw_id=draw.id),
            "note": f"{draw.node.plate_name} · {_stand_words(draw)}",
        }
        for draw in queries.seasons(db.session())
    ]
    return render_template("draws/seasons.html", rows=rows, phone=current_site().phone)


@bp.get("/seasons/<int:draw_id>")
@public
def season(draw_id: int) -> str:
    """The courses of a season, and what came of the wish lists."""
    draw = queries.draw(db.session(), draw_id, DrawKind.WISHES)
    titles = wording.course_titles(draw)
    form = NumberForm(request.args)
    number = _number(form)
    return render_template(
        "draws/season.html",
        draw=draw,
        subject=draw.title,
        courses=[
            {
                "title": offer.activity.title,
                "href": url_for("activities.page", activity_id=offer.activity_id),
                "note": wording.course_words(offer.activity),
                "end": wording.people_words(offer.activity.capacity or 0),
            }
            for offer in draw.offers
            if offer.activity.state == ActivityState.PUBLISHED
        ],
        lists=wording.course_lists(draw, titles),
        record_url=url_for("draws.season_record", draw_id=draw.id),
        apply_url=url_for("draws.wishes", draw_id=draw.id),
        form=form,
        explained=wording.explained(draw, number, titles) if number else None,
        looked_up=number,
        **_facts(draw),
    )


@bp.get("/seasons/<int:draw_id>/result.json")
@public
def season_record(draw_id: int) -> Response:
    """The published record of a season; before the draw its commitment and rules."""
    return _record(queries.draw(db.session(), draw_id, DrawKind.WISHES), f"season-{draw_id}")


@bp.get("/how-draws-work")
@public
def how() -> str:
    """How places are given by lot, for everybody, and how to do a draw over again."""
    return render_template("draws/how.html", phone=current_site().phone)


def _of_activity(activity_id: int) -> Draw:
    found = queries.of_activity(db.session(), activity_id)
    if found is None:
        raise NotFound
    draw = queries.draw(db.session(), found.id)
    public_states = {ActivityState.PUBLISHED, ActivityState.CANCELLED}
    if draw.kind != DrawKind.DRAW or draw.offers[0].activity.state not in public_states:
        raise NotFound
    return draw


def _facts(draw: Draw) -> dict[str, Any]:
    return {
        "is_drawn": draw.state == DrawState.DRAWN,
        "is_open": services.refusal_of(draw) is None,
        "not_yet": isinstance(services.refusal_of(draw), ApplyingNotOpenYet),
        "applications": wording.applications_words(queries.count(db.session(), draw.id)),
        "slips": wording.slips_table(draw),
        "phone": draw.node.phone or current_site().phone,
        "most_rows": MOST_ROWS,
    }


def _stand_words(draw: Draw) -> str:
    return own_views.stand_words(draw)


def _number(form: NumberForm) -> str:
    """What was looked up, with the zeros that people leave out."""
    text = "".join(str(int(c)) for c in form.number.data or "" if c.isdecimal())[:9]
    return text.zfill(4) if text else ""


def _record(draw: Draw, name: str) -> Response:
    said = draw.record or {
        "format": record.WISHES_FORMAT if draw.kind == DrawKind.WISHES else record.DRAW_FORMAT,
        "draw": draw.id,
        "rules": draw.weights,
        "closes_at": draw.closes_at.isoformat(timespec="seconds"),
        "commitment": draw.commitment,
        "seed": None,
    }
    response = Response(
        current_app.json.dumps(said, indent=1) + "\n",
        content_type="application/json; charset=utf-8",
    )
    response.headers["Content-Disposition"] = f'inline; filename="{name}.json"'
    return response
