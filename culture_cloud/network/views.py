"""The list of all places. The page of one place composes more than the network: home/node_page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from culture_cloud import db
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import presenter, queries
from .facts import ACCESS_FACTS, LINES
from .queries import Place, PlaceFilter

bp = Blueprint("network", __name__)

LONGEST_QUERY = 60


@bp.get("/nodes")
@public
@cacheable
def tree() -> str:
    """All places by level, the service points below their branch; narrowed by words and facts."""
    asked = _asked(request.args)
    session = db.session()
    places = queries.places(session)
    sections = presenter.sections(places, queries.levels(session), asked, presenter.now())
    return render_template(
        "network/tree.html",
        sections=sections,
        asked=asked,
        count=sum(asked.matches(place) for place in places),
        total=len(places),
        groups=_groups(places, asked),
        chips=_chips(asked),
        kept=[("q", asked.words)] if asked.words else [],
        narrowed=[("line", asked.line)] * bool(asked.line)
        + [("access", fact) for fact in asked.access],
    )


def _asked(args: MultiDict[str, str]) -> PlaceFilter:
    """What the address asks for; what is not known here is left out."""
    line = args.get("line", "")
    return PlaceFilter(
        words=" ".join(args.get("q", "").split())[:LONGEST_QUERY],
        line=line if line in LINES else "",
        access=tuple(fact for fact in ACCESS_FACTS if fact in args.getlist("access")),
    )


def _groups(places: list[Place], asked: PlaceFilter) -> list[dict[str, Any]]:
    """The filters; an access fact that no place has is not offered."""
    lines = [{"value": "", "label": _("All"), "count": len(places), "checked": not asked.line}]
    for line, name in LINES.items():
        count = sum(line in place.lines for place in places)
        lines.append({"value": line, "label": name, "count": count, "checked": asked.line == line})
    access = []
    for fact, name in ACCESS_FACTS.items():
        count = sum(fact in place.access for place in places)
        if count or fact in asked.access:
            access.append(
                {"value": fact, "label": name, "count": count, "checked": fact in asked.access}
            )
    groups: list[dict[str, Any]] = [
        {"name": "line", "legend": _("What kind of place"), "options": lines}
    ]
    if access:
        groups.append(
            {"name": "access", "legend": _("It must have"), "several": True, "options": access}
        )
    return groups


def _chips(asked: PlaceFilter) -> list[dict[str, Any]]:
    """One chip for each thing asked for; its address asks for all but that."""
    given: dict[str, Any] = {
        "q": asked.words or None,
        "line": asked.line or None,
        "access": list(asked.access),
    }
    chips = []
    if asked.words:
        chips.append((asked.words, {**given, "q": None}))
    if asked.line:
        chips.append((str(LINES[asked.line]), {**given, "line": None}))
    for fact in asked.access:
        rest = [other for other in asked.access if other != fact]
        chips.append((str(ACCESS_FACTS[fact]), {**given, "access": rest}))
    return [{"label": label, "href": url_for("network.tree", **rest)} for label, rest in chips]


@bp.record_once
def _add_filters(state: Any) -> None:
    app: Flask = state.app
    app.add_template_filter(presenter.dialled, "dialled")
