"""Feeds of halls: entered, changed, paused, fetched at once (R32)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities import feed_services, queries
from culture_cloud.activities.feed_services import FeedFacts
from culture_cloud.activities.models import ActivityFeed
from culture_cloud.errors import NotFound
from culture_cloud.network.models import Node
from culture_cloud.web.fields import text_of
from culture_cloud.web.policies import staff
from culture_cloud.web.words import date_and_time_words

from . import own
from .import_forms import FeedForm

bp = Blueprint("desk_feeds", __name__, url_prefix="/desk/feeds")

SHOWN = 200


@bp.get("")
@staff(Permission.ACTIVITIES_IMPORT)
def index() -> str:
    """Own feeds; those that fail stand first."""
    scope = own.scope(Permission.ACTIVITIES_IMPORT)
    feeds = db.session().scalars(
        select(ActivityFeed)
        .join(Node, Node.id == ActivityFeed.node_id)
        .options(joinedload(ActivityFeed.node))
        .where(scope.rows(Node.path))
        .order_by(ActivityFeed.failures.desc(), ActivityFeed.id)
        .limit(SHOWN)
    )
    return render_template("desk/imports/feeds.html", feeds=[_row(feed) for feed in feeds])


def _row(feed: ActivityFeed) -> dict[str, Any]:
    fetched = feed.fetched_at
    return {
        "id": feed.id,
        "url": feed.url,
        "node": feed.node.plate_name,
        "active": feed.active,
        "failures": feed.failures,
        "outcome": feed.outcome,
        "fetched": date_and_time_words(fetched) if fetched else _("Not fetched yet"),
    }


@bp.route("/new", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_IMPORT)
def new() -> BaseResponse:
    """Enter a feed."""
    form = FeedForm()
    _offer(form)
    node = _chosen_node(form)
    if not form.validate_on_submit() or node is None or _is_known(form, node, None):
        return _form_page(form, None)
    node_id, facts = node.id, _facts(form, node)
    with db.transaction() as session:
        feed_services.add_feed(session, node_id, facts)
    flash(_("The feed is entered. It is fetched now."), "success")
    return redirect(url_for(".index"), code=303)


@bp.route("/<int:feed_id>", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_IMPORT)
def edit(feed_id: int) -> BaseResponse:
    """Change a feed."""
    feed = _own_feed(db.session(), feed_id)
    form = FeedForm(obj=feed, data={"node": feed.node.code})
    _offer(form, feed.node)
    del form.node  # whose activities they are stays: those that are there would be nobody's
    if not form.validate_on_submit() or _is_known(form, feed.node, feed_id):
        return _form_page(form, feed)
    facts = _facts(form, feed.node)
    with db.transaction() as session:
        feed_services.change_feed(_own_feed(session, feed_id), facts)
    flash(_("Saved."), "success")
    return redirect(url_for(".index"), code=303)


@bp.post("/<int:feed_id>/fetch")
@staff(Permission.ACTIVITIES_IMPORT)
def fetch(feed_id: int) -> BaseResponse:
    """Fetch it now, whenever it would be due."""
    with db.transaction() as session:
        feed_services.fetch_soon(session, _own_feed(session, feed_id).id)
    flash(_("It is fetched now. Open this page again in a minute."), "success")
    return redirect(url_for(".index"), code=303)


@bp.post("/<int:feed_id>/pause")
@staff(Permission.ACTIVITIES_IMPORT)
def pause(feed_id: int) -> BaseResponse:
    """Fetch it no more. What it brought stays."""
    with db.transaction() as session:
        feed_services.pause_feed(_own_feed(session, feed_id))
    flash(_("The feed is paused. Its activities stay."), "success")
    return redirect(url_for(".index"), code=303)


@bp.post("/<int:feed_id>/resume")
@staff(Permission.ACTIVITIES_IMPORT)
def resume(feed_id: int) -> BaseResponse:
    """Fetch it again from now on."""
    with db.transaction() as session:
        feed_services.resume_feed(session, _own_feed(session, feed_id))
    flash(_("The feed is fetched again from now on."), "success")
    return redirect(url_for(".index"), code=303)


def _own_feed(session: Session, feed_id: int) -> ActivityFeed:
    feed = session.get(ActivityFeed, feed_id)
    if feed is None:
        raise NotFound
    own.scope(Permission.ACTIVITIES_IMPORT).require(feed.node.path)
    return feed


def _offer(form: FeedForm, node: Node | None = None) -> None:
    form.offer(own.hall_choices(own.halls(db.session(), also=node)))


def _chosen_node(form: FeedForm) -> Node | None:
    """The hall; another's answers as if it were not there."""
    node = queries.node_by_code(db.session(), form.node.data or "")
    if node is not None:
        own.scope(Permission.ACTIVITIES_IMPORT).require(node.path)
    return node


def _facts(form: FeedForm, node: Node) -> FeedFacts:
    return FeedFacts(
        url=text_of(form.url),
        mapping=form.mapping.data or "",
        every_hours=form.every_hours.data,
        publish=bool(form.publish.data) and own.may_publish(node),
    )


def _is_known(form: FeedForm, node: Node, feed_id: int | None) -> bool:
    """Whether the hall has the address already; the form says so."""
    query = select(ActivityFeed.id).where(
        ActivityFeed.node_id == node.id, ActivityFeed.url == form.url.data
    )
    other = db.session().scalar(query.where(ActivityFeed.id != (feed_id or 0)))
    if other is not None:
        form.url.errors = [_("This feed is entered already")]
    return other is not None


def _form_page(form: FeedForm, feed: ActivityFeed | None) -> Response:
    page = render_template("desk/imports/feed.html", form=form, feed=feed)
    return make_response(page, 422 if form.errors else 200)
