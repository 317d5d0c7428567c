"""The page with the two questions; its address is the ticket's, so nobody else answers."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.errors import NotFound
from culture_cloud.sign_ups import queries
from culture_cloud.sign_ups.models import SignUp, SignUpState
from culture_cloud.web.fields import ChoiceField, Needed
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.policies import public

from . import ratings
from .models import Rating

bp = Blueprint("follow_up", __name__)

ANSWERS = [
    ("5", _l("Very")),
    ("4", _l("Rather")),
    ("3", _l("So-so")),
    ("2", _l("Not much")),
    ("1", _l("Not at all")),
]


class RatingForm(FlaskForm):  # type: ignore[misc]
    """Two questions, five answers each."""

    liked = ChoiceField(
        _l("Did you like it?"), [Needed(_l("Please choose how you liked it"))], choices=ANSWERS
    )
    easy = ChoiceField(
        _l("Was it easy to take part?"),
        [Needed(_l("Please choose how easy it was"))],
        choices=ANSWERS,
        description=_l("Getting there, hearing and seeing well, understanding everything"),
    )


@bp.route("/sign-ups/<token>/rating", methods=["GET", "POST"])
@public
def rating(token: str) -> BaseResponse:
    """Ask; who comes again sees and corrects what they said."""
    sign_up = _came(token)
    before = db.session().get(Rating, sign_up.id)
    form = RatingForm(
        data={"liked": str(before.liked), "easy": str(before.easy)} if before else None
    )
    if form.validate_on_submit():
        with db.transaction() as session:
            ratings.rate(session, sign_up, liked=int(form.liked.data), easy=int(form.easy.data))
        return redirect(url_for("follow_up.thanks", token=token), code=303)
    html = render_template(
        "follow_up/rating.html", form=form, title=sign_up.activity.title, token=token
    )
    return _private(html, 422 if form.errors else 200)


@bp.get("/sign-ups/<token>/rating/thanks")
@public
def thanks(token: str) -> Response:
    """It is noted."""
    sign_up = _came(token)
    return _private(
        render_template("follow_up/thanks.html", title=sign_up.activity.title, token=token)
    )


def _came(token: str) -> SignUp:
    """Only who was there is asked. Raises NotFound."""
    found = queries.ticket(db.session(), token)
    if found.state != SignUpState.ATTENDED:
        raise NotFound
    return found


def _private(html: str, status: int = 200) -> Response:
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
