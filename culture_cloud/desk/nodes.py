"""Staff look after their halls: facts, hours, days that differ (R10, R16)."""

from __future__ import annotations

from pathlib import Path

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.media import addresses
from culture_cloud.media.pictures import PictureStore
from culture_cloud.network import hours, hours_words, presenter, queries, services
from culture_cloud.network.models import Node
from culture_cloud.network.queries import Place, PlaceFilter
from culture_cloud.web.policies import staff

from .node_forms import ClosingForm, NodeForm, answers

bp = Blueprint("desk_nodes", __name__, url_prefix="/desk/nodes")

PAGE_SIZE = 50
HIGHEST_PAGE = 10_000


@bp.get("")
@staff(Permission.NODES_EDIT)
def index() -> str:
    """The halls that the reader looks after, with what is still missing at each."""
    scope = current_user.scope(Permission.NODES_EDIT)
    asked = PlaceFilter(words=" ".join(request.args.get("q", "").split())[:60])
    page = min(max(request.args.get("page", 1, type=int), 1), HIGHEST_PAGE)
    session = db.session()
    own = [place for place in queries.places(session) if scope.allows(place.path)]
    found = [place for place in own if asked.matches(place)]
    first = (page - 1) * PAGE_SIZE
    words = asked.words or None
    return render_template(
        "desk/nodes/index.html",
        rows=[_row(place) for place in found[first : first + PAGE_SIZE]],
        count=len(found),
        searchable=len(own) > 5,
        q=asked.words,
        previous=url_for(".index", q=words, page=page - 1) if page > 1 else None,
        next=url_for(".index", q=words, page=page + 1) if first + PAGE_SIZE < len(found) else None,
    )


def _row(place: Place) -> dict[str, str]:
    missing = [
        words
        for words, there in (
            (_("phone"), place.phone),
            (_("address"), place.address),
            (_("opening hours"), place.timetable.known),
        )
        if not there
    ]
    said = hours_words.now_words(hours.state(place.timetable, presenter.now()))
    if missing:
        said = _("Still missing: %(what)s", what=_(", ").join(missing))
    return {"title": place.title, "href": url_for(".edit", code=place.code), "note": said}


def _own_node(code: str) -> Node:
    """The node, if the reader looks after it; to others it is as if it were not there."""
    node = queries.node_by_code(db.session(), code)
    current_user.scope(Permission.NODES_EDIT).require(node.path)
    return node


@bp.route("/<code>", methods=["GET", "POST"])
@staff(Permission.NODES_EDIT)
def edit(code: str) -> BaseResponse:
    """Change what is said about a hall."""
    node = _own_node(code)
    timetable = queries.timetable_of(node)
    form = NodeForm(data=answers(node, timetable), store=_store())
    if form.validate_on_submit():
        node_id, facts = node.id, form.facts(node)
        with db.transaction() as session:
            services.edit_node(session, node_id, facts, form.hours)
        flash(_("Saved. Everybody sees it now."), "success")
        return redirect(url_for(".edit", code=code), code=303)
    key = form.photo.data
    picture = addresses.poster(key, form.photo_alt.data or "") if key else None
    return _page(
        "desk/nodes/edit.html", form, node=node, picture=picture, coming=_coming(timetable)
    )


def _coming(timetable: hours.Timetable) -> list[str]:
    return hours_words.coming_words(timetable, presenter.now().date())


@bp.route("/<code>/closings", methods=["GET", "POST"])
@staff(Permission.NODES_EDIT)
def closings(code: str) -> BaseResponse:
    """Days on which a hall is closed or open at other hours."""
    node = _own_node(code)
    form = ClosingForm()
    if form.validate_on_submit():
        node_id = node.id
        with db.transaction() as session:
            services.add_closing(
                session,
                node_id,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data or form.starts_on.data,
                spans=form.hours.data or (),
                reason=form.reason.data or "",
            )
        flash(_("Saved. Everybody sees it now."), "success")
        return redirect(url_for(".closings", code=code), code=303)
    today = presenter.now().date()
    rows = [
        {"id": closing.id, "words": hours_words.exception_words(exception)}
        for closing in node.closings
        if closing.ends_on >= today
        for exception in hours.timetable(
            (),
            [(closing.starts_on, closing.ends_on, closing.opens, closing.closes, closing.reason)],
        ).exceptional
    ]
    return _page("desk/nodes/closings.html", form, node=node, rows=rows)


@bp.post("/<code>/closings/<int:closing_id>/remove")
@staff(Permission.NODES_EDIT)
def remove_closing(code: str, closing_id: int) -> BaseResponse:
    """Take a closing back."""
    node_id = _own_node(code).id
    with db.transaction() as session:
        services.remove_closing(session, node_id, closing_id)
    flash(_("Taken back. The usual hours hold again."), "success")
    return redirect(url_for(".closings", code=code), code=303)


def _page(template: str, form: NodeForm | ClosingForm, node: Node, **facts: object) -> Response:
    """The page of a form; 422 where an answer must be looked at again."""
    page = render_template(template, form=form, node=node, title=presenter.title_of(node), **facts)
    return make_response(page, 422 if form.errors else 200)


def _store() -> PictureStore:
    return PictureStore(Path(str(current_app.config["DATA_FOLDER"])) / "media")
