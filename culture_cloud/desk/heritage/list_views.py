"""The desk's list of heritage, one item with its steps, and its files for staff."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.desk.navigation import link
from culture_cloud.errors import NotFound
from culture_cloud.heritage import presenter, readiness, services
from culture_cloud.heritage.contributions import services as gifts
from culture_cloud.heritage.kinds import kinds
from culture_cloud.heritage.models import HeritageItem, ItemMedia, ItemState
from culture_cloud.media import derivatives, serving
from culture_cloud.media import services as media_services
from culture_cloud.media.wording import refusal_words
from culture_cloud.network.models import Node
from culture_cloud.web import words
from culture_cloud.web.policies import staff

from . import own
from .blueprint import bp
from .edit_views import own_picture

PAGE_SIZE = 50
HIGHEST_PAGE = 10_000


@bp.get("")
@staff(Permission.HERITAGE_EDIT)
def index() -> str:
    """What waits for the reader first, then everything of their halls."""
    session = db.session()
    state = request.args.get("state", "")
    typed = " ".join(request.args.get("q", "").replace("\x00", "").split())[:60]
    page = min(max(request.args.get("page", 1, type=int), 1), HIGHEST_PAGE)
    conditions = [own.scope().rows(Node.path)]
    if state in set(ItemState):
        conditions.append(HeritageItem.state == state)
    if typed:
        conditions.append(
            or_(
                HeritageItem.title.contains(typed, autoescape=True),
                HeritageItem.uid == typed,
            )
        )
    base = select(HeritageItem).join(Node, Node.id == HeritageItem.node_id).where(*conditions)
    total = session.scalar(select(func.count()).select_from(base.subquery())) or 0
    items = session.scalars(
        base.options(joinedload(HeritageItem.node))
        .order_by(HeritageItem.updated_at.desc(), HeritageItem.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    args: dict[str, Any] = {"q": typed or None, "state": state or None}
    return render_template(
        "desk/heritage/index.html",
        rows=[_row(item) for item in items],
        total=total,
        q=typed,
        state=state,
        states=_state_links(conditions[0], state),
        tasks=_tasks(),
        gifts_waiting=gifts.waiting_count(session, own.scope(Permission.HERITAGE_REVIEW)),
        damaged=len(media_services.damaged(session))
        if current_user.may(Permission.HERITAGE_PUBLISH)
        else 0,
        previous=url_for(".index", page=page - 1, **args) if page > 1 else None,
        next=url_for(".index", page=page + 1, **args) if page * PAGE_SIZE < total else None,
    )


def _row(item: HeritageItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title or _("(no name yet)"),
        "href": url_for(".item", item_id=item.id),
        "kind": kinds()[item.kind].name,
        "hall": item.node.plate_name,
        "state": presenter.state_tag(item),
        "changed": words.day_words(words.local(item.updated_at).date()),
    }


def _state_links(mine: Any, state: str) -> list[dict[str, Any]]:
    rows = db.session().execute(
        select(HeritageItem.state, func.count(HeritageItem.id))
        .join(Node, Node.id == HeritageItem.node_id)
        .where(mine)
        .group_by(HeritageItem.state)
    )
    counts = {str(found): count for found, count in rows}
    links = [{"label": _("All"), "href": url_for(".index"), "current": not state}]
    for code, (said, _kind) in presenter.STATES.items():
        if counts.get(code):
            label = f"{said} ({counts[code]})"
            links.append(
                {"label": label, "href": url_for(".index", state=code), "current": state == code}
            )
    return links


def _tasks() -> list[dict[str, str]]:
    tasks = [
        (link("desk_heritage.new"), _("Enter something: photograph first"), "plus"),
        (link("desk_heritage.gifts"), _("What residents brought"), "hand"),
        (link("desk_heritage.import_list"), _("Import a list with files"), "download"),
        (link("desk_heritage.collections"), _("Collections and exhibitions"), "copy"),
        (link("desk_heritage.export_list"), _("Take everything along"), "share"),
        (link("desk_heritage.groups"), _("Groups that may see more"), "people"),
        (link("desk_heritage.originals"), _("Stored originals"), "check"),
    ]
    return [{"href": href, "title": title, "picture": icon} for href, title, icon in tasks if href]


@bp.get("/<int:item_id>")
@staff(Permission.HERITAGE_EDIT)
def item(item_id: int) -> str:
    """Where an item stands, what it lacks, what can be done with it."""
    found = own.item(db.session(), item_id)
    lacking = readiness.missing(found)
    return render_template(
        "desk/heritage/item.html",
        item=found,
        kind=kinds()[found.kind],
        state=presenter.state_tag(found),
        facts=presenter.fact_rows(found),
        pictures=[p for p in map(own_picture, found.media) if p],
        files=[_file(media) for media in found.media],
        missing=presenter.missing_words(lacking),
        steps=_steps(found, ready=not lacking),
        may_edit=own.may_edit(found),
        versions_count=found.version,
    )


def _file(media: ItemMedia) -> dict[str, Any]:
    original = media.original
    states = {
        "waiting": _("is being made ready"),
        "ready": _("ready"),
        "failed": _("cannot be shown"),
    }
    note = refusal_words(original.fault) if original.state == "failed" else ""
    if original.damage:
        note = _("The stored file is damaged or missing. Put a copy back.")
    return {
        "name": media.title or media.filename,
        "state": states[original.state],
        "note": note,
        "size": f"{original.size / 1e6:.1f} MB",
        "href": url_for(".file_original", media_id=media.id),
    }


def _steps(found: HeritageItem, *, ready: bool) -> dict[str, bool]:
    state = found.state
    is_open = state in services.OPEN_STATES
    reviewer = own.may(Permission.HERITAGE_REVIEW, found)
    publisher = own.may(Permission.HERITAGE_PUBLISH, found)
    return {
        "submit": ready and state == ItemState.DRAFT and not reviewer,
        "review": ready
        and reviewer
        and not publisher
        and state in {ItemState.DRAFT, ItemState.SUBMITTED},
        "publish": ready and publisher and (is_open or state == ItemState.WITHDRAWN),
        "send_back": (reviewer and state == ItemState.SUBMITTED)
        or (publisher and state in {ItemState.SUBMITTED, ItemState.REVIEWED}),
        "withdraw": publisher and state == ItemState.PUBLISHED,
        "delete": is_open and own.may_edit(found) and found.published_at is None,
    }


# --- files for staff -----------------------------------------------------------------------------


def _own_media(media_id: int) -> ItemMedia:
    session = db.session()
    media = session.scalar(
        select(ItemMedia)
        .options(joinedload(ItemMedia.original), joinedload(ItemMedia.item))
        .where(ItemMedia.id == media_id)
    )
    if media is None:
        raise NotFound
    node = session.get(Node, media.item.node_id)
    own.scope().require(node.path if node else "")
    return media


@bp.get("/media/<int:media_id>/picture.jpg")
@staff(Permission.HERITAGE_EDIT)
def file_picture(media_id: int) -> Response:
    """A small picture of a file, also of one that is not public."""
    original = _own_media(media_id).original
    path = derivatives.size_path(original.checksum, 240, "jpg")
    return serving.send(path, "image/jpeg", etag=original.checksum[:16], public=False)


@bp.get("/media/<int:media_id>/original")
@staff(Permission.HERITAGE_EDIT)
def file_original(media_id: int) -> Response:
    """The file as it was given, untouched, for staff of its hall."""
    media = _own_media(media_id)
    name = (media.title or media.filename or media.item.title).rsplit(".", 1)[0][:80]
    return serving.send_original(
        media.original.checksum,
        media.original.media_type,
        name=name,
        download=True,
        public=False,
    )
