"""Shelves, addresses inside the halls, figures."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import clock, db
from culture_cloud.access.permissions import Permission
from culture_cloud.errors import NotFound
from culture_cloud.network.models import Node
from culture_cloud.reading import statistics
from culture_cloud.reading.blueprint import desk_bp as bp
from culture_cloud.reading.isbn import NotAnIsbn, normal_isbn
from culture_cloud.reading.models import (
    OnSiteNetwork,
    Publication,
    Shelf,
    ShelfEntry,
    State,
)
from culture_cloud.reading.publications import services
from culture_cloud.web import words
from culture_cloud.web.fields import one_line
from culture_cloud.web.policies import staff

from . import own
from .forms import NetworkForm, ShelfForm


@bp.get("/shelves")
@staff(Permission.READING_EDIT)
def shelves() -> str:
    """The shelves of the reader's halls."""
    rows = db.session().scalars(
        select(Shelf)
        .join(Node)
        .options(joinedload(Shelf.node))
        .where(own.scope().rows(Node.path))
        .order_by(Shelf.position, Shelf.id.desc())
    )
    return render_template("reading/desk/shelves.html", shelves=list(rows), today=words.today())


@bp.route("/shelves/new", methods=["GET", "POST"])
@staff(Permission.READING_EDIT)
def new_shelf() -> BaseResponse:
    return _shelf_form(None)


@bp.route("/shelves/<int:shelf_id>", methods=["GET", "POST"])
@staff(Permission.READING_EDIT)
def edit_shelf(shelf_id: int) -> BaseResponse:
    return _shelf_form(own.shelf(db.session(), shelf_id))


@bp.post("/shelves/<int:shelf_id>/remove")
@staff(Permission.READING_EDIT)
def remove_shelf(shelf_id: int) -> BaseResponse:
    """Take a shelf away; its titles stay in the room."""
    own.shelf(db.session(), shelf_id)
    with db.transaction() as session:
        services.remove_shelf(session, own.shelf(session, shelf_id))
    flash(_("The shelf is taken away. Its titles stay in the reading room."), "success")
    return redirect(url_for(".shelves"), code=303)


def _shelf_form(shelf: Shelf | None) -> BaseResponse:
    form = ShelfForm(data=_shelf_data(shelf) if shelf else None)
    form.node.choices = own.halls(db.session())
    ids: list[int] = []
    if form.validate_on_submit():
        ids, unknown = _titles(form.titles.data or "")
        if unknown:
            form.titles.errors = [
                _(
                    "These titles are not in the reading room: %(names)s",
                    names=_(", ").join(unknown),
                )
            ]
        else:
            node_id = own.hall(db.session(), form.node.data).id
            with db.transaction() as session:
                target = own.shelf(session, shelf.id) if shelf else Shelf(created_at=clock.now())
                target.node_id = node_id
                services.save_shelf(
                    session,
                    target,
                    title=form.title.data or "",
                    note=form.note.data or "",
                    first_day=form.first_day.data,
                    last_day=form.last_day.data,
                    position=form.position.data or 0,
                    publication_ids=ids,
                )
            flash(_("The shelf is kept."), "success")
            return redirect(url_for(".shelves"), code=303)
    page = render_template("reading/desk/shelf.html", form=form, shelf=shelf)
    return make_response(page, 422 if form.errors else 200)


def _shelf_data(shelf: Shelf) -> dict[str, Any]:
    titles = db.session().scalars(
        select(Publication.title)
        .join(ShelfEntry, ShelfEntry.publication_id == Publication.id)
        .where(ShelfEntry.shelf_id == shelf.id)
        .order_by(ShelfEntry.position)
    )
    return {
        "node": shelf.node.code,
        "title": shelf.title,
        "note": shelf.note,
        "first_day": shelf.first_day,
        "last_day": shelf.last_day,
        "position": shelf.position,
        "titles": "\n".join(titles),
    }


def _titles(text: str) -> tuple[list[int], list[str]]:
    """The publications that the lines name, and the lines that name none."""
    found, unknown = [], []
    for line in map(one_line, text.splitlines()):
        if not line:
            continue
        bare = line.strip("《》").rstrip("/")
        conditions = [Publication.title == bare]
        number = bare.rpartition("/")[2]
        if number.isdigit() and len(number) < 10:
            conditions.append(Publication.id == int(number))
        with suppress(NotAnIsbn):
            conditions.append(Publication.isbn == normal_isbn(bare))
        id_ = db.session().scalar(
            select(Publication.id)
            .where(or_(*conditions), Publication.state != State.WITHDRAWN)
            .order_by(Publication.state.desc(), Publication.id)
            .limit(1)
        )
        if id_ is None:
            unknown.append(line)
        else:
            found.append(id_)
    return found, unknown


# --- addresses inside the halls ------------------------------------------------------------------


@bp.route("/networks", methods=["GET", "POST"])
@staff(Permission.READING_EDIT)
def networks() -> BaseResponse:
    """The network addresses from which on-site titles are open."""
    form = NetworkForm()
    form.node.choices = own.halls(db.session())
    if form.validate_on_submit():
        node_id = own.hall(db.session(), form.node.data).id
        with db.transaction() as session:
            same = select(OnSiteNetwork.id).where(
                OnSiteNetwork.node_id == node_id, OnSiteNetwork.network == form.network.data
            )
            if session.scalar(same) is None:
                session.add(
                    OnSiteNetwork(
                        node_id=node_id, network=form.network.data, note=form.note.data or ""
                    )
                )
        flash(_("The address is kept."), "success")
        return redirect(url_for(".networks"), code=303)
    rows = db.session().scalars(
        select(OnSiteNetwork)
        .join(Node)
        .options(joinedload(OnSiteNetwork.node))
        .where(own.scope().rows(Node.path))
        .order_by(Node.path, OnSiteNetwork.id)
    )
    page = render_template(
        "reading/desk/networks.html", form=form, networks=list(rows), here=request.remote_addr
    )
    return make_response(page, 422 if form.errors else 200)


@bp.post("/networks/<int:network_id>/remove")
@staff(Permission.READING_EDIT)
def remove_network(network_id: int) -> BaseResponse:
    with db.transaction() as session:
        found = session.scalar(
            select(OnSiteNetwork)
            .options(joinedload(OnSiteNetwork.node))
            .where(OnSiteNetwork.id == network_id)
        )
        if found is None:
            raise NotFound
        own.scope().require(found.node.path)
        session.delete(found)
    flash(_("The address is taken away."), "success")
    return redirect(url_for(".networks"), code=303)


# --- figures -------------------------------------------------------------------------------------

SPANS = (7, 30, 90, 365)


@bp.get("/figures")
@staff(Permission.READING_EDIT)
def figures() -> str:
    """How much is read, by title and hall; nobody's name is in it."""
    text = request.args.get("days", "30")
    days = int(text) if text in {str(s) for s in SPANS} else 30
    last = clock.now().date()
    first = last - timedelta(days=days - 1)
    where = [own.scope().rows(Node.path)]
    titles = statistics.by_title(db.session(), where, first, last)
    halls = statistics.by_node(db.session(), where, first, last)
    return render_template(
        "reading/desk/figures.html",
        days=days,
        spans=[
            {
                "label": _("%(num)s days", num=s),
                "href": url_for(".figures", days=s),
                "current": s == days,
            }
            for s in SPANS
        ],
        titles=[
            {
                "title": row.title,
                "hall": row.node,
                "reads": few(row.reads),
                "minutes": few(round(row.seconds / 60), of=row.reads),
                "finishes": few(row.finishes),
            }
            for row in titles
        ],
        halls=[
            {"hall": name, "reads": few(r), "minutes": few(round(s / 60), of=r), "finishes": few(f)}
            for name, r, s, f in halls
        ],
    )


def few(number: int, *, of: int | None = None) -> str:
    """A figure; small ones only as "fewer than 5", for in a village they would be a person."""
    least = statistics.FEW
    if 0 < (number if of is None else of) < least:
        return _("fewer than %(number)s", number=least)
    return str(number)
