"""The front page of heritage and the list of items with its facets."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from culture_cloud import db
from culture_cloud.media.addresses import cover as drawn_cover
from culture_cloud.network.models import Node
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import lists, presenter, queries
from .blueprint import bp
from .kinds import kinds
from .lists import ItemFilter
from .models import Collection, ItemState
from .periods import period_words
from .reading import reader
from .search import ITEM

NEWEST = 6
HIGHEST_PAGE = 10_000


@bp.get("")
@public
@cacheable
def index() -> str:
    """What there is: exhibitions first, then by kind, time, place and person, and the newest."""
    session, who = db.session(), reader()
    counts = lists.counts(session, who, ItemFilter(), "kind")
    newest = lists.item_page(session, who, ItemFilter(), page=1)
    return render_template(
        "heritage/index.html",
        total=newest.total,
        search=[("kind", ITEM)],
        kinds=[
            {
                "title": kind.name,
                "note": kind.about,
                "end": counts.get(code, 0),
                "picture": kind.icon,
                "href": url_for(".items", kind=code),
            }
            for code, kind in kinds().items()
            if counts.get(code)
        ],
        exhibitions=collection_cards(session, exhibitions=True),
        collections=collection_cards(session, exhibitions=False),
        newest=presenter.cards(newest.items[:NEWEST], who),
    )


def collection_cards(session: Session, *, exhibitions: bool) -> list[presenter.ItemCard]:
    return [
        presenter.ItemCard(
            title=one.title,
            href=url_for("heritage.collection", slug=one.code),
            kind=_("Online exhibition") if exhibitions else _("Collection"),
            summary=one.summary,
            lines=[("place", one.node.plate_name)],
            cover=drawn_cover("lantern" if exhibitions else "scroll", one.title),
        )
        for one in queries.collections(session, exhibitions=exhibitions)
    ]


def asked_filter(session: Session) -> tuple[ItemFilter, Node | None, Collection | None, bool]:
    """What the address narrows the list to; what is not understood is left out and said."""
    args = request.args
    node = _node(session, args.get("node", ""))
    collection = _collection(session, args.get("collection", ""))
    category = args.get("category", "")
    known_categories = dict(_category_options())
    found = ItemFilter(
        kind=args.get("kind", "") if args.get("kind") in kinds() else "",
        period=args.get("period", "") if args.get("period") in period_words() else "",
        category=category if category in known_categories else "",
        node_path=node.path if node else "",
        collection_id=collection.id if collection else None,
        person=" ".join(args.get("person", "").split())[:120],
    )
    given = {name: args.get(name, "") for name in ("kind", "period", "category")}
    ignored = any(value and getattr(found, name) != value for name, value in given.items())
    ignored = ignored or bool(args.get("node") and not node)
    return found, node, collection, ignored or bool(args.get("collection") and not collection)


def _node(session: Session, code: str) -> Node | None:
    return session.scalar(select(Node).where(Node.code == code)) if code else None


def _collection(session: Session, code: str) -> Collection | None:
    return (
        session.scalar(
            select(Collection).where(
                Collection.code == code, Collection.state == ItemState.PUBLISHED
            )
        )
        if code
        else None
    )


def _category_options() -> list[tuple[str, str]]:
    found = kinds()["ich_element"].fields
    return next(field.options for field in found if field.name == "category")


@bp.get("/items")
@public
@cacheable
def items() -> str | Response:
    """All items, narrowed by kind, time, category, hall, collection, person."""
    if words := request.args.get("q", "").strip():
        return redirect(url_for("search.page", q=words, kind=ITEM))
    session, who = db.session(), reader()
    asked, node, collection, ignored = asked_filter(session)
    order = "date" if request.args.get("order") == "date" else "new"
    number = min(max(request.args.get("page", 1, type=int), 1), HIGHEST_PAGE)
    page = lists.item_page(session, who, asked, page=number, order=order)
    chips = _chips(asked, node, collection)
    return render_template(
        "heritage/items.html",
        cards=presenter.cards(page.items, who),
        total=ngettext("%(num)d item", "%(num)d items", page.total),
        groups=_groups(session, asked),
        chips=chips,
        hidden=_kept(asked, node, collection),
        node=node,
        search=_search_arguments(asked, node, collection),
        ignored=ignored,
        orders=[
            {"label": label, "href": _address(order=code, page=None), "current": code == order}
            for code, label in (
                ("new", _("Newest entries first")),
                ("date", _("Oldest matter first")),
            )
        ],
        previous=_address(page=number - 1) if number > 1 else None,
        next=_address(page=number + 1) if page.has_next else None,
        is_narrowed=number > 1 or bool(chips),
    )


def _search_arguments(
    asked: ItemFilter, node: Node | None, collection: Collection | None
) -> list[tuple[str, str]]:
    """What the search box of the list takes along: the words are looked for in what is shown."""
    pairs = [
        ("kind", ITEM),
        ("category", asked.kind),
        ("period", asked.period),
        ("node", node.code if node else ""),
        ("in", f"collection:{collection.id}" if collection else ""),
    ]
    return [(name, value) for name, value in pairs if value]


_ARGUMENTS = ("kind", "period", "category", "node", "collection", "person", "order", "page")


def _address(**changed: Any) -> str:
    args: dict[str, Any] = {k: request.args[k] for k in _ARGUMENTS if request.args.get(k)}
    return url_for(".items", **{**args, **changed})


def _chips(
    asked: ItemFilter, node: Node | None, collection: Collection | None
) -> list[dict[str, str]]:
    labels = {
        "kind": kinds()[asked.kind].name if asked.kind else "",
        "period": period_words().get(asked.period, ""),
        "category": dict(_category_options()).get(asked.category, ""),
        "node": node.plate_name if node else "",
        "collection": collection.title if collection else "",
        "person": asked.person,
    }
    return [
        {"label": label, "href": _address(**{name: None, "page": None})}
        for name, label in labels.items()
        if label
    ]


def _kept(
    asked: ItemFilter, node: Node | None, collection: Collection | None
) -> list[tuple[str, str]]:
    """What the form of facets carries along."""
    pairs = [
        ("node", node.code if node else ""),
        ("collection", collection.code if collection else ""),
        ("person", asked.person),
    ]
    return [(name, value) for name, value in pairs if value]


def _groups(session: Session, asked: ItemFilter) -> list[dict[str, Any]]:
    choices = {
        "kind": (_("Kind"), [(code, kind.name) for code, kind in kinds().items()]),
        "period": (_("Time"), list(period_words().items())),
        "category": (_("Category of intangible heritage"), _category_options()),
    }
    groups = []
    for name, (legend, options) in choices.items():
        counts = lists.counts(session, reader(), asked, name)
        shown = [
            {"value": v, "label": label, "count": counts[v], "checked": getattr(asked, name) == v}
            for v, label in options
            if counts.get(v)
        ]
        if shown:
            every = {"value": "", "label": _("All"), "checked": not getattr(asked, name)}
            groups.append({"name": name, "legend": legend, "options": [every, *shown]})
    return groups
